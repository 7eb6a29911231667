"""Lists that are being or were taken in: how far each has come, so that a killed one goes on where it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from vms.core.errors import NotFound
from vms.inventory.lists.camera_entry import RowError
from vms.store import events
from vms.store.page import Page
from vms.store.schema import import_errors, imports

SILENT_FOR = timedelta(seconds=30)
"""An import that has not made a step for so long is worked on by nobody."""
MOST_ERRORS = 10_000
"""Kept of one import."""


class ImportState(StrEnum):
    RUNNING = "running"
    INTERRUPTED = "interrupted"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewImport:
    file_name: str
    sha256: str
    mapping: str
    conditions: str
    request: Mapping[str, Any]
    dry_run: bool
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredImport:
    import_id: int
    what: NewImport
    started_at: datetime
    alive_at: datetime
    finished_at: datetime | None
    last_row: int
    result: Mapping[str, Any]
    problem: str

    def state(self, now: datetime) -> ImportState:
        if self.problem:
            return ImportState.FAILED
        if self.finished_at is not None:
            return ImportState.DONE
        return ImportState.RUNNING if now - self.alive_at < SILENT_FOR else ImportState.INTERRUPTED


def begin(tx: Connection, what: NewImport, now: datetime) -> StoredImport:
    """The unfinished import of the same file under the same conditions, else a new one. A dry run is always new."""
    c = imports.c
    same = (c.sha256 == what.sha256, c.mapping == what.mapping, c.conditions == what.conditions)
    open_one = select(imports).where(*same, c.finished_at.is_(None), c.dry_run.is_(False))
    known = None if what.dry_run else tx.execute(open_one.order_by(c.id.desc()).limit(1)).mappings().one_or_none()
    if known is not None:
        tx.execute(update(imports).where(c.id == known["id"]).values(alive_at=now))
        return _stored(known)
    values = {
        "file_name": what.file_name,
        "sha256": what.sha256,
        "mapping": what.mapping,
        "conditions": what.conditions,
        "request": dict(what.request),
        "dry_run": what.dry_run,
        "who": what.who[:80],
        "started_at": now,
        "alive_at": now,
    }
    import_id = tx.execute(insert(imports).values(values).returning(c.id)).scalar_one()
    return get(tx, import_id)


def advance(
    tx: Connection,
    import_id: int,
    *,
    from_row: int,
    to_row: int,
    result: Mapping[str, Any],
    errors: Sequence[RowError],
    now: datetime,
) -> bool:
    """In the transaction that stores the rows. False: another process has gone on with it; nothing may be stored."""
    here = (imports.c.id == import_id, imports.c.last_row == from_row, imports.c.finished_at.is_(None))
    step = update(imports).where(*here).values(last_row=to_row, result=dict(result), alive_at=now)
    if tx.execute(step).rowcount == 0:
        return False
    if errors:
        tx.execute(insert(import_errors), [_error_row(import_id, error) for error in errors])
    return True


def finish(tx: Connection, import_id: int, now: datetime, *, problem: str = "") -> None:
    done = {"finished_at": now, "alive_at": now, "problem": problem[:2000]}
    changed = tx.execute(
        update(imports).where(imports.c.id == import_id, imports.c.finished_at.is_(None)).values(done)
    ).rowcount
    if changed:
        found = get(tx, import_id)
        content = {"file": found.what.file_name, "who": found.what.who, "dry_run": found.what.dry_run}
        events.append(tx, "list.imported", import_id, content | dict(found.result) | {"problem": found.problem}, now)


def get(tx: Connection, import_id: int) -> StoredImport:
    """Raises NotFound."""
    row = tx.execute(select(imports).where(imports.c.id == import_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no import {import_id}")
    return _stored(row)


def page(tx: Connection, *, limit: int = 50, offset: int = 0) -> Page[StoredImport]:
    """The newest first."""
    total = tx.execute(select(func.count()).select_from(imports)).scalar_one()
    rows = tx.execute(select(imports).order_by(imports.c.id.desc()).limit(limit).offset(offset)).mappings()
    return Page(items=tuple(_stored(row) for row in rows), total=total)


def unfinished(tx: Connection) -> list[StoredImport]:
    """Real ones, the oldest first."""
    where = (imports.c.finished_at.is_(None), imports.c.dry_run.is_(False))
    return [_stored(row) for row in tx.execute(select(imports).where(*where).order_by(imports.c.id)).mappings()]


def errors(tx: Connection, import_id: int, *, limit: int = MOST_ERRORS, offset: int = 0) -> Page[RowError]:
    """In the order of the rows."""
    c = import_errors.c
    total = tx.execute(select(func.count()).select_from(import_errors).where(c.import_id == import_id)).scalar_one()
    statement = select(import_errors).where(c.import_id == import_id).order_by(c.id).limit(limit).offset(offset)
    found = tuple(
        RowError(row=row["row"], field=row["field"], value=row["value"], reason=row["reason"])
        for row in tx.execute(statement).mappings()
    )
    return Page(items=found, total=total)


def _error_row(import_id: int, error: RowError) -> dict[str, Any]:
    plain = {"field": error.field[:80], "value": error.value.replace("\x00", "\ufffd"), "reason": error.reason}
    return {"import_id": import_id, "row": error.row, **plain}


def _stored(row: RowMapping) -> StoredImport:
    return StoredImport(
        import_id=row["id"],
        what=NewImport(
            file_name=row["file_name"],
            sha256=row["sha256"],
            mapping=row["mapping"],
            conditions=row["conditions"],
            request=row["request"],
            dry_run=row["dry_run"],
            who=row["who"],
        ),
        started_at=row["started_at"],
        alive_at=row["alive_at"],
        finished_at=row["finished_at"],
        last_row=row["last_row"],
        result=row["result"],
        problem=row["problem"],
    )
