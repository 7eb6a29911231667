"""What a camera is found by, kept beside its record: the text that a search looks through, the number of its address.

Made of the record, its device and its owner; every write of one of those makes them anew (`refresh`).
"""

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import AddressValueError, IPv4Address
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, select, update

from vms.inventory.search_text import search_text
from vms.store.schema import cameras, devices, owners

COLUMNS = ("search_text", "address_number")
SPOKEN = ("name", "common_name", "observed_name", "install_address", "mgmt_unit")
WRITTEN = ("pole_code", "gb_device_id", "serial_no", "mac", "manufacturer", "model", "filing_no")
NETWORK = ("address", "ipv6")
MADE_OF = frozenset((*SPOKEN, *WRITTEN, *NETWORK, "owner_id", "device_id"))
"""The columns of `cameras` that they are made of."""

Row = Mapping[str, Any] | RowMapping

_BATCH = 500
_OF_DEVICE = {
    name: devices.c[name].label(f"device_{name}") for name in ("address", "serial_no", "macs", "manufacturer", "model")
}


def columns_of(row: Row, told: Row | None, owner: str) -> dict[str, Any]:
    """`row` of cameras, as far as it is known; `told`: its device's row."""
    device = told or {}
    macs = [str(mac) for mac in device.get("macs") or ()][:8]
    text = search_text(
        spoken=[str(row.get(name) or "") for name in SPOKEN] + [owner],
        written=[
            *(str(row.get(name) or "") for name in WRITTEN),
            *(str(device.get(name) or "") for name in ("serial_no", "manufacturer", "model")),
            *macs,
        ],
        network=[*(str(row.get(name) or "") for name in NETWORK), str(device.get("address") or "")],
    )
    where = str((device or row).get("address") or "")
    return {"search_text": text, "address_number": address_number(where)}


def address_number(address: str) -> int | None:
    """None for what is no IPv4 address."""
    try:
        return int(IPv4Address(address))
    except AddressValueError:
        return None


def of_new(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """For rows of cameras that are about to be written, in their order."""
    told = _by_id(tx, devices, {row["device_id"] for row in rows if row.get("device_id") is not None})
    owned = _by_id(tx, owners, {row["owner_id"] for row in rows if row.get("owner_id") is not None})
    return [
        columns_of(
            row,
            told.get(row.get("device_id") or 0),
            str(owned[row["owner_id"]]["name"]) if row.get("owner_id") in owned else "",
        )
        for row in rows
    ]


def refresh(tx: Connection, camera_ids: Iterable[int]) -> int:
    """How many had to be changed."""
    wanted = sorted(set(camera_ids))
    return sum(
        _refresh(tx, cameras.c.id.in_(wanted[start : start + _BATCH])) for start in range(0, len(wanted), _BATCH)
    )


def refresh_of_device(tx: Connection, device_id: int) -> int:
    return _refresh(tx, cameras.c.device_id == device_id)


def fill_missing(tx: Connection) -> int:
    """Of cameras that were stored before there was a search; a batch at a time, 0: all have it."""
    ids = tx.execute(select(cameras.c.id).where(cameras.c.search_text == "").order_by(cameras.c.id).limit(_BATCH))
    return refresh(tx, ids.scalars())


def _refresh(tx: Connection, which: ColumnElement[bool]) -> int:
    c = cameras.c
    statement = (
        select(
            c.id,
            c.device_id,
            *(c[name] for name in (*SPOKEN, *WRITTEN, *NETWORK, *COLUMNS)),
            *_OF_DEVICE.values(),
            owners.c.name.label("owner"),
        )
        .outerjoin(devices, devices.c.id == c.device_id)
        .outerjoin(owners, owners.c.id == c.owner_id)
        .where(which)
    )
    changed = []
    for row in tx.execute(statement).mappings().all():
        told = None if row["device_id"] is None else {name: row[f"device_{name}"] for name in _OF_DEVICE}
        made = columns_of(row, told, row["owner"] or "")
        if any(row[name] != value for name, value in made.items()):
            changed.append({"the_id": row["id"], **{f"new_{name}": value for name, value in made.items()}})
    if changed:
        values = {name: bindparam(f"new_{name}", type_=c[name].type) for name in COLUMNS}
        tx.execute(update(cameras).where(c.id == bindparam("the_id")).values(**values), changed)
    return len(changed)


def _by_id(tx: Connection, table: Any, ids: Iterable[int]) -> dict[int, RowMapping]:
    wanted, found = sorted(ids), dict[int, RowMapping]()
    for start in range(0, len(wanted), _BATCH):
        statement = select(table).where(table.c.id.in_(wanted[start : start + _BATCH]))
        found.update((row["id"], row) for row in tx.execute(statement).mappings())
    return found
