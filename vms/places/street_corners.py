"""Which corner of a street a spot is near: how people tell one stretch of a long street from another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.core.geo import LocalFrame, Wgs84
from vms.places.packed import PackedPlaces, to_degrees
from vms.places.town import Place, PlaceKind

FARTHEST_M = 600.0
"""A corner farther away says nothing."""
_BOTH = " / "
_SAME_M = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Corner:
    other: str
    """The street that is met there."""
    position: Wgs84


class StreetCorners:
    """Over the crossings of a town; holds their rows by street, names and positions stay where they are."""

    def __init__(self, places: Sequence[Place]) -> None:
        packed = places if isinstance(places, PackedPlaces) else PackedPlaces.of(_crossings(places))
        self._places = packed
        self._rows: dict[str, list[int]] = {}
        for row, kind in enumerate(packed.kinds):
            if kind == PlaceKind.CROSSING:
                for street in packed.names[row].split(_BOTH):
                    self._rows.setdefault(street, []).append(row)

    def nearest(self, street: str, spots: Sequence[Wgs84]) -> Corner | None:
        """Of this street, the corner that is nearest to any of the spots; None: none within `FARTHEST_M`. Equally near
        ones: the first by name."""
        rows = self._rows.get(street)
        if not rows or not spots:
            return None
        corners = to_degrees(self._places.points[np.array(rows)])
        away_m = _away_m(corners, spots)
        nearest = np.flatnonzero(away_m <= away_m.min() + _SAME_M).tolist()
        best = min(nearest, key=lambda at: self._places.names[rows[at]])
        if away_m[best] > FARTHEST_M:
            return None
        one, _, two = self._places.names[rows[best]].partition(_BOTH)
        lon, lat = corners[best].tolist()
        return Corner(other=two if one == street else one, position=Wgs84(lon, lat))


def _crossings(places: Iterable[Place]) -> list[Place]:
    return [place for place in places if place.kind is PlaceKind.CROSSING]


def _away_m(corners: NDArray[np.float64], spots: Sequence[Wgs84]) -> NDArray[np.float64]:
    """Of each corner to the nearest of the spots, on a plane."""
    frame = LocalFrame(spots[0])
    there = frame.to_xy_array(corners)
    here = np.array([frame.to_xy(spot) for spot in spots])
    apart = there[:, None, :] - here[None, :, :]
    nearest: NDArray[np.float64] = np.hypot(apart[..., 0], apart[..., 1]).min(axis=1)
    return nearest
