"""Faults in a camera's order that fell with an outage after all, while the order has others of its own."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, delete, exists, select

from vms.core.ids import OrderId
from vms.health.fault import Severity
from vms.maintenance.order import ENDED
from vms.store.schema import faults, work_order_faults, work_orders

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedFault:
    order_id: OrderId
    fault_id: int
    kind: str
    layer: str
    severity: Severity
    is_open: bool
    claimed: bool
    """It is open and belongs to an outage."""


def mixed(tx: Connection, among: Collection[int] | None = None) -> list[OrderId]:
    """The open orders of cameras in which such a fault is; `among` a few."""
    w, f, link = work_orders.c, faults.c, work_order_faults.c
    linked = (link.order_id == w.id, f.id == link.fault_id, f.closed_at.is_(None))
    chosen = (
        w.camera_id.is_not(None),
        w.state.not_in([state.value for state in ENDED]),
        exists().where(*linked, f.outage_id.is_not(None)),
        exists().where(*linked, f.outage_id.is_(None)),
    )
    among_these = () if among is None else (w.id.in_(list(among)),)
    return [OrderId(one) for one in tx.execute(select(w.id).where(*chosen, *among_these).order_by(w.id)).scalars()]


def faults_in(tx: Connection, order_ids: Collection[int]) -> list[LinkedFault]:
    """All faults of these orders, by order and time."""
    f, link = faults.c, work_order_faults.c
    ids = sorted(order_ids)
    found: list[LinkedFault] = []
    for start in range(0, len(ids), _BATCH):
        statement = (
            select(link.order_id, f.id, f.kind, f.layer, f.severity, f.closed_at, f.outage_id)
            .select_from(work_order_faults.join(faults, f.id == link.fault_id))
            .where(link.order_id.in_(ids[start : start + _BATCH]))
            .order_by(link.order_id, f.opened_at, f.id)
        )
        found.extend(
            LinkedFault(
                order_id=OrderId(row.order_id),
                fault_id=row.id,
                kind=row.kind,
                layer=row.layer,
                severity=Severity(row.severity),
                is_open=row.closed_at is None,
                claimed=row.closed_at is None and row.outage_id is not None,
            )
            for row in tx.execute(statement)
        )
    return found


def free(tx: Connection, fault_ids: Collection[int]) -> None:
    """They are in no order any more."""
    wanted = sorted(fault_ids)
    for start in range(0, len(wanted), _BATCH):
        some = work_order_faults.c.fault_id.in_(wanted[start : start + _BATCH])
        tx.execute(delete(work_order_faults).where(some))
