"""What a day's recording is worth: recorded, expired or missing, against the plan, from wall-clock times.

A recorder cuts its files, and its search answers in whole seconds: holes shorter than the tolerance are none. Footage
older than the oldest that is kept has expired where it need not be kept any longer, and is missing where it should be.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import floor
from zoneinfo import ZoneInfo

from vms.core.errors import BadInput
from vms.core.intervals import Interval, merged, overlap, total, without

MINUTES_A_DAY = 1440
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
MOST_GAPS = 50
SLACK_DAYS = 1
"""Between the days that are wanted and those that are found: recorders cut and delete whole files and whole days."""
PART_OF_A_DAY = 5 / MINUTES_A_DAY
Windows = tuple[tuple[int, int], ...]
"""[from, until) in minutes of the local day."""
DAY_AND_NIGHT: tuple[Windows, ...] = (((0, MINUTES_A_DAY),),) * 7


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingPlan:
    """When a camera has to record, and how long that is kept."""

    week: tuple[Windows, ...] = DAY_AND_NIGHT
    """Monday first."""
    days_least: int = 30
    days_most: int | None = None
    """Longer is against the rules (privacy); None: no limit."""

    def __post_init__(self) -> None:
        if len(self.week) != len(DAY_AND_NIGHT):
            raise BadInput("seven days are wanted, Monday first", where="week")
        for number, windows in enumerate(self.week):
            for start, end in windows:
                if not 0 <= start < end <= MINUTES_A_DAY:
                    raise BadInput(f"not minutes of a day: {start} … {end}", where=f"week.{number}")
        if self.days_least < 0 or (self.days_most is not None and self.days_most < self.days_least):
            raise BadInput("the least days must not be more than the most", where="days_most")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfFootage:
    day: date
    planned: timedelta
    """Of the day's part that is over."""
    recorded: timedelta
    expired: timedelta
    missing: timedelta
    gaps: tuple[Interval, ...]
    """What is missing, the longest first, at most MOST_GAPS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How far back the recordings of a camera reach."""

    days_kept: float
    days_wanted: int
    """By the plan; of a younger camera the whole days that it is in our charge."""
    too_short: bool
    too_long: bool


def planned_intervals(plan: RecordingPlan, day: date, zone: ZoneInfo) -> tuple[Interval, ...]:
    """The plan's windows of a local day, as instants; a day of 23 or 25 hours is planned in full."""
    midnight = datetime.combine(day, time(), zone).astimezone(UTC)
    next_midnight = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    found: list[Interval] = []
    for start, end in plan.week[day.weekday()]:
        first = midnight if start == 0 else _local(day, start, zone)
        last = next_midnight if end == MINUTES_A_DAY else _local(day, end, zone)
        if last > first:
            found.append(Interval(first, last))
    return merged(found)


def judge_day(
    day: date,
    planned: Sequence[Interval],
    recorded: Iterable[Interval],
    *,
    oldest: datetime | None,
    keep_since: datetime,
    until: datetime,
    tolerance: timedelta = timedelta(seconds=10),
) -> DayOfFootage:
    """`recorded`: of this day at least. `oldest`: the oldest recording of the camera; None: there is none.

    `keep_since`: what is newer must still be there. `until`: the newest that can be expected, a little before now.
    """
    over = overlap(planned, [Interval(_FIRST, until)])
    there = overlap(over, _closed(recorded, tolerance))
    lacking = without(over, there)
    border = min(keep_since, oldest) if oldest is not None else keep_since
    ancient = [Interval(_FIRST, border)]
    expired, missing = overlap(lacking, ancient), without(lacking, ancient)
    longest_first = sorted(missing, key=lambda gap: (-gap.length, gap.start))
    return DayOfFootage(
        day=day,
        planned=total(over),
        recorded=total(there),
        expired=total(expired),
        missing=total(missing),
        gaps=tuple(longest_first[:MOST_GAPS]),
    )


def judge_retention(plan: RecordingPlan, oldest: datetime, in_service_since: datetime, now: datetime) -> Retention:
    """A camera that is younger than the days to keep cannot have kept more than its own life."""
    day = timedelta(days=1)
    kept = (now - oldest) / day
    wanted = min(plan.days_least, max(0, whole_days((now - in_service_since) / day)))
    most = plan.days_most
    return Retention(
        days_kept=kept,
        days_wanted=wanted,
        too_short=is_too_short(kept, wanted),
        too_long=most is not None and whole_days(kept) > most + SLACK_DAYS,
    )


def is_too_short(days_kept: float, days_wanted: int) -> bool:
    """The one rule: for the fault, for lists and for figures, by the whole days that are shown."""
    return whole_days(days_kept) < days_wanted - SLACK_DAYS


def whole_days(days: float) -> int:
    """As shown: full days; what lacks some minutes of one, the time that the question took, is one."""
    return floor(days + PART_OF_A_DAY)


def _closed(intervals: Iterable[Interval], tolerance: timedelta) -> tuple[Interval, ...]:
    """Neighbours that are hardly apart become one."""
    found: list[Interval] = []
    for one in merged(intervals):
        if found and one.start - found[-1].end <= tolerance:
            found[-1] = Interval(found[-1].start, one.end)
        else:
            found.append(one)
    return tuple(found)


def _local(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """By the wall's clock; a time that a clock change leaves out is the one an hour on."""
    return datetime.combine(day, time(minutes // 60, minutes % 60), zone).astimezone(UTC)
