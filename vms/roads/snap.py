"""The nearest stretch of road to a spot: pieces of road hung into square cells, searched ring after ring."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.roads.network import RoadNetwork

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

CELL_M = 100.0
FARTHEST_M = 5_000.0
"""Whoever is farther from every road than this is not on this map."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRoad:
    stretch: int
    along: float
    """Share of the stretch from where it begins, 0 … 1."""
    away_m: float


class PieceGrid(NamedTuple):
    """Straight pieces of road; cell `c` (row-major from the south-west) holds `items[starts[c]:starts[c + 1]]`."""

    pieces: Floats
    """(n, 4) metres: x1, y1, x2, y2."""
    stretch: Ints
    far_m: Floats
    """Along the stretch where the piece begins."""
    starts: Longs
    items: Ints
    x0: float
    y0: float
    columns: int
    rows: int


class RoadFinder:
    def __init__(self, network: RoadNetwork) -> None:
        self.network = network
        self._grid = grid_of(network)

    def nearest(self, x_m: float, y_m: float, wanted: NDArray[np.bool_]) -> OnRoad | None:
        """Of the stretches that are wanted; None where none is within `FARTHEST_M`."""
        if not len(self._grid.pieces):
            return None
        piece, far_m, away_m = nearest_piece(self._grid, wanted, x_m, y_m, FARTHEST_M)
        if piece < 0:
            return None
        stretch = int(self._grid.stretch[piece])
        along = min(1.0, float(far_m) / float(self.network.length_m[stretch]))
        return OnRoad(stretch=stretch, along=along, away_m=float(away_m))

    def around(self, x_m: float, y_m: float, radius_m: float) -> list[OnRoad]:
        """Each stretch within the radius once, where it is nearest; nearest first."""
        grid = self._grid
        if not len(grid.pieces):
            return []
        columns = range(*_cells(x_m - grid.x0, radius_m, grid.columns))
        rows = range(*_cells(y_m - grid.y0, radius_m, grid.rows))
        cells = [row * grid.columns + column for row in rows for column in columns]
        held = [grid.items[grid.starts[cell] : grid.starts[cell + 1]] for cell in cells]
        best: dict[int, OnRoad] = {}
        for piece in np.unique(np.concatenate([np.zeros(0, np.int32), *held])).tolist():
            far_m, away_m = foot_on(grid.pieces, piece, x_m, y_m)
            stretch = int(grid.stretch[piece])
            if away_m > radius_m or (stretch in best and best[stretch].away_m <= away_m):
                continue
            along = min(1.0, float(grid.far_m[piece] + far_m) / float(self.network.length_m[stretch]))
            best[stretch] = OnRoad(stretch=stretch, along=along, away_m=float(away_m))
        return sorted(best.values(), key=lambda one: (one.away_m, one.stretch))


def _cells(middle_m: float, radius_m: float, cells: int) -> tuple[int, int]:
    first = math.floor((middle_m - radius_m) / CELL_M)
    return max(0, first), min(cells, math.floor((middle_m + radius_m) / CELL_M) + 1)


def grid_of(network: RoadNetwork) -> PieceGrid:
    counts = network.last_corner - network.first_corner
    stretch = np.repeat(np.arange(len(network)), counts)
    begins = np.concatenate([[0], np.cumsum(counts)[:-1]]) if len(network) else np.zeros(0, np.int64)
    corner = np.repeat(network.first_corner - begins, counts) + np.arange(int(counts.sum()))
    pieces = np.hstack([network.corners_m[corner], network.corners_m[corner + 1]]) if len(corner) else np.zeros((0, 4))
    lengths = np.hypot(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1])
    before = np.cumsum(lengths) - lengths
    far_m = before - np.repeat(before[begins], counts) if len(corner) else np.zeros(0)
    x0, y0 = (pieces[:, 0::2].min(), pieces[:, 1::2].min()) if len(pieces) else (0.0, 0.0)
    columns = int((pieces[:, 0::2].max() - x0) / CELL_M) + 1 if len(pieces) else 1
    rows = int((pieces[:, 1::2].max() - y0) / CELL_M) + 1 if len(pieces) else 1
    starts = np.zeros(columns * rows + 1, np.int64)
    starts[1:] = np.cumsum(count_pieces(pieces, x0, y0, columns, rows))
    items = hang_pieces(pieces, starts, x0, y0, columns)
    return PieceGrid(pieces, stretch.astype(np.int32), far_m, starts, items, float(x0), float(y0), columns, rows)


@compiled
def count_pieces(pieces: Floats, x0: float, y0: float, columns: int, rows: int) -> Longs:
    counts = np.zeros(columns * rows, np.int64)
    for i in range(len(pieces)):
        for row in range(
            int((min(pieces[i, 1], pieces[i, 3]) - y0) / CELL_M),
            int((max(pieces[i, 1], pieces[i, 3]) - y0) / CELL_M) + 1,
        ):
            for column in range(
                int((min(pieces[i, 0], pieces[i, 2]) - x0) / CELL_M),
                int((max(pieces[i, 0], pieces[i, 2]) - x0) / CELL_M) + 1,
            ):
                counts[row * columns + column] += 1
    return counts


@compiled
def hang_pieces(pieces: Floats, starts: Longs, x0: float, y0: float, columns: int) -> Ints:
    items = np.empty(starts[-1], np.int32)
    fill = starts[:-1].copy()
    for i in range(len(pieces)):
        for row in range(
            int((min(pieces[i, 1], pieces[i, 3]) - y0) / CELL_M),
            int((max(pieces[i, 1], pieces[i, 3]) - y0) / CELL_M) + 1,
        ):
            for column in range(
                int((min(pieces[i, 0], pieces[i, 2]) - x0) / CELL_M),
                int((max(pieces[i, 0], pieces[i, 2]) - x0) / CELL_M) + 1,
            ):
                items[fill[row * columns + column]] = i
                fill[row * columns + column] += 1
    return items


@compiled
def foot_on(pieces: Floats, i: int, x: float, y: float) -> tuple[float, float]:
    """(metres from the piece's begin to the point on it that is nearest, distance to that point)."""
    ex, ey = pieces[i, 2] - pieces[i, 0], pieces[i, 3] - pieces[i, 1]
    length = math.hypot(ex, ey)
    if length <= 0.0:
        return 0.0, math.hypot(x - pieces[i, 0], y - pieces[i, 1])
    along = ((x - pieces[i, 0]) * ex + (y - pieces[i, 1]) * ey) / length
    along = min(length, max(0.0, along))
    return along, math.hypot(x - pieces[i, 0] - along * ex / length, y - pieces[i, 1] - along * ey / length)


@compiled
def nearest_piece(
    grid: PieceGrid, wanted: NDArray[np.bool_], x: float, y: float, farthest_m: float
) -> tuple[int, float, float]:
    """(piece or -1, metres along its stretch, metres away); of equally near ones the lowest number."""
    best, best_far, best_away = -1, 0.0, farthest_m
    column, row = math.floor((x - grid.x0) / CELL_M), math.floor((y - grid.y0) / CELL_M)
    ring = 0
    while (ring - 1) * CELL_M <= best_away:
        for j in range(row - ring, row + ring + 1):
            if j < 0 or j >= grid.rows:
                continue
            step = 1 if ring == 0 or j in (row - ring, row + ring) else 2 * ring
            for i in range(column - ring, column + ring + 1, step):
                if i < 0 or i >= grid.columns:
                    continue
                cell = j * grid.columns + i
                for k in range(grid.starts[cell], grid.starts[cell + 1]):
                    piece = grid.items[k]
                    if not wanted[grid.stretch[piece]]:
                        continue
                    along, away = foot_on(grid.pieces, piece, x, y)
                    if away < best_away or (away == best_away and 0 <= piece < best):
                        best, best_far, best_away = piece, grid.far_m[piece] + along, away
        ring += 1
    return best, best_far, best_away
