"""Whom a camera's figures are told under: its region, tier, owner or maintainer."""

from enum import StrEnum

from vms.places.regions import RegionTree


class GroupBy(StrEnum):
    REGION = "region"
    TIER = "tier"
    OWNER = "owner"
    MAINTAINER = "maintainer"


def region_groups(tree: RegionTree, within: str) -> dict[str, str]:
    """Region → the region that it is told under: the ones directly below `within`, and `within` for itself.

    Without `within` those of the highest level on which there are several: a town's districts, not the town. Regions
    outside `within` are left out.
    """
    found = {within: within} if within else {}
    tops = list(tree.children(within or None))
    while not within and len(tops) == 1 and (below := tree.children(tops[0].code)):
        found[tops[0].code] = tops[0].code
        tops = list(below)
    for top in tops:
        found[top.code] = top.code
        found.update((region.code, top.code) for region in tree.descendants(top.code))
    return found
