"""A few strays do not decide where an outage lies and whose it is."""

import pytest

from vms.inventory.tier import Tier
from vms.maintenance.of_most import region_of_most, tier_of_most


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
    assert region_of_most(codes) == region


def test_the_tier_is_that_of_most_and_in_doubt_the_more_important() -> None:
    assert tier_of_most([Tier.HOUSEHOLD] * 9 + [Tier.GOVERNMENT]) is Tier.HOUSEHOLD
    assert tier_of_most([Tier.HOUSEHOLD, Tier.UNIT]) is Tier.UNIT
    assert tier_of_most([]) is Tier.GOVERNMENT
