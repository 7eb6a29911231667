"""Hours of the night, also over midnight; every device has its own time within them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from vms.core.errors import BadInput
from vms.health.quiet_hours import QuietHours

ZONE = ZoneInfo("Asia/Shanghai")


def local(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, 4, hour, minute, tzinfo=ZONE).astimezone(UTC)


def test_they_begin_and_end_by_the_local_clock() -> None:
    night = QuietHours.between("02:00", "04:00")
    assert [night.since_begin(local(*at), ZONE) for at in ((1, 59), (2, 0), (3, 59), (4, 0))] == [
        None,
        timedelta(),
        timedelta(minutes=119),
        None,
    ]


def test_they_may_go_over_midnight() -> None:
    night = QuietHours.between("23:00", "01:30")
    assert night.minutes == 150
    assert night.since_begin(local(0, 30), ZONE) == timedelta(minutes=90)
    assert night.since_begin(local(22, 59), ZONE) is None


def test_devices_come_one_after_the_other_and_all_before_the_end() -> None:
    night = QuietHours.between("02:00", "04:00")
    come = [
        sum(night.is_turn_of(number, local(*at), ZONE) for number in range(1000)) for at in ((2, 5), (2, 54), (3, 48))
    ]
    assert come[0] < 60 and 450 < come[1] < 550 and come[2] == 1000
    assert not any(night.is_turn_of(number, local(4, 1), ZONE) for number in range(1000))


@pytest.mark.parametrize(("first", "last"), [("02:00", "02:00"), ("2 Uhr", "04:00"), ("25:00", "04:00")])
def test_what_is_no_time_of_the_day_is_refused(first: str, last: str) -> None:
    with pytest.raises(BadInput):
        QuietHours.between(first, last)
