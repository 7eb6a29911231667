"""Pages of a list of cameras: by offset or from where the page before ended, with how many there are in all.

A list that is not narrowed is read in the order of an index. One that is narrowed is searched once: the same statement
counts what it found and cuts out the page.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from vms.core.ids import CameraId
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.store.camera_filter import CameraFilter, conditions, found_by, is_narrow
from vms.store.camera_order import Order, beyond, cursor_at, order_of, sorted_by
from vms.store.schema import cameras, judgements, search_texts, watches


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
    owners = wanted.crew_of is None
    order = order_of(tx, sort, wanted.text, now, sees_addresses=wanted.sees_addresses, sees_owners=owners)
    where = conditions(tx, wanted, now)
    if not is_narrow(wanted):
        statement, total = _whole(order, where, after)
    else:
        hits = _ranked_hits(tx, order, wanted, now) if order.searched else _hits(order, where)
        statement, total = _narrow(order, hits, after), None
    rows = tx.execute(statement.limit(limit + 1).offset(0 if after else offset)).all()
    if total is not None:
        counted = int(tx.execute(total).scalar_one())
    elif rows or not (offset or after):
        counted = int(rows[0].total) if rows else 0
    else:
        counted = int(tx.execute(_count(where)).scalar_one())
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


def _narrow(order: Order, hits: Select[Any], after: str) -> Select[Any]:
    found = hits.cte("hits").prefix_with("MATERIALIZED")
    total = select(func.count()).select_from(found).scalar_subquery()
    statement = select(found.c.id, found.c.key, total.label("total"))
    if after:
        statement = statement.where(beyond(order, after, found.c.key, found.c.id))
    return statement.order_by(*sorted_by(order, found.c.key, found.c.id))


def _hits(order: Order, where: list[ColumnElement[bool]]) -> Select[Any]:
    return _joined(order, select(cameras.c.id, order.key.label("key"))).where(*where)


def _ranked_hits(tx: Connection, order: Order, wanted: CameraFilter, now: datetime) -> Select[Any]:
    """Of the search's own table; the cameras' is looked into only where more is asked of them."""
    statement = select(search_texts.c.camera_id.label("id"), order.key.label("key")).where(found_by(tx, wanted))
    where = conditions(tx, replace(wanted, text=""), now, searched=True)
    if where:
        statement = statement.join(cameras, cameras.c.id == search_texts.c.camera_id).where(*where)
    return statement


def _joined(order: Order, statement: Select[Any]) -> Select[Any]:
    if order.watched:
        # by id on both sides: else SQLite reads an index of the cameras, and the watches at random
        statement = statement.outerjoin(watches, watches.c.camera_id == cameras.c.id).where(cameras.c.id > 0)
    if order.judged:
        statement = statement.outerjoin(judgements, judgements.c.camera_id == cameras.c.id).where(cameras.c.id > 0)
    return statement


def _count(where: list[ColumnElement[bool]]) -> Select[Any]:
    return select(func.count()).select_from(cameras).where(*where)
