"""Coordinate systems met at the border: WGS-84 inside, GCJ-02 and BD-09 converted once and kept as entered.

GCJ-02 shifts WGS-84, by about 500 m in China's large towns, along a published approximation of an unpublished function;
BD-09 shifts GCJ-02 once more. Source of the series: the widely used `eviltransform` constants (Krasovsky 1940
ellipsoid). The inverse is found by fixed-point iteration; three rounds are within 0.1 mm.

Outside China (the rectangle of longitude 72.004 … 137.8347, latitude 0.8293 … 55.8271) WGS-84 and GCJ-02 are the same
by definition: both conversions are the identity there. BD-09 is a plain shift of GCJ-02 and is applied everywhere.

Every function takes two scalars or two arrays of the same shape, longitude first, in degrees, and answers in kind.
"""

import math
from typing import overload

import numpy as np
from numpy.typing import NDArray

from vms.core.errors import BadInput
from vms.core.geo import Wgs84

SYSTEMS = ("wgs84", "gcj02", "bd09")
_AXIS_M = 6_378_245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BD_PI = math.pi * 3000.0 / 180.0
_ROUNDS = 3

Floats = NDArray[np.float64]


@overload
def wgs84_to_gcj02(lon: float, lat: float) -> tuple[float, float]: ...
@overload
def wgs84_to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]: ...
def wgs84_to_gcj02(lon: float | Floats, lat: float | Floats) -> tuple[float | Floats, float | Floats]:
    x, y = _arrays(lon, lat)
    d_lon, d_lat = _shift(x, y)
    return _in_kind(lon, x + d_lon, y + d_lat)


@overload
def gcj02_to_wgs84(lon: float, lat: float) -> tuple[float, float]: ...
@overload
def gcj02_to_wgs84(lon: Floats, lat: Floats) -> tuple[Floats, Floats]: ...
def gcj02_to_wgs84(lon: float | Floats, lat: float | Floats) -> tuple[float | Floats, float | Floats]:
    x, y = _arrays(lon, lat)
    d_lon, d_lat = _shift(x, y)
    for _ in range(_ROUNDS):
        d_lon, d_lat = _shift(x - d_lon, y - d_lat)
    return _in_kind(lon, x - d_lon, y - d_lat)


def lonlat_in_wgs84(lonlat: Floats, system: str) -> Floats:
    """(n, 2), in one of SYSTEMS."""
    if system == "wgs84":
        return lonlat
    lon, lat = lonlat[:, 0].copy(), lonlat[:, 1].copy()
    if system == "bd09":
        lon, lat = bd09_to_gcj02(lon, lat)
    return np.column_stack(gcj02_to_wgs84(lon, lat))


@overload
def gcj02_to_bd09(lon: float, lat: float) -> tuple[float, float]: ...
@overload
def gcj02_to_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]: ...
def gcj02_to_bd09(lon: float | Floats, lat: float | Floats) -> tuple[float | Floats, float | Floats]:
    x, y = _arrays(lon, lat)
    return _in_kind(lon, *_to_bd09(x, y))


@overload
def bd09_to_gcj02(lon: float, lat: float) -> tuple[float, float]: ...
@overload
def bd09_to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]: ...
def bd09_to_gcj02(lon: float | Floats, lat: float | Floats) -> tuple[float | Floats, float | Floats]:
    x, y = _arrays(lon, lat)
    guess_x, guess_y = x - 0.0065, y - 0.006
    for _ in range(_ROUNDS + 2):
        there_x, there_y = _to_bd09(guess_x, guess_y)
        guess_x, guess_y = guess_x - (there_x - x), guess_y - (there_y - y)
    return _in_kind(lon, guess_x, guess_y)


def to_wgs84(x: float, y: float, system: str) -> Wgs84:
    """A position as somebody entered it (longitude, latitude, `wgs84` | `gcj02` | `bd09`), as the house keeps it.

    Raises BadInput for an unknown system and for what is not a position on the globe.
    """
    if system not in SYSTEMS:
        raise BadInput(
            f"unknown coordinate system {system!r}; known are {', '.join(SYSTEMS)}", where="coordinate_system"
        )
    if not (math.isfinite(x) and math.isfinite(y) and abs(x) <= 180.0 and abs(y) <= 90.0):
        raise BadInput(f"not a position on the globe: longitude {x}, latitude {y}", where="position")
    if system == "bd09":
        x, y = bd09_to_gcj02(x, y)
    if system != "wgs84":
        x, y = gcj02_to_wgs84(x, y)
    return Wgs84(min(180.0, max(-180.0, x)), min(90.0, max(-90.0, y)))


def _arrays(lon: float | Floats, lat: float | Floats) -> tuple[Floats, Floats]:
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def _in_kind(asked: float | Floats, lon: Floats, lat: Floats) -> tuple[float | Floats, float | Floats]:
    if isinstance(asked, np.ndarray):
        return lon, lat
    return float(lon), float(lat)


def _shift(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """What GCJ-02 adds to WGS-84 at a place, in degrees; zero outside China."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    common = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    east = (
        300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + (2.0 / 3.0)
        * (
            common
            + 20.0 * np.sin(np.pi * x)
            + 40.0 * np.sin(np.pi * x / 3.0)
            + 150.0 * np.sin(np.pi * x / 12.0)
            + 300.0 * np.sin(np.pi * x / 30.0)
        )
    )
    north = (
        -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + (2.0 / 3.0)
        * (
            common
            + 20.0 * np.sin(np.pi * y)
            + 40.0 * np.sin(np.pi * y / 3.0)
            + 160.0 * np.sin(np.pi * y / 12.0)
            + 320.0 * np.sin(np.pi * y / 30.0)
        )
    )
    phi = np.radians(lat)
    magic = 1.0 - _ECCENTRICITY_SQUARED * np.sin(phi) ** 2
    d_lat = north * 180.0 / ((_AXIS_M * (1.0 - _ECCENTRICITY_SQUARED)) / (magic * np.sqrt(magic)) * np.pi)
    d_lon = east * 180.0 / (_AXIS_M / np.sqrt(magic) * np.cos(phi) * np.pi)
    inside = (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)
    return np.where(inside, d_lon, 0.0), np.where(inside, d_lat, 0.0)


def _to_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_PI)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_PI)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
