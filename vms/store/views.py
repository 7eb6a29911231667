"""Saved views of the list of cameras: one's own, and those that somebody shares with everybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, func, insert, or_, select, update

from vms.core.errors import Conflict, NotFound
from vms.store.schema import users, views

MOST_PER_PERSON = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    view_id: int
    user_id: int
    user_name: str
    name: str
    shared: bool
    content: Mapping[str, Any]
    changed_at: datetime


def visible_to(tx: Connection, user_id: int) -> list[View]:
    """One's own and the shared ones, by name."""
    statement = _select().where(or_(views.c.user_id == user_id, views.c.shared)).order_by(views.c.name, views.c.id)
    return [_view(row) for row in tx.execute(statement).mappings()]


def get(tx: Connection, view_id: int) -> View:
    """Raises NotFound."""
    row = tx.execute(_select().where(views.c.id == view_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no view {view_id}")
    return _view(row)


def add(tx: Connection, user_id: int, name: str, content: Mapping[str, Any], now: datetime, *, shared: bool) -> int:
    """Raises Conflict where the person has one of this name, or too many."""
    count = tx.execute(select(func.count()).where(views.c.user_id == user_id)).scalar_one()
    if count >= MOST_PER_PERSON:
        raise Conflict(f"you have {count} views already; delete one first")
    _require_free(tx, user_id, name, 0)
    values = {"user_id": user_id, "name": name, "shared": shared, "content": dict(content), "changed_at": now}
    return int(tx.execute(insert(views).values(values).returning(views.c.id)).scalar_one())


def change(tx: Connection, view: View, name: str, content: Mapping[str, Any], now: datetime, *, shared: bool) -> None:
    """Raises Conflict where the person has another one of this name."""
    _require_free(tx, view.user_id, name, view.view_id)
    values = {"name": name, "shared": shared, "content": dict(content), "changed_at": now}
    tx.execute(update(views).where(views.c.id == view.view_id).values(values))


def remove(tx: Connection, view_id: int) -> None:
    tx.execute(delete(views).where(views.c.id == view_id))


def _require_free(tx: Connection, user_id: int, name: str, view_id: int) -> None:
    chosen = (views.c.user_id == user_id, views.c.name == name, views.c.id != view_id)
    if tx.execute(select(views.c.id).where(*chosen)).first() is not None:
        raise Conflict(f"you have a view called {name!r} already")


def _select() -> Select[Any]:
    return select(views, users.c.name.label("user_name")).join(users, users.c.id == views.c.user_id)


def _view(row: RowMapping) -> View:
    return View(
        view_id=row["id"],
        user_id=row["user_id"],
        user_name=row["user_name"],
        name=row["name"],
        shared=row["shared"],
        content=row["content"],
        changed_at=row["changed_at"],
    )
