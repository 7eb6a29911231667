"""The made-up town."""

import numpy as np
import shapely

from vms.core.geo import LocalFrame
from vms.places.town import PlaceKind
from vms.sim.town import MIDDLE, generated_town


def test_it_is_about_a_kilometre_square_around_its_middle() -> None:
    town = generated_town(1)
    xy = LocalFrame(MIDDLE).to_xy_array(np.vstack([road.line for road in town.roads]))
    assert np.allclose(xy.min(axis=0), -600, atol=1)
    assert np.allclose(xy.max(axis=0), 600, atol=1)


def test_houses_are_sound_and_leave_the_streets_free() -> None:
    town = generated_town(1)
    frame = LocalFrame(MIDDLE)
    houses = [shapely.Polygon(frame.to_xy_array(b.outline)) for b in town.buildings]
    assert len(houses) > 300
    assert all(house.is_valid and house.area > 100 for house in houses)
    assert all(3 < (b.height_m or 0) < 70 for b in town.buildings)
    streets = shapely.STRtree([shapely.LineString(frame.to_xy_array(r.line)) for r in town.roads])
    assert len(streets.query(houses, predicate="dwithin", distance=5.0)[0]) == 0


def test_streets_have_names_and_cross_at_shared_corners() -> None:
    town = generated_town(1)
    assert len({road.name for road in town.roads}) == len(town.roads) == 18
    corners = [tuple(np.round(point, 7)) for road in town.roads for point in road.line]
    assert len(set(corners)) == len(corners) / 2


def test_key_places_have_entrances_and_addresses() -> None:
    places = generated_town(1).places
    assert {p.kind for p in places} == set(PlaceKind) - {PlaceKind.BARRIER, PlaceKind.TOWN_EXIT}
    assert all("号" in p.address for p in places if p.kind in (PlaceKind.KEY_PLACE, PlaceKind.ADDRESS))
    poles = [p.name for p in places if p.kind is PlaceKind.POLE]
    assert len(set(poles)) == len(poles)
    assert all(len(name) == 7 for name in poles)


def test_every_street_crosses_all_the_others_way() -> None:
    crossings = [p.name for p in generated_town(1).places if p.kind is PlaceKind.CROSSING]
    assert len(set(crossings)) == 81


def test_the_seed_decides() -> None:
    first, again, other = generated_town(1), generated_town(1), generated_town(2)
    assert [b.height_m for b in first.buildings] == [b.height_m for b in again.buildings]
    assert [b.height_m for b in first.buildings] != [b.height_m for b in other.buildings]
