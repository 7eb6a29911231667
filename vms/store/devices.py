"""Devices as they were observed, and the keys that identify them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from vms.core.errors import NotFound
from vms.core.ids import CredentialId, DeviceId
from vms.inventory.device import ObservedDevice
from vms.inventory.known_device import KnownDevice
from vms.store.device_rows import device_columns, device_from_row
from vms.store.page import Page
from vms.store.schema import device_keys, devices

_BATCH = 400


@dataclass(frozen=True, slots=True)
class DeviceKey:
    kind: str
    """`serial`, `mac`, `endpoint_reference`."""
    value: str


def insert_observed(tx: Connection, observed: ObservedDevice, keys: Iterable[DeviceKey], now: datetime) -> DeviceId:
    values = {**device_columns(observed), "first_seen_at": now, "last_seen_at": now}
    device_id = DeviceId(tx.execute(insert(devices).values(values).returning(devices.c.id)).scalar_one())
    add_keys(tx, device_id, keys)
    return device_id


def update_observed(tx: Connection, device_id: int, observed: ObservedDevice, now: datetime) -> None:
    """The device was heard: its address is where it was heard, and nothing else is displaced from there."""
    values = {**device_columns(observed), "last_seen_at": now, "displaced_at": None}
    if tx.execute(update(devices).where(devices.c.id == device_id).values(values)).rowcount == 0:
        raise NotFound(f"there is no device {device_id}")


def touch(tx: Connection, device_id: int, now: datetime) -> None:
    """Something answered there that did not say who it is."""
    tx.execute(update(devices).where(devices.c.id == device_id).values(last_seen_at=now))


def add_keys(tx: Connection, device_id: int, keys: Iterable[DeviceKey]) -> None:
    """Keys once seen are kept: a network card that is switched off today is the same card tomorrow."""
    statement = select(device_keys.c.kind, device_keys.c.value).where(device_keys.c.device_id == device_id)
    known = {(row.kind, row.value) for row in tx.execute(statement)}
    new = {(key.kind, key.value[:200]) for key in keys} - known
    if new:
        rows = [{"device_id": device_id, "kind": kind, "value": value} for kind, value in sorted(new)]
        tx.execute(insert(device_keys), rows)


def keys_of(tx: Connection, device_id: int) -> frozenset[DeviceKey]:
    statement = select(device_keys.c.kind, device_keys.c.value).where(device_keys.c.device_id == device_id)
    return frozenset(DeviceKey(row.kind, row.value) for row in tx.execute(statement))


def set_login(
    tx: Connection, device_id: int, credential_id: CredentialId | None, *, refused_version: int | None
) -> None:
    """Which credential belongs to the device, and whether (and in which version) the device refused it."""
    values = {"credential_id": credential_id, "login_refused_version": refused_version}
    tx.execute(update(devices).where(devices.c.id == device_id).values(values))


def displace(tx: Connection, device_ids: Sequence[int], now: datetime) -> None:
    """Another device answers at their address: they are not asked there until they are heard again."""
    if device_ids:
        tx.execute(update(devices).where(devices.c.id.in_(device_ids)).values(displaced_at=now))


def get(tx: Connection, device_id: int) -> KnownDevice:
    """Raises NotFound."""
    row = tx.execute(select(devices).where(devices.c.id == device_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no device {device_id}")
    return device_from_row(row)


def page(tx: Connection, *, limit: int = 50, offset: int = 0) -> Page[KnownDevice]:
    total = tx.execute(select(func.count()).select_from(devices)).scalar_one()
    rows = tx.execute(select(devices).order_by(devices.c.id).limit(limit).offset(offset)).mappings()
    return Page(items=tuple(device_from_row(row) for row in rows), total=total)


def at_address(tx: Connection, address: str, port: int) -> list[KnownDevice]:
    """Those last heard there and not displaced since."""
    c = devices.c
    statement = select(devices).where(c.address == address, c.port == port, c.displaced_at.is_(None)).order_by(c.id)
    return [device_from_row(row) for row in tx.execute(statement).mappings()]


def holders(tx: Connection, keys: Iterable[DeviceKey]) -> dict[DeviceKey, frozenset[DeviceId]]:
    """Who holds each key. Keys that nobody holds are left out."""
    wanted = [and_(device_keys.c.kind == key.kind, device_keys.c.value == key.value[:200]) for key in keys]
    if not wanted:
        return {}
    found: dict[DeviceKey, set[DeviceId]] = {}
    for row in tx.execute(select(device_keys).where(or_(*wanted))):
        found.setdefault(DeviceKey(row.kind, row.value), set()).add(DeviceId(row.device_id))
    return {key: frozenset(ids) for key, ids in found.items()}


def by_ids(tx: Connection, device_ids: Iterable[int]) -> list[KnownDevice]:
    """Those that exist, by id."""
    wanted = sorted(set(device_ids))
    found: list[KnownDevice] = []
    for start in range(0, len(wanted), _BATCH):
        statement = select(devices).where(devices.c.id.in_(wanted[start : start + _BATCH])).order_by(devices.c.id)
        found.extend(device_from_row(row) for row in tx.execute(statement).mappings())
    return found


def remove(tx: Connection, device_id: int) -> None:
    tx.execute(delete(devices).where(devices.c.id == device_id))
