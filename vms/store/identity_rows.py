"""The rows that say which device and camera is which: read before and after an action, compared, put back.

What a sweep refreshes by itself (streams, addresses) is put back as well, but its having changed since hinders nobody.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, insert, select, update

from vms.core.errors import Conflict
from vms.store import schema
from vms.store.schema.columns import UtcInstant

_BATCH = 400
Row = Mapping[str, Any]
"""As JSON keeps it: instants are text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """Which columns of a table belong to identity."""

    table: Table
    key: tuple[str, ...]
    of: tuple[str, ...]
    """The columns that hold a device's id or a camera's."""
    columns: tuple[str, ...]
    fleeting: tuple[str, ...] = ()
    """Those that sweeps refresh."""
    noun: str = ""


_DEVICE = ("address", "port", "displaced_at", "last_seen_at")
_OBSERVED = ("observed_name", "snapshot_uri", "ptz", "observed_lon", "observed_lat", "observed_bearing_deg")
_KEPT: Mapping[str, _Kept] = {
    "devices": _Kept(
        table=schema.devices,
        key=("id",),
        of=("id",),
        columns=("merged_into", "replaced_by", *_DEVICE),
        fleeting=_DEVICE,
        noun="device",
    ),
    "device_keys": _Kept(
        table=schema.device_keys,
        key=("device_id", "kind", "value"),
        of=("device_id",),
        columns=("given",),
        noun="a key of device",
    ),
    "cameras": _Kept(
        table=schema.cameras,
        key=("id",),
        of=("id", "device_id"),
        columns=("device_id", "channel", "life_cycle", *_OBSERVED),
        fleeting=_OBSERVED,
        noun="camera",
    ),
    "camera_devices": _Kept(
        table=schema.camera_devices,
        key=("id",),
        of=("camera_id",),
        columns=("camera_id", "device_id", "channel", "from_at", "until_at", "why"),
        noun="the hardware's period",
    ),
    "camera_paths": _Kept(
        table=schema.camera_paths,
        key=("camera_id", "device_id", "channel"),
        of=("camera_id", "device_id"),
        columns=("found_at", "reasons", "observed_name", "uri", "width"),
        fleeting=("observed_name", "uri", "width"),
        noun="a path of camera",
    ),
}
_ORDER = ("devices", "cameras", "device_keys", "camera_devices", "camera_paths", "streams")
"""In which they are put back: what others refer to comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    table: str
    key: tuple[Any, ...]
    before: Row | None
    """The columns that differ; None: there was no such row."""
    after: Row | None


Snapshot = Mapping[tuple[str, tuple[Any, ...]], Row]


def snapshot(tx: Connection, device_ids: Collection[int], camera_ids: Collection[int]) -> Snapshot:
    """The rows of these devices, of the cameras bound to them, and of these cameras."""
    c = schema.cameras.c
    bound = select(c.id).where(c.device_id.in_(sorted(device_ids)))
    every_camera = sorted({*camera_ids, *tx.execute(bound).scalars()})
    found: dict[tuple[str, tuple[Any, ...]], Row] = {}
    for name, kept in _KEPT.items():
        for column in kept.of:
            of_devices = column == "device_id" or name == "devices"
            wanted = sorted(device_ids) if of_devices else every_camera
            for row in _read(tx, kept, column, wanted):
                key = tuple(row[part] for part in kept.key)
                found[name, key] = row
    for camera_id, rows in _streams(tx, every_camera).items():
        found["streams", (camera_id,)] = {"streams": rows}
    return found


def difference(before: Snapshot, after: Snapshot) -> list[RowChange]:
    changes = []
    for place in sorted({*before, *after}, key=str):
        was, now = before.get(place), after.get(place)
        if was is None or now is None:
            changes.append(RowChange(table=place[0], key=place[1], before=was, after=now))
        elif names := [name for name in was if was[name] != now[name]]:
            old, new = ({name: row[name] for name in names} for row in (was, now))
            changes.append(RowChange(table=place[0], key=place[1], before=old, after=new))
    return changes


def put_back(tx: Connection, changes: Iterable[RowChange]) -> None:
    """Raises Conflict, and says which, where something was changed since; a deleted row may be there again."""
    listed = sorted(changes, key=lambda change: _ORDER.index(change.table))
    of_streams = [change for change in listed if change.table == "streams"]
    listed = [change for change in listed if change.table != "streams"]
    for change in listed:
        _check(tx, change)
    made = [change for change in reversed(listed) if change.before is None]
    _take_away(tx, [change for change in made if change.table != "devices"])
    for change in listed:
        if change.before is not None:
            _restore(tx, change, change.before)
    _take_away(tx, [change for change in made if change.table == "devices"])  # nothing refers to them any more
    for change in of_streams:
        _restore_streams(tx, change.key[0], () if change.before is None else change.before["streams"])


def _take_away(tx: Connection, made: Iterable[RowChange]) -> None:
    for change in made:
        tx.execute(delete(_KEPT[change.table].table).where(_is(change)))


def _check(tx: Connection, change: RowChange) -> None:
    kept = _KEPT[change.table]
    now = _one(tx, change)
    if change.after is None:
        if now is not None:
            raise Conflict(f"{_name(change)} is there again since; it cannot be taken back any more")
        return
    if now is None:
        raise Conflict(f"{_name(change)} is gone since; it cannot be taken back any more")
    for column, value in change.after.items():
        if column not in kept.fleeting and now[column] != value:
            raise Conflict(f"{_name(change)} was changed since ({column} is {now[column]}); take that back first")


def _restore(tx: Connection, change: RowChange, before: Row) -> None:
    kept = _KEPT[change.table]
    there = _one(tx, change)
    values = _typed(kept, before)
    if there is None:
        tx.execute(insert(kept.table).values(values))
        return
    if change.after is not None:
        values = {name: value for name, value in values.items() if _still(change, kept, there, change.after, name)}
    if values:
        tx.execute(update(kept.table).where(_is(change)).values(values))


def _still(change: RowChange, kept: _Kept, there: Row, after: Row, name: str) -> bool:
    """Where a device is and what it says that a sweep has refreshed meanwhile is newer than what was before; a camera
    that goes back to another device has what that one said."""
    return change.table == "cameras" or name not in kept.fleeting or there[name] == after[name]


def _name(change: RowChange) -> str:
    kept = _KEPT[change.table]
    row = change.before or change.after or {}
    number = change.key[0] if change.table != "camera_devices" else f"of camera {row.get('camera_id', '')}".strip()
    return f"{kept.noun} {number}"


def _is(change: RowChange) -> Any:
    kept = _KEPT[change.table]
    return and_(*(kept.table.c[name] == value for name, value in zip(kept.key, change.key, strict=True)))


def _one(tx: Connection, change: RowChange) -> Row | None:
    kept = _KEPT[change.table]
    row = tx.execute(select(kept.table).where(_is(change))).mappings().one_or_none()
    return None if row is None else {name: _plain(row[name]) for name in (*kept.key, *kept.columns)}


def _read(tx: Connection, kept: _Kept, column: str, wanted: Sequence[int]) -> Iterable[Row]:
    for start in range(0, len(wanted), _BATCH):
        where = kept.table.c[column].in_(wanted[start : start + _BATCH])
        for row in tx.execute(select(kept.table).where(where)).mappings():
            yield {name: _plain(row[name]) for name in (*kept.key, *kept.columns)}


def _streams(tx: Connection, camera_ids: Sequence[int]) -> dict[int, list[Row]]:
    c = schema.streams.c
    found: dict[int, list[Row]] = {}
    for start in range(0, len(camera_ids), _BATCH):
        where = c.camera_id.in_(camera_ids[start : start + _BATCH])
        for row in tx.execute(select(schema.streams).where(where).order_by(c.camera_id, c.profile)).mappings():
            found.setdefault(row["camera_id"], []).append(dict(row))
    return found


def _restore_streams(tx: Connection, camera_id: int, rows: Sequence[Row]) -> None:
    tx.execute(delete(schema.streams).where(schema.streams.c.camera_id == camera_id))
    if rows:
        tx.execute(insert(schema.streams), [dict(row) for row in rows])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _typed(kept: _Kept, row: Row) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value)
        if isinstance(value, str) and isinstance(kept.table.c[name].type, UtcInstant)
        else value
        for name, value in row.items()
    }


def change_to_json(change: RowChange) -> dict[str, Any]:
    return {"table": change.table, "key": list(change.key), "before": change.before, "after": change.after}


def change_from_json(kept: Mapping[str, Any]) -> RowChange:
    return RowChange(table=kept["table"], key=tuple(kept["key"]), before=kept["before"], after=kept["after"])
