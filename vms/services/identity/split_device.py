"""One record is two devices: keys and cameras that belong to the other go to a record of their own."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from vms.core.errors import BadInput
from vms.core.ids import DeviceId
from vms.inventory.camera import Camera
from vms.inventory.device import ObservedDevice
from vms.inventory.identity.keys import DeviceKey
from vms.services.identity.carry_out import carry_out
from vms.store import cameras, devices, events
from vms.store.camera_changes import Author
from vms.store.identity_actions import IdentityAction


def split_device(
    tx: Connection,
    device_id: int,
    *,
    camera_ids: Collection[int],
    keys: Collection[DeviceKey],
    author: Author,
    now: datetime,
) -> IdentityAction:
    """The new device is nowhere until it is heard. Raises NotFound, BadInput for what is not the device's."""
    (device,) = devices.locked(tx, [device_id])
    if not (camera_ids or keys):
        raise BadInput("name at least one camera or key of the other device", where="cameras")
    own: dict[int, Camera] = {camera.camera_id: camera for camera in cameras.of_device(tx, device_id)}
    for camera_id in camera_ids:
        if camera_id not in own:
            raise BadInput(f"camera {camera_id} is no channel of device {device_id}", where="cameras")
    known = devices.known_keys(tx, device_id)
    for key in keys:
        if key not in known:
            raise BadInput(f"device {device_id} has no {key.kind} {key.value}", where="keys")

    def change() -> DeviceId:
        told = device.observed
        bare = ObservedDevice(
            address=told.address, port=told.port, manufacturer=told.manufacturer, model=told.model, quirks=told.quirks
        )
        made = devices.insert_observed(tx, bare, (), now)
        devices.displace(tx, [made], now)
        devices.remove_keys(tx, device_id, keys)
        devices.insert_keys(tx, made, set(keys), given=True)
        for camera_id in sorted(set(camera_ids)):
            camera = own[camera_id]
            cameras.bind_device(tx, camera_id, made, camera.channel, now, author=author)
        content = {"new_device": made, "by": author.who, "why": author.why}
        events.append(tx, "device.split", device_id, content, now)
        return made

    return carry_out(tx, "split", author, device_ids=[device_id], camera_ids=tuple(camera_ids), change=change, now=now)
