"""Where an outage lies and whose it is: what holds for most of its cameras."""

from collections import Counter
from collections.abc import Sequence

from vms.inventory.tier import Tier

REGION_LENGTHS = (12, 9, 6, 4, 2)
"""Digits of a community, street, county, city, province."""


def region_of_most(codes: Sequence[str]) -> str:
    """The narrowest region that holds more than half of them; empty: none does."""
    for wanted in (dict(Counter(codes)), *(_shortened(codes, length) for length in REGION_LENGTHS)):
        code, count = max(wanted.items(), key=lambda one: (one[1], one[0]), default=("", 0))
        if code and 2 * count > len(codes):
            return code
    return ""


def tier_of_most(tiers: Sequence[Tier]) -> Tier:
    """Of as many of each the more important one."""
    counts = Counter(tiers)
    return max(Tier, key=lambda tier: (counts[tier], -list(Tier).index(tier)))


def _shortened(codes: Sequence[str], length: int) -> dict[str, int]:
    return dict(Counter(code[:length] for code in codes if len(code) >= length))
