"""A clock's way from day to day."""

from datetime import date, timedelta

import pytest

from vms.health.clock_trend import ClockDay, drift_s_per_day, uncertainty_s


def days(*means_s: float) -> list[ClockDay]:
    return [
        ClockDay(
            day=date(2026, 3, 28) + timedelta(days=number),
            readings=1,
            mean_s=mean_s,
            least_s=mean_s,
            most_s=mean_s,
            uncertainty_s=0.5,
        )
        for number, mean_s in enumerate(means_s)
    ]


def test_a_clock_that_loses_two_seconds_a_day_is_said_to():
    assert drift_s_per_day(days(0, -2, -4, -6, -8)) == pytest.approx(-2.0)
    noisy = [one for one in days(0.5, -2.5, -3.5, -6.5, -7.5) if one.day.day != 30]
    assert drift_s_per_day(noisy) == pytest.approx(-2.0, abs=0.3)


def test_two_days_are_no_trend():
    assert drift_s_per_day(days(0, -2)) is None
    assert drift_s_per_day([]) is None


def test_nobody_knows_when_within_its_answer_a_device_read_its_clock():
    assert uncertainty_s(3.0) == 2.0
    assert uncertainty_s(None) == 0.5
