"""The days of a camera's calendar: five parts that add up, in a calendar whose days have 23 or 25 hours."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from vms.assessment.period import Period
from vms.core.intervals import Interval
from vms.health.day_parts import DayPart, DaySpent, days_spent
from vms.health.status import Status
from vms.health.uptime import Spell

SPRING = Period(first=date(2026, 3, 28), last=date(2026, 3, 30), zone=ZoneInfo("Europe/Helsinki"))
"""The clock goes forward on the 29th."""
START = SPRING.interval.start
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return START + hours * HOUR


def spent(*spells: Spell, ill=(), announced=(), until=SPRING.interval.end) -> list[DaySpent]:
    return days_spent(SPRING.days, SPRING.borders(), until, spells=spells, ill=ill, announced=announced)


def test_a_day_is_told_as_announced_before_down_before_ill_and_the_rest_was_not_watched() -> None:
    first, *_ = spent(
        Spell(Status.UP, at(0), at(10)),
        Spell(Status.DOWN, at(10), at(16)),
        ill=[Interval(at(4), at(12))],
        announced=[Interval(at(8), at(11))],
    )
    hours = {part: length / HOUR for part, length in first.parts.items()}
    assert hours == {
        DayPart.GOOD: 4,
        DayPart.ILL: 4,
        DayPart.NOTICE: 3,
        DayPart.DOWN: 5,
        DayPart.UNWATCHED: 8,
    }


def test_a_fall_over_midnight_counts_for_both_days_and_the_day_of_summer_time_has_23_hours() -> None:
    days = spent(Spell(Status.DOWN, at(22), at(47)))
    assert [day.parts[DayPart.DOWN] / HOUR for day in days] == [2, 23, 0]
    assert [(day.end - day.start) / HOUR for day in days] == [24, 23, 24]


def test_today_ends_now_and_a_day_that_has_not_begun_is_not_told() -> None:
    days = spent(Spell(Status.UP, at(0), at(30)), until=at(30))
    assert [day.day for day in days] == [date(2026, 3, 28), date(2026, 3, 29)]
    assert days[-1].parts[DayPart.GOOD] == 6 * HOUR
    assert spent(until=START) == []


moments = st.lists(st.integers(0, 72 * 60), min_size=2, max_size=12, unique=True).map(sorted)


@given(moments, moments, moments, st.integers(1, 71))
def test_the_parts_of_every_day_add_up_to_it(
    flips: list[int], faults: list[int], notices: list[int], until: int
) -> None:
    minute = timedelta(minutes=1)
    turns = [Status.UP, Status.DOWN, Status.SUSPECT]
    told = [
        Spell(turns[n % 3], START + a * minute, START + b * minute)
        for n, (a, b) in enumerate(itertools.pairwise(flips))
    ]
    pairs = [
        [Interval(START + a * minute, START + b * minute) for a, b in zip(some[::2], some[1::2], strict=False)]
        for some in (faults, notices)
    ]
    days = spent(*told, ill=pairs[0], announced=pairs[1], until=START + until * HOUR)
    assert days
    for day in days:
        assert sum(day.parts.values(), timedelta()) == day.end - day.start
        assert all(part >= timedelta() for part in day.parts.values())
    assert days[-1].end.astimezone(UTC) <= START + until * HOUR
