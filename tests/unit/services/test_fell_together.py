"""Streams that fail in one moment with most others are nobody's fault but our own; what lasts is told."""

import asyncio

from tests.builders.health import ANSWERED, CONNECTED, DEAD, GOOD, NO_LOGIN, PLAYING, a_reading, a_watch, watch_through
from tests.builders.visited_devices import Behind, visited_devices
from vms.core.ids import CameraId, DeviceId
from vms.health.layer import Layer
from vms.health.our_side import OurSidePolicy
from vms.health.reading import PictureReading
from vms.health.status import Status
from vms.services.polling.fell_together import FellTogether, fresh_looks

POLICY = OurSidePolicy()
NO_STILL = PictureReading(fetched=False, because="timeout")
STREAM_DEAD = a_reading(network=CONNECTED, control=ANSWERED, stream=DEAD)


class Time:
    now_s = 0.0


def together() -> tuple[FellTogether, Time]:
    time = Time()
    return FellTogether(POLICY, tick_s=1.0, now_s=lambda: time.now_s), time


def is_ours(of: FellTogether, time: Time, *, failed: int, good: int, layer: Layer = Layer.STREAM) -> bool:
    """All in one moment, each at a device of its own."""
    for number in range(failed + good):
        moment = of.saw(DeviceId(number), {layer: number < failed})
    assert of.wait_s(moment) > 0, "others may still tell"
    time.now_s += of.wait_s(moment)
    return of.is_ours(layer, moment)


def test_more_than_half_of_eight_devices_in_one_moment_are_our_side_and_fewer_are_not():
    for failed, good, ours in ((17, 3, True), (5, 3, True), (4, 4, False), (7, 0, False), (1, 99, False)):
        of, time = together()
        assert is_ours(of, time, failed=failed, good=good) is ours, (failed, good)


def test_the_channels_of_one_recorder_are_one_device_and_another_layer_says_nothing_of_this_one():
    of, time = together()
    moments = [of.saw(DeviceId(1), {Layer.STREAM: True}) for _ in range(32)]
    for number in range(20):
        of.saw(DeviceId(number), {Layer.PICTURE: True})
    time.now_s = 2.0
    assert not of.is_ours(Layer.STREAM, moments[-1])
    assert of.is_ours(Layer.PICTURE, moments[-1])


def test_what_lasts_longer_than_a_slow_moment_is_told_and_a_later_moment_is_ours_again():
    of, time = together()
    said = []
    for _ in range(13):
        said.append(is_ours(of, time, failed=12, good=0))
        time.now_s += 58
    assert said == [True] * 11 + [False] * 2, "ten minutes"
    time.now_s += POLICY.together_most_s + 60
    assert is_ours(of, time, failed=12, good=0)


def test_only_what_answers_and_had_not_failed_before_says_anything_of_us():
    assert fresh_looks(a_watch(), STREAM_DEAD) == {Layer.STREAM: True}
    both = a_reading(network=CONNECTED, control=ANSWERED, stream=PLAYING, picture=NO_STILL)
    assert fresh_looks(a_watch(), both) == {Layer.STREAM: False, Layer.PICTURE: True}
    assert fresh_looks(a_watch(), a_reading(network=CONNECTED, control=ANSWERED, stream=NO_LOGIN)) == {}
    failing = watch_through(GOOD, STREAM_DEAD)[-1].watch
    assert fresh_looks(failing, STREAM_DEAD) == {}
    assert fresh_looks(a_watch(), a_reading(stream=DEAD)) == {}, "its silence is judged elsewhere"


async def test_streams_that_fail_in_a_slow_moment_leave_no_trace_and_three_dead_ones_are_told(tmp_path):
    class Side(Behind):
        async def pause(self, seconds: float) -> None:
            until_s = self.now_s + seconds
            for _ in range(50):  # the others come as far
                await asyncio.sleep(0)
            self.now_s = max(self.now_s, until_s)

    slow = {"now": True}
    side = Side(plays=lambda camera_id: not (slow["now"] or camera_id <= 3), timeout_s=0.0)
    town = visited_devices(side, tmp_path, devices=60, streams=True)

    async def all_at_once(turn: int) -> None:
        side.now_s = max(side.now_s, turn * 60.0)
        visits = [visit for device in town.devices if (visit := town.visits.begin(device, turn))]
        await asyncio.gather(*visits)

    for turn in range(5):
        await all_at_once(turn)
    assert len(side.proofs) == 60, "each was tried, a fifth of them in each turn"
    watches = [town.book.watch(CameraId(number)) for number in range(1, 61)]
    assert [watch.camera_id for watch in watches if watch is None or watch.stream_failures] == []
    slow["now"] = False
    for turn in range(5, 20):
        await all_at_once(turn)
    told = {number for number in range(1, 61) if town.status(number) is not Status.UP}
    assert told == {1, 2, 3}
