"""Two records are one device: keys, cameras and place go to the one that stays; discovery finds that one then on."""

from datetime import datetime

from sqlalchemy import Connection

from vms.core.errors import BadInput, Conflict
from vms.core.ids import DeviceId
from vms.inventory.camera import Camera
from vms.inventory.identity.channel_evidence import ToldChannel, known_channel
from vms.inventory.identity.channel_matching import match_channels
from vms.inventory.identity.known_device import KnownDevice
from vms.services.identity.carry_out import carry_out
from vms.services.identity.join_cameras import absorb, refuse_unless_joinable, survivor
from vms.store import camera_paths, cameras, devices, events
from vms.store.camera_changes import Author
from vms.store.identity_actions import IdentityAction


def merge_devices(tx: Connection, keep_id: int, merge_id: int, author: Author, now: datetime) -> IdentityAction:
    """Channels of the same token are one camera; the record that somebody entered goes on. Raises NotFound, Conflict,
    BadInput."""
    if keep_id == merge_id:
        raise BadInput("a device cannot be merged into itself", where="merge")
    first, second = devices.locked(tx, (keep_id, merge_id))
    keep, merged = (first, second) if first.device_id == keep_id else (second, first)
    for device in (keep, merged):
        if device.merged_into is not None:
            raise Conflict(f"device {device.device_id} was merged into device {device.merged_into} already")
    touched = [path.camera_id for device in (keep, merged) for path in camera_paths.of_device(tx, device.device_id)]

    def change() -> None:
        _move_cameras(tx, keep.device_id, merged.device_id, author, now)
        _move_keys(tx, keep.device_id, merged.device_id)
        _take_place(tx, keep, merged)
        devices.set_merged(tx, merged.device_id, keep.device_id, now)
        content = {"into": keep.device_id, "by": author.who, "why": author.why}
        events.append(tx, "device.merged", merged.device_id, content, now)

    return carry_out(tx, "merge", author, device_ids=(keep_id, merge_id), camera_ids=touched, change=change, now=now)


def _move_cameras(tx: Connection, keep: DeviceId, merged: DeviceId, author: Author, now: datetime) -> None:
    staying, coming = cameras.of_device(tx, keep), cameras.of_device(tx, merged)
    by_id = {camera.camera_id: camera for camera in staying}
    told = [_told(camera) for camera in coming]
    same = match_channels([known_channel(camera) for camera in staying], told).same
    for camera in coming:
        twin = by_id.get(same[camera.channel].camera_id) if camera.channel in same else None
        if twin is None:
            cameras.bind_device(tx, camera.camera_id, keep, camera.channel, now, author=author)
            continue
        goes_on, retires = survivor(tx, twin, camera)
        refuse_unless_joinable(tx, goes_on, retires)
        cameras.bind_device(tx, camera.camera_id, keep, twin.channel, now, author=author)
        absorb(tx, cameras.get(tx, goes_on.camera_id), cameras.get(tx, retires.camera_id), author, now)
    _move_paths(tx, keep, merged)


def _move_paths(tx: Connection, keep: DeviceId, merged: DeviceId) -> None:
    taken = {camera.channel for camera in cameras.of_device(tx, keep)}
    taken |= {path.channel for path in camera_paths.of_device(tx, keep)}
    for path in camera_paths.of_device(tx, merged):
        camera_paths.remove(tx, path)
        if path.channel not in taken:
            camera_paths.add(tx, _moved(path, keep))


def _moved(path: camera_paths.CameraPath, device_id: DeviceId) -> camera_paths.CameraPath:
    return camera_paths.CameraPath(
        camera_id=path.camera_id,
        device_id=device_id,
        channel=path.channel,
        found_at=path.found_at,
        evidence=path.evidence,
        observed_name=path.observed_name,
        uri=path.uri,
        width=path.width,
    )


def _move_keys(tx: Connection, keep: DeviceId, merged: DeviceId) -> None:
    """All of them are its own from now on, whatever else it tells: a person said so."""
    kept, coming = devices.known_keys(tx, keep), devices.known_keys(tx, merged)
    devices.remove_keys(tx, merged, coming)
    devices.remove_keys(tx, keep, kept)
    devices.insert_keys(tx, keep, kept.keys() | coming.keys(), given=True)


def _take_place(tx: Connection, keep: KnownDevice, merged: KnownDevice) -> None:
    """It is where it was heard last."""
    later = merged.last_seen_at >= keep.last_seen_at or keep.displaced_at is not None
    if later and merged.displaced_at is None:
        at = merged.observed
        devices.set_place(tx, keep.device_id, at.address, at.port, max(keep.last_seen_at, merged.last_seen_at))


def _told(camera: Camera) -> ToldChannel:
    known = known_channel(camera)
    return ToldChannel(token=known.token, name=known.name, uri=known.uri, width=known.width)
