"""Records laid flat for judging: all of a town in one pass, or some; and what several records claim at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from vms.inventory.archive.doubles import doubled_places, spot_box
from vms.inventory.archive.facts import DECLARED, Facts
from vms.inventory.camera import LifeCycle, StreamRole
from vms.store.schema import cameras, devices, streams, watches
from vms.store.watch_sessions import latest_session
from vms.store.watching import status_column

_BATCH = 500
_SPOTS = 100
_NOT_RETIRED = cameras.c.life_cycle != LifeCycle.RETIRED.value


def page(tx: Connection, now: datetime, *, after_id: int, limit: int) -> list[Facts]:
    """Of cameras that are not retired, by id, those behind this one."""
    chosen = select(cameras.c.id).where(cameras.c.id > after_id, _NOT_RETIRED).order_by(cameras.c.id).limit(limit)
    rows = tx.execute(_statement(tx, now).where(cameras.c.id.in_(chosen)).order_by(cameras.c.id))
    return list({row[0]: Facts._make(row) for row in rows}.values())


def of_cameras(tx: Connection, camera_ids: Iterable[int], now: datetime) -> dict[int, Facts]:
    """Also retired ones; those that do not exist are left out."""
    wanted = sorted(set(camera_ids))
    found: dict[int, Facts] = {}
    for start in range(0, len(wanted), _BATCH):
        chosen = cameras.c.id.in_(wanted[start : start + _BATCH])
        found.update((row[0], Facts._make(row)) for row in tx.execute(_statement(tx, now).where(chosen)))
    return found


def doubled_ids(tx: Connection, among: Iterable[str] | None = None) -> frozenset[str]:
    """National device ids that several cameras have; `among`: only these are looked up."""
    c = cameras.c
    statement = select(c.gb_device_id).group_by(c.gb_device_id).having(func.count() > 1)
    if among is None:
        return frozenset(tx.execute(statement.where(c.gb_device_id != "", _NOT_RETIRED)).scalars())
    wanted = sorted({text for text in among if text})
    found: set[str] = set()
    for start in range(0, len(wanted), _BATCH):
        chosen = c.gb_device_id.in_(wanted[start : start + _BATCH])
        found.update(tx.execute(statement.where(chosen, _NOT_RETIRED)).scalars())
    return frozenset(found)


def having_ids(tx: Connection, gb_device_ids: Iterable[str]) -> set[int]:
    """The cameras with one of these national device ids."""
    wanted = sorted(gb_device_ids)
    found: set[int] = set()
    for start in range(0, len(wanted), _BATCH):
        chosen = cameras.c.gb_device_id.in_(wanted[start : start + _BATCH])
        found.update(tx.execute(select(cameras.c.id).where(chosen)).scalars())
    return found


def standing_at(tx: Connection, spots: Iterable[tuple[float, float]]) -> set[int]:
    """Cameras, not retired, that stand on one of these, longitude and latitude, and whose pole is known."""
    wanted = sorted(spots)
    found: set[int] = set()
    for start in range(0, len(wanted), _SPOTS):
        here = or_(*(_on(lon, lat) for lon, lat in wanted[start : start + _SPOTS]))
        found.update(tx.execute(select(cameras.c.id).where(here, cameras.c.pole_code != "", _NOT_RETIRED)).scalars())
    return found


def all_doubled_places(tx: Connection) -> frozenset[int]:
    """Cameras on the same spot as one with another pole code."""
    return _doubled(tx, ())


def doubled_places_near(tx: Connection, found: Iterable[Facts]) -> frozenset[int]:
    """The same, among these and whatever stands where they stand."""
    spots = [(one.lon, one.lat) for one in found if one.pole_code and one.lon is not None and one.lat is not None]
    doubled: set[int] = set()
    for start in range(0, len(spots), _SPOTS):
        doubled |= _doubled(tx, (or_(*(_on(lon, lat) for lon, lat in spots[start : start + _SPOTS])),))
    return frozenset(doubled)


def _on(lon: float, lat: float) -> ColumnElement[bool]:
    west, south, east, north = spot_box(lon, lat)
    return and_(cameras.c.lat.between(south, north), cameras.c.lon.between(west, east))


def _doubled(tx: Connection, where: Sequence[ColumnElement[bool]]) -> frozenset[int]:
    c = cameras.c
    statement = select(c.id, c.lon, c.lat, c.pole_code)
    rows = tx.execute(statement.where(c.pole_code != "", c.lon.is_not(None), c.lat.is_not(None), _NOT_RETIRED, *where))
    found = rows.all()
    if len(found) < 2:
        return frozenset()
    lonlat = np.array([(row[1], row[2]) for row in found], dtype=np.float64)
    return doubled_places([row[0] for row in found], lonlat, [row[3] for row in found])


def _statement(tx: Connection, now: datetime) -> Select[Any]:
    """The columns of Facts, in its order."""
    c, d, s = cameras.c, devices.c, streams.c
    columns = [c.id, c.life_cycle, c.device_id, status_column(latest_session(tx), now), *(c[name] for name in DECLARED)]
    columns += [c.observed_name, c.observed_lon, c.observed_lat, c.observed_bearing_deg, s.encoding, s.width, s.height]
    columns += [d.manufacturer, d.model, d.firmware, d.serial_no, d.macs, d.address, d.port]
    main = and_(s.camera_id == c.id, s.role == StreamRole.MAIN.value)
    joined = (
        cameras.outerjoin(watches, watches.c.camera_id == c.id)
        .outerjoin(devices, d.id == c.device_id)
        .outerjoin(streams, main)
    )
    return select(*columns).select_from(joined)
