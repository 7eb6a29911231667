"""Where on the map views have changed: a counter for every tile, so that what is drawn of the others can be kept."""

import threading

import numpy as np
from numpy.typing import NDArray

from vms.core.geo import LocalFrame
from vms.maps.cells import mercator

COUNTED_ZOOM = 13
"""Tiles below it count together."""
MOST_COUNTED = 20_000
"""Tiles with a counter of their own; with more than that everything counts as changed."""
_MOST_ACROSS = 64
"""Tiles that one view can reach into, across."""

Floats = NDArray[np.float64]


class ViewChanges:
    """For many threads. Whoever changes a view tells of it when the new one is there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all = 0
        self._counters: dict[tuple[int, int, int], int] = {}

    def everything(self) -> None:
        with self._lock:
            self._all += 1
            self._counters.clear()

    def around(self, reach_m: Floats, frame: LocalFrame) -> None:
        """`reach_m`: (n, 3) where views are or were, x and y in the frame, and how far they reach."""
        if not len(reach_m):
            return
        low = frame.to_lonlat_array(reach_m[:, :2] - reach_m[:, 2:])
        high = frame.to_lonlat_array(reach_m[:, :2] + reach_m[:, 2:])
        tiles = {
            tile
            for west, south, east, north in np.unique(_tiles(low, high), axis=0).tolist()
            for tile in _with_those_above(west, south, east, north)
        }
        with self._lock:
            for tile in tiles:
                self._counters[tile] = self._counters.get(tile, 0) + 1
            if len(self._counters) > MOST_COUNTED:
                self._all += 1
                self._counters.clear()

    def count(self, zoom: int, column: int, row: int) -> tuple[int, int]:
        """Another one whenever something in the tile has changed."""
        down = max(0, zoom - COUNTED_ZOOM)
        with self._lock:
            return self._all, self._counters.get((zoom - down, column >> down, row >> down), 0)


def _tiles(low: Floats, high: Floats) -> NDArray[np.int64]:
    """(n, 4): first column, first row from the north, last column, last row."""
    count = 1 << COUNTED_ZOOM
    west, south = mercator(low[:, 0], low[:, 1])
    east, north = mercator(high[:, 0], high[:, 1])
    found: NDArray[np.int64] = np.floor(np.column_stack([west, north, east, south]) * count).astype(np.int64)
    return np.clip(found, 0, count - 1)


def _with_those_above(west: int, north: int, east: int, south: int) -> set[tuple[int, int, int]]:
    found = {
        (COUNTED_ZOOM, column, row)
        for column in range(west, min(east, west + _MOST_ACROSS) + 1)
        for row in range(north, min(south, north + _MOST_ACROSS) + 1)
    }
    for zoom in range(COUNTED_ZOOM - 1, -1, -1):
        found |= {(zoom, column >> 1, row >> 1) for above, column, row in found if above == zoom + 1}
    return found
