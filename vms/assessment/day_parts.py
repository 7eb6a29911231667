"""How one camera's days were spent, in the parts of the assessment: they add up to the day exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from vms.assessment.time_sums import Ints, Part


class DayPart(StrEnum):
    """In the order in which they hold: what is not in service is not missed, what nobody watched is not announced."""

    NOT_IN_SERVICE = "not_in_service"
    UNWATCHED = "unwatched"
    NOTICE = "notice"
    """Inside an approved notice (报备), whatever happened."""
    OUTAGE = "outage"
    """Fell with others through a cause that is not its own, and is not charged with it."""
    DOWN = "down"
    ILL = "ill"
    """Online, with an open fault of weight."""
    GOOD = "good"


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySpent:
    day: date
    start: datetime
    end: datetime
    """Of the stretch that is told: a day that is not over ends now."""
    parts: dict[DayPart, timedelta]


def days_spent(days: Sequence[date], borders: Sequence[datetime], sums: Mapping[Part, Ints]) -> list[DaySpent]:
    """`borders`: where each day begins, and where the last one ends. `sums`: of this camera, a value a day."""
    us = {
        DayPart.NOT_IN_SERVICE: sums[Part.NOT_IN_SERVICE],
        DayPart.UNWATCHED: sums[Part.UNWATCHED],
        DayPart.NOTICE: sums[Part.NOTICE],
        DayPart.OUTAGE: sums[Part.OUTAGE],
        DayPart.DOWN: sums[Part.ASSESSABLE] - sums[Part.ONLINE],
        DayPart.ILL: sums[Part.ONLINE] - sums[Part.INTACT],
        DayPart.GOOD: sums[Part.INTACT],
    }
    return [
        DaySpent(
            day=day,
            start=start,
            end=end,
            parts={part: timedelta(microseconds=int(us[part][n])) for part in DayPart},
        )
        for n, (day, start, end) in enumerate(zip(days, borders[:-1], borders[1:], strict=True))
    ]
