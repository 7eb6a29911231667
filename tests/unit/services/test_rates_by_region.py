"""A region's rate is that of all that lies in it, however it is asked for, against the targets of its ground."""

import pytest

from vms.coverage.ground import Ground
from vms.coverage.rate_history import CoveredTime
from vms.coverage.totals import FigureKey
from vms.places.regions import Region, RegionLevel, RegionTree
from vms.services.coverage.rate_targets import place_target, road_target
from vms.services.coverage.region_rates import Figures, by_region

TREE = RegionTree.of(
    [
        Region(code="4101", name="郑州市", level=RegionLevel.CITY),
        Region(code="410105", name="金水区", level=RegionLevel.COUNTY, parent="4101"),
        Region(code="410105001", name="经八路街道", level=RegionLevel.STREET, parent="410105"),
        Region(code="410105002", name="花园路街道", level=RegionLevel.STREET, parent="410105"),
        Region(code="410106", name="上街区", level=RegionLevel.COUNTY, parent="4101"),
    ]
)


def asked(*told: tuple[str, Ground, int, int]) -> Figures:
    """Region, ground, how much is asked for and how much is covered: metres of a road, or places."""
    found = {}
    for region, ground, whole, covered in told:
        road = ground is Ground.STREET or ground is Ground.MAIN_ROAD
        found[FigureKey(region=region, ground=ground, px_per_m=25.0, by_night=False)] = (
            CoveredTime(length=whole, covered_length=covered, known_us=1)
            if road
            else CoveredTime(places=whole, covered_places=covered, known_us=1)
        )
    return found


def test_a_county_holds_its_streets_and_tells_apart_what_lies_in_none_of_them() -> None:
    figures = asked(
        ("410105", Ground.STREET, 100, 0),
        ("410105001", Ground.STREET, 200, 200),
        ("410105002", Ground.STREET, 100, 60),
        ("", Ground.STREET, 10, 0),
        ("410106009", Ground.STREET, 50, 50),
    )
    rows = by_region(figures, TREE)
    assert [(row.code, row.depth, row.rest) for row in rows] == [
        ("4101", 0, False),
        ("410105", 1, False),
        ("410105001", 2, False),
        ("410105002", 2, False),
        ("410105", 2, True),
        ("410106", 1, False),
        ("", 0, False),
    ], "a code that the tree does not know lies where it begins like one of its regions"
    rates = [sum(row.figures.values(), CoveredTime()).road_rate for row in rows]
    assert rates == [pytest.approx(310 / 450), 0.65, 1.0, 0.6, 0.0, 1.0, 0.0]
    within = by_region({key: time for key, time in figures.items() if key.region.startswith("410105")}, TREE, "410105")
    assert [(row.code, row.depth) for row in within][:2] == [("410105", 0), ("410105001", 1)]
    assert within[0].figures == rows[1].figures, "one figure for one name"


def test_the_target_of_several_classes_weighs_each_by_what_is_asked_for() -> None:
    figures = asked(("a", Ground.STREET, 300, 0), ("a", Ground.MAIN_ROAD, 100, 0), ("a", Ground.KEY_PLACE, 5, 0))
    of_class = {Ground.STREET: 0.8, Ground.MAIN_ROAD: 1.0, Ground.KEY_PLACE: 0.9}
    assert road_target(figures, of_class) == pytest.approx(0.85)
    assert place_target(figures, of_class) == 0.9
    assert road_target(figures, {Ground.STREET: 0.8}) is None, "of main roads nobody said how much is enough"
    assert place_target({}, of_class) is None
