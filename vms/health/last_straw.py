"""Before a silence makes a camera down, its device is asked once more: a lost packet is no dead camera.

Three looks in a row are lost by chance where a short blip took the first two of them. A question a few seconds later is
lost as well about as rarely as any other; a camera that is away misses it for sure.
"""

from vms.health.policy import Policy
from vms.health.status import Status
from vms.health.watch import Watch

LONGEST_PAUSE_S = 4.0
PART_OF_INTERVAL = 1 / 15


def is_last_straw(watch: Watch, policy: Policy) -> bool:
    """Whether one more failed look at its control makes it down."""
    return watch.status is not Status.DOWN and watch.control_failures + 1 >= policy.down_after


def pause_before_last_s(interval_s: float) -> float:
    """Between the question that failed and the one that decides."""
    return min(LONGEST_PAUSE_S, interval_s * PART_OF_INTERVAL)
