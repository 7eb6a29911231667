"""National device ids: which serial numbers are given, which camera has one."""

from sqlalchemy import Connection, func, select, text

from vms.core.ids import CameraId
from vms.inventory.archive.gb_device_id import LENGTH
from vms.inventory.camera import LifeCycle
from vms.store.schema import cameras

_LOCK = 0x564D5303  # any constant: one advisory lock for giving ids


def one_at_a_time(tx: Connection) -> None:
    """Until the end of the transaction nobody else gives an id. SQLite has one writer anyway."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def holder(tx: Connection, gb_device_id: str, other_than: int | None) -> tuple[CameraId, str] | None:
    """A camera, not retired, that has this id, with its name; the one with the lowest number."""
    c = cameras.c
    there = [c.gb_device_id == gb_device_id, c.life_cycle != LifeCycle.RETIRED.value]
    if other_than is not None:
        there.append(c.id != other_than)
    row = tx.execute(select(c.id, c.shown_name).where(*there).order_by(c.id).limit(1)).one_or_none()
    return None if row is None else (CameraId(row.id), row.shown_name)


def taken(tx: Connection, prefix: str) -> set[int]:
    """Of all cameras, retired ones too. `prefix`: the 14 digits before the serial. By the index on the ids."""
    c = cameras.c
    statement = select(func.substr(c.gb_device_id, len(prefix) + 1)).where(
        c.gb_device_id.between(f"{prefix}000000", f"{prefix}999999"), func.length(c.gb_device_id) == LENGTH
    )
    return {int(serial) for serial in tx.execute(statement).scalars() if serial.isascii() and serial.isdecimal()}
