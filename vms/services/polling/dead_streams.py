"""Which streams of a device are tried in a round: dead ones cost a time-out each, and take turns behind the live ones.

Those that failed the last time wait in a queue, those first that are not told dead yet; the others are tried whenever
they are due. Either sort may only cost so much of a round, so that none of them hides one of the other.
"""

from collections.abc import Callable, Iterable

from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.health.status import Status
from vms.health.watch import Watch
from vms.store.poll_targets import PollCamera

LEAST_TRIES = 2
PART_OF_CHANNELS = 0.25
PART_OF_INTERVAL = 0.25
"""Of the time between two polls, that each sort of streams may take for failing; the control needs some as well."""


class Allowance:
    """What a round has left for streams that fail, those that are known to and the others apart."""

    def __init__(self, channels: int, interval_s: float, *, answered: bool) -> None:
        """`answered`: the control did; where it did not, two streams of whatever sort speak for all."""
        tries = max(LEAST_TRIES, int(channels * PART_OF_CHANNELS)) if answered else LEAST_TRIES
        self._apart = answered
        self._tries = [tries, tries]
        self._seconds = [interval_s * PART_OF_INTERVAL] * 2

    def is_left(self, *, known: bool) -> bool:
        sort = known and self._apart
        return self._tries[sort] > 0 and self._seconds[sort] > 0.0

    def failed(self, seconds: float, *, known: bool) -> None:
        sort = known and self._apart
        self._tries[sort] -= 1
        self._seconds[sort] -= seconds


class StreamQueue:
    """Remembers of each stream that fails in which turn it did last."""

    def __init__(self) -> None:
        self._failed: dict[CameraId, int] = {}

    def is_failing(self, camera_id: CameraId) -> bool:
        return camera_id in self._failed

    def in_turn(
        self, cameras: tuple[PollCamera, ...], watch: Callable[[CameraId], Watch | None], turn: int
    ) -> Iterable[PollCamera]:
        """All of them: who is not known to fail, each turn another one first; then who was tried longest ago."""
        if len(cameras) < 2:
            return cameras
        first = turn % len(cameras)
        turned = (*cameras[first:], *cameras[:first])
        return sorted(turned, key=lambda camera: self._place(camera.camera_id, watch))

    def tried(self, camera_id: CameraId, turn: int, *, playing: bool) -> None:
        if playing:
            self._failed.pop(camera_id, None)
        else:
            self._failed[camera_id] = turn

    def _place(self, camera_id: CameraId, watch: Callable[[CameraId], Watch | None]) -> tuple[bool, bool, int]:
        last = self._failed.get(camera_id)
        if last is None:
            return False, False, 0
        known = watch(camera_id)
        return True, known is not None and _is_told(known), last


def _is_told(watch: Watch) -> bool:
    return watch.status is Status.DOWN or any(fault.kind is FaultKind.STREAM_DEAD for fault in watch.open_faults)
