"""Which open orders the program looks after in a turn: healed, ill again, late, withdrawn; of all, or among a few."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from vms.core.ids import OrderId
from vms.health.session import WatchSession
from vms.health.status import Status
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.maintenance.order import CLOCK_RUNS, ENDED, NOBODY_SENT, OrderState
from vms.store.schema import cameras, faults, outages, watches, work_order_faults, work_orders

Among = Collection[int] | None
"""A few orders, or None: all of them."""
w, f, link = work_orders.c, faults.c, work_order_faults.c
_IS_OPEN = w.state.not_in([state.value for state in ENDED])
_HAS_FAULT = exists().where(link.order_id == w.id)
_HAS_OPEN_FAULT = exists().where(link.order_id == w.id, f.id == link.fault_id, f.closed_at.is_(None))


def out_of_service(tx: Connection, among: Among = None) -> list[OrderId]:
    """Open orders of a camera that is not in service any more."""
    gone = exists().where(cameras.c.id == w.camera_id, cameras.c.life_cycle.not_in(IN_SERVICE_VALUES))
    return _ids(tx, among, _IS_OPEN, gone)


def swallowed(tx: Connection, among: Among = None) -> list[OrderId]:
    """Orders that nobody went for: of a camera, all of whose open faults fell with an outage after all; of an outage
    that is a part of a wider one, or was none."""
    o = outages.c
    no_outage = exists().where(o.id == w.outage_id, or_(o.part_of.is_not(None), o.verdict == "wrong"))
    suppressed = exists().where(
        link.order_id == w.id, f.id == link.fault_id, f.closed_at.is_(None), f.outage_id.is_not(None)
    )
    alone = exists().where(link.order_id == w.id, f.id == link.fault_id, f.closed_at.is_(None), f.outage_id.is_(None))
    of_camera = and_(w.camera_id.is_not(None), suppressed, ~alone)
    return _ids(tx, among, _in(NOBODY_SENT), or_(of_camera, no_outage))


def newly_healed(tx: Connection, among: Among = None) -> list[OrderId]:
    """Open orders all of whose faults are gone, which did not know it yet."""
    over = exists().where(outages.c.id == w.outage_id, outages.c.closed_at.is_not(None))
    return _ids(tx, among, _IS_OPEN, w.healed_at.is_(None), ~_HAS_OPEN_FAULT, or_(_HAS_FAULT, over))


def ill_again(tx: Connection, among: Among = None) -> list[OrderId]:
    return _ids(tx, among, _IS_OPEN, w.healed_at.is_not(None), _HAS_OPEN_FAULT)


def repaired_but_ill(tx: Connection, among: Among = None, *, before: datetime) -> list[OrderId]:
    """Said to be repaired before then, and a fault is still open."""
    return _ids(tx, among, _in([OrderState.REPAIRED]), w.repaired_at <= before, _HAS_OPEN_FAULT)


def healed_for_good(tx: Connection, among: Among = None, *, before: datetime, latest: WatchSession) -> list[OrderId]:
    """Healed since before then, and each camera was seen well by the poller that runs now."""
    unseen = exists().where(
        link.order_id == w.id,
        f.id == link.fault_id,
        cameras.c.id == f.camera_id,
        cameras.c.life_cycle.in_(IN_SERVICE_VALUES),
        ~exists().where(
            watches.c.camera_id == f.camera_id,
            watches.c.session_id == latest.session_id,
            watches.c.status == Status.UP.value,
        ),
    )
    return _ids(tx, among, _IS_OPEN, w.healed_at <= before, ~unseen)


def rested_enough(tx: Connection, among: Among = None, *, now: datetime) -> list[OrderId]:
    return _ids(tx, among, _in([OrderState.SUSPENDED]), w.suspended_until <= now)


def verified_ones(tx: Connection, among: Among = None) -> list[OrderId]:
    return _ids(tx, among, _in([OrderState.VERIFIED]))


def newly_late(tx: Connection, among: Among = None, *, now: datetime) -> list[OrderId]:
    """A deadline has passed that nobody was told of."""
    respond = and_(w.late == "", w.on_site_at.is_(None), w.respond_by < now)
    repair = and_(w.late != "repair", w.repair_by < now)
    return _ids(tx, among, _in(CLOCK_RUNS), or_(respond, repair))


def _in(states: Collection[OrderState]) -> ColumnElement[bool]:
    return w.state.in_([state.value for state in states])


def _ids(tx: Connection, among: Among, *where: ColumnElement[bool]) -> list[OrderId]:
    chosen = where if among is None else (*where, w.id.in_(list(among)))
    return [OrderId(one) for one in tx.execute(select(w.id).where(*chosen).order_by(w.id)).scalars()]
