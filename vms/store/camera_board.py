"""Beside the record of a camera, what lists and maps show of it: status, owner, latest still. Read in bulk."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, true

from vms.core.geo import Wgs84
from vms.core.ids import CameraId, OwnerId
from vms.health.status import Status
from vms.inventory.archive.rules import ANSWERS
from vms.inventory.camera import IN_SERVICE_VALUES, LifeCycle
from vms.inventory.tier import Tier
from vms.store.judgements import names_in
from vms.store.own_faults import breaks_its_intactness
from vms.store.schema import cameras, devices, faults, judgements, owners, regions, stills, watches
from vms.store.watch_sessions import latest_session
from vms.store.watching import UNWATCHED, StatusRow, status_column, statuses

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    watch: StatusRow
    owner: str
    still_at: datetime | None
    manufacturer: str = ""
    """Declared, else told; so is the model."""
    model: str = ""
    address: str = ""
    """Where its device was heard last, else as declared; so are port and serial number."""
    port: int | None = None
    serial_no: str = ""
    firmware: str = ""
    region_name: str = ""
    open_faults: int = 0
    problems: tuple[str, ...] = ()
    """Codes of what is odd about its device."""
    created_at: datetime | None = None
    changed_at: datetime | None = None
    completeness_pct: float | None = None
    """None: not judged yet, or retired."""
    breaks: tuple[str, ...] = ()
    """Codes of the rules that its record breaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A camera on the map."""

    camera_id: CameraId
    name: str
    tier: Tier
    status: Status
    lon: float
    lat: float
    bearing_deg: float | None
    h_fov_deg: float | None
    region_code: str
    kinds: tuple[str, ...]
    """Of its open faults."""
    is_ill: bool
    """One of them is so grave that it is not intact."""
    in_service: bool = True


def boards(tx: Connection, camera_ids: Iterable[int], now: datetime) -> dict[CameraId, Board]:
    wanted = list(camera_ids)
    watched = statuses(tx, now, wanted)
    found: dict[CameraId, Board] = {}
    for start in range(0, len(wanted), _BATCH):
        for row in tx.execute(_BOARD, {"ids": wanted[start : start + _BATCH]}):
            found[CameraId(row.id)] = _board(row, watched.get(CameraId(row.id), UNWATCHED))
    return found


_OPEN = (
    select(func.count())
    .where(faults.c.camera_id == cameras.c.id, faults.c.closed_at.is_(None))
    .correlate(cameras)
    .scalar_subquery()
)
_BOARD = (
    select(
        *(cameras.c[name] for name in ("id", "shown_manufacturer", "shown_model", "created_at", "changed_at")),
        cameras.c.address.label("declared_address"),
        cameras.c.port.label("declared_port"),
        cameras.c.serial_no.label("declared_serial_no"),
        *(devices.c[name].label(f"device_{name}") for name in ("address", "port", "serial_no", "firmware", "problems")),
        owners.c.name.label("owner"),
        stills.c.at.label("still_at"),
        regions.c.name.label("region_name"),
        _OPEN.label("open_faults"),
        judgements.c.completeness_pct,
        judgements.c.broken,
    )
    .outerjoin(owners, owners.c.id == cameras.c.owner_id)
    .outerjoin(stills, stills.c.camera_id == cameras.c.id)
    .outerjoin(devices, devices.c.id == cameras.c.device_id)
    .outerjoin(regions, regions.c.code == cameras.c.region_code)
    .outerjoin(judgements, judgements.c.camera_id == cameras.c.id)
    .where(cameras.c.id.in_(bindparam("ids", expanding=True)))
)


def _board(row: Any, watch: StatusRow) -> Board:
    return Board(
        watch=watch,
        owner=row.owner or "",
        still_at=row.still_at,
        manufacturer=row.shown_manufacturer,
        model=row.shown_model,
        address=row.declared_address if row.device_address is None else row.device_address,
        port=row.declared_port if row.device_port is None else row.device_port,
        serial_no=row.declared_serial_no or row.device_serial_no or "",
        firmware=row.device_firmware or "",
        region_name=row.region_name or "",
        open_faults=row.open_faults,
        problems=tuple(str(problem["code"]) for problem in row.device_problems or ()),
        created_at=row.created_at,
        changed_at=row.changed_at,
        completeness_pct=row.completeness_pct,
        breaks=(*names_in(row.broken or ""), *((ANSWERS,) if watch.status is Status.DOWN else ())),
    )


def dots(
    tx: Connection,
    now: datetime,
    *,
    in_service_only: bool = False,
    owner_id: int | None = None,
    camera_ids: Sequence[int] | None = None,
) -> Iterator[Dot]:
    """Every camera that has a position, by id. `camera_ids`: of these alone, in batches."""
    if camera_ids is not None:
        for start in range(0, len(camera_ids), _BATCH):
            some = camera_ids[start : start + _BATCH]
            these = cameras.c.id.in_(some)
            yield from _dots(tx, now, in_service_only, owner_id, these, _open_faults(tx, faults.c.camera_id.in_(some)))
        return
    yield from _dots(tx, now, in_service_only, owner_id, true(), _open_faults(tx, true()))


def _dots(
    tx: Connection,
    now: datetime,
    in_service_only: bool,
    owner_id: int | None,
    these: ColumnElement[bool],
    open_faults: dict[int, list[tuple[str, bool]]],
) -> Iterator[Dot]:
    c = cameras.c
    lon, lat = func.coalesce(c.lon, c.observed_lon), func.coalesce(c.lat, c.observed_lat)
    bearing = func.coalesce(c.bearing_deg, c.observed_bearing_deg)
    status = status_column(latest_session(tx), now).label("status")
    told = (c.id, c.name, c.observed_name, c.tier, status, lon, lat, bearing, c.h_fov_deg, c.region_code, c.life_cycle)
    statement = (
        select(*told)
        .outerjoin(watches, watches.c.camera_id == c.id)
        .where(lon.is_not(None), lat.is_not(None), these)
        .order_by(c.id)
    )
    if in_service_only:
        statement = statement.where(c.life_cycle.in_(IN_SERVICE_VALUES))
    if owner_id is not None:
        statement = statement.where(c.owner_id == owner_id)
    for row in tx.execute(statement).yield_per(2000):
        camera_id, name, observed_name, tier, current, x, y, bearing_deg, h_fov_deg, region_code, life_cycle = row
        yield Dot(
            camera_id=CameraId(camera_id),
            name=name or observed_name,
            tier=Tier(tier),
            status=Status(current),
            lon=x,
            lat=y,
            bearing_deg=bearing_deg,
            h_fov_deg=h_fov_deg,
            region_code=region_code,
            kinds=tuple(kind for kind, _ in open_faults.get(camera_id, ())),
            is_ill=any(weighty for _, weighty in open_faults.get(camera_id, ())),
            in_service=life_cycle in IN_SERVICE_VALUES,
        )


def _open_faults(tx: Connection, these: ColumnElement[bool]) -> dict[int, list[tuple[str, bool]]]:
    """Of each camera: (kind, whether it breaks its intactness)."""
    found: dict[int, list[tuple[str, bool]]] = {}
    f = faults.c
    breaks = breaks_its_intactness().label("breaks")
    for camera_id, kind, weighty in tx.execute(
        select(f.camera_id, f.kind, breaks).where(f.closed_at.is_(None), these).order_by(f.kind)
    ):
        found.setdefault(camera_id, []).append((kind, bool(weighty)))
    return found


def standing(tx: Connection, camera_ids: Iterable[int]) -> dict[int, tuple[LifeCycle, OwnerId | None]]:
    """Who may know of a camera depends on this."""
    wanted = list(camera_ids)
    found: dict[int, tuple[LifeCycle, OwnerId | None]] = {}
    for start in range(0, len(wanted), _BATCH):
        statement = select(cameras.c.id, cameras.c.life_cycle, cameras.c.owner_id)
        for row in tx.execute(statement.where(cameras.c.id.in_(wanted[start : start + _BATCH]))):
            found[row.id] = (LifeCycle(row.life_cycle), None if row.owner_id is None else OwnerId(row.owner_id))
    return found


def counts_by_status(tx: Connection, now: datetime) -> dict[Status, int]:
    """Of all approved cameras."""
    status = status_column(latest_session(tx), now).label("status")
    statement = (
        select(status, func.count())
        .select_from(cameras.outerjoin(watches, watches.c.camera_id == cameras.c.id))
        .where(cameras.c.life_cycle.in_(IN_SERVICE_VALUES))
        .group_by(status)
    )
    counted = {Status(name): int(number) for name, number in tx.execute(statement)}
    return {status: counted.get(status, 0) for status in Status}


def position_of_pole(tx: Connection, pole_code: str) -> Wgs84 | None:
    """Where a pole stands, by the approved cameras on it."""
    c = cameras.c
    statement = select(c.lon, c.lat).where(
        c.pole_code == pole_code, c.lon.is_not(None), c.lat.is_not(None), c.life_cycle.in_(IN_SERVICE_VALUES)
    )
    row = tx.execute(statement.order_by(c.id).limit(1)).one_or_none()
    return None if row is None else Wgs84(row.lon, row.lat)


def cameras_by_address(tx: Connection, addresses: Iterable[str]) -> dict[str, list[int]]:
    """Ids of the cameras whose device was last heard at each of these addresses."""
    wanted = sorted(set(addresses))
    found: dict[str, list[int]] = {}
    for start in range(0, len(wanted), _BATCH):
        statement = (
            select(devices.c.address, cameras.c.id)
            .join(cameras, cameras.c.device_id == devices.c.id)
            .where(devices.c.address.in_(wanted[start : start + _BATCH]))
            .order_by(cameras.c.id)
        )
        for address, camera_id in tx.execute(statement):
            found.setdefault(address, []).append(camera_id)
    return found
