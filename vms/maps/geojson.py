"""A town as GeoJSON and back: one FeatureCollection whose features carry `layer` (`building`, `road`, `place`).

The console draws it as its offline base map; the attribution travels with it. What is read back is hostile: size,
depth, number of corners and every coordinate are checked before anything is built.
"""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from vms.core.errors import BadInput
from vms.core.geo import Wgs84
from vms.maps.tags import plain_text
from vms.places.town import Building, Place, PlaceKind, Road, Town

MAX_BYTES = 32 * 1024 * 1024
MAX_FEATURES = 500_000
_DIGITS = 7

Json = dict[str, object]


def town_to_geojson(town: Town) -> Json:
    """Buildings, then roads, then places; coordinates to 7 digits (1 cm). Feature ids are unique within the layer."""
    features = [_building(i, building) for i, building in enumerate(town.buildings)]
    features += [_road(i, road) for i, road in enumerate(town.roads)]
    features += [_place(i, place) for i, place in enumerate(town.places)]
    document: Json = {
        "type": "FeatureCollection",
        "name": town.name,
        "attribution": town.attribution,
        "features": features,
    }
    bounds = town_bounds(town)
    if bounds is not None:
        document["bbox"] = list(bounds)
    if town.boundary is not None:
        document["boundary"] = town.boundary.round(_DIGITS).tolist()
    return document


def town_bounds(town: Town) -> tuple[float, float, float, float] | None:
    """West, south, east, north of buildings and roads; None for an empty town."""
    lines = [building.outline for building in town.buildings] + [road.line for road in town.roads]
    if not lines:
        return None
    corners = np.concatenate(lines)
    west, south = corners.min(axis=0).round(_DIGITS).tolist()
    east, north = corners.max(axis=0).round(_DIGITS).tolist()
    return west, south, east, north


def write_town_geojson(town: Town, path: str | Path) -> None:
    Path(path).write_text(json.dumps(town_to_geojson(town), ensure_ascii=False, separators=(",", ":")), "utf-8")


def read_town_geojson(path: str | Path, *, max_bytes: int = MAX_BYTES, max_features: int = MAX_FEATURES) -> Town:
    """Raises BadInput, naming the file and the feature, for anything that is not such a town."""
    file = Path(path)
    if not file.is_file():
        raise BadInput("no such file", where=str(path))
    size = file.stat().st_size
    if size > max_bytes:
        raise BadInput(f"{size:,} bytes; at most {max_bytes:,} are read", where=str(path))
    try:
        document = json.loads(file.read_bytes().decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as broken:
        raise BadInput("not UTF-8 text", where=str(path)) from broken
    except RecursionError as broken:
        raise BadInput("nested too deeply", where=str(path)) from broken
    except ValueError as broken:
        raise BadInput(f"not JSON ({plain_text(str(broken))})", where=str(path)) from broken
    try:
        return town_from_geojson(document, max_features=max_features)
    except BadInput as bad:
        raise BadInput(bad.reason, where=f"{path} {bad.where}".strip()) from bad


def town_from_geojson(document: object, *, max_features: int = MAX_FEATURES) -> Town:
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise BadInput("not a GeoJSON FeatureCollection")
    features = document.get("features")
    if not isinstance(features, list):
        raise BadInput("`features` is not a list")
    if len(features) > max_features:
        raise BadInput(f"{len(features):,} features; at most {max_features:,} are read")
    buildings: list[Building] = []
    roads: list[Road] = []
    places: list[Place] = []
    for i, feature in enumerate(features):
        where = f"feature {i}"
        properties, kind, coordinates = _parts(feature, where)
        layer = properties.get("layer")
        if layer == "building" and kind == "Polygon":
            buildings.append(_read_building(properties, coordinates, where))
        elif layer == "road" and kind == "LineString":
            roads.append(_read_road(properties, coordinates, where))
        elif layer == "place" and kind == "Point":
            places.append(_read_place(properties, coordinates, where))
        else:
            raise BadInput(f"a {plain_text(str(kind))} in layer {plain_text(str(layer))!r} is unknown", where=where)
    boundary = document.get("boundary")
    return Town(
        name=_text(document, "name"),
        attribution=_text(document, "attribution"),
        buildings=tuple(buildings),
        roads=tuple(roads),
        places=tuple(places),
        boundary=None if boundary is None else _line(boundary, 3, "boundary"),
    )


def _building(i: int, building: Building) -> Json:
    rings = [building.outline, *building.holes]
    closed = [np.vstack([ring, ring[:1]]).round(_DIGITS).tolist() for ring in rings]
    return _feature(
        i,
        "building",
        {"type": "Polygon", "coordinates": closed},
        {"name": building.name, "height_m": building.height_m, "source_id": building.source_id},
    )


def _road(i: int, road: Road) -> Json:
    properties: Json = {
        "name": road.name,
        "kind": road.kind,
        "oneway": road.oneway,
        "speed_km_h": road.speed_km_h,
        "bridge": road.bridge,
        "tunnel": road.tunnel,
        "source_id": road.source_id,
    }
    return _feature(i, "road", {"type": "LineString", "coordinates": road.line.round(_DIGITS).tolist()}, properties)


def _place(i: int, place: Place) -> Json:
    point = [round(place.position.lon, _DIGITS), round(place.position.lat, _DIGITS)]
    properties: Json = {
        "name": place.name,
        "kind": place.kind.value,
        "category": place.category,
        "address": place.address,
        "source_id": place.source_id,
    }
    return _feature(i, "place", {"type": "Point", "coordinates": point}, properties)


def _feature(i: int, layer: str, geometry: Json, properties: Json) -> Json:
    kept = {key: value for key, value in properties.items() if value not in ("", None, False)}
    return {"type": "Feature", "id": i, "geometry": geometry, "properties": {"layer": layer, **kept}}


def _parts(feature: object, where: str) -> tuple[Json, object, object]:
    if not isinstance(feature, dict):
        raise BadInput("not an object", where=where)
    properties, geometry = feature.get("properties"), feature.get("geometry")
    if not isinstance(properties, dict) or not isinstance(geometry, dict):
        raise BadInput("a feature needs `properties` and `geometry`", where=where)
    return properties, geometry.get("type"), geometry.get("coordinates")


def _read_building(properties: Json, coordinates: object, where: str) -> Building:
    if not isinstance(coordinates, list) or not coordinates:
        raise BadInput("a polygon needs a ring", where=where)
    rings = [_ring(ring, where) for ring in coordinates]
    height_m = properties.get("height_m")
    return Building(
        outline=rings[0],
        holes=tuple(rings[1:]),
        height_m=None if height_m is None else _real(height_m, f"{where} height_m"),
        name=_text(properties, "name"),
        source_id=_text(properties, "source_id"),
    )


def _read_road(properties: Json, coordinates: object, where: str) -> Road:
    return Road(
        line=_line(coordinates, 2, where),
        name=_text(properties, "name"),
        kind=_text(properties, "kind") or "residential",
        oneway=properties.get("oneway") is True,
        speed_km_h=_real(properties.get("speed_km_h", 30.0), f"{where} speed_km_h"),
        bridge=properties.get("bridge") is True,
        tunnel=properties.get("tunnel") is True,
        source_id=_text(properties, "source_id"),
    )


def _read_place(properties: Json, coordinates: object, where: str) -> Place:
    kind = _text(properties, "kind")
    if kind not in tuple(PlaceKind):
        raise BadInput(f"unknown kind of place {kind!r}", where=where)
    point = _line([coordinates], 1, where)[0]
    return Place(
        kind=PlaceKind(kind),
        name=_text(properties, "name"),
        position=Wgs84(float(point[0]), float(point[1])),
        category=_text(properties, "category"),
        address=_text(properties, "address"),
        source_id=_text(properties, "source_id"),
    )


def _ring(points: object, where: str) -> NDArray[np.float64]:
    ring = _line(points, 4, where)
    if not np.array_equal(ring[0], ring[-1]):
        raise BadInput("a ring ends where it starts", where=where)
    return ring[:-1]


def _line(points: object, least: int, where: str) -> NDArray[np.float64]:
    if not isinstance(points, list) or len(points) < least:
        raise BadInput(f"needs at least {least} positions", where=where)
    return np.array([_position(point, where) for point in points], dtype=np.float64)


def _position(point: object, where: str) -> tuple[float, float]:
    if not isinstance(point, Sequence) or isinstance(point, str) or not 2 <= len(point) <= 3:
        raise BadInput("a position is [longitude, latitude]", where=where)
    lon, lat = _real(point[0], where), _real(point[1], where)
    if not (abs(lon) <= 180.0 and abs(lat) <= 90.0):
        raise BadInput(f"not a position on the globe: longitude {lon:g}, latitude {lat:g}", where=where)
    return lon, lat


def _real(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput("not a number", where=where)
    try:
        real = float(value)
    except OverflowError as huge:
        raise BadInput("a number too large", where=where) from huge
    if not math.isfinite(real):
        raise BadInput("not a finite number", where=where)
    return real


def _text(properties: Json, key: str) -> str:
    value = properties.get(key, "")
    return plain_text(value) if isinstance(value, str) else ""


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")
