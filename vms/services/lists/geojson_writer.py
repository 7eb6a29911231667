"""The cameras as a GeoJSON FeatureCollection (RFC 7946): points in WGS-84, longitude first."""

import json
from datetime import date
from typing import BinaryIO

from vms.services.lists.exported import WGS84_DIGITS, Cell, ExportedCamera

_PLACE = frozenset(("lon", "lat", "coordinate_system"))


class GeoJsonWriter:
    """A camera without a position has no geometry, as RFC 7946 has it, and is not left out."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._before = '{"type":"FeatureCollection","features":[\n'

    def put(self, one: ExportedCamera) -> None:
        pose = one.camera.pose
        point = None
        if pose is not None:
            place = [round(pose.position.lon, WGS84_DIGITS), round(pose.position.lat, WGS84_DIGITS)]
            point = {"type": "Point", "coordinates": place}
        told = {name: _json(value) for name, value in one.cells.items() if name not in _PLACE}
        beside = {"status": one.status.value, "life_cycle": one.camera.life_cycle.value}
        feature = {"type": "Feature", "id": one.camera.camera_id, "geometry": point, "properties": told | beside}
        text = json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
        self._out.write((self._before + text).encode("utf-8", "replace"))
        self._before = ",\n"

    def end(self) -> None:
        self._out.write((self._before if self._before != ",\n" else "").encode() + b"\n]}\n")


def _json(value: Cell) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value
