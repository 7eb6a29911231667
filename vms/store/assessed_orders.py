"""The orders that an assessment counts: each with how it stood before its firm or its deadlines changed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, ScalarSelect, Select, and_, func, or_, select

from vms.assessment.due_orders import Ending, Fate
from vms.assessment.judged_deadlines import Stand
from vms.core.intervals import Interval
from vms.maintenance.order import PROGRAM, Action
from vms.store.schema import (
    notice_cameras,
    notices,
    outage_cameras,
    work_order_stands,
    work_order_steps,
    work_orders,
)

_Told = dict[tuple[int, str], list[tuple[datetime, datetime]]]
w, s = work_orders.c, work_order_stands.c


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedOrder:
    region_code: str
    tier: str
    owner_id: int | None
    detected_at: datetime
    repaired_at: datetime | None
    suspended_s: float
    repeats: bool
    stands: tuple[Stand, ...]
    """The last one is how it stands now."""
    announced: tuple[Interval, ...] = ()
    """Approved notices over all that it is about."""


def assessed_orders(tx: Connection, start: datetime, end: datetime) -> list[AssessedOrder]:
    """Opened, due or repaired in the period, also by a deadline that was moved later; false alarms left out."""

    def is_in(column: ColumnElement[Any]) -> ColumnElement[bool]:
        return and_(column >= start, column < end)

    stood = select(s.order_id).where(or_(is_in(s.respond_by), is_in(s.repair_by)))
    touched = or_(*(is_in(column) for column in (w.detected_at, w.respond_by, w.repair_by, w.repaired_at)))
    real = or_(w.outcome.is_(None), w.outcome != Ending.FALSE_ALARM.value)
    chosen = (or_(touched, w.id.in_(stood)), real)
    mine = select(w.id).where(*chosen)
    before, told = _stood_before(tx, mine), _told_later(tx, mine)
    announced = _announced(tx, mine)
    return [
        AssessedOrder(
            region_code=row["region_code"],
            tier=row["tier"],
            owner_id=row["owner_id"],
            detected_at=row["detected_at"],
            repaired_at=row["repaired_at"],
            suspended_s=row["suspended_s"],
            repeats=row["repeat_of"] is not None,
            stands=tuple(
                _stand(one, row["id"], one.get("until_at"), told) for one in (*before.get(row["id"], ()), row)
            ),
            announced=tuple(announced.get(row["id"], ())),
        )
        for row in tx.execute(select(work_orders).where(*chosen)).mappings()
    ]


def _stood_before(tx: Connection, mine: Select[Any]) -> dict[int, list[RowMapping]]:
    found: dict[int, list[RowMapping]] = defaultdict(list)
    for row in tx.execute(select(work_order_stands).where(s.order_id.in_(mine)).order_by(s.id)).mappings():
        found[row["order_id"]].append(row)
    return found


def _announced(tx: Connection, mine: Select[Any]) -> dict[int, list[Interval]]:
    """Of an outage: a notice that covers each camera that ever fell with it."""
    n, nc, m = notices.c, notice_cameras.c, outage_cameras.c
    approved = (n.state == "approved", n.start_at < n.end_at, w.id.in_(mine))
    alone = (
        select(w.id, n.start_at, n.end_at)
        .select_from(work_orders.join(notice_cameras, nc.camera_id == w.camera_id).join(notices, n.id == nc.notice_id))
        .where(*approved)
    )
    together = (
        select(w.id, n.start_at, n.end_at)
        .select_from(
            work_orders.join(outage_cameras, m.outage_id == w.outage_id)
            .join(notice_cameras, nc.camera_id == m.camera_id)
            .join(notices, n.id == nc.notice_id)
        )
        .where(*approved)
        .group_by(w.id, w.outage_id, n.id, n.start_at, n.end_at)
        .having(func.count(m.camera_id.distinct()) == _members_of(w.outage_id))
    )
    found: dict[int, list[Interval]] = defaultdict(list)
    for statement in (alone, together):
        for order_id, start_at, end_at in tx.execute(statement):
            found[order_id].append(Interval(start_at, end_at))
    return found


def _members_of(outage_id: ColumnElement[Any]) -> ScalarSelect[int]:
    m = outage_cameras.alias("member").c
    return select(func.count(m.camera_id.distinct())).where(m.outage_id == outage_id).scalar_subquery()


def _told_later(tx: Connection, mine: Select[Any]) -> _Told:
    """What people said later than it was: (when it was, when they said so), by order and action."""
    c = work_order_steps.c
    later = (c.action.in_((Action.ARRIVE.value, Action.REPAIR.value)), c.who != PROGRAM, c.told_at > c.at)
    found: _Told = defaultdict(list)
    statement = select(c.order_id, c.action, c.at, c.told_at).where(c.order_id.in_(mine), *later).order_by(c.id)
    for order_id, action, at, told_at in tx.execute(statement):
        found[order_id, action].append((at, told_at))
    return found


def _stand(row: RowMapping, order_id: int, until_at: datetime | None, told: _Told) -> Stand:
    return Stand(
        until_at=until_at,
        maintainer_id=row["maintainer_id"],
        respond_by=row["respond_by"],
        repair_by=row["repair_by"],
        fate=Fate(
            ending=None if row["outcome"] is None else Ending(row["outcome"]),
            on_site_at=row["on_site_at"],
            repaired_at=row["repaired_at"],
            healed_at=row["healed_at"],
            closed_at=row["closed_at"],
            suspended_at=row["suspended_at"],
        ),
        on_site_told_at=_told_at(row["on_site_at"], row, told.get((order_id, Action.ARRIVE.value), ())),
        repaired_told_at=_told_at(row["repaired_at"], row, told.get((order_id, Action.REPAIR.value), ())),
    )


def _told_at(done_at: datetime | None, row: RowMapping, told: Sequence[tuple[datetime, datetime]]) -> datetime | None:
    """What is said of an order that is over counts as done when it ended, at the latest."""
    if done_at is None:
        return None
    at_the_end = done_at == row["closed_at"]
    return next((told_at for at, told_at in reversed(told) if at == done_at or (at_the_end and at > done_at)), None)
