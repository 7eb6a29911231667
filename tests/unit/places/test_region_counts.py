"""Counts rolled up the tree of regions."""

from vms.places.region_counts import Counts, roll_up
from vms.places.regions import Region, RegionLevel, RegionTree

TREE = RegionTree.of(
    [
        Region(code="4101", name="郑州市", level=RegionLevel.CITY),
        Region(code="410105", name="金水区", level=RegionLevel.COUNTY, parent="4101"),
        Region(code="410103", name="二七区", level=RegionLevel.COUNTY, parent="4101"),
    ]
)


def up(number: int) -> Counts:
    return Counts(total=number, up=number)


def test_a_region_holds_what_is_below_it() -> None:
    nodes = {node.code: node for node in roll_up(TREE, {"410105": up(3), "4101": Counts(total=1, down=1)})}
    assert nodes["4101"].counts == Counts(total=4, up=3, down=1)
    assert (nodes["4101"].own, nodes["410105"].own, nodes["410103"].own) == (1, 3, 0)


def test_a_code_that_nobody_named_hangs_below_the_longest_that_it_begins_with() -> None:
    nodes = roll_up(TREE, {"410105001": up(2), "410105001002": up(5), "99": up(1), "": up(4)})
    parents = {node.code: node.parent for node in nodes}
    assert parents["410105001002"] == "410105001"
    assert parents["410105001"] == "410105"
    assert parents["99"] is None
    assert parents[""] is None
    counts = {node.code: node.counts.total for node in nodes}
    assert (counts["410105001"], counts["4101"], counts[""]) == (7, 7, 4)


def test_parents_come_before_their_children() -> None:
    codes = [node.code for node in roll_up(TREE, {"410105001": up(1)})]
    assert all(
        codes.index(code) < codes.index(longer)
        for code in codes
        for longer in codes
        if longer.startswith(code) and longer != code
    )
