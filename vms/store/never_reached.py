"""Cameras in service with an address in the archive at which no device was ever found: the poller cannot ask them."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select

from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.store.schema import camera_changes, cameras, faults

BECAUSE = "never_reached"


def count(tx: Connection) -> int:
    return tx.execute(select(func.count()).select_from(cameras).where(*_unbound())).scalar_one()


def untold(tx: Connection, before: datetime, limit: int) -> list[CameraId]:
    """In service since before then, and nothing speaks against their life yet."""
    c, f, changed = cameras.c, faults.c, camera_changes.c
    known = exists().where(f.camera_id == c.id, f.kind == FaultKind.UNREACHABLE.value, f.closed_at.is_(None))
    fresh = exists().where(changed.camera_id == c.id, changed.field == "life_cycle", changed.at > before)
    statement = select(c.id).where(*_unbound(), c.created_at <= before, ~known, ~fresh).order_by(c.id).limit(limit)
    return [CameraId(one) for one in tx.execute(statement).scalars()]


def over(tx: Connection, limit: int) -> list[CameraId]:
    """Told, and nobody is to be reached any more. Where a device was found the poller says how it is."""
    c, f = cameras.c, faults.c
    told = (f.kind == FaultKind.UNREACHABLE.value, f.because == BECAUSE, f.closed_at.is_(None))
    gone = or_(c.address == "", c.life_cycle.not_in(IN_SERVICE_VALUES))
    statement = select(c.id).join(faults, f.camera_id == c.id).where(*told, c.device_id.is_(None), gone)
    return [CameraId(one) for one in tx.execute(statement.order_by(c.id).limit(limit)).scalars()]


def _unbound() -> tuple[ColumnElement[bool], ...]:
    c = cameras.c
    return (c.device_id.is_(None), c.address != "", c.life_cycle.in_(IN_SERVICE_VALUES))
