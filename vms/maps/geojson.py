"""A town as GeoJSON and back: one FeatureCollection whose features carry `layer`: building, road, railway, place.

The attribution travels with it. What is read back is hostile: size,
depth, number of corners and every coordinate are checked before anything is built.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vms.core.errors import BadInput
from vms.maps.cell_code import BUILDING, LAYERS, PLACE, RAILWAY, ROAD
from vms.maps.feature_stream import FeatureStream
from vms.maps.features import items_of
from vms.maps.positions import read_line
from vms.maps.tags import plain_text
from vms.places.town import Building, Place, Road, Town

MAX_BYTES = 32 * 1024 * 1024
MAX_FEATURES = 500_000
_DIGITS = 7

Json = dict[str, object]


def town_to_geojson(town: Town) -> Json:
    """Buildings, then roads, then places; coordinates to 7 digits (1 cm). Feature ids are unique within the layer."""
    features = [_building(i, building) for i, building in enumerate(town.buildings)]
    features += [_road(i, "road", road) for i, road in enumerate(town.roads)]
    features += [_road(i, "railway", railway) for i, railway in enumerate(town.railways)]
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
    stream = FeatureStream(Path(path), max_bytes=max_bytes, max_features=max_features)
    try:
        return _town(stream, stream.members)
    except BadInput as bad:
        where = bad.where if bad.where.startswith(str(path)) else f"{path} {bad.where}".strip()
        raise BadInput(bad.reason, where=where) from bad


def town_from_geojson(document: object, *, max_features: int = MAX_FEATURES) -> Town:
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise BadInput("not a GeoJSON FeatureCollection")
    features = document.get("features")
    if not isinstance(features, list):
        raise BadInput("`features` is not a list")
    if len(features) > max_features:
        raise BadInput(f"{len(features):,} features; at most {max_features:,} are read")
    return _town(features, document)


def _town(features: Iterable[object], members: Mapping[str, object]) -> Town:
    """`members` may be known only when the features have been read."""
    found: dict[str, list[Any]] = {layer: [] for layer in LAYERS}
    for i, feature in enumerate(features):
        for layer, item in items_of(feature, f"feature {i}"):
            found[layer].append(item)
    return Town(
        name=text_of(members, "name"),
        attribution=text_of(members, "attribution"),
        buildings=tuple(found[BUILDING]),
        roads=tuple(found[ROAD]),
        railways=tuple(found[RAILWAY]),
        places=tuple(found[PLACE]),
        boundary=boundary_of(members),
    )


def boundary_of(members: Mapping[str, object]) -> NDArray[np.float64] | None:
    told = members.get("boundary")
    return None if told is None else read_line(told, 3, "boundary")


def text_of(members: Mapping[str, object], key: str) -> str:
    value = members.get(key, "")
    return plain_text(value) if isinstance(value, str) else ""


def _building(i: int, building: Building) -> Json:
    rings = [building.outline, *building.holes]
    closed = [np.vstack([ring, ring[:1]]).round(_DIGITS).tolist() for ring in rings]
    return _feature(
        i,
        "building",
        {"type": "Polygon", "coordinates": closed},
        {"name": building.name, "height_m": building.height_m, "source_id": building.source_id},
    )


def _road(i: int, layer: str, road: Road) -> Json:
    properties: Json = {
        "name": road.name,
        "name_zh": road.name_zh,
        "name_en": road.name_en,
        "kind": road.kind,
        "oneway": road.oneway,
        "speed_km_h": road.speed_km_h,
        "bridge": road.bridge,
        "tunnel": road.tunnel,
        "no_car": road.no_car,
        "no_bicycle": road.no_bicycle,
        "no_foot": road.no_foot,
        "source_id": road.source_id,
    }
    return _feature(i, layer, {"type": "LineString", "coordinates": road.line.round(_DIGITS).tolist()}, properties)


def _place(i: int, place: Place) -> Json:
    point = [round(place.position.lon, _DIGITS), round(place.position.lat, _DIGITS)]
    properties: Json = {
        "name": place.name,
        "name_zh": place.name_zh,
        "name_en": place.name_en,
        "kind": place.kind.value,
        "category": place.category,
        "address": place.address,
        "source_id": place.source_id,
    }
    return _feature(i, "place", {"type": "Point", "coordinates": point}, properties)


def _feature(i: int, layer: str, geometry: Json, properties: Json) -> Json:
    kept = {key: value for key, value in properties.items() if value not in ("", None, False)}
    return {"type": "Feature", "id": i, "geometry": geometry, "properties": {"layer": layer, **kept}}
