"""Pages of a list of cameras: by offset or from where the page before ended, with how many there are in all.

A list that is not narrowed is read in the order of an index. One that is narrowed is searched once: the same statement
counts what it found and cuts out the page.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from vms.core.ids import CameraId
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.store.camera_filter import CameraFilter, conditions, is_narrow
from vms.store.camera_order import Order, beyond, cursor_at, order_of, sorted_by
from vms.store.schema import cameras, search_texts, watches


@dataclass(frozen=True, slots=True, kw_only=True)
class IdPage:
    ids: tuple[CameraId, ...]
    total: int
    next: str | None
    """Given as `after`, it brings the page that follows; None: this was the last."""


def id_page(
    tx: Connection,
    wanted: CameraFilter,
    *,
    now: datetime,
    sort: str = "",
    limit: int = 50,
    offset: int = 0,
    after: str = "",
) -> IdPage:
    """`sort`: one of camera_order.SORTS, with a leading minus for the other way round. Raises BadInput, NotAllowed."""
    order = order_of(tx, sort, wanted.text, now, sees_addresses=wanted.sees_addresses)
    where = conditions(tx, wanted, now)
    statement, total = _narrow(order, where, after) if is_narrow(wanted) else _whole(order, where, after)
    rows = tx.execute(statement.limit(limit + 1).offset(0 if after else offset)).all()
    if total is None and rows:
        counted = int(rows[0].total)
    else:
        counted = int(tx.execute(_count(where) if total is None else total).scalar_one())
    shown = rows[:limit]
    more = cursor_at(order, shown[-1].key, shown[-1].id) if shown and len(rows) > limit else None
    return IdPage(ids=tuple(CameraId(row.id) for row in shown), total=counted, next=more)


def every_id(tx: Connection, wanted: CameraFilter, now: datetime, *, limit: int) -> list[CameraId]:
    """All that fit, by id; at most so many."""
    statement = select(cameras.c.id).where(*conditions(tx, wanted, now)).order_by(cameras.c.id).limit(limit)
    return [CameraId(found) for found in tx.execute(statement).scalars()]


def count(tx: Connection, wanted: CameraFilter, now: datetime) -> int:
    return int(tx.execute(_count(conditions(tx, wanted, now))).scalar_one())


def _whole(order: Order, where: list[ColumnElement[bool]], after: str) -> tuple[Select[Any], Select[Any] | None]:
    statement = _joined(order, select(cameras.c.id, order.key.label("key"))).where(*where)
    if after:
        statement = statement.where(beyond(order, after, order.key, cameras.c.id))
    counted = select(func.count()).select_from(cameras)
    if where:
        counted = counted.where(cameras.c.life_cycle.in_(IN_SERVICE_VALUES))
    return statement.order_by(*sorted_by(order, order.key, cameras.c.id)), counted


def _narrow(order: Order, where: list[ColumnElement[bool]], after: str) -> tuple[Select[Any], Select[Any] | None]:
    hits = _joined(order, select(cameras.c.id, order.key.label("key"))).where(*where).cte("hits")
    hits = hits.prefix_with("MATERIALIZED")
    total = select(func.count()).select_from(hits).scalar_subquery()
    statement = select(hits.c.id, hits.c.key, total.label("total"))
    if after:
        statement = statement.where(beyond(order, after, hits.c.key, hits.c.id))
    return statement.order_by(*sorted_by(order, hits.c.key, hits.c.id)), None


def _joined(order: Order, statement: Select[Any]) -> Select[Any]:
    if order.watched:
        # by id on both sides: else SQLite reads an index of the cameras, and the watches at random
        statement = statement.outerjoin(watches, watches.c.camera_id == cameras.c.id).where(cameras.c.id > 0)
    if order.searched:
        statement = statement.outerjoin(search_texts, search_texts.c.camera_id == cameras.c.id)
    return statement


def _count(where: list[ColumnElement[bool]]) -> Select[Any]:
    return select(func.count()).select_from(cameras).where(*where)
