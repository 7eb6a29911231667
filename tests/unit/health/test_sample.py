"""Which moment of a camera's recordings is played, and what that says."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vms.core.intervals import Interval
from vms.health.clock_offset import clock_offset
from vms.health.sample import judge_moment, moment_in, some_moment

NOW = datetime(2026, 5, 4, 3, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@given(number=st.integers(1, 10**6), kept_minutes=st.integers(0, 60 * 24 * 90), day=st.integers(0, 400))
def test_the_moment_lies_within_what_is_kept(number: int, kept_minutes: int, day: int) -> None:
    newest = NOW - 20 * MINUTE
    oldest = newest - kept_minutes * MINUTE
    asked = some_moment(number, oldest, newest, NOW + day * DAY)
    assert oldest <= asked.start <= newest and asked.length <= timedelta(hours=2)


def test_other_nights_ask_for_other_moments() -> None:
    asked = {some_moment(7, NOW - 30 * DAY, NOW, NOW + night * DAY).start for night in range(30)}
    assert len(asked) == 30


def test_the_middle_of_the_longest_span_is_played_and_scraps_are_not() -> None:
    spans = (Interval(NOW, NOW + MINUTE), Interval(NOW + 5 * MINUTE, NOW + 9 * MINUTE))
    assert moment_in(spans) == NOW + 7 * MINUTE
    assert moment_in((Interval(NOW, NOW + timedelta(seconds=20)),)) is None
    assert moment_in(()) is None


def test_another_time_is_a_failure_and_no_time_is_not() -> None:
    slack = timedelta(seconds=30)
    found = [judge_moment(NOW, shown, slack) for shown in (NOW + slack, NOW - 2 * MINUTE, None)]
    assert [(one.ok, one.because) for one in found] == [(True, ""), (False, "another_time"), (True, "time_not_told")]


def test_an_offset_counts_where_it_is_more_than_what_is_not_known_of_it() -> None:
    assert clock_offset(0.9, answer_s=1.0).offset_s == 0.0
    kept = clock_offset(28_799.6, answer_s=0.4)
    assert (kept.offset_s, kept.uncertainty_s) == (28_800.0, 0.7)
    assert kept.by_us(kept.by_device(NOW)) == NOW
