"""Weather and lighting of an area as outages: who shows what, who was looked at, which events stand; kept, ended."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, update

from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.health.picture.area import WEATHER_KINDS as PRETENDED
from vms.health.picture.area import AreaEvent, CameraLook, Weather
from vms.health.picture.follow_weather import Standing
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.store import regions
from vms.store.outages import WEATHER_KINDS, OutageVerdict
from vms.store.schema import cameras, faults, outage_cameras, outages, stills
from vms.store.upsert import upsert

_BATCH = 500
_PRETENDED = sorted(kind.value for kind in PRETENDED)
f, c, o, m = faults.c, cameras.c, outages.c, outage_cameras.c
_OF_WEATHER = o.kind.in_(WEATHER_KINDS)


def shown(tx: Connection) -> list[CameraLook]:
    """Cameras in service whose position is known, with open faults that a weather can pretend. A fault that fell with
    another outage is not asked for. The open faults are read first, and then their cameras: they are few on most days.
    """
    weathers = set(tx.execute(select(o.id).where(_OF_WEATHER, o.closed_at.is_(None))).scalars())
    kinds: dict[int, dict[FaultKind, datetime]] = {}
    statement = select(f.camera_id, f.kind, f.opened_at, f.outage_id).where(
        f.closed_at.is_(None), f.kind.in_(_PRETENDED)
    )
    for row in tx.execute(statement):
        if row.outage_id is None or row.outage_id in weathers:
            kinds.setdefault(row.camera_id, {})[FaultKind(row.kind)] = row.opened_at
    return [
        CameraLook(
            camera_id=CameraId(row.id),
            device=_device(row.id, row.device_id),
            lon_deg=row.lon,
            lat_deg=row.lat,
            kinds=frozenset(kinds[row.id]),
            since=kinds[row.id],
        )
        for some in _batches(kinds)
        for row in tx.execute(
            select(c.id, c.device_id, c.lon, c.lat).where(
                c.id.in_(some), c.life_cycle.in_(IN_SERVICE_VALUES), c.lon.is_not(None), c.lat.is_not(None)
            )
        )
    ]


def looked_at(tx: Connection, since: datetime, showing: Iterable[CameraLook]) -> list[CameraLook]:
    """Every camera of which a still was taken since, with what it shows. About a second for 100,000."""
    shown = {one.camera_id: one for one in showing}
    statement = (
        select(c.id, c.device_id, c.lon, c.lat)
        .select_from(stills.join(cameras, c.id == stills.c.camera_id))
        .where(stills.c.at >= since, c.life_cycle.in_(IN_SERVICE_VALUES), c.lon.is_not(None), c.lat.is_not(None))
    )
    return [
        shown.get(CameraId(number))
        or CameraLook(
            camera_id=CameraId(number),
            device=_device(number, device_id),
            lon_deg=lon,
            lat_deg=lat,
            kinds=frozenset(),
        )
        for number, device_id, lon, lat in tx.execute(statement)
    ]


def everybody(tx: Connection) -> Iterator[CameraLook]:
    """Cameras in service whose position is known, whether they were looked at or not."""
    statement = select(c.id, c.device_id, c.lon, c.lat).where(
        c.life_cycle.in_(IN_SERVICE_VALUES), c.lon.is_not(None), c.lat.is_not(None)
    )
    for number, device_id, lon, lat in tx.execute(statement):
        yield CameraLook(
            camera_id=CameraId(number),
            device=_device(number, device_id),
            lon_deg=lon,
            lat_deg=lat,
            kinds=frozenset(),
        )


def standing(tx: Connection) -> list[Standing]:
    rows = tx.execute(select(o.id, o.cause, o.fell_from, o.found_at).where(_OF_WEATHER, o.closed_at.is_(None))).all()
    found = []
    for row in rows:
        members = tx.execute(select(m.camera_id, m.from_at, m.until_at).where(m.outage_id == row.id)).all()
        moved = [row.found_at, *(one.until_at or one.from_at for one in members)]
        found.append(
            Standing(
                outage_id=row.id,
                weather=Weather(row.cause),
                camera_ids=frozenset(CameraId(one.camera_id) for one in members if one.until_at is None),
                changed_at=max(moved),
                fell_from=row.fell_from,
            )
        )
    return found


def called_wrong(tx: Connection, since: datetime) -> set[tuple[Weather, CameraId]]:
    """Of whom a person has said since then that it was no such weather."""
    judged = (o.verdict == OutageVerdict.WRONG.value, o.verdict_at >= since)
    statement = select(o.cause, m.camera_id).join_from(outages, outage_cameras, m.outage_id == o.id)
    return {(Weather(row.cause), CameraId(row.camera_id)) for row in tx.execute(statement.where(_OF_WEATHER, *judged))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """What is left of an event that was found."""

    name: str
    camera_ids: tuple[CameraId, ...]
    since: datetime
    """When the first of them showed it."""


def area_of(tx: Connection, event: AreaEvent) -> Area | None:
    """None: nobody shows it any more."""
    opened = _opened(tx, list(event.camera_ids), event.kinds, event.fell_from)
    if not opened:
        return None
    name = f"{event.weather.value} over {_place(tx, list(event.camera_ids))}"
    return Area(name=name, camera_ids=tuple(opened), since=min(opened.values()))


def begin(tx: Connection, event: AreaEvent, area: Area, kind: str, now: datetime) -> int:
    """The new outage's number; its cameras come by `come`."""
    values = {
        "kind": kind,
        "cause": event.weather.value,
        "name": area.name,
        "source": "derived",
        "because": event.because,
        "cameras": len(area.camera_ids),
        "opened_at": area.since,
        "found_at": now,
        "fell_from": area.since,
    }
    return int(tx.execute(insert(outages).values(values).returning(o.id)).scalar_one())


def is_open(tx: Connection, outage_id: int) -> bool:
    return tx.execute(select(o.id).where(o.id == outage_id, o.closed_at.is_(None))).first() is not None


def come(
    tx: Connection,
    outage_id: int,
    camera_ids: Collection[CameraId],
    kinds: Collection[FaultKind],
    since: datetime | None,
) -> None:
    opened = _opened(tx, list(camera_ids), kinds, since)
    _come(tx, outage_id, opened)
    mark(tx, outage_id, opened, kinds, since)
    everybody = select(func.count()).where(m.outage_id == outage_id).scalar_subquery()
    tx.execute(update(outages).where(o.id == outage_id).values(cameras=everybody))


def mark(
    tx: Connection, outage_id: int, camera_ids: Iterable[int], kinds: Collection[FaultKind], since: datetime | None
) -> None:
    """Their open faults of these kinds are the weather's, but for those that were opened before `since`."""
    wanted = _open_of(kinds, since)
    for some in _batches(camera_ids):
        mine = (f.camera_id.in_(some), f.outage_id.is_(None), *wanted)
        tx.execute(update(faults).where(*mine).values(outage_id=outage_id))


def unmarked_members(
    tx: Connection, outage_id: int, kinds: Collection[FaultKind], since: datetime | None
) -> list[CameraId]:
    """Of whom more was opened since, that is the weather's too."""
    lying = select(m.camera_id).where(m.outage_id == outage_id, m.until_at.is_(None))
    chosen = select(f.camera_id).where(f.camera_id.in_(lying), f.outage_id.is_(None), *_open_of(kinds, since))
    return [CameraId(one) for one in tx.execute(chosen.distinct().order_by(f.camera_id)).scalars()]


def members(tx: Connection, outage_id: int) -> list[CameraId]:
    """Who lies under it."""
    lying = select(m.camera_id).where(m.outage_id == outage_id, m.until_at.is_(None)).order_by(m.camera_id)
    return [CameraId(one) for one in tx.execute(lying).scalars()]


def let_go(tx: Connection, outage_id: int, camera_ids: Collection[int], now: datetime) -> None:
    """It is over for them: what they still show is their own again."""
    leave(tx, outage_id, camera_ids, now)
    for some in _batches(camera_ids):
        mine = (f.camera_id.in_(some), f.outage_id == outage_id, f.closed_at.is_(None))
        tx.execute(update(faults).where(*mine).values(outage_id=None))


def leave(tx: Connection, outage_id: int, camera_ids: Iterable[int], now: datetime) -> None:
    for some in _batches(camera_ids):
        mine = and_(m.outage_id == outage_id, m.camera_id.in_(some), m.until_at.is_(None))
        tx.execute(update(outage_cameras).where(mine).values(until_at=now))


def end(tx: Connection, outage_id: int, now: datetime) -> tuple[str, str]:
    """With whoever is left under it. Returns its kind and name."""
    tx.execute(update(outage_cameras).where(m.outage_id == outage_id, m.until_at.is_(None)).values(until_at=now))
    tx.execute(update(faults).where(f.outage_id == outage_id, f.closed_at.is_(None)).values(outage_id=None))
    statement = update(outages).where(o.id == outage_id).values(closed_at=now).returning(o.kind, o.name)
    row = tx.execute(statement).one()
    return row.kind, row.name


def _opened(
    tx: Connection, camera_ids: Sequence[int], kinds: Collection[FaultKind], since: datetime | None
) -> dict[CameraId, datetime]:
    """Since when each of them shows it, by its oldest open fault of these kinds that is not older than `since`."""
    wanted = _open_of(kinds, since)
    found: dict[CameraId, datetime] = {}
    for some in _batches(camera_ids):
        mine = (f.camera_id.in_(some), *wanted)
        rows = tx.execute(select(f.camera_id, func.min(f.opened_at).label("at")).where(*mine).group_by(f.camera_id))
        found.update((CameraId(row.camera_id), row.at) for row in rows)
    return found


def _open_of(kinds: Collection[FaultKind], since: datetime | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [f.closed_at.is_(None), f.kind.in_([kind.value for kind in kinds])]
    return wanted if since is None else [*wanted, f.opened_at >= since]


def _come(tx: Connection, outage_id: int, opened: dict[CameraId, datetime]) -> None:
    rows = [{"outage_id": outage_id, "camera_id": one, "from_at": at, "until_at": None} for one, at in opened.items()]
    upsert(tx, outage_cameras, rows, lambda new: {"until_at": new["until_at"]})


def _place(tx: Connection, camera_ids: Sequence[int]) -> str:
    """The region that most of them are in."""
    codes: Counter[str] = Counter()
    for some in _batches(camera_ids):
        codes.update(tx.execute(select(c.region_code).where(c.id.in_(some))).scalars())
    code = codes.most_common(1)[0][0] if codes else ""
    return regions.names(tx).get(code) or code or "?"


def _device(camera_id: int, device_id: int | None) -> str:
    """Cameras without a device stand for themselves."""
    return f"camera {camera_id}" if device_id is None else f"device {device_id}"


def _batches(wanted: Iterable[int]) -> list[list[int]]:
    ordered = sorted(set(wanted))
    return [ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH)]
