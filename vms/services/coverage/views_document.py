"""Views as a GeoJSON document: per camera one polygon with its area, its bands and where it was computed from."""

import functools
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vms.core.geo import M_PER_DEG, LocalFrame, distance_m
from vms.coverage.density import DensityProfile
from vms.coverage.view import View, Views
from vms.services.coverage.listed_poses import ListedPose

ARC_STEP_DEG = 1.0


def views_document(
    listed: Sequence[ListedPose],
    views: Iterable[View],
    to_range_m2: Sequence[float],
    on_map: Sequence[bool],
    profiles: Sequence[DensityProfile],
    *,
    frame: LocalFrame,
    attribution: str,
    band_shapes: bool = True,
) -> Iterator[str]:
    """In parts, one per camera, so that a city needs no memory; `to_range_m2` and `on_map` per camera."""
    head = {
        "attribution": attribution,
        "frame": {
            "lon": frame.origin.lon,
            "lat": frame.origin.lat,
            "m_per_deg_lon": frame.m_per_deg_lon,
            "m_per_deg_lat": M_PER_DEG,
        },
    }
    yield '{"type":"FeatureCollection",' + _text(head)[1:-1] + ',"features":[\n'
    for row, (told, view, plain_m2, here) in enumerate(zip(listed, views, to_range_m2, on_map, strict=True)):
        shown = feature(told, view, profiles, band_shapes=band_shapes)
        shown["properties"] |= {"sight_to_range_m2": plain_m2, "on_map": here}
        yield (",\n" if row else "") + _text(shown)
    yield "\n]}\n"


def on_map(views: Views, corners_m: NDArray[np.float64]) -> list[bool]:
    """Per camera: within what the buildings and roads of the map span."""
    if len(corners_m) == 0:
        return [False] * len(views)
    (west, south), (east, north) = corners_m.min(axis=0), corners_m.max(axis=0)
    x, y = views.packed.x[: len(views)], views.packed.y[: len(views)]
    found: list[bool] = ((west <= x) & (x <= east) & (south <= y) & (y <= north)).tolist()
    return found


def feature(told: ListedPose, view: View, profiles: Sequence[DensityProfile], *, band_shapes: bool) -> dict[str, Any]:
    position = view.position
    aim = view.aim

    @functools.cache
    def shape(radius_m: float) -> dict[str, object]:
        """Bands of two editions often end at the same distance."""
        return _shape(view, radius_m)

    properties: dict[str, Any] = {
        "id": told.id,
        "area_m2": view.area_m2,
        "snapped": view.snapped,
        "indoor": view.indoor,
        "lon": position.lon,
        "lat": position.lat,
        "snap_m": distance_m(told.pose.position, position),
        "directed": view.directional,
        "confidence": view.confidence.word,
        "range_m": view.range_m,
        "near_m": view.near_m,
        "in_sight_m2": view.in_sight_m2,
        "over_roofs": view.over_roofs,
        "bands": [
            {
                "edition": profile.edition,
                "name": band.name,
                "least_px_per_m": band.least_px_per_m,
                "radius_m": band.radius_m,
                "area_m2": band.area_m2,
                **({"geometry": shape(band.radius_m)} if band_shapes else {}),
            }
            for profile in profiles
            for band in view.bands(profile)
        ],
    }
    if told.sensor:
        properties["sensor"] = told.sensor
    if aim is not None:
        properties["aim"] = {"bearing_deg": aim[0], "h_fov_deg": aim[1]}
    return {"type": "Feature", "id": told.id, "geometry": shape(view.range_m), "properties": properties}


def _shape(view: View, radius_m: float) -> dict[str, object]:
    """What is nothing is a polygon without corners, which every reader takes."""
    shape = view.geometry(radius_m=radius_m, arc_step_deg=ARC_STEP_DEG)
    return shape if shape["coordinates"] else {"type": "Polygon", "coordinates": []}


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
