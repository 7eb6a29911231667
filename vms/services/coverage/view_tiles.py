"""The views of all cameras as tiles of the map, made when somebody asks and kept until a view in them changes."""

import gzip
import secrets
import threading
from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from vms.coverage.drawn_views import draw_views
from vms.coverage.index_rows import in_order
from vms.maps.cells import tile_box
from vms.maps.tiles.view_tile import MOST_SECTORS, SECTORS_FROM, sectors, squares
from vms.services.coverage.answers import ViewTile
from vms.services.coverage.memory import CoverageMemory

KEPT_BYTES = 64_000_000
_PACKED_LIGHTLY = 3
_BESIDES = 200
"""Bytes that a kept tile costs besides its content."""
Tile = tuple[int, int, int]


class ViewTiles:
    """For many threads. What a camera's state is, is not told: tiles outlive it."""

    def __init__(self, memory: CoverageMemory) -> None:
        self._memory = memory
        self._lock = threading.Lock()
        self._kept: OrderedDict[Tile, ViewTile] = OrderedDict()
        self._bytes = 0
        self._run = secrets.token_hex(4)

    def stamp(self, zoom: int, column: int, row: int) -> str:
        everywhere, here = self._memory.view_changes.count(zoom, column, row)
        return f"{self._run}-{everywhere}-{here}"

    def tile(self, zoom: int, column: int, row: int) -> ViewTile:
        stamp = self.stamp(zoom, column, row)  # asked first: what changes while it is made makes it old
        key = (zoom, column, row)
        with self._lock:
            if (kept := self._kept.get(key)) is not None and kept.stamp == stamp:
                self._kept.move_to_end(key)
                return kept
        made = self._make(zoom, column, row)
        tile = ViewTile(stamp, gzip.compress(made, _PACKED_LIGHTLY, mtime=0) if made else b"")
        self._keep(key, tile)
        return tile

    def _make(self, zoom: int, column: int, row: int) -> bytes:
        memory = self._memory
        with memory.lock:
            walls, slots = memory.walls, self._slots(zoom, column, row)
            views = memory.index.packed
            frame = walls.frame
            if zoom < SECTORS_FROM or len(slots) > MOST_SECTORS[zoom]:
                standing = np.column_stack([views.x[slots], views.y[slots]])
                return squares(zoom, column, row, frame.to_lonlat_array(standing))
            views, camera_ids = in_order(views, slots), memory.index.buckets.ids[slots].astype(np.int64)
        drawn = draw_views(walls.grid.segments, views)
        return sectors(
            zoom,
            column,
            row,
            frame.to_lonlat_array(drawn.corners_m),
            drawn.ends,
            drawn.shape_ends,
            camera_ids[drawn.rows],
            undirected=views.directed[drawn.rows] == 0,
            behind=drawn.behind,
        )

    def _slots(self, zoom: int, column: int, row: int) -> NDArray[np.int64]:
        """Of views that may touch the tile. The caller holds the memory's lock."""
        index = self._memory.index
        west, south, east, north = tile_box(zoom, column, row)
        (left, bottom), (right, top) = index.walls.frame.to_xy_array(np.array([[west, south], [east, north]])).tolist()
        views, used = index.packed, len(index.buckets.alive)
        x, y, reach = views.x[:used], views.y[:used], views.range_m[:used]
        near = (x + reach >= left) & (x - reach <= right) & (y + reach >= bottom) & (y - reach <= top)
        return np.flatnonzero(near & (index.buckets.alive > 0)).astype(np.int64)

    def _keep(self, key: Tile, tile: ViewTile) -> None:
        with self._lock:
            if (old := self._kept.pop(key, None)) is not None:
                self._bytes -= len(old.content) + _BESIDES
            self._kept[key] = tile
            self._bytes += len(tile.content) + _BESIDES
            while self._bytes > KEPT_BYTES:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest.content) + _BESIDES
