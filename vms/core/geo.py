"""Points on the globe and metres around one of them.

A town is small, so an equirectangular frame around its middle will do. Distances from east to west are off by
(metres north of the origin ÷ earth's radius) · tan(latitude): at 45°, 1 mm/m at 6 km from the middle, 3 mm/m at 20 km,
which is far below the accuracy of any camera's surveyed position over the reach of a view.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_M = 6_371_008.8
M_PER_DEG = math.radians(1.0) * EARTH_RADIUS_M


@dataclass(frozen=True, slots=True)
class Wgs84:
    """Degrees, WGS-84: longitude first, as in GeoJSON."""

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (-180.0 <= self.lon <= 180.0 and -90.0 <= self.lat <= 90.0):
            raise ValueError(f"not a position on the globe: lon {self.lon}, lat {self.lat}")


@dataclass(frozen=True, slots=True)
class LocalFrame:
    """Metres east (x) and north (y) of an origin."""

    origin: Wgs84

    @property
    def m_per_deg_lon(self) -> float:
        return M_PER_DEG * math.cos(math.radians(self.origin.lat))

    def to_xy(self, point: Wgs84) -> tuple[float, float]:
        return (_short_way(point.lon - self.origin.lon) * self.m_per_deg_lon, (point.lat - self.origin.lat) * M_PER_DEG)

    def to_wgs84(self, x_m: float, y_m: float) -> Wgs84:
        return Wgs84(_short_way(self.origin.lon + x_m / self.m_per_deg_lon), self.origin.lat + y_m / M_PER_DEG)

    def to_xy_array(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, 2) degrees to (n, 2) metres."""
        scale = np.array([self.m_per_deg_lon, M_PER_DEG])
        xy: NDArray[np.float64] = (np.asarray(lonlat, dtype=np.float64) - [self.origin.lon, self.origin.lat]) * scale
        return xy

    def to_lonlat_array(self, xy_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, 2) metres to (n, 2) degrees."""
        scale = np.array([self.m_per_deg_lon, M_PER_DEG])
        lonlat: NDArray[np.float64] = np.asarray(xy_m, dtype=np.float64) / scale + [self.origin.lon, self.origin.lat]
        return lonlat


def _short_way(lon_deg: float) -> float:
    """Over the 180th meridian, where that is shorter."""
    return lon_deg if -180.0 <= lon_deg <= 180.0 else math.remainder(lon_deg, 360.0)


def distance_m(a: Wgs84, b: Wgs84) -> float:
    """Great-circle distance (haversine)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    h = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, h)))


def bearing_deg(origin: Wgs84, target: Wgs84) -> float:
    """Direction from origin to target, 0 ≤ degrees < 360, clockwise from north."""
    lat_a, lat_b = math.radians(origin.lat), math.radians(target.lat)
    d_lon = math.radians(target.lon - origin.lon)
    y = math.sin(d_lon) * math.cos(lat_b)
    x = math.cos(lat_a) * math.sin(lat_b) - math.sin(lat_a) * math.cos(lat_b) * math.cos(d_lon)
    return math.degrees(math.atan2(y, x)) % 360.0


def angle_between_deg(a_deg: float, b_deg: float) -> float:
    """Smallest angle between two bearings, 0 … 180."""
    return abs((a_deg - b_deg + 180.0) % 360.0 - 180.0)
