"""Several sensors in one cell of a list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vms.inventory.lists.sensor_cell import SensorAim, read_sensors, sensors_text

AIMS = st.builds(
    SensorAim,
    st.none() | st.floats(0, 360, exclude_max=True).map(abs),
    st.none() | st.floats(1, 360),
)


def test_each_sensor_is_a_bearing_and_a_field_of_view():
    assert read_sensors("0/60;90/60.5;180/60") == (SensorAim(0, 60), SensorAim(90, 60.5), SensorAim(180, 60))


def test_what_nobody_said_is_left_out():
    assert read_sensors("90;/60;/") == (SensorAim(90, None), SensorAim(None, 60), SensorAim(None, None))


def test_people_write_it_with_signs_and_full_width_letters():
    assert read_sensors(" 0°／60° ；-90/60\n") == (SensorAim(0, 60), SensorAim(270, 60))


def test_an_empty_cell_is_a_camera_of_one_sensor():
    assert read_sensors("  ") == ()


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("0/60;left/60", "sensor 2 is not bearing/field of view in degrees, as in 0/60;90/60;180/60"),
        ("0/60/1;90/60", "sensor 1 is not bearing/field of view"),
        ("0/60;nan/60", "sensor 2 is not bearing/field of view"),
        ("0/60;;90/60", "sensor 2 is not bearing/field of view"),
        ("0/60;400/60", "sensor 2: bearings go from 0 to 360 degrees"),
        ("0/0.5;90/60", "sensor 1: bearings go from 0 to 360 degrees, fields of view from 1 to 360"),
        ("90/60", "one sensor is described by the record itself"),
        (";".join(["0/60"] * 17), "more than 16 sensors"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_is_expected(cell, reason):
    with pytest.raises(ValueError, match=reason):
        read_sensors(cell)


@given(st.lists(AIMS, min_size=2, max_size=16).map(tuple))
def test_what_is_written_is_read_to_the_last_digit(aims):
    assert read_sensors(sensors_text(aims)) == aims
