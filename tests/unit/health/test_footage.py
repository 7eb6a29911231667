"""Recorded, expired, missing: nothing is a gap that is not one, and nothing that is one is forgiven."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vms.core.errors import BadInput
from vms.core.intervals import Interval
from vms.health.footage import (
    DAY_AND_NIGHT,
    DayOfFootage,
    RecordingPlan,
    judge_day,
    judge_retention,
    planned_intervals,
)

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
DAY = date(2026, 5, 4)  # a Monday
START = datetime(2026, 5, 3, 16, tzinfo=UTC)
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
LONG_AGO, LATER = START - timedelta(days=60), START + timedelta(days=2)


def judged(*hours: tuple[float, float], oldest: datetime | None = LONG_AGO, **more: object) -> DayOfFootage:
    recorded = [Interval(START + a * HOUR, START + b * HOUR) for a, b in hours]
    given_values = {"keep_since": LONG_AGO, "until": LATER, **more}
    return judge_day(DAY, planned_intervals(RecordingPlan(), DAY, SHANGHAI), recorded, oldest=oldest, **given_values)  # type: ignore[arg-type]


def test_a_whole_day_is_recorded() -> None:
    found = judged((-1, 25))
    assert (found.planned, found.recorded, found.missing, found.gaps) == (24 * HOUR, 24 * HOUR, timedelta(), ())


def test_cuts_between_files_are_no_gaps_but_a_minute_is_one() -> None:
    recorded = [Interval(START, START + HOUR), Interval(START + HOUR + 9 * SECOND, START + 12 * HOUR)]
    recorded.append(Interval(START + 12 * HOUR + MINUTE, START + 24 * HOUR))
    plan = planned_intervals(RecordingPlan(), DAY, SHANGHAI)
    found = judge_day(DAY, plan, recorded, oldest=LONG_AGO, keep_since=LONG_AGO, until=LATER)
    assert (found.missing, found.gaps) == (MINUTE, (Interval(START + 12 * HOUR, START + 12 * HOUR + MINUTE),))


def test_what_was_overwritten_has_expired_only_where_it_need_not_be_kept() -> None:
    oldest = START + 6 * HOUR
    old_enough = judged((6, 24), oldest=oldest, keep_since=START + 10 * HOUR)
    assert (old_enough.expired, old_enough.missing) == (6 * HOUR, timedelta())
    too_early = judged((6, 24), oldest=oldest, keep_since=START + 2 * HOUR)
    assert (too_early.expired, too_early.missing) == (2 * HOUR, 4 * HOUR)


def test_a_hole_after_the_oldest_recording_never_expires() -> None:
    found = judged((0, 3), (5, 24), oldest=START, keep_since=START + 30 * HOUR)
    assert (found.expired, found.missing) == (timedelta(), 2 * HOUR)


def test_without_any_recording_everything_that_should_be_there_is_missing() -> None:
    assert judged(oldest=None).missing == 24 * HOUR
    assert judged(oldest=None, keep_since=START + 24 * HOUR).expired == 24 * HOUR


def test_the_future_is_not_missing() -> None:
    found = judged((0, 2), until=START + 3 * HOUR)
    assert (found.planned, found.missing) == (3 * HOUR, HOUR)
    assert judged(until=START - HOUR).planned == timedelta()


def test_a_plan_of_office_hours_asks_for_nothing_at_night() -> None:
    week = (((8 * 60, 18 * 60),),) * 5 + ((), ())
    plan = RecordingPlan(week=week)
    assert planned_intervals(plan, DAY, SHANGHAI) == (Interval(START + 8 * HOUR, START + 18 * HOUR),)
    assert planned_intervals(plan, date(2026, 5, 9), SHANGHAI) == ()


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_days_of_a_clock_change_are_planned_in_full(day: date, hours: int) -> None:
    (whole,) = planned_intervals(RecordingPlan(), day, BERLIN)
    assert whole.length == hours * HOUR


def test_a_plan_that_is_none_is_refused_with_its_place() -> None:
    with pytest.raises(BadInput, match="Monday first"):
        RecordingPlan(week=DAY_AND_NIGHT[:6])
    with pytest.raises(BadInput) as refused:
        RecordingPlan(week=(((60, 30),), *DAY_AND_NIGHT[1:]))
    assert refused.value.where == "week.0"
    with pytest.raises(BadInput, match="least"):
        RecordingPlan(days_least=30, days_most=20)


def test_retention_is_judged_both_ways_and_a_young_camera_is_forgiven() -> None:
    plan, now, day = RecordingPlan(days_least=30, days_most=90), LATER, timedelta(days=1)
    assert judge_retention(plan, now - 30 * day, now - 100 * day, now).too_short is False
    assert judge_retention(plan, now - 20 * day, now - 100 * day, now).too_short is True
    assert judge_retention(plan, now - 5 * day, now - 5 * day, now).too_short is False
    assert judge_retention(plan, now - 95 * day, now - 100 * day, now).too_long is True


minutes = st.integers(-120, 1560)


@given(st.lists(st.tuples(minutes, minutes), max_size=8), minutes, minutes)
def test_the_parts_add_up_and_agree_with_counting_minutes(cuts: list[tuple[int, int]], oldest: int, keep: int) -> None:
    recorded = [Interval(START + a * MINUTE, START + b * MINUTE) for a, b in cuts if b > a]
    plan = planned_intervals(RecordingPlan(), DAY, SHANGHAI)
    found = judge_day(
        DAY,
        plan,
        recorded,
        oldest=START + oldest * MINUTE,
        keep_since=START + keep * MINUTE,
        until=LATER,
        tolerance=timedelta(),
    )
    assert found.recorded + found.expired + found.missing == found.planned == 24 * HOUR
    held = {m for m in range(1440) if any(a <= m < b for a, b in cuts)}
    ancient = {m for m in range(1440) if m < min(oldest, keep)}
    assert found.recorded == len(held) * MINUTE
    assert found.expired == len(ancient - held) * MINUTE
