"""What the rules ask for: classes of ground, areas, entrances with the road beside them, weights of incidents."""

import tomllib
from importlib.resources import files

import numpy as np
import pytest

from tests.builders.coverage import FRAME, a_building, a_key_place, a_road, at
from vms.core.errors import BadInput
from vms.coverage.demand import ALONE, Demand
from vms.coverage.ground import Ground
from vms.coverage.needs import Needs, document_of_needs, needs_of_document
from vms.coverage.ruled_demand import ruled_demand
from vms.coverage.walls import Walls
from vms.places.regions import Region, RegionLevel, RegionTree
from vms.places.town import Place, PlaceKind, Town

SHIPPED = needs_of_document(tomllib.loads(files("vms.coverage").joinpath("needs.toml").read_text("utf-8")))


def a_door(x_m: float, y_m: float, category: str = "yes") -> Place:
    return Place(kind=PlaceKind.ENTRANCE, name="door", position=at(x_m, y_m), category=category, source_id="n1")


def asked(needs: Needs = SHIPPED, *, tree: RegionTree | None = None, incidents=None, **told) -> Demand:
    town = Town(name="town", attribution="", **{name: tuple(parts) for name, parts in told.items()})
    return ruled_demand(
        town, Walls.of_town(town), needs, tree=tree or RegionTree.of(()), incidents_xy_m=incidents
    )  # fmt: skip


def metres(demand: Demand) -> dict[str, float]:
    grounds = {demand.ground_of(row) for row in range(len(demand))}
    return {
        ground.value: round(
            float(demand.length_m[[demand.ground_of(r) is ground for r in range(len(demand))]].sum()), 1
        )
        for ground in sorted(grounds)
    }


def test_the_programs_own_rules_are_read_and_written_back_to_the_same():
    assert needs_of_document(document_of_needs(SHIPPED)) == SHIPPED
    assert {rule.ground for rule in SHIPPED.rules} == set(Ground) - {Ground.LANE}


def test_main_roads_and_streets_are_asked_for_on_each_side_railways_in_the_middle_footways_and_tunnels_not():
    demand = asked(
        roads=[
            a_road((0, 0), (100, 0), kind="primary"),
            a_road((0, 50), (60, 50)),
            a_road((0, 90), (60, 90), kind="footway"),
            a_road((0, 99), (60, 99), tunnel=True),
        ],
        railways=[a_road((0, 200), (80, 200), kind="rail")],
    )
    assert metres(demand) == {"main_road": 100.0, "railway": 80.0, "street": 60.0}
    sides = {demand.ground_of(row): set() for row in range(len(demand))}
    for row in range(len(demand)):
        sides[demand.ground_of(row)].add(int(demand.side[row]))
    assert sides == {Ground.MAIN_ROAD: {1, -1}, Ground.STREET: {1, -1}, Ground.RAILWAY: {0}}


def test_the_first_rule_that_fits_the_area_decides():
    old_town = Region(code="01", name="old town", level=RegionLevel.COUNTY, box=(*box_of(-10, -10), *box_of(50, 10)))
    lane = Region(code="0101", name="lane", level=RegionLevel.STREET, parent="01", box=(*box_of(0, -9), *box_of(20, 9)))
    needs = needs_of_document(
        {
            "rule": [
                {"ground": "street", "area": "01", "density": "recognition", "views": 2, "weight": 5},
                {"ground": "street", "density": "detection"},
            ]
        }
    )
    demand = asked(needs, tree=RegionTree.of([old_town, lane]), roads=[a_road((0, 0), (100, 0))])
    x = demand.xy_m[:, 0]
    inside = x + FRAME.to_xy(at(0, 0))[0] - x.min() < 50
    assert set(demand.need_px_per_m[inside]) == {125.0}
    assert set(demand.need_px_per_m[~inside]) == {25.0}
    assert set(demand.need_views[inside]) == {2}
    assert {demand.region_of(row) for row in np.flatnonzero(inside)} == {"01", "0101"}


def box_of(x_m: float, y_m: float) -> tuple[float, float]:
    point = at(x_m, y_m)
    return point.lon, point.lat


def test_ground_that_a_rule_exempts_is_not_asked_for():
    needs = needs_of_document(
        {"rule": [{"ground": "street", "kinds": ["pedestrian"], "px_per_m": 0}, {"ground": "street", "px_per_m": 25}]}
    )
    demand = asked(needs, roads=[a_road((0, 0), (50, 0), kind="pedestrian"), a_road((0, 30), (40, 30))])
    assert metres(demand) == {"street": 40.0}


def test_a_school_gate_asks_for_two_cameras_and_the_road_50_m_to_each_side_over_the_ends_of_ways():
    """The street is three ways long, and the last turns off."""
    roads = [
        a_road((-200, 0), (-20, 0), name="A"),
        a_road((-20, 0), (30, 0), name="A"),
        a_road((30, 0), (200, 0), name="A"),
        a_road((30, 0), (30, 90), name="B"),
    ]
    demand = asked(roads=roads, places=[a_key_place(0, 30), a_door(0, 10)])
    gate = next(
        row for row in range(len(demand)) if demand.is_place[row] and demand.ground_of(row) is Ground.SCHOOL_GATE
    )
    beside = (demand.group == gate) & ~demand.is_place
    assert (demand.need_views[gate], set(demand.need_views[beside])) == (2, {1})
    assert demand.length_m[beside].sum() == pytest.approx(100.0, rel=1e-3)
    from_gate = demand.xy_m[beside] - demand.xy_m[gate]
    assert (from_gate[:, 0].min(), from_gate[:, 0].max()) == (pytest.approx(-50, abs=3), pytest.approx(50, abs=3))
    assert from_gate[:, 1] == pytest.approx(-6.0, abs=0.1), "on the side where the gate is"
    assert demand.group[gate] == gate
    streets = demand.length_m[demand.is_road].sum()
    assert streets == pytest.approx(490.0, rel=1e-3), "the street itself is asked for as before"


def test_a_door_of_no_unit_and_a_gate_without_a_street_are_told_apart():
    demand = asked(places=[a_door(0, 0), a_door(0, 400, category="main")])
    assert [demand.ground_of(row) for row in range(len(demand))] == [Ground.UNIT_ENTRANCE], "the main entrance"
    assert demand.group.tolist() == [ALONE], "nothing lies beside it"


def test_a_crossing_of_three_names_is_one_crossing():
    crossings = [Place(kind=PlaceKind.CROSSING, name=f"A / {n}", position=at(0, 0)) for n in "BC"]
    far = Place(kind=PlaceKind.CROSSING, name="A / D", position=at(200, 0))
    demand = asked(places=[*crossings, far])
    assert [demand.name(row) for row in range(len(demand))] == ["A / B", "A / D"]


def test_where_a_main_road_leaves_the_town_is_asked_for():
    corners = [box_of(-50, -50), box_of(50, -50), box_of(50, 50), box_of(-50, 50)]
    road = a_road((0, 0), (300, 0), kind="trunk", name="G30")
    town = Town(name="town", attribution="", roads=(road,), boundary=np.array(corners))
    demand = ruled_demand(town, Walls.of_town(town), SHIPPED)
    (exit_row,) = np.flatnonzero(demand.is_place)
    assert (demand.ground_of(exit_row), demand.name(exit_row)) == (Ground.TOWN_EXIT, "G30")


def test_ground_near_incidents_is_worth_more_up_to_a_limit():
    road = a_road((0, 0), (400, 0))
    plain = asked(roads=[road])
    near = np.repeat(plain.xy_m[:1], 3, axis=0)
    weighed = asked(roads=[road], incidents=near)
    assert weighed.weight[0] == 1.75
    assert weighed.weight[plain.xy_m[:, 0] - plain.xy_m[0, 0] > 120].max() == 1.0
    assert asked(roads=[road], incidents=np.repeat(plain.xy_m[:1], 99, axis=0)).weight[0] == 3.0


def test_a_place_inside_a_building_is_asked_for_before_its_wall():
    demand = asked(buildings=[a_building(20, -10, 40, 10)], places=[a_key_place(30, 1)])
    assert len(demand) == 1
    assert not Walls.of_town(Town(name="", attribution="", buildings=(a_building(20, -10, 40, 10),))).inside(
        demand.xy_m
    )[0]


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"ground": "sea", "px_per_m": 1}, "rule 1: ground: one of main_road"),
        ({"ground": "street"}, "px_per_m or the name of a density is missing"),
        ({"ground": "street", "px_per_m": float("nan")}, "px_per_m: a number from 0 to 5000"),
        ({"ground": "street", "density": "sharp"}, "IEC 62676-4:2014 knows detection"),
        ({"ground": "street", "px_per_m": 25, "beside_m": 50}, "only entrances and gates"),
        ({"ground": "street", "px_per_m": 25, "views": True}, "views: a whole number"),
        ({"ground": "street", "px_per_m": 25, "when": "noon"}, "one of always, day, night"),
        ({"ground": "street", "px_per_m": 25, "target_percent": 101}, "target_percent: a number from 0 to 100"),
        ({"ground": "street", "px_per_m": 25, "kinds": ["a\nb"]}, "printable text"),
    ],
)
def test_a_bad_rule_is_refused_with_the_field(rule, says):
    with pytest.raises(BadInput, match="rule 1") as refused:
        needs_of_document({"rule": [rule]})
    assert says in str(refused.value)
