"""A few strays do not decide where an outage lies and whose it is."""

import pytest

from vms.inventory.tier import Tier
from vms.maintenance.of_most import region_of_most, tier_of_most
from vms.places.land import NO_TREE, Land


@pytest.mark.parametrize(
    ("codes", "region"),
    [
        ([], ""),
        (["410105001002"] * 3, "410105001002"),
        (["410105001001", "410105001002", "410105001003"], "410105001"),
        (["410105001001"] * 9 + ["410202"], "410105001001"),
        (["410105", "410105001001", "410202"], "410105"),
        (["410105", "410202"], "41"),
        (["410105", "320102"], ""),
        (["410105", "", ""], ""),
    ],
)
def test_the_narrowest_region_of_more_than_half_is_it(codes: list[str], region: str) -> None:
    assert region_of_most(codes, NO_TREE) == region


@pytest.mark.parametrize(
    ("codes", "region"),
    [
        (["350", "351"], "700"),
        (["350", "351", "9"], "351"),
        (["350", "350", "351"], "350"),
        (["350", "3518", "3519"], "351"),
        (["9", "9"], "9"),
        (["350", "410105", "410105001"], "410105"),
    ],
)
def test_where_the_tree_knows_them_it_decides_whatever_the_codes_look_like(codes: list[str], region: str) -> None:
    land = Land({"700": None, "350": "700", "351": "700", "9": "351"})
    assert region_of_most(codes, land) == region


def test_the_tier_is_that_of_most_and_in_doubt_the_more_important() -> None:
    assert tier_of_most([Tier.HOUSEHOLD] * 9 + [Tier.GOVERNMENT]) is Tier.HOUSEHOLD
    assert tier_of_most([Tier.HOUSEHOLD, Tier.UNIT]) is Tier.UNIT
    assert tier_of_most([]) is Tier.GOVERNMENT
