"""Sorts what a map file tells into cells, in bounded memory: what is read waits in a temporary file, packed.

The file has no name, so nothing of it is left whatever becomes of the process.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple, Self, cast

import numpy as np
import shapely
from numpy.typing import NDArray

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
    encode,
    joined,
    packed_bytes,
)
from vms.maps.cells import CELL_ZOOM, FAR_ZOOM, Cell, cells_of_boxes
from vms.places.crossings import shared_corners
from vms.places.land_area import LandArea, PackedLandAreas
from vms.places.packed import TUNNEL, Lines, Outlines, PackedBuildings, PackedPlaces, PackedRoads
from vms.places.texts import starts_of
from vms.places.town import Building, Place, Road

WAITING = 40_000
"""Items of one layer that are held as values before they are packed."""
GREAT_ROADS = frozenset({"motorway", "trunk", "primary", "secondary"})
_FAR_E7 = 2_000.0
"""Great roads at small scales are drawn to about 20 m."""

_FAR_LAND_E7 = 40_000
"""So wide, about 400 m, is land that small scales show."""

Item = Building | Road | Place | LandArea
_PACKERS: dict[str, Callable[[Any], Packed]] = {
    BUILDING: PackedBuildings.of,
    ROAD: PackedRoads.of,
    RAILWAY: PackedRoads.of,
    PLACE: PackedPlaces.of,
    LAND: PackedLandAreas.of,
    WATERWAY: PackedRoads.of,
}


class SortedCell(NamedTuple):
    layer: str
    cell: Cell
    items: Packed


class CellSorter:
    """Feed it with `add`, then take `cells()` once. To be closed."""

    def __init__(self, *, waiting: int = WAITING) -> None:
        self._most = waiting
        self._waiting: dict[str, list[Item]] = {layer: [] for layer in _PACKERS}
        self._file = cast(BinaryIO, tempfile.TemporaryFile(prefix="vms-map-"))  # noqa: SIM115 (closed with the sorter)
        self._chunks: dict[tuple[str, Cell], list[tuple[int, int]]] = {}
        self._road_names: dict[str, int] = {}
        self._named_corners: list[tuple[NDArray[np.int32], NDArray[np.int32]]] = []
        self.counts = dict.fromkeys(_PACKERS, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, layer: str, item: Item) -> None:
        waiting = self._waiting[layer]
        waiting.append(item)
        self.counts[layer] += 1
        if len(waiting) >= self._most:
            self._pack(layer)

    def add_packed(self, layer: str, items: Packed) -> None:
        """Many at once."""
        self.counts[layer] += len(items)
        self._note(layer, items)
        self._spill(layer, items, CELL_ZOOM)

    def cells(self, *, crossings: bool = True) -> Iterator[SortedCell]:
        """Each cell of each layer once, with all its items. Crossings of named roads are places of their own."""
        for layer in _PACKERS:
            self._pack(layer)
        if crossings:
            self._add_crossings()
        for layer, cell in sorted(self._chunks):
            chunks = self._chunks[layer, cell]
            items = cast(Packed, joined(layer, [self._read(layer, chunk) for chunk in chunks]))
            yield SortedCell(layer, cell, items)

    @property
    def cell_count(self) -> int:
        return len(self._chunks)

    def _pack(self, layer: str) -> None:
        waiting, self._waiting[layer] = self._waiting[layer], []
        if not waiting:
            return
        items = _PACKERS[layer](waiting)
        self._note(layer, items)
        self._spill(layer, items, CELL_ZOOM)

    def _note(self, layer: str, items: Packed) -> None:
        if layer == ROAD:
            self._note_roads(cast(PackedRoads, items))
        elif layer == LAND:
            land = cast(PackedLandAreas, items)
            boxes = land.boxes().astype(np.int64)
            wide = np.flatnonzero((boxes[:, 2:] - boxes[:, :2]).max(axis=1) >= _FAR_LAND_E7)
            self._spill(FAR_LAND, coarse_land(land.taken(wide)), FAR_ZOOM)

    def _spill(self, layer: str, items: Packed, zoom: int) -> None:
        if not len(items):
            return
        columns_rows = cells_of_boxes(items.boxes(), zoom)
        order = np.lexsort((columns_rows[:, 1], columns_rows[:, 0]))
        ordered = columns_rows[order]
        firsts = np.flatnonzero(np.concatenate([[True], np.any(ordered[1:] != ordered[:-1], axis=1)]))
        for rows in np.split(order, firsts[1:]):
            column, row = columns_rows[rows[0]].tolist()
            content = packed_bytes(encode(items.taken(np.sort(rows))))
            self._chunks.setdefault((layer, (column, row)), []).append((self._file.tell(), len(content)))
            self._file.write(content)

    def _read(self, layer: str, chunk: tuple[int, int]) -> Packed:
        end = self._file.tell()
        self._file.seek(chunk[0])
        content = self._file.read(chunk[1])
        self._file.seek(end)
        return decode(layer, content)

    def _note_roads(self, roads: PackedRoads) -> None:
        kinds = list(roads.kinds)
        great = np.array([at for at, kind in enumerate(kinds) if kind in GREAT_ROADS], dtype=np.int64)
        self._spill(FAR_ROAD, _coarse(roads.taken(great)), FAR_ZOOM)
        names = list(roads.names)
        above = (roads.flags & TUNNEL) == 0
        named = np.array([at for at, name in enumerate(names) if name and above[at]], dtype=np.int64)
        if len(named):
            numbers = [self._road_names.setdefault(names[at], len(self._road_names)) for at in named.tolist()]
            lines = roads.lines.taken(named)
            lengths = lines.ends - starts_of(lines.ends)
            self._named_corners.append((lines.corners, np.repeat(np.array(numbers, dtype=np.int32), lengths)))

    def _add_crossings(self) -> None:
        if not self._named_corners:
            return
        corners = np.concatenate([one[0] for one in self._named_corners])
        numbers = np.concatenate([one[1] for one in self._named_corners])
        self._named_corners = []
        found: Sequence[Place] = shared_corners(corners, numbers, list(self._road_names))
        self.counts[PLACE] += len(found)
        if found:
            self._spill(PLACE, PackedPlaces.of(found), CELL_ZOOM)


def coarse_land(areas: PackedLandAreas) -> PackedLandAreas:
    """With fewer corners, and without what is small of islands."""
    if not len(areas):
        return areas
    rings, ends = areas.outlines.rings, areas.outlines.ends
    of_ring = np.repeat(np.arange(len(rings)), rings.ends - starts_of(rings.ends))
    shapes = shapely.linestrings(rings.corners.astype(np.float64), indices=of_ring)
    corners, of_ring = shapely.get_coordinates(shapely.simplify(shapes, _FAR_E7), return_index=True)
    counts = np.bincount(of_ring, minlength=len(rings))
    is_kept = counts >= 4
    is_kept[starts_of(ends)] = True
    corners = corners[is_kept[of_ring]]
    kept = Lines(np.rint(corners).astype(np.int32), np.cumsum(counts[is_kept]).astype(np.int64))
    outlines = Outlines(kept, np.cumsum(is_kept)[ends - 1].astype(np.int64))
    return PackedLandAreas(outlines, *areas.texts())


def _coarse(roads: PackedRoads) -> PackedRoads:
    """With fewer corners."""
    if not len(roads):
        return roads
    lengths = roads.lines.ends - starts_of(roads.lines.ends)
    of_line = np.repeat(np.arange(len(roads)), lengths)
    shapes = shapely.linestrings(roads.lines.corners.astype(np.float64), indices=of_line)
    corners, of_line = shapely.get_coordinates(shapely.simplify(shapes, _FAR_E7), return_index=True)
    ends = np.cumsum(np.bincount(of_line, minlength=len(roads)))
    lines = Lines(np.rint(corners).astype(np.int32), ends.astype(np.int64))
    return PackedRoads(lines, roads.flags, roads.speed_km_h, *roads.texts())
