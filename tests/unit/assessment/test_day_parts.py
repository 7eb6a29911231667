"""The days of a camera's calendar: parts that add up, in one order, in a calendar whose days have 23 or 25 hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from vms.assessment.day_parts import DayPart, DaySpent, days_spent
from vms.assessment.period import Period
from vms.assessment.time_sums import Mark, Stretches, time_sums

SPRING = Period(first=date(2026, 3, 28), last=date(2026, 3, 30), zone=ZoneInfo("Europe/Helsinki"))
"""The clock goes forward on the 29th."""
START = SPRING.interval.start
HOUR = timedelta(hours=1)
EVERY_HOUR = (0.0, 71.0)


def at(hours: float) -> datetime:
    return START + hours * HOUR


def spent(charged: bool = False, **marks: tuple[float, float]) -> list[DaySpent]:
    """Hours since the start, of each mark."""
    found = {}
    for name, (since, until) in {"in_service": EVERY_HOUR, **marks}.items():
        found[Mark(name)] = Stretches()
        found[Mark(name)].add(0, at(since), at(until))
    sums = time_sums(1, found, SPRING.borders(), outages_are_charged=charged)
    return days_spent(SPRING.days, SPRING.borders(), {part: us[0] for part, us in sums.items()})


def hours(day: DaySpent) -> dict[DayPart, float]:
    return {part: length / HOUR for part, length in day.parts.items() if length}


def test_one_order_holds_not_in_service_unwatched_notice_outage_down_ill() -> None:
    first, *_ = spent(in_service=(2, 71), online=(4, 14), down=(14, 22), notice=(0, 8), outage=(6, 17), ill=(8, 20))
    assert hours(first) == {
        DayPart.NOT_IN_SERVICE: 2,
        DayPart.UNWATCHED: 2 + 2,
        DayPart.NOTICE: 4,
        DayPart.OUTAGE: 9,
        DayPart.DOWN: 5,
    }


def test_an_outage_that_is_charged_is_time_as_any_other() -> None:
    first, *_ = spent(charged=True, online=(0, 10), down=(10, 24), outage=(8, 20), ill=(0, 4))
    assert hours(first) == {DayPart.ILL: 4, DayPart.GOOD: 6, DayPart.DOWN: 14}


def test_a_fall_over_midnight_counts_for_both_days_and_the_day_of_summer_time_has_23_hours() -> None:
    days = spent(down=(22, 47))
    assert [day.parts[DayPart.DOWN] / HOUR for day in days] == [2, 23, 0]
    assert [(day.end - day.start) / HOUR for day in days] == [24, 23, 24]
    assert all(sum(day.parts.values(), timedelta()) == day.end - day.start for day in days)
    assert days[0].start.astimezone(UTC) == START
