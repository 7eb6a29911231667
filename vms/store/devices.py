"""Devices as they were observed, and the keys that identify them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, exists, false, func, insert, or_, select, update

from vms.core.errors import Conflict, NotFound
from vms.core.ids import CredentialId, DeviceId
from vms.inventory.device import DevicePolicy, ObservedDevice, Quirks
from vms.inventory.identity.decide import KnownIdentity
from vms.inventory.identity.keys import LONGEST, TELLING, DeviceKey
from vms.inventory.identity.known_device import KnownDevice
from vms.store import search_columns
from vms.store.device_rows import device_columns, device_from_row
from vms.store.page import Page
from vms.store.schema import cameras, device_keys, device_task_steps, devices

_BATCH = 400


def insert_observed(tx: Connection, observed: ObservedDevice, keys: Iterable[DeviceKey], now: datetime) -> DeviceId:
    values = {**device_columns(observed), "first_seen_at": now, "last_seen_at": now}
    device_id = DeviceId(tx.execute(insert(devices).values(values).returning(devices.c.id)).scalar_one())
    insert_keys(tx, device_id, set(keys))
    return device_id


def update_observed(tx: Connection, device_id: int, observed: ObservedDevice, now: datetime) -> None:
    """The device was heard: its address is where it was heard, and nothing else is displaced from there."""
    values = {**device_columns(observed), "last_seen_at": now, "displaced_at": None}
    if tx.execute(update(devices).where(devices.c.id == device_id).values(values)).rowcount == 0:
        raise NotFound(f"there is no device {device_id}")
    search_columns.refresh_of_device(tx, device_id)


def touch(tx: Connection, device_id: int, now: datetime) -> None:
    """Something answered there that did not say who it is."""
    tx.execute(update(devices).where(devices.c.id == device_id).values(last_seen_at=now))


def add_keys(tx: Connection, device_id: int, keys: Iterable[DeviceKey]) -> None:
    """Serial numbers and network cards once told are kept (a card that is off today is the same card tomorrow), and
    what a person gave; of endpoint reference and TLS key a device has one, the last told."""
    told = {DeviceKey(str(key.kind), key.value[:LONGEST]) for key in keys}
    known = known_keys(tx, device_id)
    single = {key.kind for key in told} - TELLING
    outdated = sorted(key for key, given in known.items() if key not in told and key.kind in single and not given)
    remove_keys(tx, device_id, outdated)
    insert_keys(tx, device_id, told - known.keys())


def insert_keys(tx: Connection, device_id: int, keys: Collection[DeviceKey], *, given: bool = False) -> None:
    rows = [
        {"device_id": device_id, "kind": str(key.kind), "value": key.value[:LONGEST], "given": given}
        for key in sorted(keys)
    ]
    if rows:
        tx.execute(insert(device_keys), rows)


def remove_keys(tx: Connection, device_id: int, keys: Iterable[DeviceKey]) -> None:
    c = device_keys.c
    for key in keys:
        tx.execute(delete(device_keys).where(c.device_id == device_id, c.kind == str(key.kind), c.value == key.value))


def known_keys(tx: Connection, device_id: int) -> dict[DeviceKey, bool]:
    """With each: did a person give it?"""
    c = device_keys.c
    statement = select(c.kind, c.value, c.given).where(c.device_id == device_id)
    return {DeviceKey(row.kind, row.value): row.given for row in tx.execute(statement)}


def keys_of(tx: Connection, device_id: int) -> frozenset[DeviceKey]:
    return frozenset(known_keys(tx, device_id))


def holders(tx: Connection, keys: Collection[DeviceKey]) -> dict[DeviceKey, list[DeviceId]]:
    """Which devices have these keys; at most 500."""
    k = device_keys.c
    pairs = [and_(k.kind == str(key.kind), k.value == key.value) for key in sorted(keys)[:500]]
    found: dict[DeviceKey, list[DeviceId]] = {}
    statement = select(k.kind, k.value, k.device_id).where(or_(false(), *pairs)).order_by(k.device_id)
    for row in tx.execute(statement) if pairs else ():
        found.setdefault(DeviceKey(row.kind, row.value), []).append(DeviceId(row.device_id))
    return found


def set_login(
    tx: Connection, device_id: int, credential_id: CredentialId | None, refused: Mapping[int, int] | None = None
) -> None:
    """Which credential belongs to the device, and which (by id, with their versions) it refused."""
    refused = refused or {}
    values = {
        "credential_id": credential_id,
        "login_refused_version": None if credential_id is None else refused.get(credential_id),
        "refused_logins": {str(key): version for key, version in refused.items()},
    }
    tx.execute(update(devices).where(devices.c.id == device_id).values(values))


def set_policy(tx: Connection, device_id: int, policy: DevicePolicy) -> None:
    """What a person allows for this device. Raises NotFound."""
    if tx.execute(update(devices).where(devices.c.id == device_id).values(policy=asdict(policy))).rowcount == 0:
        raise NotFound(f"there is no device {device_id}")


def set_quirks(tx: Connection, learnt: Mapping[int, Quirks]) -> None:
    """What was learnt about talking to these devices, by id; nothing else of them changes."""
    for device_id, quirks in learnt.items():
        tx.execute(update(devices).where(devices.c.id == device_id).values(quirks=asdict(quirks)))


def displace(tx: Connection, device_ids: Sequence[int], now: datetime) -> None:
    """Another device answers at their address: they are not asked there until they are heard again."""
    if device_ids:
        tx.execute(update(devices).where(devices.c.id.in_(device_ids)).values(displaced_at=now))


def locked(tx: Connection, device_ids: Iterable[int]) -> list[KnownDevice]:
    """Until the end of the transaction nobody else writes them. Raises NotFound."""
    wanted = sorted(set(device_ids))
    statement = select(devices).where(devices.c.id.in_(wanted)).order_by(devices.c.id).with_for_update()
    found = [device_from_row(row) for row in tx.execute(statement).mappings()]
    if missing := sorted(set(wanted) - {device.device_id for device in found}):
        raise NotFound(f"there is no device {missing[0]}")
    return found


def set_merged(tx: Connection, device_id: int, into: DeviceId, now: datetime) -> None:
    """It is really the other one; nothing is asked at its address in its name any more."""
    values = {"merged_into": into, "displaced_at": now}
    tx.execute(update(devices).where(devices.c.id == device_id).values(values))


def set_place(tx: Connection, device_id: int, address: str, port: int, last_seen_at: datetime) -> None:
    """Where it was heard last, as a record that was merged into it says."""
    values = {"address": address, "port": port, "last_seen_at": last_seen_at, "displaced_at": None}
    tx.execute(update(devices).where(devices.c.id == device_id).values(values))


def set_replaced(tx: Connection, device_id: int, by: DeviceId) -> None:
    tx.execute(update(devices).where(devices.c.id == device_id).values(replaced_by=by))


def refuse_if_used(tx: Connection, device_id: int) -> None:
    """Raises Conflict where something refers to the device that keeps it from being taken away."""
    c = device_task_steps.c
    step = tx.execute(select(c.task_id).where(c.device_id == device_id).limit(1)).scalar_one_or_none()
    if step is not None:
        raise Conflict(f"device {device_id} was worked on since (task {step})")


def get(tx: Connection, device_id: int) -> KnownDevice:
    """Raises NotFound."""
    row = tx.execute(select(devices).where(devices.c.id == device_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no device {device_id}")
    return device_from_row(row)


def page(tx: Connection, *, limit: int = 50, offset: int = 0) -> Page[KnownDevice]:
    """Those that were merged into another are not shown."""
    alone = devices.c.merged_into.is_(None)
    total = tx.execute(select(func.count()).select_from(devices).where(alone)).scalar_one()
    rows = tx.execute(select(devices).where(alone).order_by(devices.c.id).limit(limit).offset(offset)).mappings()
    return Page(items=tuple(device_from_row(row) for row in rows), total=total)


def every(tx: Connection, batch: int = 1000) -> Iterator[KnownDevice]:
    """All by id, a batch in memory at a time."""
    last = 0
    while True:
        statement = select(devices).where(devices.c.id > last).order_by(devices.c.id).limit(batch)
        rows = tx.execute(statement).mappings().all()
        if not rows:
            return
        yield from (device_from_row(row) for row in rows)
        last = rows[-1]["id"]


def at_address(tx: Connection, address: str, port: int) -> list[KnownDevice]:
    """Those last heard there and not displaced since."""
    c = devices.c
    statement = select(devices).where(c.address == address, c.port == port, c.displaced_at.is_(None)).order_by(c.id)
    return [device_from_row(row) for row in tx.execute(statement).mappings()]


def identities(tx: Connection, observed: ObservedDevice, keys: Sequence[DeviceKey]) -> list[KnownIdentity]:
    """All that hold one of the keys or were heard last at its address, with all of their keys."""
    c, k = devices.c, device_keys.c
    pairs = [and_(k.kind == str(key.kind), k.value == key.value) for key in keys]
    holding = select(k.device_id).where(or_(false(), *pairs))
    here = and_(c.address == observed.address, c.port == observed.port, c.displaced_at.is_(None))
    has_cameras = exists().where(cameras.c.device_id == c.id).label("has_cameras")
    columns = (c.id, c.manufacturer, c.model, c.address, c.port, c.last_seen_at, has_cameras, k.kind, k.value, k.given)
    statement = (
        select(*columns)
        .outerjoin(device_keys, k.device_id == c.id)
        .where(c.merged_into.is_(None), or_(c.id.in_(holding), here))
    )
    rows: dict[int, list[Row[Any]]] = {}
    for row in tx.execute(statement.order_by(c.id)):
        rows.setdefault(row.id, []).append(row)
    return [_identity(of_device) for of_device in rows.values()]


def _identity(rows: Sequence[Row[Any]]) -> KnownIdentity:
    first = rows[0]
    keys = {DeviceKey(row.kind, row.value): row.given for row in rows if row.kind is not None}
    return KnownIdentity(
        device_id=DeviceId(first.id),
        keys=frozenset(keys),
        given=frozenset(key for key, given in keys.items() if given),
        manufacturer=first.manufacturer,
        model=first.model,
        address=first.address,
        port=first.port,
        last_seen_at=first.last_seen_at,
        has_cameras=first.has_cameras,
    )


def by_ids(tx: Connection, device_ids: Iterable[int]) -> list[KnownDevice]:
    """Those that exist, by id."""
    wanted = sorted(set(device_ids))
    found: list[KnownDevice] = []
    for start in range(0, len(wanted), _BATCH):
        statement = select(devices).where(devices.c.id.in_(wanted[start : start + _BATCH])).order_by(devices.c.id)
        found.extend(device_from_row(row) for row in tx.execute(statement).mappings())
    return found


def holding(tx: Connection, key: DeviceKey) -> list[DeviceId]:
    """Those that have this key, by id."""
    k = device_keys.c
    statement = select(k.device_id).where(k.kind == str(key.kind), k.value == key.value[:LONGEST]).order_by(k.device_id)
    return [DeviceId(found) for found in tx.execute(statement).scalars()]


def remove(tx: Connection, device_id: int) -> None:
    tx.execute(delete(devices).where(devices.c.id == device_id))
