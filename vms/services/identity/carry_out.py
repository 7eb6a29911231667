"""Does something to identities and keeps what every row was before, in the caller's transaction."""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import Connection

from vms.core.ids import DeviceId
from vms.store import devices, events, identity_actions
from vms.store.camera_changes import Author
from vms.store.cameras import ids_of_devices
from vms.store.identity_actions import IdentityAction
from vms.store.identity_rows import difference, snapshot


def carry_out(
    tx: Connection,
    kind: str,
    author: Author,
    *,
    device_ids: Collection[int],
    camera_ids: Collection[int] = (),
    change: Callable[[], DeviceId | None],
    now: datetime,
) -> IdentityAction:
    """`change` returns the id of the device that it made, if any. Raises NotFound where a device is not there."""
    devices.locked(tx, device_ids)
    every_camera = {*camera_ids, *ids_of_devices(tx, device_ids)}
    before = snapshot(tx, device_ids, every_camera)
    made = change()
    every_device = {*device_ids, *(() if made is None else (made,))}
    after = snapshot(tx, every_device, every_camera)
    action = identity_actions.record(
        tx,
        kind=kind,
        who=author.who,
        why=author.why,
        device_ids=every_device,
        camera_ids=every_camera,
        changes=difference(before, after),
        new_device_id=made,
        now=now,
    )
    content = {"action": action.action_id, "kind": kind, "devices": sorted(every_device), "by": author.who}
    events.append(tx, "identity.changed", None, content, now)
    return action
