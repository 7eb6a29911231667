"""Which cameras a firm has been sent for."""

from sqlalchemy import Connection, select

from vms.core.ids import CameraId, MaintainerId
from vms.store.schema import outage_cameras, work_orders


def cameras_in_hand(tx: Connection, maintainer_id: MaintainerId) -> set[CameraId]:
    """Of the firm's orders that are not ended, those of outages with all their cameras."""
    w, m = work_orders.c, outage_cameras.c
    mine = (w.maintainer_id == maintainer_id, w.closed_at.is_(None))
    alone = select(w.camera_id).where(*mine, w.camera_id.is_not(None))
    together = select(m.camera_id).join(work_orders, m.outage_id == w.outage_id).where(*mine)
    return {CameraId(one) for statement in (alone, together) for one in tx.execute(statement).scalars()}
