"""What lists show and search of a camera, kept beside its record: the names to show, the text that a search reads.

Made of the record, its device and its owner; every write of one of those makes them anew (`refresh`).
"""

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import AddressValueError, IPv4Address
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, bindparam, or_, select, update

from vms.inventory.filters.search_text import WHOSE, SearchText, search_text
from vms.store.schema import cameras, devices, owners, search_texts
from vms.store.upsert import upsert

SHOWN = ("shown_name", "shown_manufacturer", "shown_model", "shown_owner", "address_number")
TEXTS = ("words", "letters", "network")
_NAMES = ("name", "common_name", "observed_name")
_PLACES = ("install_address", "mgmt_unit")
_WRITTEN = ("pole_code", "gb_device_id", "manufacturer", "model", "filing_no")
_NETWORK = ("address", "ipv6", "mac")
_RECORD = (*_NAMES, *_PLACES, *_WRITTEN, "serial_no", *_NETWORK)
MADE_OF = frozenset((*_RECORD, "owner_id", "device_id"))
"""The columns of `cameras` that they are made of."""

Row = Mapping[str, Any] | RowMapping
_LONGEST = 200
_BATCH = 500
_OF_DEVICE = {
    name: devices.c[name].label(f"device_{name}") for name in ("address", "serial_no", "macs", "manufacturer", "model")
}


def shown(row: Row, told: Row | None, owner: str) -> dict[str, Any]:
    """The SHOWN columns. `row` of cameras, as far as it is known; `told`: its device's row."""
    device = told or {}
    return {
        "shown_name": _first(row, "name", "observed_name"),
        "shown_manufacturer": _first(row, "manufacturer") or _first(device, "manufacturer"),
        "shown_model": _first(row, "model") or _first(device, "model"),
        "shown_owner": owner[:_LONGEST],
        "address_number": address_number(str((device or row).get("address") or "")),
    }


def words(row: Row, told: Row | None, owner: str) -> SearchText:
    device = told or {}
    return search_text(
        whose=[owner, str(row.get("serial_no") or ""), str(device.get("serial_no") or "")],
        names=[str(row.get(name) or "") for name in _NAMES],
        places=[str(row.get(name) or "") for name in _PLACES],
        written=[
            *(str(row.get(name) or "") for name in _WRITTEN),
            *(str(device.get(name) or "") for name in ("manufacturer", "model")),
        ],
        network=[
            *(str(row.get(name) or "") for name in _NETWORK),
            str(device.get("address") or ""),
            *(str(mac) for mac in (device.get("macs") or ())[:8]),
        ],
    )


def address_number(address: str) -> int | None:
    """None for what is no IPv4 address."""
    try:
        return int(IPv4Address(address))
    except AddressValueError:
        return None


def of_new(tx: Connection, rows: Sequence[Row]) -> list[tuple[dict[str, Any], SearchText]]:
    """For rows of cameras that are about to be written, in their order."""
    told = _by_id(tx, devices, {row["device_id"] for row in rows if row.get("device_id") is not None})
    owned = _by_id(tx, owners, {row["owner_id"] for row in rows if row.get("owner_id") is not None})
    found = []
    for row in rows:
        device, owner = told.get(row.get("device_id") or 0), owned.get(row.get("owner_id") or 0)
        name = "" if owner is None else str(owner["name"])
        found.append((shown(row, device, name), words(row, device, name)))
    return found


def keep_words(tx: Connection, found: Iterable[tuple[int, SearchText]]) -> None:
    rows = [{"camera_id": camera_id, **{name: getattr(one, name) for name in TEXTS}} for camera_id, one in found]
    upsert(tx, search_texts, rows, lambda new: {name: new[name] for name in TEXTS})


def refresh(tx: Connection, camera_ids: Iterable[int]) -> None:
    wanted = sorted(set(camera_ids))
    for start in range(0, len(wanted), _BATCH):
        _refresh(tx, cameras.c.id.in_(wanted[start : start + _BATCH]))


def refresh_of_device(tx: Connection, device_id: int) -> None:
    _refresh(tx, cameras.c.device_id == device_id)


def fill_missing(tx: Connection) -> int:
    """Of cameras that were stored before there was a search, or before owners were told apart in it: a batch; how many
    it was, 0: all have it."""
    without = select(cameras.c.id).outerjoin(search_texts, search_texts.c.camera_id == cameras.c.id)
    old = or_(search_texts.c.camera_id.is_(None), search_texts.c.letters.not_like(f"%{WHOSE}%"))
    statement = without.where(old).order_by(cameras.c.id).limit(_BATCH)
    ids = list(tx.execute(statement).scalars())
    refresh(tx, ids)
    return len(ids)


def _refresh(tx: Connection, which: ColumnElement[bool]) -> None:
    c = cameras.c
    columns = [c[name] for name in ("id", "device_id", *_RECORD, *SHOWN)]
    before = [search_texts.c[name].label(f"old_{name}") for name in TEXTS]
    statement = (
        select(*columns, *_OF_DEVICE.values(), owners.c.name.label("owner"), *before)
        .outerjoin(devices, devices.c.id == c.device_id)
        .outerjoin(owners, owners.c.id == c.owner_id)
        .outerjoin(search_texts, search_texts.c.camera_id == c.id)
        .where(which)
    )
    columns_now, texts_now = [], []
    for row in tx.execute(statement).mappings().all():
        told = None if row["device_id"] is None else {name: row[f"device_{name}"] for name in _OF_DEVICE}
        made, text = shown(row, told, row["owner"] or ""), words(row, told, row["owner"] or "")
        if any(row[name] != value for name, value in made.items()):
            columns_now.append({"the_id": row["id"], **{f"new_{name}": value for name, value in made.items()}})
        if any(row[f"old_{name}"] != getattr(text, name) for name in TEXTS):
            texts_now.append((row["id"], text))
    if columns_now:
        values = {name: bindparam(f"new_{name}", type_=c[name].type) for name in SHOWN}
        tx.execute(update(cameras).where(c.id == bindparam("the_id")).values(**values), columns_now)
    keep_words(tx, texts_now)


def _by_id(tx: Connection, table: Table, ids: Iterable[int]) -> dict[int, RowMapping]:
    wanted, found = sorted(ids), dict[int, RowMapping]()
    for start in range(0, len(wanted), _BATCH):
        statement = select(table).where(table.c.id.in_(wanted[start : start + _BATCH]))
        found.update((row["id"], row) for row in tx.execute(statement).mappings())
    return found


def _first(row: Row, *names: str) -> str:
    """The first that is not empty."""
    return next((str(row[name])[:_LONGEST] for name in names if row.get(name)), "")
