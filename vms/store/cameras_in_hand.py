"""Which cameras a firm has been sent for."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, or_, select

from vms.core.ids import CameraId, MaintainerId
from vms.store.schema import outage_cameras, work_orders

_PAGE = 500


def cameras_in_hand(
    tx: Connection, maintainer_id: MaintainerId, among: Collection[int] | None = None
) -> set[CameraId]:  # fmt: skip
    """Of the firm's orders that are not ended, those of outages with all their cameras. `among`: a page of cameras."""
    alone, together = _statements(maintainer_id)
    if among is not None and len(among) <= _PAGE:
        alone = alone.where(work_orders.c.camera_id.in_(among))
        together = together.where(outage_cameras.c.camera_id.in_(among))
    return {CameraId(one) for statement in (alone, together) for one in tx.execute(statement).scalars()}


def is_in_hand(camera_id: ColumnElement[int], maintainer_id: MaintainerId) -> ColumnElement[bool]:
    """The same as a condition."""
    return or_(*(camera_id.in_(statement) for statement in _statements(maintainer_id)))


def _statements(maintainer_id: MaintainerId) -> tuple[Select[Any], Select[Any]]:
    w, m = work_orders.c, outage_cameras.c
    mine = (w.maintainer_id == maintainer_id, w.closed_at.is_(None))
    alone = select(w.camera_id).where(*mine, w.camera_id.is_not(None))
    together = select(m.camera_id).join(work_orders, m.outage_id == w.outage_id).where(*mine)
    return alone, together
