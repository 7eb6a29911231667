"""The sweep of a high camera: what it sees of the ground before, between and behind walls lower than itself.

A wall of height H at distance d hides the ground from d to d · h ÷ (h - H) for a camera of height h; one as high as the
camera, or of unknown height, everything behind. Nobody sees the ground inside a house. In each direction the ground in
sight is so a row of stretches, each from the end of a shadow (or the camera) to a wall (or the range).

In a direction u the reciprocal of a line's distance is linear in u, and so is that of its shadow's end. Between two
neighbouring ends of walls their order stays; where a stretch opens, closes or its shadow passes to another
wall are roots of linear functions: exact, no rays.

A stretch is three pieces: (where it ends, its wall or -1 for the range), (A, 0), (B, NEAR_FROM_SHADOW or
NEAR_FROM_CAMERA): it begins at 1 ÷ (A cos + B sin). Stretches of one direction follow each other with the same end.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.coverage.sweep import NO_WALL
from vms.coverage.sweep_scratch import Scratch
from vms.coverage.wall_grid import WallGrid
from vms.coverage.wall_intervals import add_intervals, sort_intervals

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

LOFTY_M = 8.0
"""Up to this height walls are taken as higher than the camera: it makes at most 1 % there."""
NEAR_FROM_CAMERA, NEAR_FROM_SHADOW = 0, 1
ENTRIES = 3
"""Pieces per stretch."""
_SLIVER_RAD = 1e-12
_SLIVER = 1e-12


class RoofScratch(NamedTuple):
    """Room for the walls of one direction, nearest first, and for the angles where something changes."""

    order: Ints
    a: Floats
    b: Floats
    """Reciprocal distance: a cos + b sin."""
    fall: Floats
    """(h - H) ÷ h: the shadow's end has this share of the reciprocal; 0: no end."""
    side: Ints
    """1 into a house, -1 out of it, 0 between two houses."""
    at: Floats
    breaks: Floats
    piece_end: Floats
    piece_wall: Ints


def roof_scratch_for(intervals: int) -> RoofScratch:
    return RoofScratch(
        np.empty(intervals, np.int32),
        np.empty(intervals),
        np.empty(intervals),
        np.empty(intervals),
        np.empty(intervals, np.int32),
        np.empty(intervals),
        np.empty(4 * intervals),
        np.empty(12 * intervals),
        np.empty(12 * intervals, np.int32),
    )


@compiled
def order_walls(
    grid: WallGrid, x: float, y: float, height_m: float, ux: float, uy: float, active: int, scratch: Scratch,
    roof: RoofScratch,
) -> int:  # fmt: skip
    """The active walls as they follow each other in the direction; answers how many. Screens count inside houses only:
    where roundings leave one on an outer wall, that wall does its work."""
    own = len(grid.segments)
    m = 0
    for k in range(active):
        i = scratch.wall[scratch.active[k]]
        if i < own:
            x1, y1 = grid.segments[i, 0] - x, grid.segments[i, 1] - y
            ex, ey = grid.segments[i, 2] - x - x1, grid.segments[i, 3] - y - y1
            wall_m = float(grid.height_m[i])
        else:
            x1, y1 = grid.screens[i - own, 0] - x, grid.screens[i - own, 1] - y
            ex, ey = grid.screens[i - own, 2] - x - x1, grid.screens[i - own, 3] - y - y1
            wall_m = float(grid.screen_height_m[i - own])
        cross = x1 * ey - y1 * ex
        if cross == 0.0:
            continue
        a, b = ey / cross, -ex / cross
        at = a * ux + b * uy
        if at <= 0.0:
            continue
        fall = (height_m - wall_m) / height_m if wall_m < height_m else 0.0  # NaN is not lower
        side = 0 if i >= own else (1 if cross < 0.0 else -1)
        j = m
        while j > 0 and roof.at[j - 1] < at:
            roof.order[j], roof.a[j], roof.b[j] = roof.order[j - 1], roof.a[j - 1], roof.b[j - 1]
            roof.fall[j], roof.side[j], roof.at[j] = roof.fall[j - 1], roof.side[j - 1], roof.at[j - 1]
            j -= 1
        roof.order[j], roof.a[j], roof.b[j], roof.fall[j], roof.side[j], roof.at[j] = i, a, b, fall, side, at
        m += 1
    kept, depth = 0, 0
    for j in range(m):
        if roof.side[j] != 0 or depth > 0:
            roof.order[kept], roof.a[kept], roof.b[kept] = roof.order[j], roof.a[j], roof.b[j]
            roof.fall[kept], roof.side[kept], roof.at[kept] = roof.fall[j], roof.side[j], roof.at[j]
            depth = max(0, depth + roof.side[j])
            kept += 1
    return kept


@compiled
def longest_shadow(roof: RoofScratch, k: int, t: float, cx: float, cy: float) -> int:
    """Of the first k walls that whose shadow ends last at tangent t (ties: just after it)."""
    best, best_value, best_slope = 0, math.inf, 0.0
    for j in range(k):
        a, b = roof.a[j] * roof.fall[j], roof.b[j] * roof.fall[j]
        slope = b * cx - a * cy
        value = a * cx + b * cy + slope * t
        if value < best_value - _SLIVER or (value < best_value + _SLIVER and slope < best_slope):
            best, best_value, best_slope = j, value, slope
    return best


@compiled
def add_breaks(roof: RoofScratch, k: int, limit: float, cx: float, cy: float, last: bool, n: int) -> int:
    """The tangents between -limit and limit where the stretch before wall k (`last`: before the range) opens, closes or
    begins at another shadow; answers how many breaks there are then, -1: too many."""
    low, high = -limit, limit
    if not last:
        for j in range(k):
            a = roof.a[k] - roof.a[j] * roof.fall[j]
            b = roof.b[k] - roof.b[j] * roof.fall[j]
            value, slope = a * cx + b * cy, b * cx - a * cy
            # open where value + slope t < 0: wall k is farther than the shadow of j
            if slope == 0.0:
                if value >= 0.0:
                    return n
            elif slope > 0.0:
                high = min(high, -value / slope)
            else:
                low = max(low, -value / slope)
    if high - low <= _SLIVER:
        return n
    if n + k + 2 > len(roof.breaks):
        return -1
    if low > -limit:
        roof.breaks[n] = low
        n += 1
    if high < limit:
        roof.breaks[n] = high
        n += 1
    if k == 0:
        return n
    here = low
    best = longest_shadow(roof, k, here, cx, cy)
    for _ in range(k):
        a0, b0 = roof.a[best] * roof.fall[best], roof.b[best] * roof.fall[best]
        value0, slope0 = a0 * cx + b0 * cy, b0 * cx - a0 * cy
        crossing, then = high, -1
        for j in range(k):
            a, b = roof.a[j] * roof.fall[j], roof.b[j] * roof.fall[j]
            value, slope = a * cx + b * cy, b * cx - a * cy
            if slope < slope0:
                t = (value - value0) / (slope0 - slope)
                if here < t < crossing:
                    crossing, then = t, j
        if then < 0:
            return n
        if n >= len(roof.breaks):
            return -1
        roof.breaks[n] = crossing
        n += 1
        here, best = crossing, then
    return n


@compiled
def add_stack(
    roof: RoofScratch, m: int, range_m: float, end: float, ux: float, uy: float, pieces: int, before: int
) -> tuple[int, int]:
    """The stretches in one direction, as pieces that end at `end`; one that goes on from `before` is lengthened.

    Answers (pieces used, where this stack begins), -1 where there is no room.
    """
    begin, n = pieces, pieces
    depth, near = 0, -1
    nearest = math.inf
    for k in range(m + 1):
        at = 1.0 / range_m if k == m else roof.a[k] * ux + roof.b[k] * uy
        wall = NO_WALL if k == m else roof.order[k]
        entering = k == m or roof.side[k] == 1
        if k == 0 or (depth == 0 and entering and at < nearest):
            if n + ENTRIES > len(roof.piece_end):
                return -1, begin
            roof.piece_end[n], roof.piece_wall[n] = end, wall
            roof.piece_end[n + 1] = roof.a[near] * roof.fall[near] if near >= 0 else 0.0
            roof.piece_end[n + 2] = roof.b[near] * roof.fall[near] if near >= 0 else 0.0
            roof.piece_wall[n + 1] = 0
            roof.piece_wall[n + 2] = NEAR_FROM_SHADOW if near >= 0 else NEAR_FROM_CAMERA
            n += ENTRIES
        if k < m:
            depth = max(0, depth + roof.side[k])
            if at * roof.fall[k] < nearest:
                nearest, near = at * roof.fall[k], k
    same = begin - before == n - begin
    k = 0
    while same and k < n - begin:
        first, second = before + k, begin + k
        same = roof.piece_wall[first] == roof.piece_wall[second]
        same = same and roof.piece_end[first + 1] == roof.piece_end[second + 1]
        same = same and roof.piece_end[first + 2] == roof.piece_end[second + 2]
        k += ENTRIES
    if same and n > begin:
        for k in range(before, begin, ENTRIES):
            roof.piece_end[k] = end
        return begin, before
    return n, begin


@compiled
def sweep_over(
    grid: WallGrid, x: float, y: float, height_m: float, range_m: float, start_rad: float, width_rad: float,
    scratch: Scratch, roof: RoofScratch,
) -> int:  # fmt: skip
    """Fill the pieces of the roof's scratch; answers how many, or -1 where the scratch is too small."""
    n = add_intervals(
        grid, grid.segments, grid.starts, grid.items, 0, x, y, range_m, start_rad, width_rad, False, scratch, 0
    )
    if n >= 0 and len(grid.screens) > 0:
        n = add_intervals(
            grid, grid.screens, grid.screen_starts, grid.screen_items, len(grid.segments), x, y, range_m, start_rad,
            width_rad, False, scratch, n,
        )  # fmt: skip
    if n < 0:
        return -1
    sort_intervals(scratch.low, scratch.high, scratch.wall, n)
    for k in range(n):
        scratch.ends[2 * k], scratch.ends[2 * k + 1] = scratch.low[k], scratch.high[k]
    scratch.ends[2 * n] = width_rad
    ends = scratch.ends[: 2 * n + 1]
    ends.sort()
    pieces, before, waiting, active = 0, 0, 0, 0
    here = 0.0
    for end in ends:
        if end - here <= _SLIVER_RAD:
            continue
        while waiting < n and scratch.low[waiting] <= here + _SLIVER_RAD:
            scratch.active[active] = waiting
            active += 1
            waiting += 1
        k = 0
        while k < active:
            if scratch.high[scratch.active[k]] <= here + _SLIVER_RAD:
                active -= 1
                scratch.active[k] = scratch.active[active]
                continue
            k += 1
        middle = 0.5 * (here + end)
        cx, cy = math.cos(start_rad + middle), math.sin(start_rad + middle)
        m = order_walls(grid, x, y, height_m, cx, cy, active, scratch, roof)
        breaks, depth = 0, 0
        if m > 0:
            limit = math.tan(0.5 * (end - here))
            for k in range(m + 1):
                if depth == 0 and (k == m or roof.side[k] == 1):
                    breaks = add_breaks(roof, k, limit, cx, cy, k == m, breaks)
                    if breaks < 0:
                        return -1
                if k < m:
                    depth = max(0, depth + roof.side[k])
                    if roof.fall[k] == 0.0:
                        break
        roof.breaks[:breaks].sort()
        for j in range(breaks + 1):
            stop = middle + math.atan(roof.breaks[j]) if j < breaks else end
            if stop - here <= _SLIVER_RAD:
                if j == breaks:
                    for k in range(before, pieces, ENTRIES):
                        roof.piece_end[k] = end
                continue
            half = start_rad + 0.5 * (here + stop)
            pieces, before = add_stack(roof, m, range_m, stop, math.cos(half), math.sin(half), pieces, before)
            if pieces < 0:
                return -1
            here = stop
        here = end
    if pieces == 0:
        pieces, before = add_stack(roof, 0, range_m, width_rad, 1.0, 0.0, 0, 0)
    return pieces
