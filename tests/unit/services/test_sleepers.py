"""Who was silent for long is asked again when a neighbour comes back: soon, evenly, and not all the time."""

from tests.builders.visited_devices import INTERVAL_S, Behind, visited_devices
from vms.core.ids import DeviceId
from vms.services.polling.sleepers import Sleepers
from vms.services.polling.wheel import PollWheel


def asleep(*devices: int) -> Sleepers:
    sleepers = Sleepers(INTERVAL_S)
    for number in devices:
        sleepers.rest(DeviceId(number), f"10.0.{number // 100}.{number % 100}")
    return sleepers


def test_the_neighbours_in_the_network_are_woken_and_nobody_else() -> None:
    sleepers = asleep(1, 2, 3, 101)
    sleepers.rises(DeviceId(1))
    assert sleepers.to_wake(sleepers.take_back(), {}, 0.0) == {2, 3}


def test_who_hangs_on_the_same_node_is_woken_where_it_sleeps() -> None:
    sleepers = asleep(1, 101, 201)
    sleepers.rises(DeviceId(1))
    assert sleepers.to_wake(sleepers.take_back(), {7: {1, 101, 500}}, 0.0) == {101}


def test_a_neighbourhood_is_woken_once_an_interval() -> None:
    sleepers = asleep(1, 2, 3, 4)
    sleepers.rises(DeviceId(1))
    assert sleepers.to_wake(sleepers.take_back(), {}, 0.0) == {2, 3, 4}
    sleepers.rises(DeviceId(2))
    assert sleepers.to_wake(sleepers.take_back(), {}, 30.0) == set()
    sleepers.rises(DeviceId(3))
    assert sleepers.to_wake(sleepers.take_back(), {}, 61.0) == {4}


def test_one_that_had_not_slept_wakes_nobody() -> None:
    sleepers = asleep(1, 2)
    sleepers.rises(DeviceId(9))
    assert sleepers.take_back() == {}


def test_the_last_one_to_come_back_wakes_nobody() -> None:
    sleepers = asleep(1)
    sleepers.rises(DeviceId(1))
    assert sleepers.take_back() == {}


async def test_five_thousand_that_come_back_are_asked_over_a_whole_interval(tmp_path):
    count = 5000
    visited = visited_devices(Behind(), tmp_path, devices=count, streams=False)
    wheel, sleepers = PollWheel(INTERVAL_S, 0.0), visited.visits.sleepers
    for device in visited.devices:
        wheel.put(device.target.device_id, 0.0)
        device.look_again_turn = 15
        sleepers.rest(device.target.device_id, "10.0.0.1")
    sleepers.rises(DeviceId(1))
    woken = sleepers.to_wake(sleepers.take_back(), {}, 0.0)
    assert len(woken) == count - 1
    for number in woken:
        visited.visits.wake(visited.devices[number - 1])
    asked = [
        [slot for slot in wheel.due(float(second)) if slot.turn >= visited.devices[slot.device_id - 1].look_again_turn]
        for second in range(1, 61)
    ]
    assert {slot.device_id for slots in asked for slot in slots} == woken, "everybody within an interval"
    assert max(map(len, asked)) <= 1.2 * count / 60, "and nobody faster than at any other time"
