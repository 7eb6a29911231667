"""The short way of judging says the same as the long one."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.builders.health import ANSWERED, CONNECTED, GOOD, NOON, PLAYING, POLICY, REFUSED, SILENT, a_reading, a_watch
from vms.health.fault import LAYER_OF, Fault, FaultKind, Severity
from vms.health.judge import name_faults
from vms.health.reading import ControlReading, Reading
from vms.health.status import Status
from vms.health.steady import is_steady
from vms.health.watch import Step, Watch, step

UP = step(a_watch(), GOOD, name_faults(GOOD, POLICY), NOON, POLICY).watch
CLOCK = Fault(kind=FaultKind.CLOCK_OFF, layer=LAYER_OF[FaultKind.CLOCK_OFF], severity=Severity.MINOR, because="+9 s")


def judged(watch: Watch, reading: Reading) -> Step:
    return step(watch, reading, name_faults(reading, POLICY), NOON, POLICY)


def test_a_healthy_camera_that_answers_as_before_is_steady() -> None:
    assert is_steady(UP, GOOD, POLICY)
    assert is_steady(UP, a_reading(network=CONNECTED, control=ControlReading(answered=True)), POLICY)


@pytest.mark.parametrize(
    "reading",
    [
        a_reading(network=REFUSED),
        a_reading(network=CONNECTED, control=SILENT),
        a_reading(network=CONNECTED, control=ControlReading(answered=True, login_refused=True)),
        a_reading(network=CONNECTED, control=ControlReading(answered=True, clock_offset_s=POLICY.clock_warn_s + 100)),
        a_reading(network=CONNECTED, control=ANSWERED, stream=PLAYING),
        a_reading(control=ANSWERED),
    ],
)
def test_whatever_is_news_goes_the_long_way(reading: Reading) -> None:
    assert not is_steady(UP, reading, POLICY)


offsets = some.none() | some.floats(-4000, 4000) | some.floats(-POLICY.clock_warn_s - 2, POLICY.clock_warn_s + 2)


@given(
    status=some.sampled_from(Status),
    failures=some.sampled_from([(0, 0), (1, 0), (0, 2)]),
    votes=some.sampled_from([(), ((FaultKind.CLOCK_OFF, 2),)]),
    open_faults=some.sampled_from([(), (CLOCK,)]),
    layers=some.sampled_from([UP.layers, (), UP.layers[:1]]),
    told_s=offsets,
    offset_s=offsets,
    uncertainty_s=some.none() | some.floats(0, 3),
    stream=some.sampled_from([None, PLAYING]),
)
def test_what_is_steady_changes_nothing_the_long_way(
    status: Status,
    failures: tuple[int, int],
    votes: tuple[tuple[FaultKind, int], ...],
    open_faults: tuple[Fault, ...],
    layers: tuple,  # type: ignore[type-arg]
    told_s: float | None,
    offset_s: float | None,
    uncertainty_s: float | None,
    stream: object,
) -> None:
    watch = replace(
        UP,
        status=status,
        control_failures=failures[0],
        stream_failures=failures[1],
        votes=votes,
        open_faults=open_faults,
        layers=layers,
        clock_offset_s=told_s,
    )
    control = ControlReading(answered=True, clock_offset_s=offset_s, clock_uncertainty_s=uncertainty_s)
    reading = a_reading(network=CONNECTED, control=control, stream=stream)  # type: ignore[arg-type]
    if is_steady(watch, reading, POLICY):
        assert judged(watch, reading) == Step(watch, None, (), (), False)
