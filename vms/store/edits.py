"""Edits of many cameras: what was asked, how far it is, what came of it; and what an edit changed, for its undo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from vms.core.errors import NotFound
from vms.store.page import Page
from vms.store.schema import camera_changes, edits

_BATCH = 500


class EditState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    edit_id: int
    at: datetime
    who: str
    why: str
    changes: Mapping[str, Any]
    """By field of the archive, as they were given."""
    cameras: int
    state: EditState
    position: int
    result: Mapping[str, Any]
    undone_at: datetime | None
    undone_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedField:
    change_id: int
    camera_id: int
    field: str
    """The column."""
    before: Any
    after: Any


def add(
    tx: Connection, changes: Mapping[str, Any], camera_ids: Sequence[int], who: str, why: str, now: datetime
) -> int:
    values = {
        "at": now,
        "who": who[:80],
        "why": why,
        "fields": dict(changes),
        "cameras": len(camera_ids),
        "state": EditState.RUNNING.value,
        "camera_ids": list(camera_ids),
        "position": 0,
        "result": {},
    }
    return int(tx.execute(insert(edits).values(values).returning(edits.c.id)).scalar_one())


def get(tx: Connection, edit_id: int, *, lock: bool = False) -> Edit:
    """Raises NotFound. Locked: nobody else goes on with it until the end of the transaction."""
    statement = select(*_TOLD).where(edits.c.id == edit_id)
    row = tx.execute(statement.with_for_update() if lock else statement).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no edit {edit_id}")
    return _edit(row)


def page(tx: Connection, *, limit: int = 50, offset: int = 0) -> Page[Edit]:
    """The newest first."""
    total = tx.execute(select(func.count()).select_from(edits)).scalar_one()
    rows = tx.execute(select(*_TOLD).order_by(edits.c.id.desc()).limit(limit).offset(offset)).mappings()
    return Page(items=tuple(_edit(row) for row in rows), total=total)


def unfinished(tx: Connection) -> list[int]:
    """Those that somebody began and nobody has finished."""
    states = (EditState.RUNNING.value, EditState.UNDOING.value)
    return list(tx.execute(select(edits.c.id).where(edits.c.state.in_(states)).order_by(edits.c.id)).scalars())


def camera_ids(tx: Connection, edit_id: int) -> list[int]:
    """None for an edit that is not there."""
    return list(tx.execute(select(edits.c.camera_ids).where(edits.c.id == edit_id)).scalar_one_or_none() or ())


def advance(tx: Connection, edit_id: int, state: EditState, position: int, result: Mapping[str, Any]) -> None:
    values = {"state": state.value, "position": position, "result": dict(result)}
    tx.execute(update(edits).where(edits.c.id == edit_id).values(values))


def begin_undo(tx: Connection, edit_id: int, who: str, now: datetime) -> None:
    values = {"state": EditState.UNDOING.value, "position": 0, "undone_at": now, "undone_by": who[:80]}
    tx.execute(update(edits).where(edits.c.id == edit_id).values(values))


def changed_by(tx: Connection, edit_id: int, ids: Sequence[int]) -> list[EditedField]:
    """What the edit changed of these cameras."""
    c = camera_changes.c
    found: list[EditedField] = []
    for start in range(0, len(ids), _BATCH):
        chosen = (c.edit_id == edit_id, c.camera_id.in_(ids[start : start + _BATCH]))
        statement = select(c.id, c.camera_id, c.field, c.before, c.after).where(*chosen).order_by(c.id)
        found.extend(
            EditedField(change_id=row.id, camera_id=row.camera_id, field=row.field, before=row.before, after=row.after)
            for row in tx.execute(statement)
        )
    return found


def changed_since(
    tx: Connection, after_id: int, ids: Sequence[int]
) -> dict[tuple[int, str], tuple[int, str, datetime]]:
    """(camera, column) → the last later change: its number, who, when."""
    c = camera_changes.c
    found: dict[tuple[int, str], tuple[int, str, datetime]] = {}
    for start in range(0, len(ids), _BATCH):
        chosen = (c.id > after_id, c.camera_id.in_(ids[start : start + _BATCH]))
        for row in tx.execute(select(c.id, c.camera_id, c.field, c.who, c.at).where(*chosen).order_by(c.id)):
            found[row.camera_id, row.field] = (row.id, row.who, row.at)
    return found


_TOLD = [column for column in edits.c if column.name != "camera_ids"]


def _edit(row: RowMapping) -> Edit:
    return Edit(
        edit_id=row["id"],
        at=row["at"],
        who=row["who"],
        why=row["why"],
        changes=row["fields"],
        cameras=row["cameras"],
        state=EditState(row["state"]),
        position=row["position"],
        result=row["result"],
        undone_at=row["undone_at"],
        undone_by=row["undone_by"],
    )
