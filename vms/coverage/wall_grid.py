"""The kernel's picture of a town: wall segments hung into square cells, and which cells' middles lie indoors."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Singles = NDArray[np.float32]

CELL_M = 40.0
_HAIR_M = 1e-6
_ASIDE = 0.6180339887
"""Of a cell: towns drawn on whole metres must not have walls exactly on the cells' edges or middles."""


class WallGrid(NamedTuple):
    """Cell `c` (row-major from the south-west) holds the walls `items[starts[c]:starts[c + 1]]`."""

    segments: Floats
    """(n, 4) metres: x1, y1, x2, y2; the building is on the left."""
    height_m: Singles
    """Per wall; NaN where nobody said."""
    starts: Ints
    items: Ints
    screens: Floats
    """(m, 4): where a house rises above its neighbour under one roof line; only who looks over roofs asks for them."""
    screen_height_m: Singles
    screen_starts: Ints
    screen_items: Ints
    inside: NDArray[np.uint8]
    """1 where the middle of the cell lies inside a building."""
    x0: float
    y0: float
    columns: int
    rows: int
    cell_m: float


@compiled
def touches_box(segments: Floats, i: int, west: float, south: float, east: float, north: float) -> bool:
    """May the segment have a point in the box? A hair more than exact, so that no wall falls between two cells."""
    west, south, east, north = west - _HAIR_M, south - _HAIR_M, east + _HAIR_M, north + _HAIR_M
    x1, y1, x2, y2 = segments[i, 0], segments[i, 1], segments[i, 2], segments[i, 3]
    if max(x1, x2) < west or min(x1, x2) > east or max(y1, y2) < south or min(y1, y2) > north:
        return False
    ex, ey = x2 - x1, y2 - y1
    a = ex * (south - y1) - ey * (west - x1)
    b = ex * (south - y1) - ey * (east - x1)
    c = ex * (north - y1) - ey * (west - x1)
    d = ex * (north - y1) - ey * (east - x1)
    return not ((a > 0 and b > 0 and c > 0 and d > 0) or (a < 0 and b < 0 and c < 0 and d < 0))


@compiled
def count_walls(segments: Floats, x0: float, y0: float, columns: int, rows: int, cell_m: float) -> Ints:
    """How many walls each cell will hold."""
    counts = np.zeros(columns * rows, np.int32)
    for i in range(len(segments)):
        if segments[i, 0] == segments[i, 2] and segments[i, 1] == segments[i, 3]:
            continue
        first_column = int((min(segments[i, 0], segments[i, 2]) - x0) / cell_m)
        last_column = int((max(segments[i, 0], segments[i, 2]) - x0) / cell_m)
        first_row = int((min(segments[i, 1], segments[i, 3]) - y0) / cell_m)
        last_row = int((max(segments[i, 1], segments[i, 3]) - y0) / cell_m)
        for row in range(first_row, last_row + 1):
            for column in range(first_column, last_column + 1):
                west, south = x0 + column * cell_m, y0 + row * cell_m
                if touches_box(segments, i, west, south, west + cell_m, south + cell_m):
                    counts[row * columns + column] += 1
    return counts


@compiled
def hang_walls(segments: Floats, starts: Ints, x0: float, y0: float, columns: int, rows: int, cell_m: float) -> Ints:
    """The walls' numbers in the order of the cells."""
    items = np.empty(starts[-1], np.int32)
    fill = starts[:-1].copy()
    for i in range(len(segments)):
        if segments[i, 0] == segments[i, 2] and segments[i, 1] == segments[i, 3]:
            continue
        first_column = int((min(segments[i, 0], segments[i, 2]) - x0) / cell_m)
        last_column = int((max(segments[i, 0], segments[i, 2]) - x0) / cell_m)
        first_row = int((min(segments[i, 1], segments[i, 3]) - y0) / cell_m)
        last_row = int((max(segments[i, 1], segments[i, 3]) - y0) / cell_m)
        for row in range(first_row, last_row + 1):
            for column in range(first_column, last_column + 1):
                west, south = x0 + column * cell_m, y0 + row * cell_m
                if touches_box(segments, i, west, south, west + cell_m, south + cell_m):
                    items[fill[row * columns + column]] = i
                    fill[row * columns + column] += 1
    return items


@compiled
def middles_inside(segments: Floats, x0: float, y0: float, columns: int, rows: int, cell_m: float) -> NDArray[np.uint8]:
    """Parity of the walls that a ray from the west crosses on its way to each cell's middle."""
    toggles = np.zeros((rows, columns + 1), np.uint8)
    for i in range(len(segments)):
        x1, y1, x2, y2 = segments[i, 0], segments[i, 1], segments[i, 2], segments[i, 3]
        low, high = min(y1, y2), max(y1, y2)
        for row in range(int((low - y0) / cell_m), int((high - y0) / cell_m) + 1):
            y = y0 + (row + 0.5) * cell_m
            if low <= y < high:
                x = x1 + (y - y1) / (y2 - y1) * (x2 - x1)
                toggles[row, min(columns, max(0, int(np.ceil((x - x0) / cell_m - 0.5))))] ^= 1
    inside = np.zeros(rows * columns, np.uint8)
    for row in range(rows):
        state = 0
        for column in range(columns):
            state ^= toggles[row, column]
            inside[row * columns + column] = state
    return inside


@compiled
def is_inside(grid: WallGrid, x: float, y: float) -> bool:
    """Does the point lie inside a building? From the cell's middle to the point, each wall crossed changes sides."""
    column, row = int(np.floor((x - grid.x0) / grid.cell_m)), int(np.floor((y - grid.y0) / grid.cell_m))
    if column < 0 or row < 0 or column >= grid.columns or row >= grid.rows:
        return False
    cell = row * grid.columns + column
    mx, my = grid.x0 + (column + 0.5) * grid.cell_m, grid.y0 + (row + 0.5) * grid.cell_m
    inside = bool(grid.inside[cell] == 1)
    dx, dy = x - mx, y - my
    for j in range(grid.starts[cell], grid.starts[cell + 1]):
        i = grid.items[j]
        x1, y1, x2, y2 = grid.segments[i, 0], grid.segments[i, 1], grid.segments[i, 2], grid.segments[i, 3]
        left1 = dx * (y1 - my) - dy * (x1 - mx) >= 0.0
        left2 = dx * (y2 - my) - dy * (x2 - mx) >= 0.0
        if left1 != left2:
            ex, ey = x2 - x1, y2 - y1
            if (ex * (my - y1) - ey * (mx - x1) >= 0.0) != (ex * (y - y1) - ey * (x - x1) >= 0.0):
                inside = not inside
    return inside


@compiled
def inside_each(grid: WallGrid, xy_m: Floats) -> NDArray[np.bool_]:
    result = np.zeros(len(xy_m), np.bool_)
    for i in range(len(xy_m)):
        result[i] = is_inside(grid, xy_m[i, 0], xy_m[i, 1])
    return result


def hang(
    segments: Floats,
    cell_m: float = CELL_M,
    *,
    height_m: NDArray[np.floating] | None = None,
    screens: Floats | None = None,
    screen_height_m: NDArray[np.floating] | None = None,
) -> WallGrid:
    """Build the grid; the caller has checked that the town is of a town's size. Screens lie inside the walls' extent.

    Walls of no length (a changed map leaves some behind) hang nowhere.
    """
    segments = np.ascontiguousarray(segments, dtype=np.float64).reshape(-1, 4)
    heights = _heights(height_m, len(segments))
    inner = np.ascontiguousarray(np.zeros((0, 4)) if screens is None else screens, dtype=np.float64).reshape(-1, 4)
    inner_m = _heights(screen_height_m, len(inner))
    empty = np.zeros(0, np.int32)
    if len(segments) == 0:
        none, nowhere = np.zeros(2, np.int32), np.zeros((0, 4))
        inside = np.zeros(1, np.uint8)
        return WallGrid(
            segments, heights, none, empty, nowhere, inner_m[:0], none, empty, inside, 0.0, 0.0, 1, 1, cell_m
        )
    x0, y0 = float(segments[:, 0::2].min()) - _ASIDE * cell_m, float(segments[:, 1::2].min()) - _ASIDE * cell_m
    columns = int((float(segments[:, 0::2].max()) - x0) / cell_m) + 2
    rows = int((float(segments[:, 1::2].max()) - y0) / cell_m) + 2
    starts = _starts(count_walls(segments, x0, y0, columns, rows, cell_m))
    items = hang_walls(segments, starts, x0, y0, columns, rows, cell_m)
    screen_starts = (
        _starts(count_walls(inner, x0, y0, columns, rows, cell_m)) if len(inner) else np.zeros(len(starts), np.int32)
    )
    screen_items = hang_walls(inner, screen_starts, x0, y0, columns, rows, cell_m) if len(inner) else empty
    inside = middles_inside(segments, x0, y0, columns, rows, cell_m)
    return WallGrid(
        segments, heights, starts, items, inner, inner_m, screen_starts, screen_items, inside, x0, y0, columns, rows,
        cell_m,
    )  # fmt: skip


def _starts(counts: Ints) -> Ints:
    starts = np.zeros(len(counts) + 1, np.int32)
    np.cumsum(counts, dtype=np.int32, out=starts[1:])
    return starts


def _heights(told: NDArray[np.floating] | None, walls: int) -> Singles:
    if told is None:
        return np.full(walls, np.nan, np.float32)
    return np.ascontiguousarray(told, dtype=np.float32)
