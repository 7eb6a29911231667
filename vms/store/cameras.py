"""Cameras with their streams: add, read, page through, change what was declared, bind to a device."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, bindparam, delete, insert, or_, select, update

from vms.core.errors import NotFound
from vms.core.ids import CameraId, DeviceId, OwnerId
from vms.inventory.camera import Camera, Declared, LifeCycle, Stream
from vms.inventory.device import ObservedChannel, ObservedDevice
from vms.inventory.identity.keys import usable_mac, usable_serial
from vms.store import camera_changes, camera_devices, events, faults, search_columns
from vms.store.camera_changes import DISCOVERY, PROGRAM, Author, FieldChange
from vms.store.camera_filter import CameraFilter
from vms.store.camera_pages import id_page
from vms.store.camera_rows import camera_from_row, declared_columns
from vms.store.new_ids import new_ids
from vms.store.page import Page
from vms.store.schema import cameras, streams

_BATCH = 500


def add(
    tx: Connection,
    declared: Declared,
    *,
    life_cycle: LifeCycle,
    now: datetime,
    owner_id: OwnerId | None = None,
    device_id: DeviceId | None = None,
    channel: str = "",
) -> CameraId:
    """`device_id`, `channel`: the channel of a device that it is from the start."""
    values = new_columns(declared, life_cycle=life_cycle, owner_id=owner_id, now=now)
    return add_many(tx, [values | {"device_id": device_id, "channel": channel}], now)[0]


def new_columns(
    declared: Declared, *, life_cycle: LifeCycle, owner_id: OwnerId | None, now: datetime
) -> dict[str, Any]:
    """The row of a camera that is not there yet, for add_many."""
    return {
        **declared_columns(declared),
        "life_cycle": life_cycle.value,
        "owner_id": owner_id,
        "created_at": now,
        "changed_at": now,
    }


def add_many(tx: Connection, rows: Sequence[dict[str, Any]], now: datetime) -> list[CameraId]:
    """Rows of new_columns; their ids in the same order."""
    if not rows:
        return []
    ids = [CameraId(value) for value in new_ids(tx, cameras, len(rows))]
    listed = search_columns.of_new(tx, rows)
    whole = [{"id": camera_id, **row, **shown} for camera_id, row, (shown, _) in zip(ids, rows, listed, strict=True)]
    tx.execute(insert(cameras), whole)
    bound = [
        (camera_id, row["device_id"], row["channel"])
        for camera_id, row in zip(ids, rows, strict=True)
        if row.get("device_id") is not None
    ]
    camera_devices.begin(tx, bound, now)
    search_columns.keep_words(tx, ((camera_id, words) for camera_id, (_, words) in zip(ids, listed, strict=True)))
    news = [({"name": row["name"], "life_cycle": row["life_cycle"]}) for row in rows]
    events.append_many(tx, "camera.added", list(zip(ids, news, strict=True)), now)
    return ids


def are_more_than(tx: Connection, number: int) -> bool:
    return tx.execute(select(cameras.c.id).order_by(cameras.c.id).offset(number).limit(1)).first() is not None


def get(tx: Connection, camera_id: int) -> Camera:
    """Raises NotFound."""
    found = by_ids(tx, [camera_id])
    if not found:
        raise NotFound(f"there is no camera {camera_id}")
    return found[0]


_BY_IDS = select(cameras).where(cameras.c.id.in_(bindparam("ids", expanding=True)))
_STREAMS_OF = (
    select(streams)
    .where(streams.c.camera_id.in_(bindparam("ids", expanding=True)))
    .order_by(streams.c.role, streams.c.profile)
)


def by_ids(tx: Connection, camera_ids: Iterable[int]) -> list[Camera]:
    """Those that exist, in the order asked."""
    wanted = list(dict.fromkeys(camera_ids))
    found: dict[int, Camera] = {}
    for start in range(0, len(wanted), _BATCH):
        rows = tx.execute(_BY_IDS, {"ids": wanted[start : start + _BATCH]}).mappings().all()
        found.update((camera.camera_id, camera) for camera in _with_streams(tx, rows))
    return [found[camera_id] for camera_id in wanted if camera_id in found]


def approved(tx: Connection, camera_ids: Iterable[int]) -> list[Camera]:
    """Of these those that are in use now: an index in memory may be a moment behind an owner who leaves."""
    return [camera for camera in by_ids(tx, camera_ids) if camera.life_cycle.in_service]


def of_device(tx: Connection, device_id: int) -> list[Camera]:
    statement = select(cameras).where(cameras.c.device_id == device_id).order_by(cameras.c.id)
    return _with_streams(tx, tx.execute(statement).mappings().all())


def ids_of_devices(tx: Connection, device_ids: Iterable[int]) -> list[CameraId]:
    """At most 500 devices."""
    statement = select(cameras.c.id).where(cameras.c.device_id.in_(sorted(set(device_ids)))).order_by(cameras.c.id)
    return [CameraId(value) for value in tx.execute(statement).scalars()]


def named(tx: Connection, observed_names: Iterable[str]) -> list[tuple[CameraId, DeviceId, str]]:
    """Cameras, not retired, that their device names so: (camera, device, name). At most 500 of all; the names that many
    have are not worth more."""
    c = cameras.c
    wanted = sorted(set(observed_names))[:_BATCH]
    in_use = (c.device_id.is_not(None), c.life_cycle != LifeCycle.RETIRED.value)
    statement = select(c.id, c.device_id, c.observed_name).where(c.observed_name.in_(wanted), *in_use)
    rows = tx.execute(statement.order_by(c.id).limit(_BATCH))
    return [(CameraId(row.id), DeviceId(row.device_id), row.observed_name) for row in rows]


def declared_for(tx: Connection, observed: ObservedDevice) -> list[Camera]:
    """Cameras that somebody entered for this device and that are bound to none yet.

    Named by serial number or MAC; by the address only where the entry names neither: there the address is the claim.
    """
    c = cameras.c
    here = and_(c.address == observed.address, or_(c.port.is_(None), c.port == observed.port))
    claims = [and_(c.serial_no == "", c.mac == "", here)]
    if serial := usable_serial(observed):
        claims.append(c.serial_no.in_({serial, observed.serial_no.strip()}))
    if macs := [usable for mac in observed.macs if (usable := usable_mac(mac))]:
        claims.append(c.mac.in_(macs))
    free = and_(c.device_id.is_(None), c.life_cycle != LifeCycle.RETIRED.value)
    rows = tx.execute(select(cameras).where(free, or_(*claims)).order_by(c.id)).mappings().all()
    return _with_streams(tx, rows)


def every(tx: Connection, batch: int = _BATCH) -> Iterator[Camera]:
    """All cameras by id, with their streams, a batch in memory at a time."""
    last = 0
    while True:
        statement = select(cameras).where(cameras.c.id > last).order_by(cameras.c.id).limit(batch)
        rows = tx.execute(statement).mappings().all()
        if not rows:
            return
        yield from _with_streams(tx, rows)
        last = rows[-1]["id"]


def page(
    tx: Connection,
    camera_filter: CameraFilter,
    *,
    now: datetime,
    sort: str = "",
    limit: int = 50,
    offset: int = 0,
) -> Page[Camera]:
    """`sort`: as in camera_pages. Raises BadInput, NotAllowed."""
    found = id_page(tx, camera_filter, now=now, sort=sort, limit=limit, offset=offset)
    return Page(items=tuple(by_ids(tx, found.ids)), total=found.total)


def update_declared(
    tx: Connection,
    camera_id: int,
    declared: Declared,
    now: datetime,
    *,
    owner_id: OwnerId | None = None,
    author: Author = PROGRAM,
) -> bool:
    """Puts the new record in place of the old; the owner stays where none is given. False: nothing was different."""
    wanted = declared_columns(declared)
    if owner_id is not None:
        wanted["owner_id"] = owner_id
    return bool(change_columns(tx, camera_id, wanted, now, author=author))


def locked_columns(tx: Connection, camera_id: int) -> dict[str, Any]:
    """The camera's row as it is stored; until the end of the transaction nobody else changes it. Raises NotFound."""
    return columns(tx, camera_id, lock=True)


def columns(tx: Connection, camera_id: int, *, lock: bool = False) -> dict[str, Any]:
    """The camera's row as it is stored. Raises NotFound."""
    statement = select(cameras).where(cameras.c.id == camera_id)
    row = tx.execute(statement.with_for_update() if lock else statement).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no camera {camera_id}")
    return {str(name): value for name, value in row.items()}


def change_columns(
    tx: Connection, camera_id: int, wanted: Mapping[str, Any], now: datetime, *, author: Author
) -> tuple[str, ...]:
    """Declared columns and `owner_id`, with their history. Returns those that were different. Raises NotFound."""
    row = locked_columns(tx, camera_id)
    changes = {name: value for name, value in wanted.items() if row[name] != value}
    if changes:
        tx.execute(update(cameras).where(cameras.c.id == camera_id).values(**changes, changed_at=now))
        _keep(tx, camera_id, row, changes, author, now)
        if not search_columns.MADE_OF.isdisjoint(changes):
            search_columns.refresh(tx, [camera_id])
        events.append(tx, "camera.changed", camera_id, {"fields": sorted(changes)}, now)
    return tuple(sorted(changes))


def _keep(
    tx: Connection,
    camera_id: int,
    row: Mapping[str, Any] | RowMapping,
    changes: Mapping[str, Any],
    author: Author,
    now: datetime,
) -> None:
    kept = [
        FieldChange(camera_id=CameraId(camera_id), field=name, before=row[name], after=value)
        for name, value in changes.items()
    ]
    camera_changes.keep(tx, kept, author, now)


def set_life_cycle(
    tx: Connection, camera_id: int, life_cycle: LifeCycle, now: datetime, *, author: Author = PROGRAM
) -> bool:
    """False: it was so already. The faults of a camera that is retired end."""
    before = tx.execute(select(cameras.c.life_cycle).where(cameras.c.id == camera_id)).scalar_one_or_none()
    if before is None:
        raise NotFound(f"there is no camera {camera_id}")
    if before == life_cycle.value:
        return False
    tx.execute(update(cameras).where(cameras.c.id == camera_id).values(life_cycle=life_cycle.value, changed_at=now))
    if life_cycle is LifeCycle.RETIRED:
        faults.close_all_of(tx, camera_id, now)
    _keep(tx, camera_id, {"life_cycle": before}, {"life_cycle": life_cycle.value}, author, now)
    content = {"fields": ["life_cycle"], "life_cycle": {"from": before, "to": life_cycle.value}}
    events.append(tx, "camera.changed", camera_id, content, now)
    return True


def bind_device(
    tx: Connection, camera_id: int, device_id: DeviceId, channel: str, now: datetime, *, author: Author = DISCOVERY
) -> None:
    """From now on the camera is this channel of this device."""
    _bind(tx, camera_id, device_id, channel, now, author)


def unbind_device(tx: Connection, camera_id: int, now: datetime, *, author: Author) -> None:
    """From now on no hardware is known for the camera; nothing that was observed stays."""
    _bind(tx, camera_id, None, "", now, author)
    _replace_streams(tx, CameraId(camera_id), ())
    tx.execute(update(cameras).where(cameras.c.id == camera_id).values(snapshot_uri=None))


def _bind(
    tx: Connection, camera_id: int, device_id: DeviceId | None, channel: str, now: datetime, author: Author
) -> None:
    row = locked_columns(tx, camera_id)
    values = {"device_id": device_id, "channel": channel}
    camera_devices.move(tx, CameraId(camera_id), row["device_id"], device_id, channel, now, author.why)
    tx.execute(update(cameras).where(cameras.c.id == camera_id).values(**values, changed_at=now))
    _keep(tx, camera_id, row, {name: value for name, value in values.items() if row[name] != value}, author, now)
    search_columns.refresh(tx, [camera_id])
    content = {"fields": ["device_id", "channel"], "device_id": device_id, "channel": channel}
    events.append(tx, "camera.changed", camera_id, content, now)


def set_observed(
    tx: Connection, camera: Camera, channel: ObservedChannel, found: Sequence[Stream], now: datetime
) -> bool:
    """What the device says of this channel. False: nothing new. What it says no longer of its position is kept."""
    pose = channel.pose
    wanted = {"observed_name": channel.name, "ptz": channel.ptz, "snapshot_uri": channel.snapshot_uri}
    if pose is not None:
        wanted |= {
            "observed_lon": pose.lon,
            "observed_lat": pose.lat,
            "observed_bearing_deg": pose.bearing_deg,
            "observed_elevation_m": pose.elevation_m,
        }
    row = tx.execute(select(cameras).where(cameras.c.id == camera.camera_id)).mappings().one()
    changes = {name: value for name, value in wanted.items() if row[name] != value}
    new_streams = sorted(found, key=_stream_order) != sorted(camera.streams, key=_stream_order)
    if new_streams:
        _replace_streams(tx, camera.camera_id, found)
    if changes or new_streams:
        tx.execute(update(cameras).where(cameras.c.id == camera.camera_id).values(**changes, changed_at=now))
        _keep(tx, camera.camera_id, row, changes, DISCOVERY, now)
        if "observed_name" in changes:
            search_columns.refresh(tx, [camera.camera_id])
        fields = sorted(changes) + (["streams"] if new_streams else [])
        events.append(tx, "camera.changed", camera.camera_id, {"fields": fields}, now)
    return bool(changes) or new_streams


def take_over_observed(tx: Connection, camera: Camera, teller: Camera, now: datetime) -> None:
    """What the device said of the channel under another record."""
    pose = teller.observed_pose
    told = {
        "observed_name": teller.observed_name,
        "ptz": teller.ptz,
        "snapshot_uri": teller.snapshot_uri,
        "observed_lon": pose.position.lon if pose else None,
        "observed_lat": pose.position.lat if pose else None,
        "observed_bearing_deg": pose.bearing_deg if pose else None,
    }
    tx.execute(update(cameras).where(cameras.c.id == camera.camera_id).values(**told, changed_at=now))
    _replace_streams(tx, camera.camera_id, teller.streams)
    search_columns.refresh(tx, [camera.camera_id])


def touch(tx: Connection, camera_ids: Sequence[int], now: datetime) -> None:
    """They were changed by other means than here."""
    for start in range(0, len(camera_ids), _BATCH):
        ids = list(camera_ids[start : start + _BATCH])
        tx.execute(update(cameras).where(cameras.c.id.in_(ids)).values(changed_at=now))


def _replace_streams(tx: Connection, camera_id: CameraId, found: Sequence[Stream]) -> None:
    tx.execute(delete(streams).where(streams.c.camera_id == camera_id))
    rows = [
        {
            "camera_id": camera_id,
            "profile": stream.profile,
            "role": stream.role.value,
            "encoding": stream.encoding,
            "width": stream.width,
            "height": stream.height,
            "uri": stream.uri,
        }
        for stream in found
    ]
    if rows:
        tx.execute(insert(streams), rows)


def _with_streams(tx: Connection, rows: Sequence[RowMapping]) -> list[Camera]:
    ids = [row["id"] for row in rows]
    by_camera: dict[int, list[RowMapping]] = {}
    for start in range(0, len(ids), _BATCH):
        for row in tx.execute(_STREAMS_OF, {"ids": ids[start : start + _BATCH]}).mappings():
            by_camera.setdefault(row["camera_id"], []).append(row)
    return [camera_from_row(row, by_camera.get(row["id"], ())) for row in rows]


def _stream_order(stream: Stream) -> tuple[str, str]:
    return (stream.role.value, stream.profile)
