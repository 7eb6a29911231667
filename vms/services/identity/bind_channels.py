"""A person says which camera each channel of a device is, after its firmware named them anew."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from vms.core.errors import BadInput
from vms.core.ids import CameraId, DeviceId
from vms.services.identity.carry_out import carry_out
from vms.store import camera_paths, cameras
from vms.store.camera_changes import Author
from vms.store.identity_actions import IdentityAction


def bind_channels(
    tx: Connection,
    device_id: DeviceId,
    bindings: Sequence[tuple[str, CameraId | None]],
    author: Author,
    now: datetime,
) -> IdentityAction:
    """Raises BadInput for a camera that is none of the device's and for a channel or camera that is named twice."""
    bound = {camera.camera_id: camera for camera in cameras.of_device(tx, device_id)}
    wanted = [(channel, camera_id) for channel, camera_id in bindings if camera_id is not None]
    named = [camera_id for _, camera_id in wanted]
    if not bindings:
        raise BadInput("say which camera each channel is", where="bindings")
    if len(set(named)) < len(named) or len({channel for channel, _ in bindings}) < len(bindings):
        raise BadInput("each channel and each camera is named once", where="bindings")
    for camera_id in named:
        if camera_id not in bound:
            raise BadInput(f"camera {camera_id} is no channel of device {device_id}", where="bindings")
    channels = {channel for channel, _ in bindings}
    taken = {camera.channel: camera.camera_id for camera in bound.values() if camera.camera_id not in named}
    taken |= {path.channel: path.camera_id for path in camera_paths.of_device(tx, device_id)}
    for channel in sorted(channels & taken.keys()):
        raise BadInput(f"channel {channel} is camera {taken[channel]}: say what that one is", where="bindings")

    def change() -> None:
        for channel, camera_id in wanted:
            if bound[camera_id].channel != channel:
                cameras.bind_device(tx, camera_id, device_id, channel, now, author=author)

    return carry_out(tx, "bind_channels", author, device_ids=[device_id], camera_ids=named, change=change, now=now)
