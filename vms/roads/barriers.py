"""Points on a road that stop some ways of travel: the road is taken apart there, so that nobody passes.

A bollard on a corner where roads meet stops them all. What is left of a road ends half a metre before the point, so
that its ends do not meet again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.core.geo import M_PER_DEG
from vms.places.packed import PackedPlaces
from vms.places.town import Place, PlaceKind, Road
from vms.roads.network import RoadNetwork, spots_of_degrees
from vms.roads.travel import Travel

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

GAP_M = 0.5
_MOST_OF_IT = 0.4
"""Of the piece of road before the point."""


def barriers_to(places: Sequence[Place], travel: Travel) -> Floats:
    """(n, 2) longitude and latitude of what stops this travel. A place that is a barrier has whom it stops as its
    category: `car`, `car bicycle`, `car bicycle foot`."""
    word = _word(travel)
    lonlat = [(place.position.lon, place.position.lat) for place in _barriers(places) if word in place.category.split()]
    found: Floats = np.array(lonlat, dtype=np.float64).reshape(-1, 2)
    return found


def stops_somebody(category: str) -> bool:
    """False: no word of it is a known one, so it is in nobody's way."""
    return any(_word(travel) in category.split() for travel in Travel)


def parted(roads: Sequence[Road], stops: Floats) -> list[Road]:
    """The roads, those with a stop on a corner in pieces."""
    if not len(stops) or not len(roads):
        return list(roads)
    lines = [np.asarray(road.line, dtype=np.float64) for road in roads]
    owner = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    stopped = np.isin(spots_of_degrees(np.concatenate(lines)), spots_of_degrees(stops))
    first = np.cumsum([0, *(len(line) for line in lines)])
    pieces: dict[int, list[Road]] = {}
    for number in np.unique(owner[stopped]).tolist():
        pieces[number] = list(_pieces(roads[number], lines[number], stopped[first[number] : first[number + 1]]))
    return [piece for number, road in enumerate(roads) for piece in pieces.get(number, [road])]


def on_corners(stops: Floats, corners: Iterable[Floats]) -> NDArray[np.bool_]:
    """Per stop, whether a road has a corner there: elsewhere it parts none. `corners`: longitude and latitude, those of
    many roads at a time; each is looked at once."""
    spots, number = np.unique(spots_of_degrees(stops), return_inverse=True)
    found = np.zeros(len(spots), np.bool_)
    for some in corners:
        there = spots_of_degrees(some)
        at = np.minimum(np.searchsorted(spots, there), len(spots) - 1)
        found[at[spots[at] == there]] = True
    is_on: NDArray[np.bool_] = found[number]
    return is_on


def not_stopped(network: RoadNetwork, ends: Longs, stops: Floats) -> Longs:
    """Of these junctions those that no barrier has made an end."""
    if not len(stops) or not len(ends):
        return ends
    barriers = shapely.STRtree(shapely.points(network.frame.to_xy_array(stops)))
    spots = shapely.points(network.junctions_m[ends])
    stopped = barriers.query(spots, predicate="dwithin", distance=2.0 * GAP_M)[0]
    kept: Longs = np.delete(ends, np.unique(stopped))
    return kept


def _pieces(road: Road, line: Floats, stopped: NDArray[np.bool_]) -> Sequence[Road]:
    cuts = np.unique([0, *np.flatnonzero(stopped), len(line) - 1]).tolist()
    found = []
    for begin, end in pairwise(cuts):
        part = line[begin : end + 1].copy()
        if stopped[begin]:
            part[0] = _before(line[begin], line[begin + 1])
        if stopped[end]:
            part[-1] = _before(line[end], line[end - 1])
        found.append(replace(road, line=part))
    return found


def _before(point: Floats, neighbour: Floats) -> Floats:
    """A little aside of the point, toward its neighbour."""
    step = neighbour - point
    length_m = M_PER_DEG * float(np.hypot(step[0] * np.cos(np.radians(point[1])), step[1]))
    moved: Floats = point + step * min(_MOST_OF_IT, GAP_M / max(length_m, 1e-9))
    return moved


def packed_barriers(places: PackedPlaces) -> PackedPlaces:
    rows = [row for row, kind in enumerate(places.kinds) if kind == PlaceKind.BARRIER]
    return places.taken(np.array(rows, dtype=np.int64))


def _word(travel: Travel) -> str:
    """As the category of a barrier has it."""
    return "foot" if travel is Travel.WALK else travel.value


def _barriers(places: Sequence[Place]) -> Sequence[Place]:
    if isinstance(places, PackedPlaces):
        return packed_barriers(places)
    return [place for place in places if place.kind is PlaceKind.BARRIER]
