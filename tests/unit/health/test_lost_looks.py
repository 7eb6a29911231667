"""Where looks get lost it takes more of them to call a camera down, never fewer, and never more than so many."""

import pytest

from tests.builders.health import GOOD, UNREACHABLE, watch_through
from vms.health.lost_looks import LookedAround, looks_until_down, patient, share_lost
from vms.health.policy import Policy
from vms.health.status import Status
from vms.services.polling.lost_around import WINDOW_S, LostAround

POLICY = Policy()


@pytest.mark.parametrize(
    ("share", "looks"), [(0.0, 3), (0.001, 3), (0.02, 3), (0.05, 4), (0.1, 5), (0.2, 8), (0.5, 8), (1.0, 8)]
)
def test_so_many_looks_are_lost_in_a_row_by_chance_once_in_a_hundred_thousand_times(share: float, looks: int) -> None:
    assert looks_until_down(share, POLICY) == looks
    assert looks == POLICY.down_after_most or share**looks <= POLICY.by_chance * 1.000001


def test_few_looks_or_one_device_that_restarts_tell_nothing_of_the_line() -> None:
    assert share_lost(LookedAround(looks=99, lost=30, losers=9), POLICY) == 0.0
    assert share_lost(LookedAround(looks=400, lost=40, losers=2), POLICY) == 0.0
    assert share_lost(LookedAround(looks=400, lost=40, losers=3), POLICY) == 0.1


def test_on_a_bad_line_three_lost_looks_are_not_believed_and_eight_are() -> None:
    policy = patient(POLICY)[looks_until_down(0.3, POLICY)]
    steps = watch_through(GOOD, *[UNREACHABLE] * 8, policy=policy)
    assert [taken.watch.status for taken in steps[1:]] == [Status.SUSPECT] * 7 + [Status.DOWN]
    assert [bool(taken.opened) for taken in steps[1:]] == [False] * 7 + [True]


def test_losses_count_around_a_device_for_a_while_and_not_elsewhere() -> None:
    now_s = 0.0
    around = LostAround(POLICY, lambda: now_s)
    for look in range(40):
        for device in range(10):
            around.saw("eth0", f"10.1.2.{device}", device, lost=look % 5 == 0)
            around.saw("eth0", f"10.1.3.{device}", device, lost=0)
    assert around.policy("eth0", "10.1.2.77").down_after == 7
    assert around.policy("eth0", "10.1.3.77") is POLICY
    assert around.policy("eth1", "10.1.2.77") is POLICY, "behind another ground"
    now_s = WINDOW_S
    assert around.policy("eth0", "10.1.2.77").down_after == 7
    now_s = 2 * WINDOW_S
    assert around.policy("eth0", "10.1.2.77") is POLICY


def test_who_was_away_for_long_tells_nothing_of_the_line() -> None:
    around = LostAround(POLICY, lambda: 0.0)
    for device in range(200):
        around.saw("eth0", "10.1.2.3", device, lost=60)
    assert around.policy("eth0", "10.1.2.3") is POLICY
