"""Who is told when: quiet hours hold back all but critical, beyond so many an hour everything waits for one digest."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from vms.health.fault import Severity
from vms.maintenance.alert import MOST_TRIES, AlertItem, Moment, Pace, Wants, is_wanted, next_try, plan, quiet_until
from vms.places.land import NO_TREE

NIGHT = ((1320, 1440), (0, 420))
"""22:00 … 7:00."""
PACE = Pace(batch_s=60, most_per_hour=3, quiet=NIGHT, zone=ZoneInfo("Asia/Shanghai"))
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 22, 16, tzinfo=UTC)
SEVEN = datetime(2026, 11, 22, 23, tzinfo=UTC)


def an_item(severity: Severity = Severity.MAJOR, **other: Any) -> AlertItem:
    known = {"moment": Moment.OPENED, "order_id": 1, "number": "20261122-0001", "cause": "unreachable", "at": NOON}
    return AlertItem(**{**known, "severity": severity, **other})


def test_by_day_everything_goes_out() -> None:
    assert plan([an_item()], PACE, [], NOON).now == (an_item(),)


def test_by_night_only_what_is_critical_goes_out_and_the_rest_waits_for_the_morning() -> None:
    urgent = an_item(Severity.CRITICAL)
    found = plan([an_item(), urgent], PACE, [], MIDNIGHT)
    assert (found.now, found.held, found.until) == ((urgent,), (an_item(),), SEVEN)


def test_quiet_hours_over_midnight_end_in_the_morning() -> None:
    assert quiet_until(PACE, MIDNIGHT - timedelta(hours=1)) == SEVEN
    assert quiet_until(PACE, SEVEN) is None


def test_beyond_so_many_an_hour_everything_waits_for_the_next_free_place() -> None:
    sent = [NOON - timedelta(minutes=m) for m in (50, 20, 10)]
    found = plan([an_item(Severity.CRITICAL)], PACE, sent, NOON)
    assert (found.now, found.until) == ((), NOON + timedelta(minutes=10))
    assert plan([an_item()], PACE, sent, NOON + timedelta(minutes=10)).now


@pytest.mark.parametrize(
    ("wants", "wanted"),
    [
        (Wants(), True),
        (Wants(moments=(Moment.LATE,)), False),
        (Wants(severities=(Severity.MAJOR,)), True),
        (Wants(regions=("4101",)), True),
        (Wants(regions=("4102",)), False),
        (Wants(maintainers=(3,)), False),  # type: ignore[arg-type]
    ],
)
def test_a_channel_hears_what_it_wants(wants: Wants, wanted: bool) -> None:
    assert is_wanted(wants, an_item(region_code="410105"), NO_TREE) is wanted


def test_what_does_not_arrive_is_tried_ever_more_seldom_for_a_day_and_then_given_up() -> None:
    at, tries = NOON, 1
    pauses = []
    while (again := next_try(tries, at)) is not None:
        pauses.append((again - at).total_seconds())
        at, tries = again, tries + 1
    assert pauses[:3] == [30, 120, 600]
    assert pauses == sorted(pauses)
    assert (tries, timedelta(hours=22) < at - NOON < timedelta(hours=25)) == (MOST_TRIES, True)


@pytest.mark.parametrize(
    ("quiet", "all_day"),
    [
        (((0, 1440),), True),
        (((0, 720), (720, 1440)), True),
        (((0, 1439),), False),
        (((0, 480), (1320, 1440)), False),
        ((), False),
    ],
)
def test_quiet_hours_leave_some_of_the_day(quiet: tuple[tuple[int, int], ...], all_day: bool) -> None:
    assert Pace(quiet=quiet).is_quiet_all_day is all_day
