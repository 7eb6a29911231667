"""A bollard or a gate on a road stops cars, and lets pass whom the map lets pass."""

import numpy as np
import pytest

from tests.builders.coverage import FRAME, a_road, at
from vms.maps.tags import stopped_by
from vms.places.packed import PackedPlaces
from vms.places.town import Place, PlaceKind, Road
from vms.roads.arcs import arcs_for
from vms.roads.barriers import barriers_to, not_stopped, on_corners, parted
from vms.roads.network import network_of
from vms.roads.reach import Reacher
from vms.roads.rim import rim_junctions
from vms.roads.snap import OnRoad
from vms.roads.travel import Travel, roads_for


def a_barrier(x: float, y: float, stops: str = "car") -> Place:
    return Place(kind=PlaceKind.BARRIER, name="", position=at(x, y), category=stops)


def reached_m(roads: list[Road], places: list[Place], travel: Travel) -> float:
    """How far east somebody comes in an hour who starts at the western end."""
    packed = PackedPlaces.of(places)
    assert barriers_to(places, travel) == pytest.approx(barriers_to(packed, travel), abs=1e-7)
    network = network_of(parted(roads_for(roads, travel), barriers_to(packed, travel)), FRAME)
    reach = Reacher(arcs_for(network, travel)).from_place(OnRoad(stretch=0, along=0.0, away_m=0.0), [3600.0])
    return float(network.junctions_m[reach.junctions][:, 0].max())


STREET = [a_road((0, 0), (100, 0), (200, 0), name="street")]


@pytest.mark.parametrize(
    ("stops", "car_m", "bicycle_m", "walk_m"), [("car", 100, 200, 200), ("car bicycle", 100, 100, 200)]
)
def test_whoever_a_barrier_stops_gets_no_farther(stops: str, car_m: float, bicycle_m: float, walk_m: float) -> None:
    for travel, expected in ((Travel.CAR, car_m), (Travel.BICYCLE, bicycle_m), (Travel.WALK, walk_m)):
        assert reached_m(STREET, [a_barrier(100, 0, stops)], travel) == pytest.approx(expected, abs=1.0)


def test_a_barrier_where_roads_meet_closes_them_all_and_one_beside_the_road_none() -> None:
    roads = [a_road((0, 0), (100, 0)), a_road((100, 0), (200, 0)), a_road((100, -50), (100, 0), (100, 50))]
    assert reached_m(roads, [a_barrier(100, 0)], Travel.CAR) < 100.0
    assert reached_m(roads, [a_barrier(100, 3)], Travel.CAR) == pytest.approx(200.0, abs=0.1)


def test_a_road_keeps_its_name_its_one_way_and_its_length_but_for_the_gap() -> None:
    road = a_road((0, 0), (100, 0), (100, 80), name="lane", oneway=True)
    first, second = parted([road], barriers_to([a_barrier(100, 0)], Travel.CAR))
    assert (first.name, first.oneway, second.name, second.oneway) == ("lane", True, "lane", True)
    lengths = [np.hypot(*np.diff(FRAME.to_xy_array(one.line), axis=0).T).sum() for one in (first, second)]
    assert lengths == pytest.approx([99.5, 79.5], abs=0.02)


@pytest.mark.parametrize(
    ("tags", "stops"),
    [
        ({"barrier": "bollard"}, "car"),
        ({"barrier": "gate", "access": "private"}, "car bicycle foot"),
        ({"barrier": "lift_gate", "motor_vehicle": "permissive"}, ""),
        ({"barrier": "gate", "access": "private", "foot": "yes"}, "car bicycle"),
        ({"barrier": "toll_booth"}, ""),
        ({"highway": "crossing"}, ""),
    ],
)
def test_tags_tell_whom_a_point_stops(tags: dict[str, str], stops: str) -> None:
    assert stopped_by(tags) == stops


def test_a_road_that_ends_at_a_barrier_leads_to_nowhere_and_one_that_the_map_cuts_off_leads_on() -> None:
    stops = barriers_to([a_barrier(200, 0)], Travel.CAR)
    network = network_of(parted([a_road((0, 0), (100, 0), (200, 0), name="street")], stops), FRAME)
    rim = rim_junctions(network)
    assert sorted(network.junctions_m[rim, 0].tolist()) == pytest.approx([0.0, 199.5], abs=0.1)
    assert network.junctions_m[not_stopped(network, rim, stops), 0] == pytest.approx([0.0], abs=0.1)


def test_a_barrier_between_two_corners_of_a_road_is_on_none() -> None:
    places = [a_barrier(100, 0), a_barrier(150, 0), a_barrier(200, 0), a_barrier(100, 0)]
    stops = barriers_to(places, Travel.CAR)
    lines = [np.asarray(road.line) for road in STREET]
    assert on_corners(stops, lines).tolist() == [True, False, True, True]
    assert not on_corners(stops, []).any()
