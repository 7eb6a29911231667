"""Working hours, and clocks that run in them only: exact over changes of the clock, holidays and days made up for.

An instant is working time when its wall clock in the calendar's zone lies in one of the day's spans. The hour that
comes twice in autumn counts twice; the hour that is skipped in spring does not count.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from vms.core.errors import BadInput
from vms.core.intervals import Interval, merged

Spans = tuple[tuple[int, int], ...]
"""[from, until) in minutes of the day, sorted, apart from each other."""

DAY_MINUTES = 1440
MOST_DAYS = 3700
"""A deadline further away than this comes from a calendar that has next to no working time."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Raises BadInput for hours that cannot be."""

    zone: ZoneInfo
    week: tuple[Spans, ...]
    """Monday first."""
    days: Mapping[date, Spans] = field(default_factory=dict)
    """Instead of the week: a holiday has none; a working day made up for has some."""

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise BadInput("seven days are wanted, Monday first", where="week")
        for number, spans in enumerate(self.week):
            check_spans(spans, f"week.{number}")
        for day, spans in self.days.items():
            check_spans(spans, f"days.{day.isoformat()}")
        if not any(self.week):
            raise BadInput("a week without any working time", where="week")

    def spans_of(self, day: date) -> Spans:
        found = self.days.get(day)
        return self.week[day.weekday()] if found is None else found


def elapsed(start: datetime, end: datetime, calendar: Calendar | None, pauses: Sequence[Interval] = ()) -> timedelta:
    """Working time between two instants, without what lies in a pause. No calendar: day and night."""
    if end <= start:
        return timedelta()
    total = timedelta()
    for stretch in _running(start, end, calendar, pauses):
        total += min(stretch.end, end) - stretch.start
    return total


def deadline(
    start: datetime, duration: timedelta, calendar: Calendar | None, pauses: Sequence[Interval] = ()
) -> datetime:
    """The first instant until which so much working time has passed. Raises BadInput where it never does."""
    left = duration
    if left <= timedelta():
        return start
    for stretch in _running(start, None, calendar, pauses):
        if stretch.length >= left:
            return stretch.start + left
        left -= stretch.length
    raise BadInput(f"the calendar has not enough working time within {MOST_DAYS} days", where="calendar")


def deadline_if_any(start: datetime, duration: timedelta, calendar: Calendar | None) -> datetime | None:
    """The same; None where so much working time never passes."""
    try:
        return deadline(start, duration, calendar)
    except BadInput:
        return None


def _running(
    start: datetime, end: datetime | None, calendar: Calendar | None, pauses: Sequence[Interval]
) -> Iterator[Interval]:
    """Stretches of working time from `start` on, without the pauses, in order; the last may reach beyond `end`."""
    apart = merged(pauses)
    for working in _working(start, end, calendar):
        at = working.start
        for pause in apart:
            if pause.end <= at or pause.start >= working.end:
                continue
            if pause.start > at:
                yield Interval(at, pause.start)
            at = pause.end
        if at < working.end and (end is None or at < end):
            yield Interval(at, working.end)


def _working(start: datetime, end: datetime | None, calendar: Calendar | None) -> Iterator[Interval]:
    start = start.astimezone(UTC)
    last = start + timedelta(days=MOST_DAYS) if end is None else end.astimezone(UTC)
    if calendar is None:
        yield Interval(start, last)
        return
    day = datetime.combine(start.date(), time(), UTC)
    while day < last:
        for working in _of_utc_day(calendar, day):
            begin, stop = max(working.start, start), min(working.end, last)
            if begin < stop:
                yield Interval(begin, stop)
        day += _DAY


def _of_utc_day(calendar: Calendar, day: datetime) -> list[Interval]:
    """Piece by piece with one offset from UTC each: in a piece the wall clock runs on evenly."""
    found = []
    for begin, stop, offset in _even_pieces(calendar.zone, day):
        wall_begin, wall_stop = begin + offset, stop + offset
        midnight = datetime.combine(wall_begin.date(), time(), UTC)
        while midnight < wall_stop:
            for first, until in calendar.spans_of(midnight.date()):
                at = max(midnight + timedelta(minutes=first), wall_begin)
                to = min(midnight + timedelta(minutes=until), wall_stop)
                if at < to:
                    found.append(Interval(at - offset, to - offset))
            midnight += _DAY
    return found


@lru_cache(maxsize=4096)
def _even_pieces(zone: ZoneInfo, day: datetime) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    end = day + _DAY
    before, after = _offset(zone, day), _offset(zone, end)
    if before == after:
        return ((day, end, before),)
    low, high = day, end
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return ((day, high, before), (high, end, after))


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    found = instant.astimezone(zone).utcoffset()
    return timedelta() if found is None else found


def check_spans(spans: Spans, where: str) -> None:
    """Raises BadInput."""
    last = 0
    for number, (first, until) in enumerate(spans):
        if not 0 <= first < until <= DAY_MINUTES or (number and first < last):
            raise BadInput("[from, until] in minutes of the day, in order, 0 … 1440", where=where)
        last = until
