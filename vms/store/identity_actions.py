"""Merges, splits, replacements, joins: what each changed, row by row, so that it can be taken back exactly."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, insert, select, update

from vms.core.errors import NotFound
from vms.core.ids import CameraId, DeviceId
from vms.store.identity_rows import RowChange, change_from_json, change_to_json
from vms.store.page import Page
from vms.store.schema import identity_actions


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityAction:
    action_id: int
    at: datetime
    who: str
    kind: str
    """merge, split, replace, join_cameras, bind_channels"""
    why: str
    device_ids: tuple[DeviceId, ...]
    camera_ids: tuple[CameraId, ...]
    new_device_id: DeviceId | None
    conflict_ids: tuple[int, ...]
    """The questions that it answered."""
    undone_at: datetime | None
    undone_by: str | None


def record(
    tx: Connection,
    *,
    kind: str,
    who: str,
    why: str,
    device_ids: Iterable[int],
    camera_ids: Iterable[int],
    changes: Sequence[RowChange],
    now: datetime,
    new_device_id: int | None = None,
) -> IdentityAction:
    content = {
        "device_ids": sorted(set(device_ids)),
        "camera_ids": sorted(set(camera_ids)),
        "new_device_id": new_device_id,
        "conflict_ids": [],
        "changes": [change_to_json(change) for change in changes],
    }
    values = {"at": now, "who": who[:80], "kind": kind, "why": why, "content": content}
    c = identity_actions.c
    action_id: int = tx.execute(insert(identity_actions).values(values).returning(c.id)).scalar_one()
    return get(tx, action_id)


def answers(tx: Connection, action_id: int, conflict_id: int) -> None:
    """The action was done because of this question: when it is taken back, the question is open again."""
    c = identity_actions.c
    content = dict(tx.execute(select(c.content).where(c.id == action_id)).scalar_one())
    content["conflict_ids"] = sorted({*content["conflict_ids"], conflict_id})
    tx.execute(update(identity_actions).where(c.id == action_id).values(content=content))


def get(tx: Connection, action_id: int) -> IdentityAction:
    """Raises NotFound."""
    return _action(_row(tx, select(identity_actions).where(identity_actions.c.id == action_id), action_id))


def changes_of(tx: Connection, action_id: int) -> list[RowChange]:
    """Raises NotFound. Nobody else takes the action back until the end of the transaction."""
    statement = select(identity_actions).where(identity_actions.c.id == action_id).with_for_update()
    return [change_from_json(change) for change in _row(tx, statement, action_id)["content"]["changes"]]


def page(tx: Connection, *, limit: int = 50, offset: int = 0) -> Page[IdentityAction]:
    """Newest first."""
    total = tx.execute(select(func.count()).select_from(identity_actions)).scalar_one()
    statement = select(identity_actions).order_by(identity_actions.c.id.desc()).limit(limit).offset(offset)
    return Page(items=tuple(_action(row) for row in tx.execute(statement).mappings()), total=total)


def set_undone(tx: Connection, action_id: int, who: str, now: datetime) -> None:
    values = {"undone_at": now, "undone_by": who[:80]}
    tx.execute(update(identity_actions).where(identity_actions.c.id == action_id).values(values))


def _row(tx: Connection, statement: Select[Any], action_id: int) -> RowMapping:
    row = tx.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no identity action {action_id}")
    return row


def _action(row: RowMapping) -> IdentityAction:
    content = row["content"]
    new = content["new_device_id"]
    return IdentityAction(
        action_id=row["id"],
        at=row["at"],
        who=row["who"],
        kind=row["kind"],
        why=row["why"],
        device_ids=tuple(DeviceId(value) for value in content["device_ids"]),
        camera_ids=tuple(CameraId(value) for value in content["camera_ids"]),
        new_device_id=None if new is None else DeviceId(new),
        conflict_ids=tuple(content["conflict_ids"]),
        undone_at=row["undone_at"],
        undone_by=row["undone_by"],
    )
