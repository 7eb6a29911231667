"""A camera that comes and goes: one fault for all its falls."""

from dataclasses import replace
from datetime import timedelta

from tests.builders.health import GOOD, NOON, POLICY, UNREACHABLE, watch_through
from vms.health.fault import FaultKind, Severity
from vms.health.judge import name_faults
from vms.health.status import Status
from vms.health.steady import is_steady
from vms.health.watch import Step, step

FALL = (UNREACHABLE, UNREACHABLE, UNREACHABLE)
FALLING_OFTEN = (GOOD, *(*FALL, GOOD, GOOD, GOOD, GOOD) * 6)


def news(steps: list[Step]) -> list[tuple[str, FaultKind]]:
    return [
        (word, fault.kind)
        for taken in steps
        for word, faults in (("opened", taken.opened), ("closed", taken.closed))
        for fault in faults
    ]


def test_the_fifth_fall_within_an_hour_opens_one_fault_that_stands_for_all_that_follow():
    told = news(watch_through(*FALLING_OFTEN))
    opened = [kind for word, kind in told if word == "opened"]
    assert opened == [FaultKind.UNREACHABLE] * (POLICY.flap_fault_after - 1) + [FaultKind.FLAPPING]


def test_it_is_minor_unless_the_policy_says_otherwise():
    (fault,) = watch_through(*FALLING_OFTEN)[-1].watch.open_faults
    assert (fault.kind, fault.severity, fault.because) == (FaultKind.FLAPPING, Severity.MINOR, "5 falls within 60 min")
    major = replace(POLICY, flap_severity=Severity.MAJOR)
    (fault,) = watch_through(*FALLING_OFTEN, policy=major)[-1].watch.open_faults
    assert fault.severity is Severity.MAJOR


def test_once_it_is_calm_the_fault_is_closed_and_not_before():
    flapped = watch_through(*FALLING_OFTEN)[-1].watch
    assert flapped.status is Status.UP
    for minutes, is_over in ((29, False), (31, True)):
        now = flapped.since + timedelta(minutes=minutes)
        assert not is_steady(flapped, GOOD, POLICY)
        taken = step(flapped, GOOD, name_faults(GOOD, POLICY), now, POLICY)
        assert bool(taken.closed) is is_over


def test_a_flapping_camera_that_stays_down_is_dead_after_all():
    flapped = watch_through(*FALLING_OFTEN)[-1].watch
    down = (UNREACHABLE,) * 25
    current, told = flapped, []
    for minute, reading in enumerate(down):
        now = NOON + timedelta(hours=2, minutes=minute)
        taken = step(current, reading, name_faults(reading, POLICY), now, POLICY)
        told += [(minute, *item) for item in news([taken])]
        current = taken.watch
    assert [item[1:] for item in told] == [("opened", FaultKind.UNREACHABLE), ("closed", FaultKind.FLAPPING)]
    assert {fault.kind for fault in current.open_faults} == {FaultKind.UNREACHABLE}
    assert told[0][0] * 60 >= POLICY.flap_patience_s


def test_a_camera_that_falls_twice_a_day_does_not_flap():
    steps = watch_through(GOOD, *(*FALL, *(GOOD,) * 30) * 3)
    assert FaultKind.FLAPPING not in {kind for _, kind in news(steps)}
