"""Which square of the map an item lies in: tiles of the web's Mercator grid at zoom 14, 2.1 km wide at 30° north."""

import math

import numpy as np
from numpy.typing import NDArray

from vms.places.packed import PER_DEGREE, Corners

CELL_ZOOM = 14
FAR_ZOOM = 10
"""Of the cells of great roads for small scales."""
MERCATOR_LIMIT_DEG = 85.0511287

Cell = tuple[int, int]
"""Column from the west, row from the north."""


def cells_of_boxes(boxes: Corners, zoom: int = CELL_ZOOM) -> NDArray[np.int64]:
    """(n, 2) column and row of the middle of each box."""
    middle = (boxes[:, :2].astype(np.float64) + boxes[:, 2:]) / (2.0 * PER_DEGREE)
    x, y = mercator(middle[:, 0], middle[:, 1])
    count = 1 << zoom
    found: NDArray[np.int64] = np.floor(np.column_stack([x * count, y * count])).astype(np.int64)
    return np.clip(found, 0, count - 1)


def mercator(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The web's square: 0 … 1 from west to east and from north to south."""
    phi = np.radians(np.clip(lat, -MERCATOR_LIMIT_DEG, MERCATOR_LIMIT_DEG))
    return lon / 360.0 + 0.5, 0.5 - np.arcsinh(np.tan(phi)) / (2.0 * math.pi)


def tile_box(zoom: int, column: int, row: int, margin: float = 0.0) -> tuple[float, float, float, float]:
    """West, south, east, north of a tile in degrees, `margin` of its width more on every side."""
    count = 1 << zoom

    def lat(y: float) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1.0 - 2.0 * y / count))))

    west, east = (column - margin) / count * 360.0 - 180.0, (column + 1 + margin) / count * 360.0 - 180.0
    return west, lat(row + 1 + margin), east, lat(row - margin)
