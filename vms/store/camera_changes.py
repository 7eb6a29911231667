"""The history of every record: who changed which field when, from what to what, and why. Never altered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, func, insert, or_, select

from vms.core.errors import NotFound
from vms.core.ids import CameraId
from vms.store.page import Page
from vms.store.schema import camera_changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who changes a record: a person by name, or the part of the program that does it."""

    who: str
    why: str = ""
    edit_id: int | None = None
    """The edit of many cameras that this belongs to."""


DISCOVERY = Author(who="discovery", why="what the device said")
REGISTRATION = Author(who="registration")
IMPORT = Author(who="import")
PROGRAM = Author(who="vms")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    camera_id: CameraId
    field: str
    """The column of `cameras`."""
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptChange:
    change_id: int
    at: datetime
    author: Author
    change: FieldChange


def keep(tx: Connection, changes: Iterable[FieldChange], author: Author, now: datetime) -> None:
    """In the transaction that makes the change."""
    rows = [
        {
            "camera_id": change.camera_id,
            "at": now,
            "who": author.who[:80],
            "field": change.field,
            "before": plain(change.before),
            "after": plain(change.after),
            "why": author.why,
            "edit_id": author.edit_id,
        }
        for change in changes
    ]
    if rows:
        tx.execute(insert(camera_changes), rows)


def of_camera(tx: Connection, camera_id: int, *, limit: int = 50, offset: int = 0) -> Page[KeptChange]:
    """The newest first."""
    c = camera_changes.c
    total = tx.execute(select(func.count()).select_from(camera_changes).where(c.camera_id == camera_id)).scalar_one()
    statement = select(camera_changes).where(c.camera_id == camera_id).order_by(c.id.desc())
    items = tuple(_kept(row) for row in tx.execute(statement.limit(limit).offset(offset)).mappings())
    return Page(items=items, total=total)


def get(tx: Connection, camera_id: int, change_id: int) -> KeptChange:
    """Raises NotFound."""
    c = camera_changes.c
    statement = select(camera_changes).where(c.camera_id == camera_id, c.id == change_id)
    row = tx.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound(f"camera {camera_id} has no change {change_id}")
    return _kept(row)


def since(tx: Connection, camera_id: int, after_id: int) -> list[KeptChange]:
    """Later than that one, the oldest first."""
    c = camera_changes.c
    statement = select(camera_changes).where(c.camera_id == camera_id, c.id > after_id).order_by(c.id)
    return [_kept(row) for row in tx.execute(statement).mappings()]


def same_step(tx: Connection, kept: KeptChange) -> list[KeptChange]:
    """What the same person changed in the same moment, this one included."""
    c = camera_changes.c
    chosen = (c.camera_id == kept.change.camera_id, c.at == kept.at, c.who == kept.author.who)
    return [_kept(row) for row in tx.execute(select(camera_changes).where(*chosen).order_by(c.id)).mappings()]


def latest_of_fields(tx: Connection, camera_id: int) -> dict[str, KeptChange]:
    """By field its last change."""
    c = camera_changes.c
    newest = select(func.max(c.id)).where(c.camera_id == camera_id).group_by(c.field)
    statement = select(camera_changes).where(c.id.in_(newest))
    return {row["field"]: _kept(row) for row in tx.execute(statement).mappings()}


def revision(tx: Connection, camera_id: int) -> int:
    """The number of its last change; 0: it was never changed."""
    statement = select(func.max(camera_changes.c.id)).where(camera_changes.c.camera_id == camera_id)
    return tx.execute(statement).scalar_one() or 0


def of_present_change(tx: Connection, camera_id: int) -> list[KeptChange]:
    """What was changed since the record was approved last, the oldest first; nothing where that is not known.

    The step from approved to changing is kept with the fields of the same transaction, in any order.
    """
    c = camera_changes.c
    steps = select(camera_changes).where(c.camera_id == camera_id, c.field == "life_cycle").order_by(c.id.desc())
    step = tx.execute(steps.limit(1)).mappings().one_or_none()
    if step is None or step["after"] != "changing":
        return []
    later = or_(c.id > step["id"], and_(c.at == step["at"], c.who == step["who"]))
    statement = select(camera_changes).where(c.camera_id == camera_id, later).order_by(c.id)
    return [_kept(row) for row in tx.execute(statement).mappings()]


def _kept(row: RowMapping) -> KeptChange:
    return KeptChange(
        change_id=row["id"],
        at=row["at"],
        author=Author(who=row["who"], why=row["why"], edit_id=row["edit_id"]),
        change=FieldChange(
            camera_id=CameraId(row["camera_id"]), field=row["field"], before=row["before"], after=row["after"]
        ),
    )


def plain(value: Any) -> Any:
    """As JSON keeps it: dates as text, tuples as lists."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
