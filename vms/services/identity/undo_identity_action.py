"""Takes an action back: every row is as it was, or nothing is changed and the reason is told."""

from datetime import datetime

from sqlalchemy import Connection

from vms.core.errors import Conflict
from vms.core.ids import CameraId
from vms.store import camera_changes, cameras, check_identity, conflicts, devices, events, identity_actions
from vms.store import search_columns as search
from vms.store.camera_changes import Author, FieldChange
from vms.store.identity_actions import IdentityAction
from vms.store.identity_rows import RowChange, put_back


def undo_identity_action(tx: Connection, action_id: int, author: Author, now: datetime) -> IdentityAction:
    """Raises NotFound; Conflict where it was taken back already or something was changed since."""
    changes = identity_actions.changes_of(tx, action_id)
    action = identity_actions.get(tx, action_id)
    if action.undone_at is not None:
        raise Conflict(f"action {action_id} was taken back by {action.undone_by} already")
    devices.locked(tx, action.device_ids)
    if action.new_device_id is not None:
        devices.refuse_if_used(tx, action.new_device_id)
    put_back(tx, changes)
    if wrong := check_identity.of_devices(tx, action.device_ids):
        raise Conflict(f"it cannot be taken back any more: {wrong[0]}")
    _tell(tx, changes, author, now)
    conflicts.reopen(tx, action.conflict_ids)
    identity_actions.set_undone(tx, action_id, author.who, now)
    content = {"action": action_id, "kind": action.kind, "by": author.who, "why": author.why}
    events.append(tx, "identity.undone", None, content, now)
    return identity_actions.get(tx, action_id)


def _tell(tx: Connection, changes: list[RowChange], author: Author, now: datetime) -> None:
    """The history and the news of the cameras that went back."""
    told = {"device_id", "channel", "life_cycle"}
    back = [change for change in changes if change.table == "cameras" and change.before and change.after]
    kept = [
        FieldChange(camera_id=CameraId(change.key[0]), field=name, before=change.after[name], after=value)
        for change in back
        if change.before is not None and change.after is not None
        for name, value in change.before.items()
        if name in told
    ]
    camera_changes.keep(tx, kept, author, now)
    ids = sorted({change.key[0] for change in changes if change.table == "cameras"})
    search.refresh(tx, ids)
    news = [(camera_id, {"fields": ["device_id", "channel", "life_cycle"]}) for camera_id in ids]
    events.append_many(tx, "camera.changed", news, now)
    cameras.touch(tx, ids, now)
