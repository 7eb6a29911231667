"""Polygons that people hand in (GeoJSON): an area to plan for, windows and yards to keep out of. Hostile until read."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.core.coordinates import SYSTEMS, lonlat_in_wgs84
from vms.core.errors import BadInput
from vms.core.geo import LocalFrame
from vms.core.visible import as_written
from vms.maps.positions import of_another_system, read_ring

MAX_BYTES = 8 * 1024 * 1024
MOST_FEATURES = 20_000
MOST_CORNERS = 20_000
"""Of one polygon."""
MOST_LAT_DEG = 85.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPolygon:
    shape: shapely.Polygon
    """Longitude, latitude."""
    properties: Mapping[str, object]

    def text(self, *names: str, most: int = 200) -> str:
        """The first property of these names that is a text."""
        found = next((value for name in names if isinstance(value := self.properties.get(name), str) and value), "")
        return as_written(found).strip()[:most]


def read_json_file(path: Path) -> object:
    """Raises BadInput that names the file."""
    if not path.is_file():
        raise BadInput("no such file", where=str(path))
    if (size := path.stat().st_size) > MAX_BYTES:
        raise BadInput(f"{size:,} bytes; at most {MAX_BYTES:,} are read", where=str(path))
    try:
        return json.loads(path.read_bytes().decode("utf-8"))
    except RecursionError as broken:
        raise BadInput("nested too deeply", where=str(path)) from broken
    except ValueError as broken:
        raise BadInput("not JSON in UTF-8", where=str(path)) from broken


def read_polygons(document: object, *, system: str = "wgs84") -> tuple[DrawnPolygon, ...]:
    """Of a FeatureCollection, a Feature or a geometry; at least one. `system`: what its coordinates are; the polygons
    are in WGS-84. Raises BadInput that names the feature."""
    if system not in SYSTEMS:
        raise BadInput(f"unknown coordinate system; known are {', '.join(SYSTEMS)}", where=system[:40])
    found = tuple(
        replace(one, shape=shapely.transform(one.shape, partial(lonlat_in_wgs84, system=system)))
        for one in _polygons(document)
    )
    if not found:
        raise BadInput("there is no polygon in it", where="area")
    return found


def read_area(document: object, *, system: str = "wgs84") -> shapely.Geometry:
    """All polygons as one area, in degrees."""
    area = shapely.union_all([one.shape for one in read_polygons(document, system=system)])
    if area.is_empty or area.area <= 0.0:
        raise BadInput("the area is empty", where="area")
    return area


def in_metres(shape: shapely.Geometry, frame: LocalFrame) -> shapely.Geometry:
    return shapely.transform(shape, frame.to_xy_array)


def as_geojson(shape: shapely.Geometry) -> dict[str, Any]:
    """Rounded to a centimetre."""
    told: dict[str, Any] = json.loads(shapely.to_geojson(shapely.set_precision(shape, 1e-7)))
    return told


def _polygons(document: object) -> Iterator[DrawnPolygon]:
    if not isinstance(document, dict):
        raise BadInput("not a GeoJSON object", where="area")
    if (other := of_another_system(document)) is not None:
        raise other
    if document.get("type") == "FeatureCollection":
        features = document.get("features")
        if not isinstance(features, list) or len(features) > MOST_FEATURES:
            raise BadInput(f"`features` is a list of at most {MOST_FEATURES:,}", where="area")
        for number, feature in enumerate(features):
            yield from _of_feature(feature, f"feature {number}")
    else:
        yield from _of_feature(document, "area")


def _of_feature(feature: object, where: str) -> Iterator[DrawnPolygon]:
    if not isinstance(feature, dict):
        raise BadInput("not a GeoJSON object", where=where)
    geometry: object = feature
    properties: object = {}
    if feature.get("type") == "Feature":
        geometry, properties = feature.get("geometry"), feature.get("properties") or {}
    if not isinstance(geometry, dict) or not isinstance(properties, dict):
        raise BadInput("a feature needs a `geometry`", where=where)
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "Polygon":
        yield DrawnPolygon(shape=_polygon(coordinates, where), properties=properties)
    elif kind == "MultiPolygon" and isinstance(coordinates, list) and len(coordinates) <= MOST_FEATURES:
        for part in coordinates:
            yield DrawnPolygon(shape=_polygon(part, where), properties=properties)
    else:
        raise BadInput("a Polygon or MultiPolygon is wanted", where=where)


def _polygon(rings: object, where: str) -> shapely.Polygon:
    if not isinstance(rings, list) or not rings:
        raise BadInput("a polygon needs a ring", where=where)
    if sum(len(ring) if isinstance(ring, list) else 0 for ring in rings) > MOST_CORNERS:
        raise BadInput(f"more than {MOST_CORNERS:,} corners", where=where)
    outer, *holes = (_ring(ring, where) for ring in rings)
    shape = shapely.Polygon(outer, holes)
    if not shape.is_valid or shape.area <= 0.0:
        raise BadInput("its ring crosses itself or is empty", where=where)
    return shape


def _ring(points: object, where: str) -> NDArray[np.float64]:
    ring = read_ring(points, where)
    if np.abs(ring[:, 1]).max() > MOST_LAT_DEG:
        raise BadInput(f"a latitude beyond {MOST_LAT_DEG:.0f}°", where=where)
    return ring
