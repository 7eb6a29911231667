"""Whose cameras the office may set: the government's, others only where an agreement says so, a household's never."""

from vms.access.agreement import Agreements
from vms.inventory.tier import Tier

NOT_OURS = "only government cameras are set by the office; ask its owner"


def may_configure(tier: Tier, address: str, agreements: Agreements) -> bool:
    """`agreements`: the networks whose owners let the office configure; to look at their pictures is another thing."""
    if tier is Tier.GOVERNMENT:
        return True
    return tier is not Tier.HOUSEHOLD and agreements.cover(address)
