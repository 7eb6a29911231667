"""Recordings of a day are asked for outside notices only, to the second where the gaps are kept."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from vms.assessment.excused_footage import FootageDay, Span, left_out

HOUR = 3_600_000_000
AUTUMN = FootageDay(day=25 * HOUR, planned=25 * HOUR, recorded=0, missing=25 * HOUR, expired=0, gaps=())
WHOLE = FootageDay(
    day=24 * HOUR, planned=24 * HOUR, recorded=20 * HOUR, missing=4 * HOUR, expired=0, gaps=[(6 * HOUR, 10 * HOUR)]
)


def test_a_day_without_power_asks_for_nothing() -> None:
    assert left_out(AUTUMN, [(0, 25 * HOUR)]) == (0, 25 * HOUR)
    assert left_out(WHOLE, [(-HOUR, 99 * HOUR)]) == (20 * HOUR, 24 * HOUR)


def test_gaps_count_where_they_lie() -> None:
    assert left_out(WHOLE, [(6 * HOUR, 10 * HOUR)]) == (0, 4 * HOUR), "the gap is the notice's"
    assert left_out(WHOLE, [(9 * HOUR, 12 * HOUR), (11 * HOUR, 13 * HOUR)]) == (3 * HOUR, 4 * HOUR)
    assert left_out(WHOLE, [(12 * HOUR, 13 * HOUR)]) == (HOUR, HOUR), "the gap stays the camera's"
    assert left_out(WHOLE, []) == (0, 0)


def test_what_is_not_known_by_its_place_is_shared_out() -> None:
    half = replace(WHOLE, planned=12 * HOUR, recorded=6 * HOUR, missing=6 * HOUR, gaps=())
    assert left_out(half, [(0, 8 * HOUR)]) == (2 * HOUR, 4 * HOUR)


spans = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4)


@given(spans, st.integers(1, 24), st.integers(0, 24), st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24))))
def test_never_more_is_left_out_than_there_is(told: list[Span], planned: int, recorded: int, gaps: list[Span]) -> None:
    recorded = min(planned, recorded)
    of = FootageDay(day=24, planned=planned, recorded=recorded, missing=planned - recorded, expired=0, gaps=gaps)
    recorded_in, planned_in = left_out(of, told)
    assert 0 <= recorded_in <= recorded and 0 <= planned_in <= planned
    assert recorded - recorded_in <= planned - planned_in
