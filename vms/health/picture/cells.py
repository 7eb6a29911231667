"""The cells of a still as arrays, and what so great a share of some values reach."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vms.health.picture.statistics import GRID_COLUMNS, GRID_ROWS


def cells_of(values: bytes) -> NDArray[np.float64]:
    """Rows × columns."""
    return np.frombuffer(values, dtype=np.uint8).reshape(GRID_ROWS, GRID_COLUMNS).astype(np.float64)


def below_which(values: NDArray[Any], share: float) -> float:
    """The value below which such a share lies, between two of them in proportion. Not for no values."""
    ordered = np.sort(values)
    place = share * (ordered.size - 1)
    first = int(place)
    last = min(first + 1, ordered.size - 1)
    return float(ordered[first] + (place - first) * (ordered[last] - ordered[first]))
