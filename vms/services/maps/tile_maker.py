"""Makes the town's tiles when somebody asks, and keeps those that were asked for last."""

import gzip
import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection

from vms.maps.cell_code import (
    BUILDING,
    FAR_LAND,
    FAR_ROAD,
    LAND,
    PLACE,
    RAILWAY,
    ROAD,
    WATERWAY,
    Packed,
    decode,
    joined,
)
from vms.maps.cells import tile_box
from vms.maps.tiles.make_tile import BUILDINGS_FROM, MARGIN, NEAR_FROM, PLACES_FROM, TownPart, make_tile
from vms.places.packed import PER_DEGREE, Corners
from vms.store import map_cells, map_versions
from vms.store.database import Database
from vms.store.map_cells import CellKey

KEPT_BYTES = 64_000_000
KEPT_CELLS = 96
_DRAWN = "2"
"""Another number: tiles are drawn otherwise than before."""
Tile = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Directory:
    standing: tuple[int, ...]
    keys: dict[str, list[CellKey]]
    boxes: dict[str, Corners]


class TileMaker:
    """For many threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._directory = _Directory((-1,), {}, {})
        self._tiles: OrderedDict[Tile, bytes] = OrderedDict()
        self._tiles_bytes = 0
        self._cells: OrderedDict[CellKey, Packed] = OrderedDict()

    def stamp(self) -> str:
        """Another one whenever the map has changed."""
        with self._database.reading() as tx:
            return _stamp(map_versions.standing(tx))

    def tile(self, zoom: int, column: int, row: int) -> tuple[str, bytes]:
        """The stamp of the map that it is of, and the tile, gzipped; an empty one has no bytes."""
        with self._database.reading() as tx:
            directory = self._directory_now(tx)
            with self._lock:
                if (kept := self._tiles.get((zoom, column, row))) is not None:
                    self._tiles.move_to_end((zoom, column, row))
                    return _stamp(directory.standing), kept
            part = self._part(tx, directory, zoom, column, row)
        made = make_tile(zoom, column, row, part)
        content = gzip.compress(made, 5, mtime=0) if made else b""
        self._keep(directory, (zoom, column, row), content)
        return _stamp(directory.standing), content

    def _directory_now(self, tx: Connection) -> _Directory:
        standing = map_versions.standing(tx)
        directory = self._directory
        if directory.standing == standing:
            return directory
        keys: dict[str, list[CellKey]] = {}
        boxes: dict[str, list[tuple[int, int, int, int]]] = {}
        for facts in map_cells.facts(tx, standing):
            keys.setdefault(facts.key.layer, []).append(facts.key)
            boxes.setdefault(facts.key.layer, []).append(facts.box)
        directory = _Directory(standing, keys, {layer: np.array(some, np.int32) for layer, some in boxes.items()})
        with self._lock:
            self._directory = directory
            self._tiles.clear()
            self._tiles_bytes = 0
            for key in [key for key in self._cells if key.version_id not in standing]:
                del self._cells[key]
        return directory

    def _keep(self, directory: _Directory, tile: Tile, content: bytes) -> None:
        with self._lock:
            if self._directory is not directory or tile in self._tiles:
                return
            self._tiles[tile] = content
            self._tiles_bytes += len(content) + 200
            while self._tiles_bytes > KEPT_BYTES:
                _, old = self._tiles.popitem(last=False)
                self._tiles_bytes -= len(old) + 200

    def _part(self, tx: Connection, directory: _Directory, zoom: int, column: int, row: int) -> TownPart:
        near = zoom >= NEAR_FROM
        wanted = {
            ROAD if near else FAR_ROAD: True,
            LAND if near else FAR_LAND: True,
            RAILWAY: near,
            WATERWAY: near,
            BUILDING: zoom >= BUILDINGS_FROM,
            PLACE: zoom >= PLACES_FROM,
        }
        box = tile_box(zoom, column, row, MARGIN)
        found = {layer: self._items(tx, directory, layer, box) if shown else [] for layer, shown in wanted.items()}
        return TownPart(
            buildings=joined(BUILDING, found[BUILDING]),
            roads=joined(ROAD, found[ROAD if near else FAR_ROAD]),
            railways=joined(RAILWAY, found[RAILWAY]),
            places=joined(PLACE, found[PLACE]),
            land=joined(LAND, found[LAND if near else FAR_LAND]),
            waterways=joined(WATERWAY, found[WATERWAY]),
        )

    def _items(
        self, tx: Connection, directory: _Directory, layer: str, box: tuple[float, float, float, float]
    ) -> list[Any]:
        boxes = directory.boxes.get(layer)
        if boxes is None:
            return []
        west, south, east, north = (edge * PER_DEGREE for edge in box)
        inside = (boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
        keys = [directory.keys[layer][at] for at in np.flatnonzero(inside).tolist()]
        with self._lock:
            known = {key: self._cells[key] for key in keys if key in self._cells}
            for key in known:
                self._cells.move_to_end(key)
        missing = [key for key in keys if key not in known]
        read = {key: decode(layer, content) for key, content in map_cells.contents(tx, missing)}
        with self._lock:
            self._cells |= read
            while len(self._cells) > KEPT_CELLS:
                self._cells.popitem(last=False)
        every = known | read
        return [every[key] for key in keys if key in every]


def _stamp(standing: tuple[int, ...]) -> str:
    return hashlib.blake2b(repr((_DRAWN, standing)).encode(), digest_size=6).hexdigest()
