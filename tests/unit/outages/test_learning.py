"""Groups that fail together again and again are proposed; chance and chains are not."""

import random

from vms.core.ids import DeviceId
from vms.health.outages.learning import Fall, LearningPolicy, alike, hidden_groups, most_alike

POLICY = LearningPolicy()
DAY_S = 86_400.0


def together(devices: range, at_s: float) -> list[Fall]:
    return [Fall(DeviceId(one), at_s + one % 50) for one in devices]


def everywhere(_device: DeviceId) -> str:
    return "10.0.0.0/24"


def test_three_joint_failures_show_a_hidden_switch() -> None:
    falls = [fall for day in range(3) for fall in together(range(8), day * DAY_S)]
    (found,) = hidden_groups(falls, everywhere, POLICY)
    assert found.devices == set(range(8))
    assert (found.events, found.surely, found.place) == (3, 1.0, "10.0.0.0/24")
    assert found.last_at_s == 2 * DAY_S


def test_two_joint_failures_are_not_enough() -> None:
    falls = [fall for day in range(2) for fall in together(range(8), day * DAY_S)]
    assert hidden_groups(falls, everywhere, POLICY) == []


def test_devices_that_mostly_fall_alone_are_no_group() -> None:
    falls = [fall for day in range(3) for fall in together(range(4), day * DAY_S)]
    falls += [Fall(DeviceId(one), (10 + day) * DAY_S + one * 1000) for one in range(4) for day in range(5)]
    assert hidden_groups(falls, everywhere, POLICY) == []


def test_devices_of_different_networks_are_never_compared() -> None:
    falls = [fall for day in range(5) for fall in together(range(6), day * DAY_S)]
    assert hidden_groups(falls, lambda device: str(device), POLICY) == []


def test_a_pair_is_no_group_and_a_device_without_a_place_is_left_out() -> None:
    falls = [fall for day in range(5) for fall in together(range(2), day * DAY_S)]
    assert hidden_groups(falls, everywhere, POLICY) == []
    falls = [fall for day in range(5) for fall in together(range(6), day * DAY_S)]
    assert hidden_groups(falls, lambda device: "", POLICY) == []


def test_two_groups_of_one_network_stay_two() -> None:
    falls = [fall for day in range(4) for fall in together(range(6), day * DAY_S)]
    falls += [fall for day in range(4) for fall in together(range(10, 15), (day + 0.5) * DAY_S)]
    found = hidden_groups(falls, everywhere, POLICY)
    assert {frozenset(group.devices) for group in found} == {frozenset(range(6)), frozenset(range(10, 15))}


def test_chance_alone_proposes_nothing() -> None:
    chance = random.Random(7)
    falls = [Fall(DeviceId(chance.randrange(200)), chance.uniform(0, 90 * DAY_S)) for _ in range(2000)]
    assert hidden_groups(falls, everywhere, POLICY) == []


def test_a_group_is_recognised_by_what_it_shares() -> None:
    assert alike({DeviceId(1), DeviceId(2)}, {DeviceId(2), DeviceId(3)}) == 1 / 3
    assert most_alike({DeviceId(1)}, {}) == (None, 0.0)
    assert most_alike({DeviceId(1), DeviceId(2)}, {5: {DeviceId(9)}, 6: {DeviceId(1)}}) == (6, 0.5)


def test_who_also_falls_alone_now_and_then_still_shows_its_switch() -> None:
    falls = [fall for week in range(8) for fall in together(range(25), week * 7 * DAY_S)]
    falls += [Fall(DeviceId(one), (3 + 7 * week) * DAY_S + one * 1000) for one in range(25) for week in range(5)]
    (found,) = hidden_groups(falls, everywhere, POLICY)
    assert (found.devices, found.events) == (set(range(25)), 8)


def test_a_fall_of_the_whole_town_speaks_neither_for_nor_against_anybody() -> None:
    policy = LearningPolicy(most_devices=20)
    falls = [fall for day in range(3) for fall in together(range(8), day * DAY_S)]
    falls += [fall for day in range(10, 20) for fall in together(range(30), day * DAY_S)]
    (found,) = hidden_groups(falls, everywhere, policy)
    assert found.devices == set(range(8))
