"""Roads meet where they share a corner, and a bridge does not meet what it passes over."""

import pytest

from tests.builders.coverage import a_road
from tests.builders.roads import network
from vms.roads.arcs import arcs_for
from vms.roads.snap import RoadFinder
from vms.roads.travel import CYCLING_M_S, WALKING_M_S, Travel


def test_roads_are_cut_where_they_share_a_corner_and_nowhere_else() -> None:
    through = a_road((0, 0), (50, 0), (100, 0), (150, 20), (200, 0), name="through")
    side = a_road((100, 0), (100, 80), name="side")
    found = network(through, side)
    assert sorted(round(length) for length in found.length_m.tolist()) == [80, 100, 108]
    assert len(found.junctions_m) == 4
    assert found.name(2) == "side"


def test_roads_that_cross_without_a_shared_corner_do_not_meet() -> None:
    found = network(a_road((0, 0), (100, 0)), a_road((50, -50), (50, 50)))
    assert len(found) == 2 and len(found.junctions_m) == 4


@pytest.mark.parametrize("over", [{"bridge": True}, {"tunnel": True}])
def test_the_inside_of_a_bridge_or_a_tunnel_meets_only_its_like(over: dict[str, bool]) -> None:
    above, below = a_road((0, 0), (50, 0), (100, 0), **over), a_road((50, -50), (50, 0), (50, 50))
    assert len(network(above, below)) == 2
    assert len(network(above, a_road((50, -50), (50, 0), (50, 50), **over))) == 4


def test_a_bridge_is_entered_at_its_ends_and_by_steps_that_end_on_it() -> None:
    bridge = a_road((0, 0), (50, 0), (100, 0), bridge=True)
    assert len(network(bridge, a_road((100, -50), (100, 0), (100, 50))).junctions_m) == 4
    assert len(network(bridge, a_road((50, 0), (50, 40), kind="steps"))) == 3


def test_one_ways_bind_cars_and_nobody_else() -> None:
    found = network(a_road((0, 0), (140, 0), oneway=True, speed_km_h=36.0))
    assert arcs_for(found, Travel.CAR).table.seconds.tolist() == pytest.approx([14.0])
    assert arcs_for(found, Travel.WALK).table.seconds.tolist() == pytest.approx([140.0 / WALKING_M_S] * 2)
    assert arcs_for(found, Travel.BICYCLE).table.seconds.tolist() == pytest.approx([140.0 / CYCLING_M_S] * 2)


@pytest.mark.parametrize(
    ("kind", "walk", "bicycle", "car"),
    [("footway", True, True, False), ("motorway_link", False, False, True), ("steps", True, True, False)],
)
def test_each_travel_has_its_roads(kind: str, walk: bool, bicycle: bool, car: bool) -> None:
    found = network(a_road((0, 0), (100, 0), kind=kind))
    assert [len(arcs_for(found, travel)) > 0 for travel in Travel] == [walk, bicycle, car]


def test_bicycles_are_carried_over_steps() -> None:
    steps = arcs_for(network(a_road((0, 0), (14, 0), kind="steps")), Travel.BICYCLE)
    assert steps.table.seconds.tolist() == pytest.approx([10.0, 10.0])


def test_a_spot_is_put_on_the_nearest_road_that_its_travel_may_use() -> None:
    found = network(a_road((0, 0), (100, 0), kind="footway"), a_road((0, 30), (100, 30), (100, 60)))
    finder = RoadFinder(found)
    on_foot = finder.nearest(25.0, 5.0, arcs_for(found, Travel.WALK).mainland)
    by_car = finder.nearest(25.0, 5.0, arcs_for(found, Travel.CAR).mainland)
    assert on_foot is not None and (on_foot.stretch, round(on_foot.along, 3), round(on_foot.away_m, 3)) == (0, 0.25, 5)
    assert by_car is not None and (by_car.stretch, round(by_car.away_m, 3)) == (1, 25)
    assert finder.nearest(9_000.0, 0.0, arcs_for(found, Travel.CAR).mainland) is None
    assert [one.stretch for one in finder.around(25.0, 5.0, 26.0)] == [0, 1]


def test_a_small_island_is_no_place_to_start_from() -> None:
    street = [a_road((n * 10.0, 100), (n * 10.0 + 10.0, 100)) for n in range(40)]
    found = network(a_road((0, 0), (50, 0)), *street)
    start = RoadFinder(found).nearest(5.0, 1.0, arcs_for(found, Travel.CAR).mainland)
    assert start is not None and start.stretch > 0


def test_a_town_without_roads_has_an_empty_network() -> None:
    found = network()
    assert len(found) == 0 and len(arcs_for(found, Travel.CAR)) == 0
    assert RoadFinder(found).nearest(0.0, 0.0, arcs_for(found, Travel.CAR).mainland) is None


def test_nobody_goes_where_the_map_bars_them() -> None:
    found = network(a_road((0, 0), (100, 0), no_car=True), a_road((0, 0), (0, 100), no_foot=True, no_bicycle=True))
    passable = {travel: set((arcs_for(found, travel).table.code // 2).tolist()) for travel in Travel}
    assert passable == {Travel.WALK: {0}, Travel.BICYCLE: {0}, Travel.CAR: {1}}
