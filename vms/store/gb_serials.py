"""Which serial numbers of national device ids are given."""

from sqlalchemy import Connection, func, select, text

from vms.inventory.archive.gb_device_id import LENGTH
from vms.store.schema import cameras

_LOCK = 0x564D5303  # any constant: one advisory lock for giving ids


def one_at_a_time(tx: Connection) -> None:
    """Until the end of the transaction nobody else gives an id. SQLite has one writer anyway."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def taken(tx: Connection, prefix: str) -> set[int]:
    """Of all cameras, retired ones too. `prefix`: the 14 digits before the serial. By the index on the ids."""
    c = cameras.c
    statement = select(func.substr(c.gb_device_id, len(prefix) + 1)).where(
        c.gb_device_id.between(f"{prefix}000000", f"{prefix}999999"), func.length(c.gb_device_id) == LENGTH
    )
    return {int(serial) for serial in tx.execute(statement).scalars() if serial.isascii() and serial.isdecimal()}
