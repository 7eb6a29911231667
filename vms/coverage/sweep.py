"""The exact angular sweep: what a viewpoint sees between walls, as pieces of its sector.

The walls in front, clipped to the circle, are angular intervals. Between two neighbouring interval ends the nearest
wall at the middle is the nearest throughout (walls do not cross), else the arc of the circle bounds the view.
A piece is where it ends (radians from the start of the sector) and its wall, or -1 for the arc; the first starts at 0.
"""

import math

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.coverage.front_walls import walls_in_front
from vms.coverage.sweep_scratch import Scratch
from vms.coverage.turns import direction_x, direction_y, radians_of, turn_of_radians
from vms.coverage.wall_grid import WallGrid

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

NO_WALL = -1
_SLIVER = 1e-12


@compiled
def ray_length(segments: Floats, i: int, x: float, y: float, ux: float, uy: float) -> float:
    """How far along the unit vector the wall's line lies; negative or infinite where it is never met."""
    ex, ey = segments[i, 2] - segments[i, 0], segments[i, 3] - segments[i, 1]
    across = float(ux * ey - uy * ex)
    if across == 0.0:
        return math.inf
    return float(((segments[i, 0] - x) * ey - (segments[i, 1] - y) * ex) / across)


@compiled
def sort_by_low(low: Floats, key: Floats, order: Ints, n: int) -> None:
    """`order`: places in the order of `key`, their lower ends (shell sort: no memory, short lists)."""
    for i in range(n):
        key[i], order[i] = low[i], i
    gap = 1
    while gap < n // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(gap, n):
            here, place = key[i], order[i]
            j = i
            while j >= gap and key[j - gap] > here:
                key[j], order[j] = key[j - gap], order[j - gap]
                j -= gap
            key[j], order[j] = here, place
        gap //= 3


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
    width = turn_of_radians(width_rad)
    n = walls_in_front(grid, x, y, range_m, start_rad, width_rad, width, faces, scratch)
    if n < 0:
        return -1
    key, order, active = scratch.key, scratch.order, scratch.active
    high, wall, a, b = scratch.high, scratch.wall, scratch.a, scratch.b
    piece_end, piece_wall = scratch.piece_end, scratch.piece_wall
    sort_by_low(scratch.low, key, order, n)
    pieces, waiting, standing = 0, 0, 0
    here = 0.0
    while width - here > _SLIVER:
        while waiting < n and key[waiting] <= here + _SLIVER:
            active[standing] = order[waiting]
            standing += 1
            waiting += 1
        end = min(width, key[waiting]) if waiting < n else width
        k = 0
        while k < standing:
            if high[active[k]] <= here + _SLIVER:
                standing -= 1
                active[k] = active[standing]
            else:
                end = min(end, high[active[k]])
                k += 1
        ux, uy = direction_x(0.5 * (here + end)), direction_y(0.5 * (here + end))
        nearest, which = 0.0, NO_WALL
        for k in range(standing):
            reciprocal = a[active[k]] * ux + b[active[k]] * uy
            if reciprocal > nearest:
                nearest, which = reciprocal, wall[active[k]]
        if pieces > 0 and piece_wall[pieces - 1] == which:
            piece_end[pieces - 1] = end
        else:
            piece_end[pieces], piece_wall[pieces] = end, which
            pieces += 1
        here = end
    if pieces == 0:
        piece_wall[0] = NO_WALL
        pieces = 1
    for k in range(pieces - 1):
        piece_end[k] = radians_of(piece_end[k])
    piece_end[pieces - 1] = width_rad
    return pieces
