"""A poller that gets no time from its machine blames nobody for silence; what is heard counts, and it is told."""

from datetime import UTC, datetime, timedelta

from tests.builders.visited_devices import Behind, visited_devices
from vms.health.fault import FaultKind
from vms.health.held_up import HeldUpPolicy
from vms.health.status import Status
from vms.services.polling.own_pace import BEAT_S, OwnPace

START = datetime(2026, 5, 1, tzinfo=UTC)


class Machine:
    """Time goes on as the test says; the poller's own work too."""

    def __init__(self) -> None:
        self.now_s = self.worked_s = 0.0
        self.pace = OwnPace(
            HeldUpPolicy(),
            timeout_s=5.0,
            clock=lambda: START + timedelta(seconds=self.now_s),
            now_s=lambda: self.now_s,
            worked_s=lambda: self.worked_s,
        )

    def runs(self, seconds: float, *, late_s: float, worked_s: float = 0.0) -> None:
        """Each beat comes so late, after so much work."""
        until_s = self.now_s + seconds
        while self.now_s < until_s:
            self.now_s += BEAT_S + late_s
            self.worked_s += worked_s
            self.pace.beat()


def test_waking_up_late_again_and_again_makes_silence_doubtful_and_a_little_does_not() -> None:
    machine = Machine()
    machine.runs(20, late_s=0.02)
    assert not machine.pace.was_held(machine.now_s - 5)
    machine.runs(5, late_s=0.15)
    assert machine.pace.was_held(machine.now_s - 5)
    machine.runs(10, late_s=0.0)
    assert not machine.pace.was_held(machine.now_s - 5), "what came later is heard again"


def test_one_long_wait_within_a_look_is_seen_before_the_beat_comes() -> None:
    machine = Machine()
    machine.runs(20, late_s=0.0)
    machine.now_s += BEAT_S + 2.0
    assert machine.pace.was_held(machine.now_s - 0.5)


def test_being_busy_with_its_own_work_is_not_being_held() -> None:
    machine = Machine()
    machine.runs(60, late_s=0.3, worked_s=0.3)
    assert not machine.pace.was_held(machine.now_s - 5)
    assert machine.pace.news() == []


def test_it_is_told_once_when_it_begins_and_once_when_it_is_over() -> None:
    machine = Machine()
    machine.runs(60, late_s=0.001)
    machine.runs(60, late_s=0.3)
    machine.runs(60, late_s=0.001)
    begun, over = machine.pace.news()
    assert (begun.held_up, over.held_up) == (True, False)
    assert START + timedelta(seconds=60) < begun.at < START + timedelta(seconds=90)
    assert "kept waiting for the processor" in begun.because
    assert START + timedelta(seconds=120) < over.at < START + timedelta(seconds=155)


async def test_streams_that_are_silent_one_after_the_other_on_a_starved_machine_are_not_blamed(tmp_path) -> None:
    """Spread out: no moment has most of them."""
    machine, starved = Machine(), {"now": True}
    side = Behind(plays=lambda camera_id: not (starved["now"] and camera_id % 3 == 0))
    town = visited_devices(side, tmp_path, devices=12, streams=True, was_held=machine.pace.was_held)
    machine.runs(60, late_s=0.4)
    for turn in range(30):
        await town.turn(turn)
    assert len(side.proofs) == 12
    watches = [town.book.watch(device.target.cameras[0].camera_id) for device in town.devices]
    assert {watch.status for watch in watches if watch} == {Status.UP}, "their answers count"
    assert [watch.camera_id for watch in watches if watch is None or watch.stream_failures or watch.votes] == []
    machine.runs(60, late_s=0.0)
    for turn in range(30, 60):
        await town.turn(turn)
    dead = [watch for device in town.devices if (watch := town.book.watch(device.target.cameras[0].camera_id))]
    told = [watch.camera_id for watch in dead if FaultKind.STREAM_DEAD in {fault.kind for fault in watch.open_faults}]
    assert told == [3, 6, 9, 12], "what is silent still is told as soon as we are let run"


async def test_who_does_not_answer_a_starved_poller_stays_as_it_was_and_falls_when_it_is_heard_again(tmp_path) -> None:
    machine = Machine()
    side = Behind(answers=lambda address, question: question <= 2)
    town = visited_devices(side, tmp_path, streams=False, was_held=machine.pace.was_held)
    for turn in range(2):
        await town.turn(turn)
    machine.runs(60, late_s=0.4)
    for turn in range(2, 12):
        await town.turn(turn)
    assert town.status(1) is Status.UP
    machine.runs(60, late_s=0.0)
    for turn in range(12, 18):
        await town.turn(turn)
    assert town.status(1) is Status.DOWN
