"""Classes of ground that a town's network is asked to watch, and which ground a road, a place, an entrance is."""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
import shapely

from vms.core.geo import LocalFrame
from vms.places.town import Place, PlaceKind, Town

UNIT_WITHIN_M = 60.0
"""An entrance belongs to the key place that is so near; the map tells no more."""
SAME_CROSSING_M = 20.0
MAIN_ENTRANCE = "main"
SCHOOLS = frozenset({"school", "kindergarten", "college", "university"})


class Ground(StrEnum):
    MAIN_ROAD = "main_road"
    STREET = "street"
    LANE = "lane"
    """Drives, footways, tracks, steps: asked for only where a rule says so."""
    RAILWAY = "railway"
    KEY_PLACE = "key_place"
    SQUARE = "square"
    UNIT_ENTRANCE = "unit_entrance"
    SCHOOL_GATE = "school_gate"
    CROSSING = "crossing"
    TOWN_EXIT = "town_exit"
    """Where a main road leaves the town: both its entrances and its exits."""


GROUNDS = tuple(Ground)
LINES = (Ground.MAIN_ROAD, Ground.STREET, Ground.LANE, Ground.RAILWAY)
"""Ground that is measured in metres; the others are counted."""
ENTRANCES = (Ground.UNIT_ENTRANCE, Ground.SCHOOL_GATE)
KEY_GROUND = (Ground.KEY_PLACE, Ground.SQUARE)
"""What the assessment's coverage rate counts."""

_MAIN = frozenset({"motorway", "trunk", "primary", "secondary"})
_STREETS = frozenset({"tertiary", "unclassified", "residential", "living_street", "pedestrian"})
_RAILS = frozenset({"rail", "light_rail", "subway", "tram", "narrow_gauge", "railway"})


def ground_of_road(kind: str) -> Ground:
    """Of OpenStreetMap's highway value; links count as their road."""
    plain = kind.removesuffix("_link")
    if plain in _MAIN:
        return Ground.MAIN_ROAD
    if plain in _STREETS:
        return Ground.STREET
    return Ground.RAILWAY if plain in _RAILS else Ground.LANE


def watched_places(town: Town, frame: LocalFrame) -> list[tuple[Ground, str, Place]]:
    """(ground, category, place) of key places, squares, crossings, entrances of units, gates of schools, and the exits
    of the town that the map has as places."""
    found: list[tuple[Ground, str, Place]] = []
    for place in town.places:
        if place.kind is PlaceKind.KEY_PLACE:
            found.append((Ground.KEY_PLACE, place.category, place))
        elif place.kind is PlaceKind.SQUARE:
            found.append((Ground.SQUARE, place.category, place))
        elif place.kind is PlaceKind.TOWN_EXIT:
            found.append((Ground.TOWN_EXIT, "", place))
    found.extend((Ground.CROSSING, "", place) for place in _crossings(town, frame))
    found.extend(_entrances(town, frame))
    return found


def town_exits(town: Town) -> list[tuple[float, float, str]]:
    """(lon, lat, the road's name) where main roads cross the town's boundary; without a boundary nobody knows."""
    if town.boundary is None or len(town.boundary) < 3:
        return []
    border = shapely.LineString(np.vstack([town.boundary, town.boundary[:1]]))
    main = [road for road in town.roads if ground_of_road(road.kind) is Ground.MAIN_ROAD and len(road.line) >= 2]
    shapely.prepare(border)
    found: list[tuple[float, float, str]] = []
    for road in main:
        crossed = shapely.intersection(shapely.LineString(road.line), border)
        for part in shapely.get_parts(crossed):
            middle = shapely.get_coordinates(part)[:1]
            found.extend((float(lon), float(lat), road.name) for lon, lat in middle)
    return found


def _crossings(town: Town, frame: LocalFrame) -> list[Place]:
    """One for each spot, though a crossing of three names is three places."""
    seen: set[tuple[int, int]] = set()
    kept = []
    for place in town.places:
        if place.kind is not PlaceKind.CROSSING:
            continue
        x, y = frame.to_xy(place.position)
        cell = (round(x / SAME_CROSSING_M), round(y / SAME_CROSSING_M))
        if not any((cell[0] + dx, cell[1] + dy) in seen for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
            seen.add(cell)
            kept.append(place)
    return kept


def _entrances(town: Town, frame: LocalFrame) -> list[tuple[Ground, str, Place]]:
    """Each with the category of its unit, which a school's gate may say itself; of houses that are no unit, main
    entrances only."""
    doors = [place for place in town.places if place.kind is PlaceKind.ENTRANCE]
    units = [place for place in town.places if place.kind is PlaceKind.KEY_PLACE]
    unit_of = _nearest(doors, units, frame)
    found = []
    for number, door in enumerate(doors):
        unit = units[unit_of[number]] if number in unit_of else None
        if door.category in SCHOOLS:
            found.append((Ground.SCHOOL_GATE, door.category, door))
        elif unit is not None:
            ground = Ground.SCHOOL_GATE if unit.category in SCHOOLS else Ground.UNIT_ENTRANCE
            found.append((ground, unit.category, door))
        elif door.category == MAIN_ENTRANCE:
            found.append((Ground.UNIT_ENTRANCE, MAIN_ENTRANCE, door))
    return found


def _nearest(doors: Sequence[Place], units: Sequence[Place], frame: LocalFrame) -> dict[int, int]:
    if not doors or not units:
        return {}
    tree = shapely.STRtree(_points(units, frame))
    pairs = tree.query_nearest(_points(doors, frame), max_distance=UNIT_WITHIN_M, all_matches=False)
    return dict(zip(pairs[0].tolist(), pairs[1].tolist(), strict=True))


def _points(places: Sequence[Place], frame: LocalFrame) -> list[shapely.Point]:
    lonlat = np.array([(place.position.lon, place.position.lat) for place in places])
    points: list[shapely.Point] = shapely.points(frame.to_xy_array(lonlat)).tolist()
    return points
