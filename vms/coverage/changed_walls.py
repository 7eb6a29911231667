"""Another map of the same town: walls that stayed keep their numbers, so that views that nothing touches stay too."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.coverage.packed import PackedViews
from vms.coverage.snap import FARTHEST_M
from vms.coverage.wall_grid import WallGrid, hang
from vms.coverage.walls import Walls

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

_NOBODY_SAID = -1.0
_ODD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedWalls:
    walls: Walls
    changed: Floats
    """(n, 4): walls and screens that went or came, also where only their height is another."""


def carry_over(old: Walls, new: Walls) -> ChangedWalls:
    """Both in one frame. Numbers of walls that went are given to those that came, or rest without length."""
    if old.frame != new.frame:
        raise ValueError("the walls are counted from different places")
    was, comes = _codes(old.grid.segments, old.height_m), _codes(new.grid.segments, new.height_m)
    gone, come = _different(was, comes)
    segments, heights = old.grid.segments.copy(), old.height_m.copy()
    gone = gone[np.ptp(segments[gone].reshape(-1, 2, 2), axis=1).any(axis=1)]
    vacant = np.flatnonzero(~np.ptp(segments.reshape(-1, 2, 2), axis=1).any(axis=1))
    changed = [segments[gone], new.grid.segments[come]]
    segments[gone, 2:] = segments[gone, :2]
    places = np.concatenate([gone, vacant])[: len(come)]
    segments[places], heights[places] = new.grid.segments[come[: len(places)]], new.height_m[come[: len(places)]]
    segments = np.concatenate([segments, new.grid.segments[come[len(places) :]]])
    heights = np.concatenate([heights, new.height_m[come[len(places) :]]])
    out, into = _different(
        _codes(old.grid.screens, old.grid.screen_height_m), _codes(new.grid.screens, new.grid.screen_height_m)
    )
    changed += [old.grid.screens[out], new.grid.screens[into]]
    grid = hang(
        segments,
        new.grid.cell_m,
        height_m=heights,
        screens=new.grid.screens,
        screen_height_m=new.grid.screen_height_m,
    )
    return ChangedWalls(walls=Walls(new.frame, grid), changed=np.concatenate(changed))


def touched(views: PackedViews, rows: Longs, changed: Floats) -> Longs:
    """Of these rows those that may see something else: a changed wall lies in their range, or where they would snap."""
    return rows[touched_rows(views, rows, hang(changed))] if len(changed) else rows[:0]


@compiled
def touched_rows(views: PackedViews, rows: Longs, grid: WallGrid) -> NDArray[np.bool_]:
    result = np.zeros(len(rows), np.bool_)
    for k in range(len(rows)):
        x, y = views.x[rows[k]], views.y[rows[k]]
        reach = max(views.range_m[rows[k]], 2.0 * FARTHEST_M)
        first_column = max(0, int(np.floor((x - reach - grid.x0) / grid.cell_m)))
        last_column = min(grid.columns - 1, int(np.floor((x + reach - grid.x0) / grid.cell_m)))
        first_row = max(0, int(np.floor((y - reach - grid.y0) / grid.cell_m)))
        last_row = min(grid.rows - 1, int(np.floor((y + reach - grid.y0) / grid.cell_m)))
        for row in range(first_row, last_row + 1):
            for column in range(first_column, last_column + 1):
                cell = row * grid.columns + column
                for j in range(grid.starts[cell], grid.starts[cell + 1]):
                    i = grid.items[j]
                    x1, y1 = grid.segments[i, 0], grid.segments[i, 1]
                    ex, ey = grid.segments[i, 2] - x1, grid.segments[i, 3] - y1
                    along = ((x - x1) * ex + (y - y1) * ey) / (ex * ex + ey * ey)
                    along = min(1.0, max(0.0, along))
                    if np.hypot(x1 + along * ex - x, y1 + along * ey - y) <= reach:
                        result[k] = True
    return result


def _codes(segments: Floats, height_m: NDArray[np.float32]) -> NDArray[np.uint64]:
    """One number for each wall with its height; two different walls of a city share one once in a million cities."""
    whole = np.column_stack([segments, np.nan_to_num(height_m, nan=_NOBODY_SAID)]) + 0.0  # no negative zeros
    bits = np.ascontiguousarray(whole).view(np.uint64).reshape(-1, 5)
    codes = np.zeros(len(bits), np.uint64)
    for column in range(5):
        codes = (codes ^ bits[:, column]) * _ODD
        codes ^= codes >> np.uint64(29)
    return codes


def _different(was: NDArray[np.uint64], comes: NDArray[np.uint64]) -> tuple[Longs, Longs]:
    """(rows of `was` that `comes` lacks, rows of `comes` that `was` lacks)."""
    return np.flatnonzero(~np.isin(was, comes)), np.flatnonzero(~np.isin(comes, was))
