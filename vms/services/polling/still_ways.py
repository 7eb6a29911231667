"""Which way to a still costs a device less, learnt from what each took: its snapshot address, or a key frame of its
stream left encoded by it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from vms.core.ids import DeviceId
from vms.media.trouble import Trouble
from vms.store.poll_targets import PollCamera

SLOW_MS = 400.0
"""A snapshot that comes sooner is cheaper than any stream: one question and one picture."""
SLOWER = 1.5
"""By so much the other way must be quicker before it is taken: a key frame costs a session."""
NEWEST_SHARE = 0.3
TRIED_AGAIN_AFTER = timedelta(hours=4)
NOT_THE_WAYS_FAULT = frozenset({Trouble.LOGIN_REFUSED, Trouble.LOGIN_WITHHELD, Trouble.UNREACHABLE, Trouble.BUSY})
"""The stream would fail in the same way, or should be let alone."""


class Way(StrEnum):
    SNAPSHOT = "snapshot"
    KEY_FRAME = "key_frame"


@dataclass(slots=True)
class _Known:
    """Only of devices whose snapshot is slow or fails; the others need no memory."""

    snapshot_ms: float | None = None
    key_frame_ms: float | None = None
    avoided_until: datetime | None = None


class StillWays:
    def __init__(self) -> None:
        self._known: dict[DeviceId, _Known] = {}

    def order(self, device_id: DeviceId, camera: PollCamera, now: datetime) -> tuple[Way, ...]:
        """The ways that the camera offers, the cheaper one first."""
        offered = [Way.SNAPSHOT] if camera.snapshot_uri else []
        if camera.sub_uri or camera.main_uri:
            offered.append(Way.KEY_FRAME)
        if len(offered) == 2 and self._avoids_snapshot(device_id, now):
            offered.reverse()
        return tuple(offered)

    def took(self, device_id: DeviceId, way: Way, took_ms: float, now: datetime) -> None:
        known = self._known.get(device_id)
        if way is Way.KEY_FRAME:
            if known is not None:
                known.key_frame_ms = _smooth(known.key_frame_ms, took_ms)
                self._compare(known, now)
        elif took_ms < SLOW_MS:
            self._known.pop(device_id, None)
        else:
            known = self._known.setdefault(device_id, _Known())
            known.snapshot_ms = _smooth(known.snapshot_ms, took_ms)
            self._compare(known, now)

    def snapshot_failed(self, device_id: DeviceId, now: datetime) -> None:
        """Though its stream gave a picture."""
        self._known.setdefault(device_id, _Known()).avoided_until = now + TRIED_AGAIN_AFTER

    def forget(self, device_id: DeviceId) -> None:
        self._known.pop(device_id, None)

    def _avoids_snapshot(self, device_id: DeviceId, now: datetime) -> bool:
        known = self._known.get(device_id)
        return known is not None and known.avoided_until is not None and now < known.avoided_until

    def _compare(self, known: _Known, now: datetime) -> None:
        if known.snapshot_ms is None or known.key_frame_ms is None:
            return
        is_avoided = known.avoided_until is not None and now < known.avoided_until
        if not is_avoided and known.snapshot_ms > SLOWER * known.key_frame_ms:
            known.avoided_until = now + TRIED_AGAIN_AFTER


def _smooth(before: float | None, value: float) -> float:
    return value if before is None else before + NEWEST_SHARE * (value - before)
