"""Orders whose faults were announced (报备) after they had been opened: which rest, until when, and which go on."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select

from vms.core.ids import OrderId
from vms.health.outages.notice import NoticeState
from vms.maintenance.order import CLOCK_RUNS, PROGRAM, Action, OrderState
from vms.store.schema import (
    faults,
    notice_cameras,
    notices,
    outage_cameras,
    outages,
    work_order_faults,
    work_order_steps,
    work_orders,
)

w, n, nc, m, s = work_orders.c, notices.c, notice_cameras.c, outage_cameras.c, work_order_steps.c
_BATCH = 500
_APPROVED = n.state == NoticeState.APPROVED.value


def announced_late(tx: Connection, among: Collection[int] | None = None, *, now: datetime) -> dict[OrderId, datetime]:
    """Orders whose clock runs while all that they are about fell within a notice that was approved after it; until when
    that lasts. Each notice counts once, and a person who lets an order go on after the approval has the last word."""
    late = (w.state.in_([state.value for state in CLOCK_RUNS]), *_late(now))
    return _of_cameras(tx, among, late) | _of_outages(tx, among, late)


def first_open_faults(tx: Connection, order_ids: Collection[int]) -> dict[OrderId, datetime]:
    """When the first of each order's open faults was opened; orders without an open one are left out."""
    link, f = work_order_faults.c, faults.c
    first = func.min(case((f.closed_at.is_(None), f.opened_at))).label(
        "fell_at"
    )  # by the orders, not by all open faults
    wanted, found = sorted(order_ids), {}
    for start in range(0, len(wanted), _BATCH):
        chosen = (link.order_id.in_(wanted[start : start + _BATCH]), f.id == link.fault_id)
        for row in tx.execute(select(link.order_id, first).where(*chosen).group_by(link.order_id)):
            if row.fell_at is not None:
                found[OrderId(row.order_id)] = row.fell_at
    return found


def no_longer_announced(tx: Connection, among: Collection[int] | None = None, *, now: datetime) -> list[OrderId]:
    """Orders that the program let rest for a notice, which ended before its time."""
    later = work_order_steps.alias("later")
    suspended = s.action == Action.SUSPEND.value
    is_last = ~exists().where(later.c.order_id == s.order_id, later.c.action == s.action, later.c.id > s.id)
    by_program = exists().where(s.order_id == w.id, suspended, s.who == PROGRAM, is_last)
    lasts = and_(n.id == nc.notice_id, _APPROVED, n.start_at <= now, n.end_at > now)
    camera_covered = exists().where(nc.camera_id == w.camera_id, lasts)
    member_free = exists().where(
        m.outage_id == w.outage_id, m.until_at.is_(None), ~exists().where(nc.camera_id == m.camera_id, lasts)
    )
    free = or_(and_(w.camera_id.is_not(None), ~camera_covered), member_free)
    chosen = [w.state == OrderState.SUSPENDED.value, w.suspended_until > now, by_program, free]
    statement = select(w.id).where(*chosen, *_among(among)).order_by(w.id)
    return [OrderId(one) for one in tx.execute(statement).scalars()]


def _of_cameras(
    tx: Connection, among: Collection[int] | None, late: Collection[ColumnElement[bool]]
) -> dict[OrderId, datetime]:  # fmt: skip
    link, f = work_order_faults.c, faults.c
    before = exists().where(
        link.order_id == w.id, f.id == link.fault_id, f.closed_at.is_(None), f.opened_at < n.start_at
    )
    open_at_all = exists().where(
        link.order_id == w.id, f.id == link.fault_id, f.closed_at.is_(None), f.opened_at < n.end_at
    )
    statement = (
        select(w.id, func.max(n.end_at).label("until"))
        .select_from(work_orders.join(notice_cameras, nc.camera_id == w.camera_id).join(notices, n.id == nc.notice_id))
        .where(*late, *_among(among), ~before, open_at_all)
        .group_by(w.id)
    )
    return {OrderId(row.id): row.until for row in tx.execute(statement)}


def _of_outages(
    tx: Connection, among: Collection[int] | None, late: Collection[ColumnElement[bool]]
) -> dict[OrderId, datetime]:  # fmt: skip
    """The first of its cameras that is not announced any more ends the rest."""
    o = outages.c
    lying = and_(m.outage_id == w.outage_id, m.until_at.is_(None))
    within = and_(n.start_at <= o.fell_from, n.end_at > o.fell_from)
    each = (
        select(w.id, m.camera_id, func.max(n.end_at).label("until"))
        .select_from(
            work_orders.join(outages, o.id == w.outage_id)
            .join(outage_cameras, lying)
            .join(notice_cameras, nc.camera_id == m.camera_id)
            .join(notices, n.id == nc.notice_id)
        )
        .where(*late, *_among(among), within)
        .group_by(w.id, m.camera_id)
        .subquery()
    )
    members = select(func.count(m.camera_id.distinct())).where(lying).scalar_subquery()
    statement = (
        select(w.id, func.min(each.c.until).label("until"))
        .select_from(work_orders.join(each, each.c.id == w.id))
        .group_by(w.id, w.outage_id)
        .having(func.count() == members)
    )
    return {OrderId(row.id): row.until for row in tx.execute(statement)}


def _late(now: datetime) -> tuple[ColumnElement[bool], ...]:
    rested = and_(s.action == Action.SUSPEND.value, s.who == PROGRAM, s.told_at >= n.decided_at)
    let_go_on = and_(s.action == Action.RESUME.value, s.who != PROGRAM, s.told_at > n.decided_at)
    known = exists().where(s.order_id == w.id, or_(rested, let_go_on))
    return _APPROVED, n.decided_at > w.detected_at, n.decided_at <= now, n.end_at > w.detected_at, ~known


def _among(among: Collection[int] | None) -> tuple[ColumnElement[bool], ...]:
    return () if among is None else (w.id.in_(list(among)),)
