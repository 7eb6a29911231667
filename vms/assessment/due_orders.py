"""Which orders were due in a period: those that really asked for somebody until their time was up."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vms.core.intervals import Interval


class Ending(StrEnum):
    """How an order ended, as vms.maintenance.order.Outcome says it."""

    REPAIRED = "repaired"
    HEALED = "healed"
    JOINED = "joined"
    WITHDRAWN = "withdrawn"
    FALSE_ALARM = "false_alarm"


_ASKED_FOR_NOBODY = frozenset({Ending.JOINED, Ending.WITHDRAWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of an order."""

    ending: Ending | None = None
    on_site_at: datetime | None = None
    repaired_at: datetime | None = None
    healed_at: datetime | None = None
    closed_at: datetime | None = None
    suspended_at: datetime | None = None
    """It rests since then; its deadlines move when it goes on."""


def asked_for_nobody(fate: Fate, period: Interval) -> bool:
    """A false alarm, whenever it was called one; what had joined an outage (whose own order counts) or had been
    withdrawn by the period's end."""
    if fate.ending is Ending.FALSE_ALARM:
        return True
    return fate.ending in _ASKED_FOR_NOBODY and (fate.closed_at is None or fate.closed_at < period.end)


def is_due(by: datetime | None, fate: Fate, period: Interval) -> bool:
    """`by`: its deadline, moved by the rests that are over. False where the deadline lies elsewhere, and for what asked
    for nobody; for what healed by itself before its time was up; and while it rests: it goes on with a deadline that
    lies later, so what was said of the period stands."""
    if by is None or by not in period or asked_for_nobody(fate, period):
        return False
    if fate.suspended_at is not None and fate.suspended_at < by:
        return False
    return not (_was_nobodys(fate) and _healed_before(by, fate))


def _was_nobodys(fate: Fate) -> bool:
    return fate.on_site_at is None and fate.repaired_at is None


def _healed_before(by: datetime, fate: Fate) -> bool:
    healed_at = fate.healed_at or (fate.closed_at if fate.ending is Ending.HEALED else None)
    return healed_at is not None and healed_at < by
