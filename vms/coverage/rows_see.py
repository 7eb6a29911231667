"""Which spots each view has in sight well enough: the rows that planning counts with."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.coverage.packed import IN_SIGHT, PackedViews, sight
from vms.coverage.walls import Walls

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

CELL_M = 25.0
_FIRST_ROOM = 65_536


class Spots(NamedTuple):
    """Points in the order of their cells; cell `c` (row-major from the south-west): `starts[c] … starts[c + 1]`."""

    xy_m: Floats
    need_px_per_m: Floats
    starts: Longs
    x0: float
    y0: float
    columns: int
    rows: int


class Seen(NamedTuple):
    """View `i` has the spots `spot[first[i]:first[i + 1]]` in sight, at these angles."""

    first: Longs
    spot: Ints
    angle_rad: NDArray[np.float32]
    """Counter-clockwise from east, within ±π."""


def spots_of(xy_m: Floats, need_px_per_m: Floats) -> tuple[Longs, Spots]:
    """(the order in which they are kept, the spots)."""
    xy = np.asarray(xy_m, dtype=np.float64).reshape(-1, 2)
    if len(xy) == 0:
        return np.zeros(0, np.int64), Spots(xy, np.zeros(0), np.zeros(2, np.int64), 0.0, 0.0, 1, 1)
    x0, y0 = (float(value) for value in xy.min(axis=0))
    column, row = np.floor((xy - [x0, y0]) / CELL_M).astype(np.int64).T
    columns, rows = int(column.max()) + 1, int(row.max()) + 1
    cell = row * columns + column
    order = np.argsort(cell, kind="stable").astype(np.int64)
    starts = np.zeros(columns * rows + 1, np.int64)
    np.cumsum(np.bincount(cell, minlength=columns * rows), out=starts[1:])
    need = np.asarray(need_px_per_m, dtype=np.float64)[order]
    return order, Spots(np.ascontiguousarray(xy[order]), need, starts, x0, y0, columns, rows)


def rows_see(walls: Walls, views: PackedViews, spots: Spots) -> Seen:
    """Rows without a direction see nothing."""
    first = np.zeros(views.rows + 1, np.int64)
    spot, angle = np.empty(_FIRST_ROOM, np.int32), np.empty(_FIRST_ROOM, np.float32)
    done, used = 0, 0
    while True:
        done, used = see_rows(walls.grid.segments, views, spots, done, used, first, spot, angle)
        if done == views.rows:
            return Seen(first, spot[:used].copy(), angle[:used].copy())
        room = 2 * len(spot) + len(spots.xy_m)
        spot, angle = np.resize(spot, room), np.resize(angle, room)


@compiled
def see_rows(
    segments: Floats,
    views: PackedViews,
    spots: Spots,
    begin: int,
    used: int,
    first: Longs,
    spot: Ints,
    angle: NDArray[np.float32],
) -> tuple[int, int]:
    """Fills from row `begin` on; answers (rows done, entries used). Not all rows: the room was too small."""
    n = len(views.x)
    for i in range(begin, n):
        first[i] = used
        start_of_row = used
        if views.directed[i] and views.pieces[i] > 0:
            x, y, reach = views.x[i], views.y[i], views.range_m[i]
            for row in range(
                max(0, math.floor((y - reach - spots.y0) / CELL_M)),
                min(spots.rows - 1, math.floor((y + reach - spots.y0) / CELL_M)) + 1,
            ):
                for column in range(
                    max(0, math.floor((x - reach - spots.x0) / CELL_M)),
                    min(spots.columns - 1, math.floor((x + reach - spots.x0) / CELL_M)) + 1,
                ):
                    cell = row * spots.columns + column
                    for s in range(spots.starts[cell], spots.starts[cell + 1]):
                        sx, sy = spots.xy_m[s, 0], spots.xy_m[s, 1]
                        flat = math.hypot(sx - x, sy - y)
                        if flat > reach:
                            continue
                        if views.px_m[i] < spots.need_px_per_m[s] * max(math.hypot(flat, views.height_m[i]), 0.1):
                            continue
                        relation, _ = sight(segments, views, i, sx, sy)
                        if relation != IN_SIGHT:
                            continue
                        if used == len(spot):
                            return i, start_of_row
                        spot[used] = s
                        angle[used] = math.atan2(sy - y, sx - x)
                        used += 1
    first[n] = used
    return n, used
