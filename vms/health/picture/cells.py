"""The cells of a still as arrays, and what so great a share of some values reach."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vms.health.picture.statistics import GRID_COLUMNS, GRID_ROWS

BARE_STEPS, ONE_TONE_LEVELS = 10, 16


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


def one_bare_tone(luma: bytes, detail: bytes) -> float:
    """The largest share of the picture whose cells have hardly any detail and lie within `ONE_TONE_LEVELS`."""
    ordered = np.sort(cells_of(luma)[cells_of(detail) < BARE_STEPS])
    within = np.searchsorted(ordered, ordered + ONE_TONE_LEVELS, side="right") - np.arange(ordered.size)
    return float(within.max(initial=0)) / (GRID_ROWS * GRID_COLUMNS)


def with_near(gone: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """And the cells around them."""
    wide = np.pad(gone, 1, mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(wide, (3, 3)).any(axis=(2, 3)), dtype=np.bool_)


def largest_piece(gone: NDArray[np.bool_], bridge: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The largest connected part of `gone`; bare cells connect, but do not count."""
    left = {(int(row), int(column)) for row, column in np.argwhere(gone | bridge)}
    largest: list[tuple[int, int]] = []
    while left:
        edge, found = [left.pop()], []
        while edge:
            row, column = edge.pop()
            if gone[row, column]:
                found.append((row, column))
            around = {(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)} & left
            left -= around
            edge.extend(around)
        largest = max(largest, found, key=len)
    covered = np.zeros_like(gone)
    for row, column in largest:
        covered[row, column] = True
    return covered
