"""The questions of a store check: each looks at one thing that must hold and names what does not, a sentence each."""

import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, not_, or_, select, text

from vms.health.status import Status
from vms.inventory.camera import CoordinateSystem, LifeCycle, StreamRole
from vms.inventory.tier import Tier
from vms.store import looks
from vms.store.schema import (
    cameras,
    daily_sets,
    device_keys,
    devices,
    events,
    faults,
    flips,
    streams,
    watch_sessions,
    watches,
)

MOST = 100
"""Sentences of one kind."""
CLOCK_STEP = timedelta(hours=1)


def files(tx: Connection) -> list[str]:
    """SQLite: pages, indices and references; PostgreSQL keeps its own."""
    if tx.dialect.name != "sqlite":
        return []
    found = [row[0] for row in tx.execute(text(f"PRAGMA integrity_check({MOST})")) if row[0] != "ok"]
    for table, row_id, parent, _ in tx.execute(text("PRAGMA foreign_key_check")).fetchmany(MOST):
        found.append(f"row {row_id} of {table} refers to a row of {parent} that is not there")
    return found


def camera_records(tx: Connection) -> list[str]:
    c = cameras.c
    wrong = or_(
        c.tier.not_in([tier.value for tier in Tier]),
        c.life_cycle.not_in([state.value for state in LifeCycle]),
        c.entered_system.not_in([system.value for system in CoordinateSystem]),
        c.lon.is_(None) != c.lat.is_(None),
        not_(c.lon.between(-180.0, 180.0)),
        not_(c.lat.between(-90.0, 90.0)),
    )
    return [f"camera {row.id}: its record holds a value that cannot be" for row in _some(tx, select(c.id).where(wrong))]


def camera_streams(tx: Connection) -> list[str]:
    s, c = streams.c, cameras.c
    found = []
    for row in _some(tx, select(s.camera_id).outerjoin(cameras, c.id == s.camera_id).where(c.id.is_(None)).distinct()):
        found.append(f"camera {row.camera_id} is not there, but its streams are")
    for row in _some(tx, select(s.camera_id, s.role).group_by(s.camera_id, s.role).having(func.count() > 1)):
        found.append(f"camera {row.camera_id} has several {row.role} streams")
    strange = s.role.not_in([role.value for role in StreamRole])
    unknown = _some(tx, select(s.camera_id).where(strange))
    return found + [f"camera {row.camera_id} has a stream of no known role" for row in unknown]


def device_records(tx: Connection) -> list[str]:
    d, k = devices.c, device_keys.c
    here = select(d.address, d.port).where(d.displaced_at.is_(None)).group_by(d.address, d.port)
    found = [
        f"several devices are said to be at {row.address}:{row.port}"
        for row in _some(tx, here.having(func.count() > 1))
    ]
    orphans = select(k.device_id).outerjoin(devices, d.id == k.device_id).where(d.id.is_(None)).distinct()
    return found + [f"device {row.device_id} is not there, but its keys are" for row in _some(tx, orphans)]


def event_order(tx: Connection, now: datetime) -> list[str]:
    """Ids count up with time, but for steps of the clock; nothing comes from the future."""
    found = []
    last: tuple[int, datetime] | None = None
    for row in tx.execute(select(events.c.id, events.c.at).order_by(events.c.id).execution_options(yield_per=5000)):
        if row.at > now + CLOCK_STEP:
            found.append(f"event {row.id} is of {row.at:%Y-%m-%d %H:%M:%S} UTC, which is still to come")
        elif last is not None and row.at < last[1] - CLOCK_STEP:
            found.append(f"event {row.id} is more than an hour older than event {last[0]} before it")
        if last is None or row.at > last[1]:
            last = (row.id, row.at)
        if len(found) >= MOST:
            break
    return found


def look_chain(tx: Connection) -> list[str]:
    chain = looks.verify_chain(tx)
    if chain.broken_at is not None:
        return [f"the log of looks was altered at entry {chain.broken_at}"]
    return [f"the newest entries of the log of looks are gone: {chain.entries} are left"] if chain.cut else []


def flip_chain(tx: Connection) -> list[str]:
    """In one run of the poller every flip of a camera starts where the one before ended; the watch is at the last."""
    f, w = flips.c, watches.c
    before = func.lag(f.to_status).over(partition_by=(f.camera_id, f.session_id), order_by=f.id).label("before")
    inner = select(f.id, f.camera_id, f.from_status, f.to_status, before).subquery()
    broken = select(inner).where(or_(inner.c.before != inner.c.from_status, inner.c.from_status == inner.c.to_status))
    found = [
        f"camera {row.camera_id}: flip {row.id} starts at {row.from_status}, the one before ended at {row.before}"
        for row in _some(tx, broken)
    ]
    last = select(f.camera_id, f.session_id, func.max(f.id).label("id"))
    newest = last.group_by(f.camera_id, f.session_id).subquery()
    ends = (
        select(w.camera_id, w.status, f.to_status)
        .join(newest, and_(newest.c.camera_id == w.camera_id, newest.c.session_id == w.session_id))
        .join(flips, f.id == newest.c.id)
        .where(f.to_status != w.status)
    )
    for row in _some(tx, ends):
        found.append(f"camera {row.camera_id} is watched as {row.status}, but its last flip ended at {row.to_status}")
    strange = select(w.camera_id).where(w.status.not_in([status.value for status in Status]))
    return found + [f"camera {row.camera_id} is watched with no known status" for row in _some(tx, strange)]


def open_faults(tx: Connection) -> list[str]:
    c = faults.c
    twice = select(c.camera_id, c.kind).where(c.closed_at.is_(None)).group_by(c.camera_id, c.kind)
    found = [
        f"camera {row.camera_id}: {row.kind} is open several times" for row in _some(tx, twice.having(func.count() > 1))
    ]
    backwards = select(c.id).where(c.closed_at < c.opened_at)
    return found + [f"fault {row.id} was closed before it was opened" for row in _some(tx, backwards)]


def sessions(tx: Connection) -> list[str]:
    c = watch_sessions.c
    wrong = select(c.id).where(or_(c.alive_at < c.started_at, c.interval_s <= 0))
    return [f"run {row.id} of the poller ended before it began" for row in _some(tx, wrong)]


def kept_days(tx: Connection) -> list[str]:
    """What an assessment of past days is made of."""
    c, wrong = daily_sets.c, []
    for day, what, bits in tx.execute(select(c.day, c.what, c.bits).order_by(c.day, c.what)):
        try:
            zlib.decompress(bits)
        except zlib.error:
            wrong.append(f"which cameras were {what} on {day} cannot be read")
    return wrong[:MOST]


def _some(tx: Connection, statement: Select[Any]) -> Sequence[Row[Any]]:
    return tx.execute(statement.limit(MOST)).all()
