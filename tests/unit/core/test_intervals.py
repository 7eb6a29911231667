"""Sums over stretches of time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vms.core.intervals import Interval, merged, overlap, total, without

MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)


def at(second: int) -> datetime:
    return MIDNIGHT + timedelta(seconds=second)


def stretch(start: int, end: int) -> Interval:
    return Interval(at(start), at(end))


stretches = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda pair: stretch(pair[0], pair[0] + pair[1])), max_size=12
)


def seconds(intervals) -> set[int]:
    """The brute force: every whole second that lies inside one of them."""
    return {second for second in range(100) if any(at(second) in interval for interval in intervals)}


def test_an_interval_contains_its_start_and_not_its_end():
    assert at(0) in stretch(0, 5)
    assert at(5) not in stretch(0, 5)


def test_neighbours_add_up_without_gap_or_overlap():
    assert merged([stretch(5, 9), stretch(0, 5)]) == (stretch(0, 9),)
    assert total([stretch(0, 5), stretch(5, 9), stretch(3, 6)]) == timedelta(seconds=9)


def test_a_million_tenths_of_a_second_are_exactly_a_hundred_thousand_seconds():
    tenth = timedelta(microseconds=100_000)
    tenths = [Interval(MIDNIGHT + 2 * i * tenth, MIDNIGHT + (2 * i + 1) * tenth) for i in range(10_000)]
    assert total(tenths) == timedelta(seconds=1_000)


def test_the_approved_outage_leaves_the_assessable_time():
    assert without([stretch(0, 10)], [stretch(2, 3), stretch(8, 20)]) == (stretch(0, 2), stretch(3, 8))


@given(stretches, stretches)
def test_the_sums_agree_with_counting_seconds(a, b):
    assert seconds(merged(a)) == seconds(a)
    assert seconds(overlap(a, b)) == seconds(a) & seconds(b)
    assert seconds(without(a, b)) == seconds(a) - seconds(b)
    assert total(a).total_seconds() == len(seconds(a))


@given(stretches, stretches)
def test_what_remains_and_what_is_taken_away_make_the_whole(a, b):
    assert total(without(a, b)) + total(overlap(a, b)) == total(a)


def test_naive_and_backward_intervals_are_refused():
    with pytest.raises(ValueError, match="aware"):
        Interval(datetime(2026, 1, 1), datetime(2026, 1, 2))  # noqa: DTZ001 - the naive instant is the point
    with pytest.raises(ValueError, match="ends after"):
        stretch(5, 5)
