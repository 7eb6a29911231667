"""Offsets that look like a wrong time zone are called so, others are not."""

import pytest

from vms.health.clock_mistake import ClockMistake, clock_mistake


@pytest.mark.parametrize("offset_s", [3600.0, -3600.0, 28_800.0, -19_800.0, 1790.0, 3650.0])
def test_whole_half_hours_are_a_time_zone(offset_s):
    assert clock_mistake(offset_s) is ClockMistake.TIME_ZONE


@pytest.mark.parametrize("offset_s", [None, 0.0, 59.0, 900.0, 1234.0, 3700.0, 60 * 86_400.0])
def test_anything_else_is_just_a_wrong_clock(offset_s):
    assert clock_mistake(offset_s) is ClockMistake.NONE
