"""The coverage of any days, from changes, equals the one that is counted second by second."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from vms.core.intervals import Interval, merged
from vms.coverage.ground import Ground
from vms.coverage.rate_history import CoveredTime, RateChange, covered_time, grouped
from vms.coverage.totals import Covered, FigureKey

T0 = datetime(2026, 11, 1, tzinfo=UTC)
S = timedelta(seconds=1)
STREETS = FigureKey(region="a", ground=Ground.STREET, px_per_m=25.0, by_night=False)
PLACES = FigureKey(region="b", ground=Ground.KEY_PLACE, px_per_m=62.5, by_night=False)

changes = st.lists(
    st.tuples(st.integers(0, 99), st.sampled_from([STREETS, PLACES]), st.integers(0, 5), st.integers(0, 9)),
    max_size=12,
    unique_by=lambda one: (one[0], one[1]),
)
spans = st.lists(st.tuples(st.integers(0, 99), st.integers(1, 40)), max_size=4)


def a_change(at_s: int, key: FigureKey, covered: int, missing: int) -> RateChange:
    whole = Covered(length_mm=covered + missing, covered_mm=covered, places=covered + missing, covered_places=covered)
    return RateChange(at=T0 + at_s * S, key=key, covered=whole)


@given(changes, spans, st.integers(0, 60), st.integers(1, 40))
def test_time_covered_is_what_counting_every_second_gives(drawn, known_s, from_s, length_s):
    steps = [a_change(*one) for one in drawn]
    known = merged(Interval(T0 + begin * S, T0 + (begin + length) * S) for begin, length in known_s)
    found = covered_time(steps, known, Interval(T0 + from_s * S, T0 + (from_s + length_s) * S))
    for key in (STREETS, PLACES):
        whole = covered = 0
        for second in range(from_s, from_s + length_s):
            at = T0 + second * S
            before = [one for one in steps if one.key == key and one.at <= at]
            if before and any(at in span for span in known):
                now = max(before, key=lambda one: one.at).covered
                whole, covered = whole + now.length_mm, covered + now.covered_mm
        if key in found:
            assert (found[key].length, found[key].covered_length) == (whole * 1_000_000, covered * 1_000_000)
            assert found[key].road_rate == (float(Fraction(covered, whole)) if whole else None)
        else:
            assert whole == 0


def test_figures_are_added_up_by_class_and_need():
    window = Interval(T0, T0 + 10 * S)
    found = covered_time(
        [a_change(0, STREETS, 1, 1), a_change(5, STREETS, 2, 0), a_change(0, PLACES, 0, 3)], [window], window
    )
    assert sum(grouped(found, "class")["street"].values(), CoveredTime()).road_rate == 0.75
    assert sum(grouped(found, "class")["key_place"].values(), CoveredTime()).place_rate == 0.0
    assert grouped(found, "need").keys() == {"25", "62.5"}


def test_what_nobody_measured_has_no_rate():
    window = Interval(T0, T0 + 10 * S)
    assert covered_time([a_change(0, STREETS, 1, 1)], [], window)[STREETS].road_rate is None
