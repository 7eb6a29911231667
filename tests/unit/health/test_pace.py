"""How often a device is asked, and where on the wheel."""

from vms.health.pace import is_due, phase_of, turns_between_looks


def test_a_device_that_fell_silent_is_asked_at_every_turn_for_a_while():
    assert {turns_between_looks(failures, 60.0, 900.0) for failures in range(11)} == {1}


def test_a_device_long_silent_is_asked_half_as_often_each_time_up_to_a_quarter_of_an_hour():
    assert [turns_between_looks(failures, 60.0, 900.0) for failures in (11, 12, 13, 14, 1000)] == [2, 4, 8, 15, 15]


def test_the_longest_pause_can_be_as_short_as_one_turn():
    assert turns_between_looks(1000, 60.0, 1.0) == 1


def test_devices_are_spread_evenly_over_the_wheel():
    places = sorted(phase_of(number) for number in range(1, 2001))
    gaps = [b - a for a, b in zip(places, [*places[1:], places[0] + 1.0], strict=True)]
    assert max(gaps) < 2.0 / 2000


def test_every_channel_of_a_recorder_gets_its_turn_and_not_all_at_once():
    due = [{channel for channel in range(4) if is_due(channel, turn, 4)} for turn in range(4)]
    assert all(len(channels) == 1 for channels in due)
    assert set.union(*due) == {0, 1, 2, 3}
