"""The period that is assessed: whole days of the office's calendar, as instants."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from vms.core.errors import BadInput
from vms.core.intervals import Interval

MOST_DAYS = 400
EARLIEST, LATEST = date(1970, 1, 2), date(9998, 12, 30)
"""Days whose borders are instants that everybody can write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From the first moment of `first` to the last of `last`, days of `zone`; a day there may have 23 or 25 hours."""

    first: date
    last: date
    zone: ZoneInfo

    def __post_init__(self) -> None:
        for day, where in ((self.first, "from"), (self.last, "to")):
            if not EARLIEST <= day <= LATEST:
                raise BadInput(f"{day} is no day that could be assessed", where=where)
        if self.last < self.first:
            raise BadInput(f"the period ends ({self.last}) before it begins ({self.first})", where="to")
        if (self.last - self.first).days >= MOST_DAYS:
            raise BadInput(f"at most {MOST_DAYS} days are assessed at once", where="to")

    @property
    def interval(self) -> Interval:
        return Interval(self._midnight(self.first), self._midnight(self.last + timedelta(days=1)))

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(days=i) for i in range((self.last - self.first).days + 1))

    def borders(self) -> tuple[datetime, ...]:
        """Where a day ends and the next begins, with the start and the end of the whole: one more than days."""
        return tuple(self._midnight(day) for day in (*self.days, self.last + timedelta(days=1)))

    def _midnight(self, day: date) -> datetime:
        # in UTC: Python counts the wall's hours between two instants of the same zone
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


def last_day(now: datetime, zone: ZoneInfo) -> Period:
    yesterday = now.astimezone(zone).date() - timedelta(days=1)
    return Period(first=yesterday, last=yesterday, zone=zone)


def last_week(now: datetime, zone: ZoneInfo) -> Period:
    """Monday to Sunday."""
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday() + 7)
    return Period(first=monday, last=monday + timedelta(days=6), zone=zone)


def last_month(now: datetime, zone: ZoneInfo) -> Period:
    last = now.astimezone(zone).date().replace(day=1) - timedelta(days=1)
    return Period(first=last.replace(day=1), last=last, zone=zone)
