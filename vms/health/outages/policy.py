"""When falls count as one cause, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from vms.health.fault import FaultKind
from vms.health.outages.node import NodeKind

USUAL_PRIORS: Mapping[NodeKind, float] = MappingProxyType(
    {
        NodeKind.NVR: 6.0,
        NodeKind.POLE: 6.0,
        NodeKind.SWITCH: 6.0,
        NodeKind.POWER_FEEDER: 6.0,
        NodeKind.UPLINK: 6.0,
        NodeKind.SUBNET: 7.0,
        NodeKind.REGION: 8.0,
    }
)
"""How rarely such a thing fails in a given minute, as a power of ten: once in two years, wide ones more rarely."""

USUAL_PARTS: Mapping[NodeKind, int] = MappingProxyType(
    {
        NodeKind.NVR: 3,
        NodeKind.POLE: 3,
        NodeKind.SWITCH: 4,
        NodeKind.POWER_FEEDER: 6,
        NodeKind.UPLINK: 6,
        NodeKind.SUBNET: 6,
        NodeKind.REGION: 8,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutagePolicy:
    """`interval_s` is the poller's; the defaults fit one look a minute."""

    interval_s: float = 60.0
    slack_s: float = 15.0
    """Time-outs, lateness and writing, beside the interval."""
    share: float = 0.8
    """Of the watched members must have fallen for a node to be the whole cause."""
    learnt_share: float = 0.9
    """The same of a learnt node that nobody has confirmed."""
    least: int = 3
    """Devices of a node that must have fallen; see also `least_small`."""
    least_small: int = 2
    """Of a pole or a recorder that has no more members than this."""
    parts: Mapping[NodeKind, int] = field(default_factory=lambda: USUAL_PARTS)
    """So many devices below a node that fall at once have one cause, although the others stand."""
    priors: Mapping[NodeKind, float] = field(default_factory=lambda: USUAL_PRIORS)
    part_prior: float = 3.0
    """What is asked more of a part than of a whole."""
    learnt_prior: float = 3.0
    wrong_prior: float = 4.0
    """What is asked more of a typed node for each time that people found it named wrongly."""
    standing_cost: float = 1.5
    """What a member that still stands costs, as a power of ten."""
    least_gain: float = 2.0
    """By so many powers of ten the cause must be likelier than chance."""
    early_share: float = 0.3
    """So many must be down, and the others in doubt, to say so before all have been looked at three times."""
    falls_per_day: float = 0.05
    """Of one device, on its own: what is believed before anything was seen, with the weight of `belief_days`."""
    belief_days: float = 20.0
    """Days of one device."""
    rate_over_s: float = 3600.0
    """The town's own rate of lone falls is measured over so long."""
    stream_window_s: float = 900.0
    """Streams are looked at more rarely, and few of a recorder at a time."""
    join_s: float = 3600.0
    """Who falls behind a dead node within so long joins its outage."""
    gather_s: float = 900.0
    """Outages of all nodes below a parent within so long are the parent's."""
    reopen_s: float = 1800.0
    """The same cause again within so long after the end is the same outage."""
    left_share: float = 0.2
    """Of the members, who stay away after the others came back are ill on their own."""
    left_grace_s: float = 600.0
    """So long after the last came back, beside the longest pause between two looks."""
    backoff_max_s: float = 900.0

    @property
    def window_s(self) -> float:
        """Within this, everybody behind a dead node is seen to be ill for the first time."""
        return self.interval_s + self.slack_s

    @property
    def settle_s(self) -> float:
        """After this at the latest, a fall that no outage explains stands alone."""
        return self.window_s

    def settle_of(self, kind: FaultKind) -> float:
        """Seconds after a fault was opened until it is known to stand alone; no order is due before."""
        if kind is FaultKind.STREAM_DEAD:
            return self.stream_window_s
        return self.settle_s if kind in (FaultKind.UNREACHABLE, FaultKind.NO_ANSWER) else 0.0
