"""Clocks that run in working hours only, held against counting minute by minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vms.core.errors import BadInput
from vms.core.intervals import Interval
from vms.maintenance.calendar import Calendar, deadline, elapsed

OFFICE_HOURS = ((540, 720), (810, 1080))
"""9:00 … 12:00 and 13:30 … 18:00."""
WORKDAYS = (OFFICE_HOURS,) * 5 + ((), ())
SHANGHAI = Calendar(zone=ZoneInfo("Asia/Shanghai"), week=WORKDAYS)
MINUTE = timedelta(minutes=1)


def by_minutes(start: datetime, end: datetime, calendar: Calendar, pauses: tuple[Interval, ...] = ()) -> timedelta:
    """Asks of every minute whether the wall clock is in a span."""
    total, at = timedelta(), start
    while at < end:
        wall = at.astimezone(calendar.zone)
        minute = wall.hour * 60 + wall.minute
        open_now = any(first <= minute < until for first, until in calendar.spans_of(wall.date()))
        if open_now and not any(at in pause for pause in pauses):
            total += MINUTE
        at += MINUTE
    return total


spans = st.lists(st.integers(0, 48), min_size=0, max_size=4, unique=True).map(
    lambda halves: tuple(
        (first * 30, until * 30) for first, until in zip(sorted(halves)[::2], sorted(halves)[1::2], strict=False)
    )
)
ZONES = ("Europe/Helsinki", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai", "America/Havana")
BORDERS = [
    datetime(2026, month, day, tzinfo=UTC)
    for month, day in ((3, 8), (3, 29), (4, 5), (10, 4), (10, 25), (11, 1), (12, 31))
]
"""Days on which one of these zones changes its clock, and the end of a year."""


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    week = tuple(draw(spans) for _ in range(7))
    if not any(week):
        week = (*week[:6], ((0, 1440),))
    border = draw(st.sampled_from(BORDERS))
    special = {border.date() + timedelta(days=draw(st.integers(-1, 1))): draw(spans)}
    start = border + timedelta(minutes=draw(st.integers(-2000, 1500)))
    return Calendar(zone=ZoneInfo(draw(st.sampled_from(ZONES))), week=week, days=special), start


@given(calendars(), st.integers(1, 3000), st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 500)), max_size=3))
def test_working_time_is_what_counting_the_minutes_finds(
    given_: tuple[Calendar, datetime], minutes: int, rests: list[tuple[int, int]]
) -> None:
    calendar, start = given_
    end = start + minutes * MINUTE
    pauses = tuple(Interval(start + a * MINUTE, start + (a + n) * MINUTE) for a, n in rests)
    assert elapsed(start, end, calendar, pauses) == by_minutes(start, end, calendar, pauses)


@given(calendars(), st.integers(0, 400_000), st.lists(st.tuples(st.integers(0, 9000), st.integers(1, 900)), max_size=3))
def test_until_a_deadline_exactly_its_time_has_passed(
    given_: tuple[Calendar, datetime], seconds: int, rests: list[tuple[int, int]]
) -> None:
    calendar, start = given_
    pauses = tuple(Interval(start + a * MINUTE, start + (a + n) * MINUTE) for a, n in rests)
    wanted = timedelta(seconds=seconds)
    by = deadline(start, wanted, calendar, pauses)
    assert elapsed(start, by, calendar, pauses) == wanted
    if by > start:
        assert elapsed(start, by - timedelta(seconds=1), calendar, pauses) == wanted - timedelta(seconds=1)


def test_without_a_calendar_the_clock_runs_day_and_night() -> None:
    friday = datetime(2026, 11, 20, 20, tzinfo=UTC)
    assert deadline(friday, timedelta(hours=24), None) == friday + timedelta(hours=24)
    assert elapsed(friday, friday + timedelta(days=9), None) == timedelta(days=9)


def test_four_hours_from_friday_afternoon_end_on_monday_morning() -> None:
    friday = datetime(2026, 11, 20, 8, tzinfo=UTC)  # 16:00 in Shanghai
    assert deadline(friday, timedelta(hours=4), SHANGHAI) == datetime(2026, 11, 23, 3, tzinfo=UTC)


def test_a_holiday_is_passed_over_and_a_saturday_made_up_for_counts() -> None:
    golden_week = {date(2026, 10, day): () for day in range(1, 8)} | {date(2026, 10, 10): OFFICE_HOURS}
    calendar = Calendar(zone=SHANGHAI.zone, week=WORKDAYS, days=golden_week)
    before = datetime(2026, 9, 30, 9, tzinfo=UTC)  # 17:00
    assert deadline(before, timedelta(hours=2), calendar) == datetime(2026, 10, 8, 2, tzinfo=UTC)
    friday = datetime(2026, 10, 9, 9, tzinfo=UTC)
    assert deadline(friday, timedelta(hours=2), calendar) == datetime(2026, 10, 10, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "week",
    [WORKDAYS[:6], ((),) * 7, (((600, 540),), *WORKDAYS[1:]), (((0, 600), (500, 700)), *WORKDAYS[1:])],
    ids=["six days", "no work at all", "backwards", "overlapping"],
)
def test_hours_that_cannot_be_are_refused(week: tuple) -> None:
    with pytest.raises(BadInput):
        Calendar(zone=SHANGHAI.zone, week=week)
