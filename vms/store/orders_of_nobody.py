"""Open orders that no firm has, with what rules of assignment ask for."""

from collections.abc import Collection

from sqlalchemy import Connection, func, select

from vms.core.ids import OrderId, OwnerId
from vms.health.fault import Severity
from vms.inventory.tier import Tier
from vms.maintenance.order import OrderState
from vms.maintenance.scope import Scope
from vms.store.schema import cameras, outage_cameras, work_orders


def waiting(tx: Connection, among: Collection[int] | None = None) -> list[tuple[OrderId, Scope]]:
    """Nobody was sent, the oldest first. An outage's point class is the most important of its cameras."""
    w, m, c, inner = work_orders.c, outage_cameras.c, cameras.c, cameras.alias("inner_cameras")
    of_outage = (
        select(func.min(inner.c.point_class))
        .select_from(outage_cameras.join(inner, inner.c.id == m.camera_id))
        .where(m.outage_id == w.outage_id, m.until_at.is_(None))
        .correlate(work_orders)
        .scalar_subquery()
    )
    point_class = func.coalesce(c.point_class, of_outage).label("point_class")
    statement = (
        select(w.id, w.region_code, w.tier, w.owner_id, w.layer, w.severity, point_class)
        .select_from(work_orders.outerjoin(cameras, c.id == w.camera_id))
        .where(w.maintainer_id.is_(None), w.state == OrderState.DETECTED.value)
        .order_by(w.id)
    )
    if among is not None:
        statement = statement.where(w.id.in_(list(among)))
    return [
        (
            OrderId(row.id),
            Scope(
                region_code=row.region_code,
                tier=Tier(row.tier),
                point_class=row.point_class,
                owner_id=None if row.owner_id is None else OwnerId(row.owner_id),
                layer=row.layer,
                severity=Severity(row.severity),
            ),
        )
        for row in tx.execute(statement)
    ]
