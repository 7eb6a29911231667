"""Who is told what and when: channels with wants, messages that collect, quiet hours, at most so many an hour."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from vms.core.ids import MaintainerId
from vms.health.fault import Severity
from vms.maintenance.calendar import DAY_MINUTES, Spans
from vms.places.land import Land


class Moment(StrEnum):
    """What of an order, or of a standing ring, is worth telling."""

    OPENED = "opened"
    REOPENED = "reopened"
    ASSIGNED = "assigned"
    TRANSFERRED = "transferred"
    SENT_BACK = "sent_back"
    LATE = "late"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    RING_OPENED = "ring_opened"
    """A standing ring of checkpoints has a way through that nobody sees."""
    RING_CLOSED = "ring_closed"
    TRIAL = "trial"
    """Nothing happened: somebody looks whether the channel works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertItem:
    moment: Moment
    order_id: int
    """0: no order, but a ring."""
    number: str
    """The ring's name where it is about a ring."""
    cause: str
    severity: Severity
    region_code: str = ""
    also_in: tuple[str, ...] = ()
    """Other regions that it lies in."""
    ring_id: int = 0
    """0: not about a ring."""
    maintainer_id: MaintainerId | None = None
    cameras: int = 1
    at: datetime
    word: str = ""
    """More of the moment: which deadline, how it ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wants:
    """Empty: all."""

    moments: tuple[Moment, ...] = ()
    severities: tuple[Severity, ...] = ()
    regions: tuple[str, ...] = ()
    maintainers: tuple[MaintainerId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    batch_s: int = 60
    most_per_hour: int = 20
    quiet: Spans = ()
    """[from, until) in minutes of the local day."""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    @property
    def is_quiet_all_day(self) -> bool:
        """Nothing but what is critical would ever go out."""
        at = 0
        for first, until in sorted(self.quiet):
            if first > at:
                return False
            at = max(at, until)
        return at >= DAY_MINUTES


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a message that is due becomes."""

    now: tuple[AlertItem, ...]
    """Goes out."""
    held: tuple[AlertItem, ...]
    """Waits until `until`, and more may join it."""
    until: datetime | None


def is_wanted(wants: Wants, item: AlertItem, land: Land) -> bool:
    return (
        (not wants.moments or item.moment in wants.moments)
        and (not wants.severities or item.severity in wants.severities)
        and (not wants.regions or any(land.holds(code, one) for code in wants.regions for one in _regions(item)))
        and (not wants.maintainers or item.maintainer_id in wants.maintainers)
    )


def _regions(item: AlertItem) -> tuple[str, ...]:
    return (item.region_code, *item.also_in)


def plan(items: Sequence[AlertItem], pace: Pace, sent_at: Iterable[datetime], now: datetime) -> Delivery:
    """`sent_at`: when messages of this channel went out within the last hour. Beyond `most_per_hour` everything waits
    for the next free place and goes out as one digest; in quiet hours all but critical waits for their end."""
    within = sorted(at for at in sent_at if at > now - timedelta(hours=1))
    if len(within) >= pace.most_per_hour:
        return Delivery((), tuple(items), within[-pace.most_per_hour] + timedelta(hours=1))
    until = quiet_until(pace, now)
    if until is None:
        return Delivery(tuple(items), (), None)
    urgent = tuple(item for item in items if item.severity is Severity.CRITICAL)
    held = tuple(item for item in items if item.severity is not Severity.CRITICAL)
    return Delivery(urgent, held, until if held else None)


def quiet_until(pace: Pace, now: datetime) -> datetime | None:
    """When the quiet hours that hold now are over; None: it is not quiet."""
    ends = now
    for _ in range(len(pace.quiet) + 1):  # spans may follow on each other, over midnight too
        span = _span_at(pace, ends)
        if span is None:
            break
        ends = span
        if ends - now >= timedelta(days=1):
            return now + timedelta(days=1)
    return ends if ends > now else None


def _span_at(pace: Pace, now: datetime) -> datetime | None:
    wall = now.astimezone(pace.zone)
    minute = wall.hour * 60 + wall.minute
    for first, until in pace.quiet:
        if first <= minute < until:
            midnight = datetime.combine(wall.date(), time(), pace.zone)
            end = (midnight + timedelta(minutes=until)).astimezone(UTC)
            return max(end, now + timedelta(minutes=1))
    return None


RETRY_AFTER_S = (30, 120, 600, 1800, 3600)
"""The last one again and again."""
MOST_TRIES = 27
"""Within a day."""


def next_try(tries: int, now: datetime) -> datetime | None:
    """When a message that did not arrive is sent again; None: not any more. `tries`: so often it was sent."""
    if tries >= MOST_TRIES:
        return None
    return now + timedelta(seconds=RETRY_AFTER_S[min(tries, len(RETRY_AFTER_S)) - 1])
