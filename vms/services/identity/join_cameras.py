"""Two records are one camera: one goes on, with every way that leads to it; the other is retired and keeps its past."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from vms.core.errors import Conflict
from vms.inventory.camera import Camera, LifeCycle
from vms.inventory.identity.channel_evidence import known_channel
from vms.inventory.identity.preferred_path import Way, preferred
from vms.inventory.identity.reason import Reason
from vms.inventory.identity.same_camera import is_bare
from vms.services.identity.carry_out import carry_out
from vms.store import camera_paths, cameras, consents, devices, registrations
from vms.store.camera_changes import Author
from vms.store.camera_paths import CameraPath
from vms.store.identity_actions import IdentityAction


def join_cameras(
    tx: Connection, keep_id: int, join_id: int, author: Author, now: datetime, *, evidence: Sequence[Reason] = ()
) -> IdentityAction:
    """The record `keep_id` goes on. Raises NotFound; Conflict where they cannot be one, and says why."""
    keep, other = cameras.get(tx, keep_id), cameras.get(tx, join_id)
    refuse_unless_joinable(tx, keep, other)
    device_ids = {camera.device_id for camera in (keep, other) if camera.device_id is not None}
    device_ids |= {path.device_id for path in camera_paths.of_cameras(tx, [keep_id, join_id])}

    def change() -> None:
        absorb(tx, keep, other, author, now, evidence)

    return carry_out(
        tx, "join_cameras", author, device_ids=device_ids, camera_ids=(keep_id, join_id), change=change, now=now
    )


def refuse_unless_joinable(tx: Connection, keep: Camera, other: Camera) -> None:
    """Raises Conflict. Owners' words are never lost: a camera with a consent stays the one that goes on."""
    if keep.camera_id == other.camera_id:
        raise Conflict("these two are one record already")
    for camera in (keep, other):
        if camera.life_cycle is LifeCycle.RETIRED:
            raise Conflict(f"camera {camera.camera_id} is retired")
    if None not in (keep.owner_id, other.owner_id) and keep.owner_id != other.owner_id:
        raise Conflict(f"cameras {keep.camera_id} and {other.camera_id} belong to different owners")
    if _has_owners_word(tx, other):
        raise Conflict(f"camera {other.camera_id} was registered by its owner: keep that one")
    if _has_owners_word(tx, keep) and other.owner_id not in (None, keep.owner_id):
        raise Conflict(f"camera {keep.camera_id} was registered by its owner, the other belongs to somebody else")


def survivor(tx: Connection, one: Camera, other: Camera) -> tuple[Camera, Camera]:
    """(the one whose record goes on, the other): an owner's word, else what a person entered, else the first."""
    for speaks in (_has_owners_word, _is_entered):
        if speaks(tx, other) and not speaks(tx, one):
            return other, one
        if speaks(tx, one) and not speaks(tx, other):
            return one, other
    return one, other


def absorb(
    tx: Connection, keep: Camera, other: Camera, author: Author, now: datetime, evidence: Sequence[Reason] = ()
) -> None:
    """Without looking whether it may be done."""
    paths = camera_paths.of_cameras(tx, [keep.camera_id, other.camera_id])
    for path in paths:
        camera_paths.remove(tx, path)
    cameras.unbind_device(tx, other.camera_id, now, author=author)
    cameras.set_life_cycle(tx, other.camera_id, LifeCycle.RETIRED, now, author=author)
    ends = [_path_in_use(camera, keep, now, evidence) for camera in (keep, other)]
    in_use = [path for path in ends if path is not None]
    every = {(path.device_id, path.channel): path for path in reversed([*in_use, *paths])}
    settle_paths(tx, keep, list(reversed(every.values())), (keep, other), author, now)


def settle_paths(
    tx: Connection,
    camera: Camera,
    paths: Sequence[CameraPath],
    told_by: Sequence[Camera],
    author: Author,
    now: datetime,
) -> None:
    """The preferred way is used, the others are kept. `told_by`: records that hold what a way's device said of it."""
    if not paths:
        return
    best = preferred(ways(tx, paths))
    place = (best.device_id, best.channel)
    if place != (camera.device_id, camera.channel):
        cameras.bind_device(tx, camera.camera_id, best.device_id, best.channel, now, author=author)
        teller = next((one for one in told_by if (one.device_id, one.channel) == place), None)
        if teller is not None:
            cameras.take_over_observed(tx, camera, teller, now)
    for path in paths:
        if (path.device_id, path.channel) != place:
            camera_paths.add(tx, path_of(camera, path))


def path_of(camera: Camera, path: CameraPath) -> CameraPath:
    """The same way, as one to this camera."""
    return CameraPath(
        camera_id=camera.camera_id,
        device_id=path.device_id,
        channel=path.channel,
        found_at=path.found_at,
        evidence=path.evidence,
        observed_name=path.observed_name,
        uri=path.uri,
        width=path.width,
    )


def ways(tx: Connection, paths: Sequence[CameraPath]) -> list[Way]:
    told = {device.device_id: device for device in devices.by_ids(tx, {path.device_id for path in paths})}
    counts = camera_paths.channel_counts(tx, told)
    return [
        Way(
            device_id=path.device_id,
            channel=path.channel,
            has_streams=bool(path.uri),
            is_direct=counts.get(path.device_id, 0) <= 1,
            displaced=told[path.device_id].displaced_at is not None,
            login_refused=told[path.device_id].login_refused_version is not None,
        )
        for path in paths
        if path.device_id in told
    ]


def _path_in_use(camera: Camera, keep: Camera, now: datetime, evidence: Sequence[Reason]) -> CameraPath | None:
    if camera.device_id is None:
        return None
    told = known_channel(camera)
    return CameraPath(
        camera_id=keep.camera_id,
        device_id=camera.device_id,
        channel=camera.channel,
        found_at=now,
        evidence=tuple(evidence),
        observed_name=told.name,
        uri=told.uri,
        width=told.width,
    )


def _has_owners_word(tx: Connection, camera: Camera) -> bool:
    return (
        consents.of_camera(tx, camera.camera_id) is not None
        or registrations.of_camera(tx, camera.camera_id) is not None
    )


def _is_entered(_tx: Connection, camera: Camera) -> bool:
    return not is_bare(camera)
