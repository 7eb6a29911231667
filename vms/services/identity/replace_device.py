"""The hardware of a point was changed: the camera's record goes on with the new device, the old one's time ends."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from vms.core.errors import BadInput, Conflict
from vms.core.ids import CameraId, DeviceId
from vms.inventory.camera import Camera, LifeCycle
from vms.inventory.identity.same_camera import is_bare
from vms.services.identity.carry_out import carry_out
from vms.services.identity.join_cameras import refuse_unless_joinable
from vms.store import camera_paths, cameras, devices, events
from vms.store.camera_changes import Author
from vms.store.identity_actions import IdentityAction


def replace_device(
    tx: Connection, pairs: Sequence[tuple[str, CameraId]], device_id: DeviceId, author: Author, now: datetime
) -> IdentityAction:
    """`pairs`: channel of the new device → camera that goes on as this channel. A record that discovery made for the
    channel meanwhile is retired. Raises NotFound; Conflict where the channel is a camera that somebody entered."""
    by_id = {camera.camera_id: camera for camera in cameras.by_ids(tx, [camera_id for _, camera_id in pairs])}
    going_on = [(channel, by_id.get(camera_id) or cameras.get(tx, camera_id)) for channel, camera_id in pairs]
    before = {camera.device_id for _, camera in going_on if camera.device_id is not None}
    for device in devices.locked(tx, {*before, device_id}):
        if device.merged_into is not None:
            raise Conflict(f"device {device.device_id} was merged into device {device.merged_into}")

    def change() -> None:
        for channel, camera in going_on:
            _move(tx, camera, device_id, channel, author, now)
        for old in sorted(before - {device_id}):
            if not cameras.ids_of_devices(tx, [old]):
                devices.set_replaced(tx, old, device_id)
                content = {"by_device": device_id, "by": author.who, "why": author.why}
                events.append(tx, "device.replaced", old, content, now)

    ids = [camera.camera_id for _, camera in going_on]
    return carry_out(tx, "replace", author, device_ids={*before, device_id}, camera_ids=ids, change=change, now=now)


def channel_for(tx: Connection, camera: Camera, device_id: DeviceId, asked: str) -> str:
    """The channel of the new device that goes on as the camera: as asked, its only one, or the one of the same token.
    Raises BadInput where nobody can tell."""
    known = [one.channel for one in cameras.of_device(tx, device_id)]
    if asked:
        if known and asked not in known:
            raise BadInput(f"device {device_id} has no channel {asked}; it has {', '.join(known)}", where="channel")
        return asked
    if len(known) == 1:
        return known[0]
    if not known or camera.channel in known:
        return camera.channel
    raise BadInput(f"device {device_id} has several channels: {', '.join(known)}", where="channel")


def _move(tx: Connection, camera: Camera, device_id: DeviceId, channel: str, author: Author, now: datetime) -> None:
    if (camera.device_id, camera.channel) == (device_id, channel):
        raise Conflict(f"camera {camera.camera_id} is channel {channel} of device {device_id} already")
    if camera.life_cycle is LifeCycle.RETIRED:
        raise Conflict(f"camera {camera.camera_id} is retired")
    for path in camera_paths.of_device(tx, device_id):
        if path.channel == channel:
            raise Conflict(f"channel {channel} of device {device_id} is another way to camera {path.camera_id}")
    there = next((one for one in cameras.of_device(tx, device_id) if one.channel == channel), None)
    if there is not None:
        if not is_bare(there):
            raise Conflict(f"channel {channel} of device {device_id} is camera {there.camera_id}, which has a record")
        refuse_unless_joinable(tx, camera, there)
    cameras.bind_device(tx, camera.camera_id, device_id, channel, now, author=author)
    if there is not None:
        cameras.take_over_observed(tx, camera, there, now)
        cameras.unbind_device(tx, there.camera_id, now, author=author)
        cameras.set_life_cycle(tx, there.camera_id, LifeCycle.RETIRED, now, author=author)
