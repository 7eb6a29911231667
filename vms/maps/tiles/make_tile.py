"""One tile of the town: what of its cells is worth showing at this scale, clipped, with names in both languages."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.maps.cells import mercator, tile_box
from vms.maps.tiles.clip import lines_within, polygons_within
from vms.maps.tiles.kernel import LINE, POINT, POLYGON
from vms.maps.tiles.layer import EXTENT, Value, encode_layer
from vms.places.land_area import NO_LAND, PackedLandAreas
from vms.places.packed import (
    PER_DEGREE,
    TUNNEL,
    Corners,
    Lines,
    Outlines,
    PackedBuildings,
    PackedPlaces,
    PackedRoads,
    to_degrees,
)

MOST_BYTES = 450_000
MARGIN = 1 / 16
"""Of a tile: so far beyond its edge things are drawn, that strokes and names meet at it."""
BUILDINGS_FROM, PATHS_FROM, ALL_ROADS_FROM, PLACES_FROM, NEAR_FROM = 13, 14, 13, 14, 12
"""Zooms. Below `NEAR_FROM` there are great roads only."""
MAX_ZOOM = 16
PATHS = frozenset({"footway", "path", "steps", "cycleway", "track"})
SMALL_STREETS = PATHS | {"residential", "living_street", "service", "pedestrian", "unclassified", "road"}
SHOWN_PLACES = frozenset({"key_place", "square"})
MOST_PLACES = 3_000
BROOKS = frozenset({"stream"})
NO_ROADS = PackedRoads.of(())
_SMALLEST_PX = 1.5
_UNITS_PER_PX = EXTENT / 512
_FAR_BEYOND = 8 * EXTENT
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class TownPart:
    """What may touch the tile."""

    buildings: PackedBuildings
    roads: PackedRoads
    """Below zoom 12 great roads, drawn coarsely."""
    railways: PackedRoads
    places: PackedPlaces
    land: PackedLandAreas = NO_LAND
    """Below zoom 12 what is large, drawn coarsely."""
    waterways: PackedRoads = NO_ROADS


def make_tile(zoom: int, column: int, row: int, part: TownPart) -> bytes:
    """Empty where there is nothing. Never much more than `MOST_BYTES`: what is smallest goes first."""
    smallest_px = _SMALLEST_PX
    while True:
        layers = [
            _land(zoom, column, row, part.land, smallest_px),
            _roads("waterway", zoom, column, row, part.waterways, smallest_px),
            _roads("road", zoom, column, row, part.roads, smallest_px),
            _roads("railway", zoom, column, row, part.railways, smallest_px),
            _places(zoom, column, row, part.places) if zoom >= PLACES_FROM else b"",
            _buildings(zoom, column, row, part.buildings, smallest_px) if zoom >= BUILDINGS_FROM else b"",
        ]
        content = b"".join(layers)
        if len(content) <= MOST_BYTES or smallest_px > 64:
            return content
        smallest_px *= math.sqrt(2.0)


def _buildings(zoom: int, column: int, row: int, buildings: PackedBuildings, smallest_px: float) -> bytes:
    boxes = buildings.boxes()
    rows = _touching(boxes, zoom, column, row)
    rows = rows[_sizes(boxes[rows], zoom) >= smallest_px * _UNITS_PER_PX]
    lines, part_ends, _ = _polygons(zoom, column, row, buildings.outlines.taken(rows))
    return encode_layer("building", POLYGON, lines.corners.astype(np.int64), lines.ends, part_ends, [])


def _land(zoom: int, column: int, row: int, areas: PackedLandAreas, smallest_px: float) -> bytes:
    boxes = areas.boxes()
    rows = _touching(boxes, zoom, column, row)
    rows = rows[_sizes(boxes[rows], zoom) >= 2 * smallest_px * _UNITS_PER_PX]
    chosen = areas.taken(rows)
    lines, part_ends, owner = _polygons(zoom, column, row, chosen.outlines)
    kinds = list(chosen.kinds)
    tags: list[dict[str, Value]] = [{"kind": kinds[at]} for at in owner.tolist()]
    return encode_layer("land", POLYGON, lines.corners.astype(np.int64), lines.ends, part_ends, tags)


def _polygons(zoom: int, column: int, row: int, outlines: Outlines) -> tuple[Lines, Ints, Ints]:
    """What of them lies in the tile, as `polygons_within` tells it."""
    xy = np.clip(_projected(outlines.rings.corners, zoom, column, row), -_FAR_BEYOND, _FAR_BEYOND)
    return polygons_within(Lines(xy.astype(np.int32), outlines.rings.ends), outlines.ends)


def _roads(name: str, zoom: int, column: int, row: int, roads: PackedRoads, smallest_px: float) -> bytes:
    boxes = roads.boxes()
    rows = _touching(boxes, zoom, column, row)
    if smallest_px > _SMALLEST_PX or zoom < PATHS_FROM:
        rows = rows[_sizes(boxes[rows], zoom) >= smallest_px * _UNITS_PER_PX]
    hidden = _hidden(zoom, smallest_px)
    if hidden and len(rows):
        rows = rows[[kind not in hidden for kind in roads.kinds.taken(rows)]]
    chosen = roads.taken(rows)
    xy = _projected(chosen.lines.corners, zoom, column, row)
    lines, owner = lines_within(xy, chosen.lines.ends, MARGIN * EXTENT)
    told = _road_tags(chosen)
    part_ends = np.arange(1, len(lines) + 1, dtype=np.int64)
    tags = [told[at] for at in owner.tolist()]
    return encode_layer(name, LINE, lines.corners.astype(np.int64), lines.ends, part_ends, tags)


def _hidden(zoom: int, smallest_px: float) -> frozenset[str]:
    if zoom < ALL_ROADS_FROM:
        return SMALL_STREETS | BROOKS
    return PATHS | BROOKS if zoom < PATHS_FROM or smallest_px > 4 * _SMALLEST_PX else frozenset()


def _road_tags(roads: PackedRoads) -> list[dict[str, Value]]:
    tags: list[dict[str, Value]] = []
    tunnels = ((roads.flags & TUNNEL) > 0).tolist()
    for kind, name, chinese, english, tunnel in zip(
        roads.kinds, roads.names, roads.names_zh, roads.names_en, tunnels, strict=True
    ):
        one: dict[str, Value] = {"kind": kind, **_names(name, chinese, english)}
        if tunnel:
            one["tunnel"] = True
        tags.append(one)
    return tags


def _places(zoom: int, column: int, row: int, places: PackedPlaces) -> bytes:
    rows = _touching(places.boxes(), zoom, column, row)
    rows = rows[[kind in SHOWN_PLACES for kind in places.kinds.taken(rows)]][:MOST_PLACES] if len(rows) else rows
    chosen = places.taken(rows)
    xy = _projected(chosen.points, zoom, column, row)
    told = zip(chosen.kinds, chosen.categories, chosen.names, chosen.names_zh, chosen.names_en, strict=True)
    tags = [{"kind": kind, "category": category, **_names(*names)} for kind, category, *names in told]
    each = np.arange(1, len(chosen) + 1, dtype=np.int64)
    return encode_layer("place", POINT, xy, each, each, tags)


def _names(name: str, chinese: str, english: str) -> dict[str, Value]:
    said = {"name": name, "name_zh": chinese, "name_en": english}
    return {key: value for key, value in said.items() if value}


def _touching(boxes: Corners, zoom: int, column: int, row: int) -> Ints:
    west, south, east, north = (edge * PER_DEGREE for edge in tile_box(zoom, column, row, MARGIN))
    inside = (boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
    return np.flatnonzero(inside)


def _sizes(boxes: Corners, zoom: int) -> NDArray[np.float64]:
    """The longer side of each box in units of a tile."""
    degrees = boxes.astype(np.float64) / PER_DEGREE
    across = (degrees[:, 2:] - degrees[:, :2]) * [1.0, 1.0]
    across[:, 1] /= np.maximum(np.cos(np.radians(degrees[:, 1])), 1e-3)
    sizes: NDArray[np.float64] = across.max(axis=1, initial=0.0) / 360.0 * (1 << zoom) * EXTENT
    return sizes


def _projected(corners: Corners, zoom: int, column: int, row: int) -> Ints:
    degrees = to_degrees(corners)
    x, y = mercator(degrees[:, 0], degrees[:, 1])
    count = 1 << zoom
    return np.rint(np.column_stack([(x * count - column) * EXTENT, (y * count - row) * EXTENT])).astype(np.int64)
