"""The tree of regions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vms.core.errors import BadInput
from vms.places.regions import Region, RegionLevel, RegionTree


def a_region(code: str, level: RegionLevel, parent: str | None = None) -> Region:
    return Region(code=code, name=f"region {code}", level=level, parent=parent)


def a_small_tree() -> RegionTree:
    return RegionTree.of(
        [
            a_region("410205002", RegionLevel.STREET, "410205"),
            a_region("4102", RegionLevel.CITY),
            a_region("410205", RegionLevel.COUNTY, "4102"),
            a_region("410202", RegionLevel.COUNTY, "4102"),
            a_region("410205001", RegionLevel.STREET, "410205"),
        ]
    )


def codes(regions) -> list[str]:
    return [region.code for region in regions]


def test_ancestors_lead_from_the_parent_to_the_top():
    assert codes(a_small_tree().ancestors("410205001")) == ["410205", "4102"]
    assert a_small_tree().ancestors("4102") == ()
    assert a_small_tree().ancestors("nowhere") == ()


def test_descendants_are_everything_below_without_the_region_itself():
    assert codes(a_small_tree().descendants("4102")) == ["410205", "410205002", "410205001", "410202"]
    assert a_small_tree().descendants("410202") == ()


def test_a_region_lies_within_itself_and_within_what_is_above_it():
    tree = a_small_tree()
    assert tree.within("410205001", "4102")
    assert tree.within("4102", "4102")
    assert not tree.within("4102", "410205001")
    assert not tree.within("410202", "410205")


@pytest.mark.parametrize(
    ("regions", "says"),
    [
        ([a_region("1", RegionLevel.CITY), a_region("1", RegionLevel.CITY)], "given twice"),
        ([a_region("1", RegionLevel.COUNTY, "9")], "unknown"),
        ([a_region("1", RegionLevel.CITY, "1")], "not wider"),
        ([a_region("1", RegionLevel.STREET), a_region("2", RegionLevel.CITY, "1")], "not wider"),
        ([a_region("", RegionLevel.STREET)], "needs a code"),
    ],
)
def test_a_tree_that_cannot_be_is_refused(regions, says):
    with pytest.raises(BadInput, match=says):
        RegionTree.of(regions)


@given(st.lists(st.integers(0, 4), max_size=30))
def test_descendants_and_ancestors_are_each_others_mirror(parents):
    levels = list(RegionLevel)
    regions = [a_region("0", levels[0])]
    for i, choice in enumerate(parents, start=1):
        parent = regions[min(choice, len(regions) - 1)]
        if levels.index(parent.level) + 1 < len(levels):
            regions.append(a_region(str(i), levels[levels.index(parent.level) + 1], parent.code))
    tree = RegionTree.of(regions)
    for upper in tree.regions:
        for lower in tree.regions:
            assert (lower in codes(tree.descendants(upper))) == (upper in codes(tree.ancestors(lower)))
