"""Views as outlines for a map, many at once: what `View.geometry` tells of one, without a shape for each.

Edges along walls are exact; arcs become corners, and where a wall stands within the dead zone the ground between is
drawn as nothing. What lies behind a lower roof is a shape of its own for each stretch.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.coverage.over_roofs import ENTRIES, NEAR_FROM_SHADOW
from vms.coverage.packed import PackedViews
from vms.coverage.poses import FULL_TURN

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_STEP_RAD = float(np.radians(7.5))
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class DrawnViews:
    """Ring `i` has the corners `corners_m[ends[i - 1]:ends[i]]`, not closed; shape `s` the rings
    `shape_ends[s - 1]:shape_ends[s]`, its outline first, then the dead zone cut out of it."""

    corners_m: Floats
    """(n, 2) in metres of the walls' frame."""
    ends: Ints
    shape_ends: Ints
    rows: Ints
    """Of each shape."""
    behind: Flags
    """Of each shape: it lies behind a lower roof."""


@dataclass(frozen=True, slots=True)
class _Stretches:
    row: Ints
    begin: Floats
    end: Floats
    wall: Ints
    near_a: Floats
    near_b: Floats
    shaded: Flags
    """It begins where a shadow ends."""


def draw_views(segments: Floats, views: PackedViews, *, step_rad: float = _STEP_RAD) -> DrawnViews:
    """Of all rows that see something; a millisecond for a hundred."""
    rows = np.flatnonzero(views.pieces > 0).astype(np.int64)
    stretches = _stretches(views, rows)
    front = _front(segments, views, rows, stretches, step_rad)
    behind = _behind(segments, views, stretches, step_rad)
    return _joined(front, behind)


def _stretches(views: PackedViews, rows: Ints) -> _Stretches:
    step = np.where(views.lofty[rows] > 0, ENTRIES, 1).astype(np.int64)
    counts = views.pieces[rows].astype(np.int64) // step
    row = np.repeat(rows, counts)
    number = _within(counts)
    at = views.first[row] + number * np.repeat(step, counts)
    end, wall = views.piece_end[at], views.piece_wall[at].astype(np.int64)
    before = np.where(number > 0, np.concatenate([[0.0], end[:-1]]) if len(end) else end, 0.0)
    opens = (number == 0) | (end != before)
    first_of = np.maximum.accumulate(np.where(opens, np.arange(len(end)), 0)) if len(end) else np.zeros(0, np.int64)
    lofty = views.lofty[row] > 0
    a, b, shaded = np.zeros(len(end)), np.zeros(len(end)), np.zeros(len(end), bool)
    shaded[lofty] = views.piece_wall[at[lofty] + 2] == NEAR_FROM_SHADOW
    a[shaded], b[shaded] = views.piece_end[at[shaded] + 1], views.piece_end[at[shaded] + 2]
    return _Stretches(row, before[first_of], end, wall, a, b, shaded)


def _front(segments: Floats, views: PackedViews, rows: Ints, told: _Stretches, step_rad: float) -> DrawnViews:
    """One shape a row: from the camera, or its dead zone, to the first wall or shadow in each direction."""
    opens = np.concatenate([[True], (told.row[1:] != told.row[:-1]) | (told.begin[1:] != told.begin[:-1])])
    chosen = np.flatnonzero(opens[: len(told.row)])
    first = _taken(told, chosen)
    near_m = views.near_m[first.row]
    stretch, angle = _corners(first, (first.wall < 0) | (near_m > 0.0), step_rad)
    row = first.row[stretch]
    ux, uy = np.cos(views.start_rad[row] + angle), np.sin(views.start_rad[row] + angle)
    far = np.where(first.shaded[stretch], 0.0, _far(segments, views, row, first.wall[stretch], ux, uy))
    inner = views.near_m[row]
    far = np.maximum(far, inner)
    x, y = views.x[row], views.y[row]
    outer = np.column_stack([x + far * ux, y + far * uy])
    dead = np.column_stack([x + inner * ux, y + inner * uy])

    place = np.searchsorted(rows, row)
    corners = np.bincount(place, minlength=len(rows)).astype(np.int64)
    around, holed = views.width_rad[rows] >= FULL_TURN, views.near_m[rows] > 0.0
    apex = ~around & ~holed
    sizes = apex + np.where(holed, 2, 1) * corners
    starts = np.cumsum(sizes) - sizes
    number = _within(corners)
    out = np.empty((int(sizes.sum()), 2))
    out[starts[apex]] = np.column_stack([views.x[rows], views.y[rows]])[apex]
    out[(starts + apex)[place] + number] = outer
    cut = holed[place]
    backwards = (starts + 2 * corners - 1)[place] - number
    out[backwards[cut]] = dead[cut]
    rings = np.where(around & holed, 2, 1).astype(np.int64)
    of_ring = np.repeat(np.arange(len(rows)), rings)
    lengths = np.where(rings[of_ring] == 2, corners[of_ring], sizes[of_ring])
    shape_ends = np.cumsum(rings)
    return DrawnViews(out, np.cumsum(lengths), shape_ends, rows, np.zeros(len(rows), bool))


def _behind(segments: Floats, views: PackedViews, told: _Stretches, step_rad: float) -> DrawnViews:
    """One shape for each stretch that begins where a shadow ends."""
    some = _taken(told, np.flatnonzero(told.shaded))
    stretch, angle = _corners(some, some.wall < 0, step_rad)
    row = some.row[stretch]
    ux, uy = np.cos(views.start_rad[row] + angle), np.sin(views.start_rad[row] + angle)
    far = _far(segments, views, row, some.wall[stretch], ux, uy)
    near = 1.0 / np.maximum(some.near_a[stretch] * ux + some.near_b[stretch] * uy, _NOTHING)
    near = np.minimum(np.maximum(near, views.near_m[row]), far)
    x, y = views.x[row], views.y[row]
    corners = np.bincount(stretch, minlength=len(some.row)).astype(np.int64)
    starts = 2 * (np.cumsum(corners) - corners)
    number = _within(corners)
    out = np.empty((2 * len(stretch), 2))
    out[starts[stretch] + number] = np.column_stack([x + far * ux, y + far * uy])
    backwards = (starts + 2 * corners - 1)[stretch] - number
    out[backwards] = np.column_stack([x + near * ux, y + near * uy])
    each = np.arange(1, len(some.row) + 1, dtype=np.int64)
    return DrawnViews(out, np.cumsum(2 * corners), each, some.row, np.ones(len(some.row), bool))


def _joined(one: DrawnViews, other: DrawnViews) -> DrawnViews:
    last, rings = len(one.corners_m), len(one.ends)
    return DrawnViews(
        np.concatenate([one.corners_m, other.corners_m]),
        np.concatenate([one.ends, other.ends + last]),
        np.concatenate([one.shape_ends, other.shape_ends + rings]),
        np.concatenate([one.rows, other.rows]),
        np.concatenate([one.behind, other.behind]),
    )


def _taken(told: _Stretches, at: Ints) -> _Stretches:
    return _Stretches(
        told.row[at],
        told.begin[at],
        told.end[at],
        told.wall[at],
        told.near_a[at],
        told.near_b[at],
        told.shaded[at],
    )


def _corners(told: _Stretches, is_round: Flags, step_rad: float) -> tuple[Ints, Floats]:
    """(stretch, angle from the sector's start) of every corner; straight ones have two."""
    wide = told.end - told.begin
    steps = np.where(is_round, np.maximum(1, np.ceil(wide / step_rad)), 1).astype(np.int64)
    stretch = np.repeat(np.arange(len(steps)), steps + 1)
    share = _within(steps + 1) / steps[stretch]
    return stretch, told.begin[stretch] + wide[stretch] * share


def _far(segments: Floats, views: PackedViews, row: Ints, wall: Ints, ux: Floats, uy: Floats) -> Floats:
    """Up to its wall's line or the range; as `vms.coverage.sweep.ray_length`, of many."""
    reach = views.range_m[row]
    walled = np.flatnonzero(wall >= 0)
    lines = segments[wall[walled]]
    ex, ey = lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1]
    x, y = views.x[row[walled]], views.y[row[walled]]
    across = ux[walled] * ey - uy[walled] * ex
    far = reach.copy()
    with np.errstate(divide="ignore", invalid="ignore"):
        length = ((lines[:, 0] - x) * ey - (lines[:, 1] - y) * ex) / across
    far[walled] = np.where(across == 0.0, reach[walled], np.minimum(reach[walled], np.maximum(length, 0.0)))
    return far


def _within(counts: Ints) -> Ints:
    """0, 1, … of each group, one group after the other."""
    starts = np.cumsum(counts) - counts
    return np.arange(int(counts.sum()), dtype=np.int64) - np.repeat(starts, counts)
