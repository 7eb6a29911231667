"""The town's roads cut into stretches between junctions: the ground on which all ways of travel share.

Roads meet where they have a corner in common (equal to a centimetre). A bridge or a tunnel that merely passes over or
under another road, a corner of each at the same spot by chance, does not meet it: what lies inside a bridge joins the
inside of bridges only, what lies inside a tunnel that of tunnels. A road's end joins whatever is there, for maps cut
their roads where a bridge begins.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.core.geo import LocalFrame
from vms.places.town import Road

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

_DIGITS = 7
"""Of a degree: about a centimetre."""
_GROUND, _BRIDGE, _TUNNEL = 0, 1, 2
_NEIGHBOURS_M = 64.0
"""Junctions are numbered so that neighbours lie near each other in memory too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadNetwork:
    """A stretch runs from junction to junction without another between. About 100 bytes each, with its corners."""

    frame: LocalFrame
    roads: tuple[Road, ...]
    junctions_m: Floats
    """(n, 2) in the frame."""
    begins: Ints
    """Per stretch, the junction where it begins, in its road's direction."""
    ends: Ints
    road: Ints
    length_m: Floats
    corners_m: Floats
    """(c, 2): stretch s has the corners `first_corner[s] … last_corner[s]`, both included."""
    first_corner: Longs
    last_corner: Longs

    def __len__(self) -> int:
        """Stretches."""
        return len(self.begins)

    def name(self, stretch: int) -> str:
        return self.roads[int(self.road[stretch])].name

    def line_m(self, stretch: int) -> Floats:
        """(n, 2) corners."""
        return self.corners_m[self.first_corner[stretch] : self.last_corner[stretch] + 1]

    def spot_m(self, stretch: int, along: float) -> tuple[float, float, float]:
        """Where somebody is who has gone this share of it: x, y, and the bearing of the road there in degrees."""
        line = self.line_m(stretch)
        steps = np.hypot(*np.diff(line, axis=0).T)
        far = np.concatenate([[0.0], np.cumsum(steps)])
        at = min(max(along, 0.0), 1.0) * far[-1]
        step = min(int(np.searchsorted(far, at, side="right")) - 1, len(steps) - 1)
        dx, dy = line[step + 1] - line[step]
        share = (at - far[step]) / max(steps[step], 1e-9)
        x, y = line[step] + share * (line[step + 1] - line[step])
        return float(x), float(y), float(np.degrees(np.arctan2(dx, dy)) % 360.0)


def network_of(roads: Sequence[Road], frame: LocalFrame) -> RoadNetwork:
    """Seconds for a city of a million corners."""
    usable = tuple(road for road in roads if len(road.line) >= 2)
    lonlat = np.concatenate([np.zeros((0, 2)), *(road.line for road in usable)])
    road = np.repeat(np.arange(len(usable)), [len(one.line) for one in usable]).astype(np.int64)
    spots = spots_of_degrees(lonlat)
    fresh = np.ones(len(spots), bool)
    fresh[1:] = (spots[1:] != spots[:-1]) | (road[1:] != road[:-1])
    lonlat, road, spots = lonlat[fresh], road[fresh], spots[fresh]
    is_end = np.ones(len(spots), bool)
    is_end[1:-1] = (road[1:-1] != road[:-2]) | (road[1:-1] != road[2:])
    meeting = _meetings(spots, _levels(usable, road, is_end), is_end)
    met = np.bincount(meeting, minlength=1)[meeting] > 1 if len(meeting) else np.zeros(0, bool)
    cuts = np.flatnonzero(is_end | met)
    same = road[cuts[1:]] == road[cuts[:-1]]
    first, last = cuts[:-1][same], cuts[1:][same]
    corners_m = frame.to_xy_array(lonlat)
    steps = np.zeros(len(corners_m))
    steps[1:] = np.where(road[1:] == road[:-1], np.hypot(*np.diff(corners_m, axis=0).T), 0.0) if len(road) > 1 else 0.0
    far = np.cumsum(steps)
    used, at_first = np.unique(meeting[np.concatenate([first, last])], return_index=True)
    junctions_m = corners_m[np.concatenate([first, last])[at_first]]
    order = _neighbours_first(junctions_m)
    number = np.zeros(int(used.max()) + 1 if len(used) else 0, np.int32)
    number[used[order]] = np.arange(len(used), dtype=np.int32)
    return RoadNetwork(
        frame=frame,
        roads=usable,
        junctions_m=junctions_m[order],
        begins=number[meeting[first]],
        ends=number[meeting[last]],
        road=road[first].astype(np.int32),
        length_m=np.maximum(far[last] - far[first], 0.01),
        corners_m=corners_m,
        first_corner=first,
        last_corner=last,
    )


def spots_of_degrees(lonlat: Floats) -> Longs:
    """One number per centimetre of the globe."""
    cells = np.round(lonlat * 10**_DIGITS).astype(np.int64)
    found: Longs = (cells[:, 0] + 1_800_000_000) * 1_800_000_001 + cells[:, 1] + 900_000_000
    return found


def _levels(roads: Sequence[Road], road: Longs, is_end: NDArray[np.bool_]) -> Longs:
    of_road = np.array([_TUNNEL if one.tunnel else _BRIDGE if one.bridge else _GROUND for one in roads], np.int64)
    return np.where(is_end, _GROUND, of_road[road]) if len(roads) else np.zeros(0, np.int64)


def _meetings(spots: Longs, levels: Longs, is_end: NDArray[np.bool_]) -> Longs:
    """Which corners are one junction: those of a spot, apart by level where no road ends there."""
    _, place = np.unique(spots, return_inverse=True)
    has_end = np.zeros(int(place.max()) + 1 if len(place) else 0, bool)
    has_end[place[is_end]] = True
    apart = place * 3 + np.where(has_end[place], _GROUND, levels)
    return np.unique(apart, return_inverse=True)[1].astype(np.int64)


def _neighbours_first(xy_m: Floats) -> Longs:
    """Along a Z-order curve."""
    if len(xy_m) == 0:
        return np.zeros(0, np.int64)
    cells = np.floor((xy_m - xy_m.min(axis=0)) / _NEIGHBOURS_M).astype(np.int64)
    found: Longs = np.argsort(_spread(cells[:, 0]) | (_spread(cells[:, 1]) << 1), kind="stable")
    return found


def _spread(number: Longs) -> Longs:
    """A zero bit between any two of the lowest 16."""
    number = number & 0xFFFF
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        number = (number | (number << shift)) & mask
    return number
