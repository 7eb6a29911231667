"""All walls in range as angular intervals, also those behind others: for who looks over roofs."""

import math

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.coverage.sweep_scratch import Scratch
from vms.coverage.turns import FULL_TURN
from vms.coverage.wall_grid import WallGrid

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


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
def add_intervals(
    grid: WallGrid,
    segments: Floats,
    starts: Ints,
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
