"""Cameras' clocks, with all their mistakes."""

from datetime import UTC, datetime

import pytest

from tests.builders.devices import clock_answer
from vms.devices.onvif.clock import DeviceClock, read_clock, zone_offset_s
from vms.devices.onvif.xml import read_xml

NOW = datetime(2026, 11, 21, 12, 0, 0, 500_000, tzinfo=UTC)


def clock_of(when: str, *, zone: str = "UTC0", local: str = "") -> DeviceClock:
    return read_clock(read_xml(clock_answer(when, zone=zone, local=local).encode()).root, now=NOW)


def test_the_offset_is_device_minus_ours() -> None:
    assert clock_of("2026 11 21 12 1 40").offset_s == 100.0
    assert clock_of("2026 11 21 11 59 0").offset_s == -60.0


def test_local_time_in_the_utc_field_is_seen_by_its_zone() -> None:
    told = clock_of("2026 11 21 20 0 3", zone="CST-8", local="2026 11 21 20 0 3")
    assert (told.offset_s, told.problem) == (3.0, "utc_is_local_time")
    assert told.signing_offset_s == 8 * 3600 + 3


def test_a_clock_that_is_hours_off_is_not_blamed_on_another_zone() -> None:
    told = clock_of("2026 11 21 17 0 0", zone="CST-8")
    assert (told.offset_s, told.problem) == (18_000.0, "")


def test_a_zone_mistake_needs_local_time_to_equal_utc() -> None:
    assert clock_of("2026 11 21 20 0 0", zone="CST-8", local="2026 11 22 4 0 0").problem == ""


def test_local_time_alone_is_believed_with_its_zone() -> None:
    told = clock_of("", zone="CST-8", local="2026 11 21 20 0 10")
    assert (told.offset_s, told.problem) == (10.0, "clock_local_only")


@pytest.mark.parametrize(
    "when", ["2485 13 13 1 1 1", "2026 2 30 1 1 1", "9999 1 1 1 1 1", "x 1 1 1 1 1", "-1 1 1 1 1 1"]
)
def test_a_date_that_cannot_be_is_a_problem_and_no_error(when: str) -> None:
    told = clock_of(when)
    assert (told.offset_s, told.problem, told.signing_offset_s) == (None, "clock_impossible", 0.0)


def test_a_missing_date_is_a_problem_and_no_error() -> None:
    assert clock_of("") == DeviceClock(offset_s=None, problem="clock_missing")


@pytest.mark.parametrize(
    ("zone", "seconds"),
    [
        ("CST-8", 28_800),
        ("UTC5:0", -18_000),
        ("<+05>-5:30", 19_800),
        ("GMT", None),
        ("", None),
        ("Asia/Shanghai", None),
    ],
)
def test_posix_zones_count_westward(zone: str, seconds: int | None) -> None:
    assert zone_offset_s(zone) == seconds
