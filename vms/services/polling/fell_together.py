"""Streams and stills of many devices that fail in the same moment: our own slow moment, and nobody's vote."""

import logging
from collections.abc import Callable

from vms.core.ids import DeviceId
from vms.health.fault import FaultKind
from vms.health.judge import LOGIN_REFUSED, NOT_THE_CAMERAS_FAULT
from vms.health.layer import Layer
from vms.health.our_side import OurSidePolicy, are_together
from vms.health.reading import Reading
from vms.health.watch import Watch

log = logging.getLogger(__name__)

KEPT_S = 120.0
"""So long is known what came of looks: longer than any waits for its company."""
NOT_ITS_OWN = NOT_THE_CAMERAS_FAULT | {LOGIN_REFUSED}


class _Moment:
    __slots__ = ("failed", "is_ours", "tried")

    def __init__(self) -> None:
        self.tried: set[DeviceId] = set()
        self.failed: set[DeviceId] = set()
        self.is_ours: bool | None = None


class FellTogether:
    """Counts in moments of one tick, each layer apart. `now_s`: a steady clock."""

    def __init__(self, policy: OurSidePolicy, *, tick_s: float, now_s: Callable[[], float]) -> None:
        self._policy = policy
        self._tick_s = tick_s
        self._now_s = now_s
        self._moments: dict[tuple[Layer, int], _Moment] = {}
        self._since_s: dict[Layer, float] = {}
        self._last_s: dict[Layer, float] = {}

    def saw(self, device_id: DeviceId, fresh: dict[Layer, bool]) -> int:
        """The moment in which a look ended. `fresh`: layers that were tried and had not failed before → failed now."""
        number = int(self._now_s() // self._tick_s)
        for layer, failed in fresh.items():
            moment = self._moments.get((layer, number))
            if moment is None:
                self._drop_old(number)
                moment = self._moments[layer, number] = _Moment()
            moment.tried.add(device_id)
            if failed:
                moment.failed.add(device_id)
        return number

    def wait_s(self, number: int) -> float:
        """How long until it is known who failed beside what ended in that moment."""
        return max(0.0, (number + 2) * self._tick_s - self._now_s())

    def is_ours(self, layer: Layer, number: int) -> bool:
        """Whether what failed in that moment failed for our own sake. Ask when `wait_s` is over."""
        asked = self._moments.get((layer, number))
        if asked is None:
            return False
        if asked.is_ours is None:
            near = [self._moments[layer, n] for n in (number - 1, number, number + 1) if (layer, n) in self._moments]
            tried = set().union(*(moment.tried for moment in near))
            failed = set().union(*(moment.failed for moment in near))
            asked.is_ours = are_together(len(failed), len(tried), self._policy) and self._is_short(layer, number)
            if asked.is_ours:
                said = "our own side: the %s of %d of %d devices tried in one moment failed together; nobody is blamed"
                log.warning(said, layer.value, len(failed), len(tried))
        return asked.is_ours

    def _is_short(self, layer: Layer, number: int) -> bool:
        """What lasts is no moment: then all that fail are told, each for itself."""
        at_s, most_s = number * self._tick_s, self._policy.together_most_s
        if layer not in self._last_s or at_s - self._last_s[layer] > most_s:
            self._since_s[layer] = at_s
        self._last_s[layer] = at_s
        return at_s - self._since_s[layer] <= most_s

    def _drop_old(self, number: int) -> None:
        first = number - int(KEPT_S / self._tick_s)
        for key in [key for key in self._moments if key[1] < first]:
            del self._moments[key]


def fresh_looks(watch: Watch | None, reading: Reading) -> dict[Layer, bool]:
    """Layer → failed, of those that say something about our side: the device itself answered, and what was tried now
    had not failed the last time."""
    control, stream, picture = reading.control, reading.stream, reading.picture
    if watch is None or control is None or not control.answered:
        return {}
    fresh: dict[Layer, bool] = {}
    if stream is not None and stream.because not in NOT_ITS_OWN and not watch.stream_failures:
        fresh[Layer.STREAM] = not stream.playing
    doubted = {fault.kind for fault in watch.open_faults} | {kind for kind, _ in watch.votes}
    if picture is not None and picture.because not in NOT_ITS_OWN and FaultKind.NO_PICTURE not in doubted:
        fresh[Layer.PICTURE] = not picture.fetched
    return fresh
