"""Where an outage lies and whose it is: what holds for most of its cameras."""

from collections import Counter
from collections.abc import Callable, Sequence

from vms.inventory.tier import Tier
from vms.places.land import Land

REGION_LENGTHS = (12, 9, 6, 4, 2)
"""Digits of a community, street, county, city, province: what a code that no tree knows lies in."""


def region_of_most(codes: Sequence[str], land: Land) -> str:
    """The narrowest region that holds more than half of them, by the tree where one does; empty: none does."""

    def by_tree(code: str) -> Sequence[str]:
        return land.line(code) or (code, *land.line(land.holder("", code) or ""))

    return _narrowest(codes, by_tree) or _narrowest(codes, _beginnings)


def _narrowest(codes: Sequence[str], upwards: Callable[[str], Sequence[str]]) -> str:
    held: Counter[str] = Counter()
    steps: dict[str, int] = {}
    for code, count in Counter(codes).items():
        for place, region in enumerate(upwards(code) if code else ()):
            held[region] += count
            steps[region] = min(place, steps.get(region, place))
    most = [region for region, count in held.items() if 2 * count > len(codes)]
    return min(most, key=lambda region: (held[region], steps[region], region), default="")


def _beginnings(code: str) -> Sequence[str]:
    return (code, *(code[:length] for length in REGION_LENGTHS if length < len(code)))


def tier_of_most(tiers: Sequence[Tier]) -> Tier:
    """Of as many of each the more important one."""
    counts = Counter(tiers)
    return max(Tier, key=lambda tier: (counts[tier], -list(Tier).index(tier)))
