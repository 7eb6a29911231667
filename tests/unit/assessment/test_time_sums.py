"""The sweep over all cameras' time says what counting it moment by moment says."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vms.assessment.period import Period, last_day, last_month, last_week
from vms.assessment.time_sums import WHOLE, Mark, Part, Stretches, time_sums
from vms.core.errors import BadInput

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
PERIODS = (
    Period(first=date(2026, 3, 27), last=date(2026, 4, 2), zone=BERLIN),  # a day of 23 hours, a month's end
    Period(first=date(2026, 10, 24), last=date(2026, 10, 26), zone=BERLIN),  # a day of 25 hours
    Period(first=date(2026, 12, 30), last=date(2027, 1, 2), zone=SHANGHAI),
)
SLOT = timedelta(minutes=15)
Cut = tuple[int, Mark, int, int]


@st.composite
def histories(draw: st.DrawFn) -> tuple[Period, int, list[Cut]]:
    """Stretches whose borders lie on quarters of an hour, before, in and after the period."""
    period = draw(st.sampled_from(PERIODS))
    cameras = draw(st.integers(1, 4))
    slots = int(period.interval.length / SLOT)
    ends = st.integers(-40, slots + 40)
    cut = st.tuples(st.integers(0, cameras - 1), st.sampled_from(list(Mark)), ends, ends)
    return period, cameras, draw(st.lists(cut, max_size=25))


def counted(period: Period, camera: int, cuts: list[Cut], *, charged: bool) -> dict[tuple[Part, date], timedelta]:
    """Brute force: quarter of an hour by quarter of an hour, by the words of the definition."""
    sums: dict[tuple[Part, date], timedelta] = {}
    for slot in range(int(period.interval.length / SLOT)):
        at = period.interval.start + slot * SLOT
        holds = {mark for row, mark, start, end in cuts if row == camera and start <= slot < end}
        found = set()
        if Mark.IN_SERVICE not in holds:
            found = {Part.NOT_IN_SERVICE}
        elif not holds & {Mark.ONLINE, Mark.DOWN} or Mark.BLIND in holds:
            found = {Part.UNWATCHED}
        elif Mark.NOTICE in holds:
            found = {Part.NOTICE}
        elif Mark.OUTAGE in holds and not charged:
            found = {Part.OUTAGE}
        else:
            found = {Part.ASSESSABLE}
            if Mark.DOWN not in holds:
                found |= {Part.ONLINE} if Mark.ILL in holds else {Part.ONLINE, Part.INTACT}
                found |= set() if Mark.PICTURE_ILL in holds else {Part.PICTURE_GOOD}
                found |= set() if Mark.CLOCK_ILL in holds else {Part.CLOCK_GOOD}
        for part in found:
            key = part, at.astimezone(period.zone).date()
            sums[key] = sums.get(key, timedelta()) + SLOT
    return sums


@given(histories(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_the_sweep_equals_counting_by_hand(found: tuple[Period, int, list[Cut]], charged: bool) -> None:
    period, cameras, cuts = found
    start = period.interval.start
    marks: dict[Mark, Stretches] = {}
    for row, mark, first, last in cuts:
        marks.setdefault(mark, Stretches()).add(row, start + first * SLOT, start + last * SLOT)
    sums = time_sums(cameras, marks, period.borders(), outages_are_charged=charged)
    for row in range(cameras):
        expected = counted(period, row, cuts, charged=charged)
        for part in Part:
            for place, day in enumerate(period.days):
                assert timedelta(microseconds=int(sums[part][row, place])) == expected.get((part, day), timedelta())


def test_not_a_microsecond_is_lost() -> None:
    period = PERIODS[0]
    start, end = period.interval.start, period.interval.end
    odd = timedelta(microseconds=333_333)
    service, online = Stretches(), Stretches()
    service.add(0, start, end)
    online.add(0, start + odd, end - odd)
    sums = time_sums(1, {Mark.IN_SERVICE: service, Mark.ONLINE: online}, period.borders())
    whole = sum(int(sums[part].sum()) for part in WHOLE)
    assert timedelta(microseconds=whole) == end - start
    assert timedelta(microseconds=int(sums[Part.UNWATCHED].sum())) == 2 * odd


def test_days_are_those_of_the_offices_clock() -> None:
    spring = PERIODS[0]
    hours = [
        (after - before) / timedelta(hours=1)
        for before, after in zip(spring.borders(), spring.borders()[1:], strict=False)
    ]
    assert hours == [24, 24, 23, 24, 24, 24, 24]


def test_reports_look_back_on_whole_days_weeks_and_months() -> None:
    now = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)  # already 2 March in Shanghai, a Monday
    assert last_day(now, SHANGHAI).days == (date(2026, 3, 1),)
    assert (last_week(now, SHANGHAI).first, last_week(now, SHANGHAI).last) == (date(2026, 2, 23), date(2026, 3, 1))
    assert (last_month(now, SHANGHAI).first, last_month(now, SHANGHAI).last) == (date(2026, 2, 1), date(2026, 2, 28))


@pytest.mark.parametrize("day", [date.max, date.min], ids=str)
def test_a_day_beyond_the_calendar_is_refused(day: date) -> None:
    with pytest.raises(BadInput, match="no day that could be assessed"):
        Period(first=day, last=day, zone=SHANGHAI)


def test_a_period_that_ends_before_it_begins_is_refused_with_its_place() -> None:
    with pytest.raises(BadInput, match="ends"):
        Period(first=date(2026, 3, 2), last=date(2026, 3, 1), zone=SHANGHAI)
