"""How work orders stood before a step took their firm or a deadline from them, as rows; nothing changes them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from vms.core.ids import MaintainerId, OrderId
from vms.maintenance.order import Order
from vms.store.schema import work_order_stands


def add_many(tx: Connection, stood: Sequence[tuple[OrderId, Order]], until_at: datetime) -> None:
    if not stood:
        return
    rows = [
        {
            "order_id": order_id,
            "until_at": until_at,
            "maintainer_id": order.maintainer_id,
            "respond_by": order.respond_by,
            "repair_by": order.repair_by,
            "on_site_at": order.on_site_at,
            "repaired_at": order.repaired_at,
            "healed_at": order.healed_at,
            "closed_at": order.closed_at,
            "suspended_at": order.suspended_at,
            "outcome": None if order.outcome is None else order.outcome.value,
        }
        for order_id, order in stood
    ]
    tx.execute(insert(work_order_stands), rows)


def left_at(tx: Connection, order_id: int, maintainer_id: MaintainerId) -> datetime | None:
    """Until when this firm, which does not have it now, had the order; None: never."""
    s = work_order_stands.c
    chosen = (s.order_id == order_id, s.maintainer_id == maintainer_id)
    found: datetime | None = tx.execute(select(func.max(s.until_at)).where(*chosen)).scalar_one()
    return found
