"""Cameras in bulk, by the keys that lists use: what an import needs, in a few statements for hundreds of rows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, RowMapping, bindparam, select, update

from vms.core.ids import CameraId, OwnerId
from vms.inventory.archive.values import Value
from vms.inventory.camera import Declared, LifeCycle
from vms.inventory.identity.keys import KeyKind, real_serial, usable_mac
from vms.inventory.lists.camera_entry import Entry
from vms.inventory.lists.catalogue_choice import ChosenCamera
from vms.inventory.lists.entry_claim import place_key
from vms.inventory.lists.entry_matching import Candidate
from vms.inventory.lists.record_mark import marked_id, record_mark
from vms.inventory.lists.told_values import told_values
from vms.inventory.tier import Tier
from vms.store import camera_changes, events, owners, search_columns
from vms.store import cameras as camera_store
from vms.store import devices as device_store
from vms.store.camera_changes import IMPORT, Author, FieldChange
from vms.store.camera_filter import CameraFilter, conditions
from vms.store.camera_rows import POSE, declared_columns
from vms.store.schema import cameras, device_keys, devices, registrations

LISTED = (*declared_columns(Declared(name="", tier=Tier.UNIT)), "owner_id", "life_cycle")
"""What an import may change."""

_BATCH = 500
_COLUMN = {"channel": "declared_channel"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCamera:
    candidate: Candidate
    columns: Mapping[str, Any]
    """LISTED, as they are stored."""
    by_registration: bool
    """Its owner registered it: a list does not approve it."""
    owner: str = ""
    """Whose it is now, by name."""
    turns: bool = False
    told: Mapping[str, Value] = field(default_factory=dict)
    """Nobody has entered it yet: what an export writes of its device in place of its columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Device:
    serials: frozenset[str]
    macs: frozenset[str]
    address: tuple[str, int] | None
    """None: another device answers there."""
    camera_ids: Sequence[int]


def like(tx: Connection, entries: Sequence[Entry]) -> list[ListedCamera]:
    """Every camera that one of the entries might mean."""
    rows = _rows(tx, entries)
    known = _devices(tx, {row["device_id"] for row in rows if row["device_id"] is not None})
    pending = [row["id"] for row in rows if row["life_cycle"] == LifeCycle.PENDING.value]
    registered = _scalars(tx, registrations.c.camera_id, registrations.c.camera_id, pending)
    names = owners.names(tx, {row["owner_id"] for row in rows if row["owner_id"] is not None})
    told = _told(tx, rows) if any(entry.mark for entry in entries) else {}
    return [
        ListedCamera(
            candidate=_candidate(row, known.get(row["device_id"])),
            columns={name: row[name] for name in LISTED},
            by_registration=row["id"] in registered,
            owner=names.get(row["owner_id"], ""),
            turns=row["ptz"],
            told=told.get(row["id"], {}),
        )
        for row in rows
    ]


def change_many(
    tx: Connection,
    changes: Sequence[tuple[ListedCamera, Mapping[str, Any], Collection[str]]],
    now: datetime,
    *,
    author: Author = IMPORT,
) -> None:
    """(camera, all LISTED columns, names of those that differ) in one statement, with an event each."""
    if not changes:
        return
    values: dict[str, Any] = {name: bindparam(f"new_{name}", type_=cameras.c[name].type) for name in LISTED}
    statement = update(cameras).where(cameras.c.id == bindparam("the_id")).values(**values, changed_at=now)
    rows = [
        {"the_id": camera.candidate.camera_id, **{f"new_{name}": columns[name] for name in LISTED}}
        for camera, columns, _ in changes
    ]
    tx.execute(statement, rows)
    kept = [
        FieldChange(
            camera_id=camera.candidate.camera_id, field=name, before=camera.columns[name], after=columns.get(name)
        )
        for camera, columns, fields in changes
        for name in fields
    ]
    camera_changes.keep(tx, kept, author, now)
    renamed = [camera.candidate.camera_id for camera, _, fields in changes if search_columns.MADE_OF & set(fields)]
    search_columns.refresh(tx, renamed)
    news = [(camera.candidate.camera_id, {"fields": sorted(fields)}) for camera, _, fields in changes]
    events.append_many(tx, "camera.changed", news, now)


def new_columns(
    entries: Sequence[Entry], owner_ids: Sequence[OwnerId | None], states: Sequence[LifeCycle], *, now: datetime
) -> list[dict[str, Any]]:
    """Rows for cameras that are not there yet, each with its owner and its state."""
    nothing_said = camera_store.new_columns(
        Declared(name="", tier=Tier.UNIT), life_cycle=LifeCycle.DRAFT, owner_id=None, now=now
    )
    return [
        {**nothing_said, "owner_id": owner_id, "life_cycle": state.value, **entry.columns}
        for entry, owner_id, state in zip(entries, owner_ids, states, strict=True)
    ]


def chosen(tx: Connection, wanted: CameraFilter, now: datetime, *, by_region: bool = False) -> list[ChosenCamera]:
    """All that the filter lets through, by id, or by region and id: small enough to hold for a million cameras."""
    c = cameras.c
    statement = select(c.id, c.name, c.shown_name, c.gb_device_id, c.life_cycle).where(*conditions(tx, wanted, now))
    ordered = statement.order_by(c.region_code, c.id) if by_region else statement.order_by(c.id)
    return [
        ChosenCamera(
            camera_id=CameraId(row.id),
            name=row.shown_name,
            gb_device_id=row.gb_device_id,
            life_cycle=LifeCycle(row.life_cycle),
            is_named=bool(row.name),
        )
        for row in tx.execute(ordered)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What a list says of a camera and its record does not hold."""

    mark: str
    aim: Mapping[str, float | None]
    """POSE by column: said of some cameras whose position nobody said."""


def beside(tx: Connection, camera_ids: Sequence[int]) -> dict[CameraId, Beside]:
    c = cameras.c
    statement = select(c.id, c.created_at, *(c[name] for name in POSE))
    return {
        CameraId(row["id"]): Beside(
            mark=record_mark(row["id"], row["created_at"]), aim={name: row[name] for name in POSE}
        )
        for row in _select_in(tx, statement, c.id, camera_ids)
    }


def _rows(tx: Connection, entries: Sequence[Entry]) -> list[RowMapping]:
    c, k = cameras.c, device_keys.c
    serials = {text for entry in entries if (raw := entry.text("serial_no")) for text in (raw, raw.upper())}
    macs = {mac for entry in entries if (mac := entry.text("mac"))}
    addresses = {address for entry in entries if (address := entry.text("address"))}
    ids = {camera_id for entry in entries if entry.mark and (camera_id := marked_id(entry.mark)) is not None}
    ids |= _scalars(tx, c.id, c.gb_device_id, {text for entry in entries if (text := entry.text("gb_device_id"))})
    ids |= _scalars(tx, c.id, c.serial_no, serials)
    ids |= _scalars(tx, c.id, c.mac, macs)
    ids |= _scalars(tx, c.id, c.address, addresses)
    ids |= _scalars(tx, c.id, c.name, {entry.text("name") for entry in entries if not _has_key(entry)})
    of_devices = _scalars(tx, k.device_id, k.value, serials, k.kind == KeyKind.SERIAL.value)
    of_devices |= _scalars(tx, k.device_id, k.value, macs, k.kind == KeyKind.MAC.value)
    of_devices |= _scalars(tx, devices.c.id, devices.c.address, addresses, devices.c.displaced_at.is_(None))
    ids |= _scalars(tx, c.id, c.device_id, of_devices)
    return _select_in(tx, select(cameras), c.id, sorted(ids))


def _has_key(entry: Entry) -> bool:
    return any(entry.text(column) for column in ("gb_device_id", "serial_no", "mac", "address"))


def _told(tx: Connection, rows: Sequence[RowMapping]) -> dict[int, dict[str, Value]]:
    nameless = [row for row in rows if not row["name"] and row["device_id"] is not None]
    known = {
        device.device_id: device.observed for device in device_store.by_ids(tx, {r["device_id"] for r in nameless})
    }
    found = {}
    for row in nameless:
        told = told_values(row["observed_name"] or f"camera {row['id']}", row["channel"], known[row["device_id"]])
        found[row["id"]] = {_COLUMN.get(name, name): value for name, value in told.items()}
    return found


def _scalars(
    tx: Connection, wanted: Column[Any], column: Column[Any], values: Iterable[Any], *conditions: ColumnElement[bool]
) -> set[Any]:
    found: set[Any] = set()
    ordered = sorted(values)
    for start in range(0, len(ordered), _BATCH):
        statement = select(wanted).where(column.in_(ordered[start : start + _BATCH]), *conditions)
        found.update(tx.execute(statement).scalars())
    return found


def _select_in(tx: Connection, statement: Any, column: Column[Any], values: Sequence[Any]) -> list[RowMapping]:
    rows: list[RowMapping] = []
    for start in range(0, len(values), _BATCH):
        rows.extend(tx.execute(statement.where(column.in_(values[start : start + _BATCH]))).mappings())
    return rows


def _devices(tx: Connection, device_ids: Collection[int]) -> dict[int, _Device]:
    ids = sorted(device_ids)
    keys: dict[int, list[tuple[str, str]]] = {}
    for row in _select_in(tx, select(device_keys), device_keys.c.device_id, ids):
        keys.setdefault(row["device_id"], []).append((row["kind"], row["value"]))
    members: dict[int, list[int]] = {}
    for row in _select_in(tx, select(cameras.c.id, cameras.c.device_id), cameras.c.device_id, ids):
        members.setdefault(row["device_id"], []).append(row["id"])
    places = select(devices.c.id, devices.c.address, devices.c.port, devices.c.displaced_at)
    return {
        row["id"]: _Device(
            serials=frozenset(value for kind, value in keys.get(row["id"], ()) if kind == KeyKind.SERIAL),
            macs=frozenset(value for kind, value in keys.get(row["id"], ()) if kind == KeyKind.MAC),
            address=(row["address"], row["port"]) if row["displaced_at"] is None else None,
            camera_ids=sorted(members.get(row["id"], ())),
        )
        for row in _select_in(tx, places, devices.c.id, ids)
    }


def _candidate(row: RowMapping, device: _Device | None) -> Candidate:
    """What was declared counts before what the device says."""
    serial, mac = real_serial(row["serial_no"], row["model"], row["manufacturer"]), usable_mac(row["mac"])
    serials = frozenset({serial}) if serial else device.serials if device else frozenset()
    macs = frozenset({mac}) if mac else device.macs if device else frozenset()
    alone = device is None or len(device.camera_ids) == 1
    channels = {row["declared_channel"]} if row["declared_channel"] or alone else set()
    addresses: set[tuple[str, int | None]] = {(row["address"], row["port"])} if row["address"] else set()
    if device is not None:
        channels |= {row["channel"], str(device.camera_ids.index(row["id"]) + 1)}
        channels |= {""} if alone else set()
        addresses |= {device.address} if device.address else set()
    return Candidate(
        camera_id=CameraId(row["id"]),
        mark=record_mark(row["id"], row["created_at"]),
        names=tuple(dict.fromkeys(name for name in (row["name"], row["observed_name"]) if name)),
        gb_device_id=row["gb_device_id"],
        serials=serials,
        macs=macs,
        addresses=frozenset(addresses),
        channels=frozenset(channels),
        place=place_key(row["name"], row["lon"], row["lat"]),
        retired=row["life_cycle"] == LifeCycle.RETIRED.value,
        bound=device is not None,
    )
