"""The exact angular sweep: what a viewpoint sees between walls, as pieces of its sector.

The walls of the grid cells in range, clipped to the circle, are angular intervals. Between two neighbouring interval
ends the nearest wall at the mid-angle is the nearest throughout (walls do not cross), else the arc of the circle bounds
the view. A piece is where it ends (radians from the start of the sector) and its wall, or -1 for the arc;
the first starts at 0.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.coverage.wall_grid import WallGrid

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

FULL_TURN = 2.0 * math.pi
NO_WALL = -1
_SLIVER_RAD = 1e-12


class Scratch(NamedTuple):
    """Room for one sweep, kept while many are made."""

    low: Floats
    high: Floats
    wall: Ints
    ends: Floats
    active: Ints
    piece_end: Floats
    piece_wall: Ints


def scratch_for(intervals: int) -> Scratch:
    """Room for so many angular intervals; `sweep` answers -1 where it needs more."""
    return Scratch(
        np.empty(intervals),
        np.empty(intervals),
        np.empty(intervals, np.int32),
        np.empty(2 * intervals + 2),
        np.empty(intervals, np.int32),
        np.empty(2 * intervals + 2),
        np.empty(2 * intervals + 2, np.int32),
    )


@compiled
def ray_length(segments: Floats, i: int, x: float, y: float, ux: float, uy: float) -> float:
    """How far along the unit vector the wall's line lies; negative or infinite where it is never met."""
    ex, ey = segments[i, 2] - segments[i, 0], segments[i, 3] - segments[i, 1]
    across = float(ux * ey - uy * ex)
    if across == 0.0:
        return math.inf
    return float(((segments[i, 0] - x) * ey - (segments[i, 1] - y) * ex) / across)


@compiled
def sort_intervals(low: Floats, high: Floats, wall: Ints, n: int) -> None:
    """By their lower ends, in place (shell sort: no memory, short lists)."""
    gap = 1
    while gap < n // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(gap, n):
            a, b, w = low[i], high[i], wall[i]
            j = i
            while j >= gap and low[j - gap] > a:
                low[j], high[j], wall[j] = low[j - gap], high[j - gap], wall[j - gap]
                j -= gap
            low[j], high[j], wall[j] = a, b, w
        gap //= 3


@compiled
def collect_intervals(
    grid: WallGrid,
    x: float,
    y: float,
    range_m: float,
    start_rad: float,
    width_rad: float,
    faces: bool,
    scratch: Scratch,
) -> int:
    """The walls in the sector as intervals [low, high] from its start; -1 where the scratch is too small.

    `faces`: only walls that show their outer side, which is enough for who stands outside every building.
    """
    return add_intervals(
        grid, grid.segments, grid.starts, grid.items, 0, x, y, range_m, start_rad, width_rad, faces, scratch, 0
    )


@compiled
def add_intervals(
    grid: WallGrid,
    segments: Floats,
    starts: NDArray[np.int64],
    items: Ints,
    offset: int,
    x: float,
    y: float,
    range_m: float,
    start_rad: float,
    width_rad: float,
    faces: bool,
    scratch: Scratch,
    n: int,
) -> int:
    """Of these segments hung in the grid's cells, numbered from `offset`, after the `n` that are there already."""
    first_column = max(0, math.floor((x - range_m - grid.x0) / grid.cell_m))
    last_column = min(grid.columns - 1, math.floor((x + range_m - grid.x0) / grid.cell_m))
    first_row = max(0, math.floor((y - range_m - grid.y0) / grid.cell_m))
    last_row = min(grid.rows - 1, math.floor((y + range_m - grid.y0) / grid.cell_m))
    room = len(scratch.low) - 2
    square = range_m * range_m
    for row in range(first_row, last_row + 1):
        for column in range(first_column, last_column + 1):
            cell = row * grid.columns + column
            for j in range(starts[cell], starts[cell + 1]):
                i = items[j]
                # a wall of several cells is taken in its first corner's cell, else its second's, else as often as met
                home_column = int((segments[i, 0] - grid.x0) / grid.cell_m)
                home_row = int((segments[i, 1] - grid.y0) / grid.cell_m)
                if not (first_column <= home_column <= last_column and first_row <= home_row <= last_row):
                    home_column = int((segments[i, 2] - grid.x0) / grid.cell_m)
                    home_row = int((segments[i, 3] - grid.y0) / grid.cell_m)
                    if not (first_column <= home_column <= last_column and first_row <= home_row <= last_row):
                        home_column, home_row = column, row
                if home_column != column or home_row != row:
                    continue
                ax, ay = segments[i, 0] - x, segments[i, 1] - y
                ex, ey = segments[i, 2] - x - ax, segments[i, 3] - y - ay
                if faces and ax * ey - ay * ex >= 0.0:
                    continue
                # clip to the circle: |a + t e| = range
                ee = ex * ex + ey * ey
                ae = ax * ex + ay * ey
                root = ae * ae - ee * (ax * ax + ay * ay - square)
                if root <= 0.0 or ee == 0.0:
                    continue
                root = math.sqrt(root)
                t0, t1 = max(0.0, (-ae - root) / ee), min(1.0, (-ae + root) / ee)
                if t0 >= t1:
                    continue
                px, py = ax + t0 * ex, ay + t0 * ey
                qx, qy = ax + t1 * ex, ay + t1 * ey
                turning = px * qy - py * qx
                if turning == 0.0:
                    continue
                if turning < 0.0:
                    px, py, qx, qy = qx, qy, px, py
                low = math.atan2(py, px) - start_rad
                while low < 0.0:
                    low += FULL_TURN
                while low >= FULL_TURN:
                    low -= FULL_TURN
                span = math.atan2(abs(turning), px * qx + py * qy)
                high = low + span
                if n >= room:
                    return -1
                if low < width_rad:
                    scratch.low[n], scratch.high[n], scratch.wall[n] = low, min(high, width_rad), offset + i
                    n += 1
                if high > FULL_TURN:
                    scratch.low[n], scratch.high[n], scratch.wall[n] = 0.0, min(high - FULL_TURN, width_rad), offset + i
                    n += 1
    return n


@compiled
def sweep(
    grid: WallGrid,
    x: float,
    y: float,
    range_m: float,
    start_rad: float,
    width_rad: float,
    faces: bool,
    scratch: Scratch,
) -> int:
    """Fill `piece_end` and `piece_wall` of the scratch; answers how many, or -1 where the scratch is too small."""
    n = collect_intervals(grid, x, y, range_m, start_rad, width_rad, faces, scratch)
    if n < 0:
        return -1
    sort_intervals(scratch.low, scratch.high, scratch.wall, n)
    for k in range(n):
        scratch.ends[2 * k] = scratch.low[k]
        scratch.ends[2 * k + 1] = scratch.high[k]
    scratch.ends[2 * n] = width_rad
    ends = scratch.ends[: 2 * n + 1]
    ends.sort()
    pieces, waiting, active = 0, 0, 0
    here = 0.0
    for end in ends:
        if end - here <= _SLIVER_RAD:
            continue
        while waiting < n and scratch.low[waiting] <= here + _SLIVER_RAD:
            scratch.active[active] = waiting
            active += 1
            waiting += 1
        middle = start_rad + 0.5 * (here + end)
        ux, uy = math.cos(middle), math.sin(middle)
        nearest, wall = range_m, NO_WALL
        k = 0
        while k < active:
            interval = scratch.active[k]
            if scratch.high[interval] <= here + _SLIVER_RAD:
                active -= 1
                scratch.active[k] = scratch.active[active]
                continue
            length = ray_length(grid.segments, scratch.wall[interval], x, y, ux, uy)
            if 0.0 <= length < nearest:
                nearest, wall = length, scratch.wall[interval]
            k += 1
        if pieces > 0 and scratch.piece_wall[pieces - 1] == wall:
            scratch.piece_end[pieces - 1] = end
        else:
            scratch.piece_end[pieces], scratch.piece_wall[pieces] = end, wall
            pieces += 1
        here = end
    if pieces == 0:
        scratch.piece_end[0], scratch.piece_wall[0] = width_rad, NO_WALL
        pieces = 1
    scratch.piece_end[pieces - 1] = width_rad
    return pieces
