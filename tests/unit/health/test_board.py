"""The office's board: counts down the tree of regions, by tier and firm; an outage counts once."""

import itertools

import pytest

from vms.core.geo import LocalFrame, Wgs84
from vms.health.board import (
    ANYWHERE,
    Board,
    BoardBy,
    Cell,
    Fallen,
    Ground,
    Tally,
    descend,
    rows,
    seen_by_firm,
    states_by_region,
    whole,
)
from vms.health.outages.area import area_around
from vms.inventory.tier import Tier
from vms.places.regions import Region, RegionLevel, RegionTree

TREE = RegionTree.of(
    [
        Region(code="41", name="省", level=RegionLevel.PROVINCE),
        Region(code="4101", name="市", level=RegionLevel.CITY, parent="41"),
        Region(code="410105", name="金水区", level=RegionLevel.COUNTY, parent="4101"),
        Region(code="410103", name="二七区", level=RegionLevel.COUNTY, parent="4101"),
        Region(code="410105001", name="街道", level=RegionLevel.STREET, parent="410105"),
    ]
)


def cell(code: str, *, tier: Tier = Tier.GOVERNMENT, firm: int | None = None, **numbers: int) -> Cell:
    return Cell(region_code=code, tier=tier, maintainer_id=firm, tally=Tally(**numbers))


BOARD = Board(
    cells=(
        cell("410105001", total=3, up=2, down=1, firm=7),
        cell("410105", tier=Tier.UNIT, total=2, up=2),
        cell("410103", total=5, up=5, firm=7),
        cell("410103", firm=7, orders_open=2, orders_overdue=1),
        cell("410105999", total=1, unknown=1),
    ),
    fallen=(
        Fallen(outage_id=1, region_code="410105001", tier=Tier.GOVERNMENT, maintainer_id=7, cameras=1),
        Fallen(outage_id=1, region_code="410103", tier=Tier.GOVERNMENT, maintainer_id=7, cameras=4),
    ),
)


def test_a_region_holds_what_lies_below_it_and_codes_that_the_tree_does_not_know_by_their_beginning() -> None:
    city = rows(BOARD, BoardBy.REGION, Ground(TREE, "4101"))
    assert [(row.key, row.tally.total, row.tally.orders_overdue, row.outages) for row in city] == [
        ("410103", 5, 1, 1),
        ("410105", 6, 0, 1),
    ]
    county = rows(BOARD, BoardBy.REGION, Ground(TREE, "410105"))
    assert [(row.key, row.tally.total) for row in county] == [("410105", 2), ("410105001", 3), ("410105999", 1)]


def test_tiers_and_firms_are_told_within_the_region_that_was_asked_for() -> None:
    county = Ground(TREE, "410105")
    assert [(row.key, row.tally.total) for row in rows(BOARD, BoardBy.TIER, county)] == [("government", 4), ("unit", 2)]
    assert [(row.key, row.tally.total) for row in rows(BOARD, BoardBy.MAINTAINER, county)] == [("", 3), ("7", 3)]


def test_what_lies_in_no_region_of_the_tree_is_not_lost_from_the_whole() -> None:
    board = Board(cells=(*BOARD.cells, cell("", orders_open=4, orders_overdue=4)))
    ground = Ground(TREE, "4101", everything=True)
    assert whole(board, ground).tally.orders_overdue == 5
    assert [row.key for row in rows(board, BoardBy.REGION, ground)] == ["", "410103", "410105"]
    assert whole(board, Ground(TREE, "4101")).tally.orders_overdue == 1


def test_a_firm_is_told_of_its_own_orders_alone() -> None:
    board = Board(cells=(*BOARD.cells, cell("410103", firm=8, orders_open=9)))
    assert whole(board, ANYWHERE).tally.orders_open == 11
    assert whole(seen_by_firm(board, 8), ANYWHERE).tally.orders_open == 9
    assert whole(seen_by_firm(board, 8), ANYWHERE).tally.total == 11


def test_an_outage_in_two_districts_is_one_for_the_city() -> None:
    assert whole(BOARD, Ground(TREE, "4101")).outages == 1
    assert whole(BOARD, ANYWHERE).tally.total == 11


def test_the_board_begins_where_the_tree_divides() -> None:
    codes = {one.region_code for one in BOARD.cells}
    assert descend(TREE, codes) == "4101"
    assert descend(TREE, {*codes, "4101"}) == "41", "a camera of the city itself has its own row"
    assert descend(TREE, {*codes, "99"}) == ""
    assert descend(RegionTree.of(()), codes) == ""


def test_a_sample_keeps_the_states_of_each_regions_own_cameras() -> None:
    assert states_by_region(BOARD)["410103"] == (5, 5, 0, 0, 0, 0)


def test_footage_is_told_as_a_share_only_where_some_was_to_be_recorded() -> None:
    assert Tally().recorded_share is None
    assert (Tally(planned_s=50.0, recorded_s=40.0) + Tally(planned_s=50.0)).recorded_share == pytest.approx(0.4)


def test_the_area_of_an_outage_holds_its_cameras_with_some_ground_around() -> None:
    frame = LocalFrame(Wgs84(113.6, 34.7))
    for corners in (
        [(0.0, 0.0)],
        [(0.0, 0.0), (300.0, 0.0)],
        [(0.0, 0.0), (300.0, 0.0), (300.0, 200.0), (150.0, 50.0)],
    ):
        ring = [frame.to_xy(place) for place in area_around([frame.to_wgs84(x, y) for x, y in corners])]
        assert ring[0] == ring[-1]
        for x, y in corners:
            for (ax, ay), (bx, by) in itertools.pairwise(ring):
                inside = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
                assert inside > 0.0, "the ring runs counter-clockwise around every camera"
        assert max(x for x, _ in ring) == pytest.approx(max(x for x, _ in corners) + 60.0, abs=0.5)
