"""The poll wheel: evenly spread, nobody twice, nobody forgotten. Time is handed in."""

from hypothesis import given
from hypothesis import strategies as st

from vms.core.ids import DeviceId
from vms.services.polling.wheel import PollWheel

INTERVAL_S = 60.0


def a_wheel(devices: int, began_s: float = 1000.0) -> PollWheel:
    wheel = PollWheel(INTERVAL_S, began_s)
    for number in range(1, devices + 1):
        wheel.put(DeviceId(number), began_s)
    return wheel


def test_each_device_gets_one_turn_per_interval():
    wheel = a_wheel(500)
    for revolution in range(3):
        found = wheel.due(1000.0 + (revolution + 1) * INTERVAL_S)
        assert sorted(slot.device_id for slot in found) == list(range(1, 501))
        assert {slot.turn for slot in found} <= {revolution, revolution + 1}


def test_the_turns_are_spread_evenly():
    wheel = a_wheel(600)
    per_second = [len(wheel.due(1000.0 + second)) for second in range(1, 61)]
    assert sum(per_second) == 600
    assert max(per_second) <= 12, "ten a second would be perfect"


def test_a_device_keeps_its_place_from_turn_to_turn():
    wheel = a_wheel(10)
    first = {slot.device_id: slot.due_s for slot in wheel.due(1060.0)}
    second = {slot.device_id: slot.due_s for slot in wheel.due(1120.0)}
    assert {device: due_s + INTERVAL_S for device, due_s in first.items()} == second


def test_a_device_asked_at_the_very_instant_it_is_due_is_asked_once():
    wheel = a_wheel(1)
    (slot,) = a_wheel(1).due(1060.0)
    assert wheel.due(slot.due_s) == [slot]
    assert wheel.due(slot.due_s) == []


def test_missed_turns_are_left_out():
    wheel = a_wheel(3)
    assert len(wheel.due(1000.0 + 100 * INTERVAL_S)) == 3
    assert wheel.due(1000.0 + 100 * INTERVAL_S) == []


def test_a_dropped_device_is_due_no_more_and_may_come_back():
    wheel = a_wheel(3)
    wheel.drop(DeviceId(2))
    assert len(wheel) == 2
    assert {slot.device_id for slot in wheel.due(1060.0)} == {1, 3}
    wheel.put(DeviceId(2), 1060.0)
    wheel.put(DeviceId(2), 1060.0)
    assert sorted(slot.device_id for slot in wheel.due(1120.0)) == [1, 2, 3]


def test_on_an_empty_wheel_nobody_is_due():
    wheel = a_wheel(0)
    assert (len(wheel), wheel.due(5000.0)) == (0, [])


@given(
    st.lists(st.tuples(st.sampled_from("pd"), st.integers(1, 30), st.floats(0.01, 150.0)), max_size=60),
)
def test_whatever_comes_and_goes_each_one_present_is_due_within_an_interval(happenings):
    wheel, now_s = PollWheel(INTERVAL_S, 0.0), 0.0
    present: set[int] = set()
    for what, device, pause_s in happenings:
        now_s += pause_s
        found = [slot.device_id for slot in wheel.due(now_s)]
        assert len(found) == len(set(found))
        assert set(found) <= present
        if what == "p":
            wheel.put(DeviceId(device), now_s)
            present.add(device)
        else:
            wheel.drop(DeviceId(device))
            present.discard(device)
    assert {slot.device_id for slot in wheel.due(now_s + INTERVAL_S)} == present
