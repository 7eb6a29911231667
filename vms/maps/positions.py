"""Positions of GeoJSON, checked: hostile until read."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from vms.core.errors import BadInput

MAX_CORNERS = 200_000
"""Of one line or ring."""
_WGS84_NAMES = ("crs84", "4326", "4490", "wgs84", "cgcs2000")


def read_ring(points: object, where: str) -> NDArray[np.float64]:
    """(n, 2) lon, lat, the first corner not repeated."""
    ring = read_line(points, 4, where)
    if not np.array_equal(ring[0], ring[-1]):
        raise BadInput("a ring ends where it starts", where=where)
    return ring[:-1]


def read_line(points: object, least: int, where: str) -> NDArray[np.float64]:
    if not isinstance(points, list) or len(points) < least:
        raise BadInput(f"needs at least {least} positions", where=where)
    if len(points) > MAX_CORNERS:
        raise BadInput(f"{len(points):,} positions; at most {MAX_CORNERS:,} are read", where=where)
    return np.array([read_position(point, where) for point in points], dtype=np.float64)


def read_position(point: object, where: str) -> tuple[float, float]:
    if not isinstance(point, Sequence) or isinstance(point, str) or not 2 <= len(point) <= 4:
        raise BadInput("a position is [longitude, latitude]", where=where)
    lon, lat = read_number(point[0], where), read_number(point[1], where)
    if not (abs(lon) <= 180.0 and abs(lat) <= 90.0):
        raise BadInput(
            f"not a position on the globe: longitude {lon:g}, latitude {lat:g}{_hint(lon, lat)}", where=where
        )
    return lon, lat


def _hint(lon: float, lat: float) -> str:
    """What has probably happened."""
    if abs(lon) <= 90.0 and abs(lat) <= 180.0:
        return "; longitude and latitude exchanged?"
    if max(abs(lon), abs(lat)) > 1000.0:
        return "; projected coordinates? WGS-84 degrees are wanted"
    return ""


def read_number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput("not a number", where=where)
    try:
        real = float(value)
    except OverflowError as huge:
        raise BadInput("a number too large", where=where) from huge
    if not math.isfinite(real):
        raise BadInput("not a finite number", where=where)
    return real


def of_another_system(members: Mapping[str, object]) -> BadInput | None:
    """An older GeoJSON may name its coordinate system, usually before its features; only degrees of longitude and
    latitude are read."""
    crs = members.get("crs")
    if not isinstance(crs, dict):
        return None
    properties = crs.get("properties")
    named = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(named, str) and not any(known in named.lower() for known in _WGS84_NAMES):
        return BadInput(f"coordinates in {named[:60]}; only longitude and latitude are read", where="crs")
    return None
