"""Coverage in squares: for a map that is too wide for single stretches of road."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.coverage.demand import Demand

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]
"""West, south, east, north in metres of the walls' frame."""

SMALLEST_M = 50.0
MOST_SQUARES = 4000
COVERED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Squares:
    """One row per square in which something is asked for."""

    size_m: float
    corner_m: Floats
    """(n, 2): south-west, in metres of the walls' frame."""
    asked_m: Floats
    """Metres of road, each place and entrance as one metre, by their weights."""
    covered_m: Floats
    worst_cause: NDArray[np.uint8]
    """The number of the cause that costs most there; 0: everything is covered."""
    views: Floats
    """Views on the average metre."""

    def __len__(self) -> int:
        return len(self.asked_m)


def size_for(box: Box, most: int = MOST_SQUARES) -> float:
    """The smallest edge, doubled from 50 m on, at which so many squares fill the box."""
    area_m2 = max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)
    size_m = SMALLEST_M
    while area_m2 / size_m**2 > most:
        size_m *= 2.0
    return size_m


def squares_of(demand: Demand, cause: NDArray[np.uint8], seen_by: NDArray[np.uint16], box: Box) -> Squares:
    """Of the samples in the box. `cause`, `seen_by`: per sample, of one light. Squares lie still under a moving box."""
    size_m = size_for(box)
    x, y = demand.xy_m[:, 0], demand.xy_m[:, 1]
    west, south = np.floor(np.array(box[:2]) / size_m).astype(np.int64)
    columns = int(np.floor(box[2] / size_m)) - int(west) + 1
    rows = int(np.floor(box[3] / size_m)) - int(south) + 1
    inside = (x >= west * size_m) & (x < (west + columns) * size_m)
    inside &= (y >= south * size_m) & (y < (south + rows) * size_m)
    chosen = np.flatnonzero(inside)
    column = np.floor(x[chosen] / size_m).astype(np.int64) - west
    square = (np.floor(y[chosen] / size_m).astype(np.int64) - south) * columns + column
    worth = demand.weight[chosen] * np.where(demand.is_place[chosen], 1.0, demand.length_m[chosen])
    causes = cause[chosen]
    n = columns * rows
    lost = np.zeros((int(causes.max(initial=0)) + 1, n))
    np.add.at(lost, (causes, square), worth)
    asked = lost.sum(axis=0)
    views = np.bincount(square, weights=worth * seen_by[chosen], minlength=n)
    kept = np.flatnonzero(asked > 0.0)
    missing = lost[:, kept].copy()
    missing[COVERED] = 0.0
    worst = np.where(missing.max(axis=0) > 0.0, missing.argmax(axis=0), COVERED).astype(np.uint8)
    corners = np.column_stack([kept % columns + west, kept // columns + south]) * size_m
    return Squares(
        size_m=size_m,
        corner_m=corners,
        asked_m=asked[kept],
        covered_m=lost[COVERED, kept],
        worst_cause=worst,
        views=views[kept] / asked[kept],
    )
