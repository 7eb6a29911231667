"""A device's clock against ours, and instants carried over: what is asked of it is told by its clock, what it tells is
told by ours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from vms.health.clock_trend import uncertainty_s


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockOffset:
    """Device minus ours as it tells the time, its zone's mistake and all."""

    offset_s: float = 0.0
    uncertainty_s: float = 0.0

    def by_device(self, ours: datetime) -> datetime:
        return ours + timedelta(seconds=self.offset_s)

    def by_us(self, told: datetime) -> datetime:
        return told - timedelta(seconds=self.offset_s)


def clock_offset(told_s: float, answer_s: float) -> ClockOffset:
    """`told_s`: device minus ours as read; `answer_s`: how long it took to tell. In whole seconds, as clocks are told;
    none where it is no more than what is not known of it."""
    unsure_s = uncertainty_s(answer_s)
    return ClockOffset(offset_s=0.0 if abs(told_s) <= unsure_s else round(told_s), uncertainty_s=unsure_s)
