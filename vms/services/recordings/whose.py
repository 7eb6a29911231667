"""Which recording is whose: by the source's token, else by the name, else the only one is the only camera's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vms.core.ids import CameraId
from vms.devices.recordings import RecordingTold
from vms.store.recording_targets import RecordedCamera


@dataclass(frozen=True, slots=True)
class Sorted:
    of_camera: Mapping[CameraId, tuple[RecordingTold, ...]]
    """Every camera is there; without a recording: an empty tuple."""
    left: tuple[RecordingTold, ...]
    """Nobody's: a camera without a recording may be one of theirs."""


def sort_recordings(told: Sequence[RecordingTold], cameras: Sequence[RecordedCamera]) -> Sorted:
    """A recorder may keep several recordings of one source."""
    found: dict[CameraId, list[RecordingTold]] = {camera.camera_id: [] for camera in cameras}
    by_token = {camera.channel: camera.camera_id for camera in cameras if camera.channel}
    left = []
    for recording in told:
        owner = by_token.get(recording.source)
        if owner is None:
            left.append(recording)
        else:
            found[owner].append(recording)
    names = _names([camera for camera in cameras if not found[camera.camera_id]])
    nameless = []
    for recording in left:
        owner = names.get(_plain(recording.name))
        if owner is None:
            nameless.append(recording)
        else:
            found[owner].append(recording)
    if len(cameras) == 1 and not found[cameras[0].camera_id]:
        found[cameras[0].camera_id], nameless = nameless, []
    return Sorted({camera_id: tuple(mine) for camera_id, mine in found.items()}, tuple(nameless))


def _names(cameras: Sequence[RecordedCamera]) -> dict[str, CameraId]:
    """Names that one camera alone has."""
    owners: dict[str, set[CameraId]] = {}
    for camera in cameras:
        for name in (camera.name, camera.common_name, camera.observed_name):
            owners.setdefault(_plain(name), set()).add(camera.camera_id)
    owners.pop("", None)
    return {name: next(iter(mine)) for name, mine in owners.items() if len(mine) == 1}


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()
