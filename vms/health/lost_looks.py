"""How many failed looks make a camera down where looks around it get lost: so many that chance does not do it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from vms.health.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAround:
    """At devices near each other, lately."""

    looks: int = 0
    lost: int = 0
    """One silent look or two at devices that answered at the next: a dead one never does, and proves nothing about the
    way to it."""
    losers: int = 0
    """Devices among which these were; one that restarts is no bad line."""

    def __add__(self, other: "LookedAround") -> "LookedAround":
        return LookedAround(
            looks=self.looks + other.looks, lost=self.lost + other.lost, losers=max(self.losers, other.losers)
        )


def share_lost(around: LookedAround, policy: Policy) -> float:
    """0 where too little was seen to tell."""
    if around.looks < policy.loss_least_looks or around.losers < policy.loss_least_devices:
        return 0.0
    return min(1.0, around.lost / around.looks)


def looks_until_down(share: float, policy: Policy) -> int:
    """The least number of looks that are lost one after the other by chance at most `by_chance` of the time, between
    `down_after` and `down_after_most`."""
    if share <= 0.0:
        return policy.down_after
    if share >= 1.0:
        return policy.down_after_most
    needed = math.ceil(math.log(policy.by_chance) / math.log(share) - 1e-9)
    return max(policy.down_after, min(policy.down_after_most, needed))


def patient(policy: Policy) -> Mapping[int, Policy]:
    """The same by how many looks it takes."""
    looks = range(policy.down_after, max(policy.down_after, policy.down_after_most) + 1)
    return {n: policy if n == policy.down_after else replace(policy, down_after=n) for n in looks}
