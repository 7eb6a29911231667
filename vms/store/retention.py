"""Old rows go: each kind has its time. The log of looks is a chain and is never shortened here.

All in small steps, so that nobody who writes waits long: rows of cameras and devices by their ids, which their tables
are ordered by; the others so many at a time.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, delete, exists, func, select
from sqlalchemy.sql.elements import ColumnElement

from vms.store import sign_ins
from vms.store.schema import (
    blind_spells,
    cameras,
    daily_numbers,
    device_costs,
    devices,
    events,
    faults,
    flips,
    notice_cameras,
    notices,
    outages,
    recording_days,
    watch_sessions,
    watches,
    work_orders,
)

REFUSALS_KEPT = timedelta(days=1)
MOST_EVENTS = 20_000
MOST_CAUSES = 100
"""Outages, notices, spells at a time; each may name many cameras, which go with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """Older than these goes."""

    events: datetime
    history: datetime
    """Flips, closed faults, days of footage, ended outages and spells, whom notices covered, runs of the poller."""
    daily_numbers: datetime
    costs: datetime
    now: datetime


def camera_ids_after(tx: Connection, camera_id: int, limit: int) -> list[int]:
    return list(
        tx.execute(select(cameras.c.id).where(cameras.c.id > camera_id).order_by(cameras.c.id).limit(limit)).scalars()
    )


def device_ids_after(tx: Connection, device_id: int, limit: int) -> list[int]:
    return list(
        tx.execute(select(devices.c.id).where(devices.c.id > device_id).order_by(devices.c.id).limit(limit)).scalars()
    )


def forget_of_cameras(tx: Connection, camera_ids: Collection[int], before: Before) -> dict[str, int]:
    """Rows per table. A camera's last flip stays, however old: it tells its status ever since. Open faults stay."""
    f, n, r = flips.c, daily_numbers.c, recording_days.c
    mine = f.camera_id.in_(camera_ids)
    last_flips = select(func.max(f.id)).where(mine).group_by(f.camera_id)
    return {
        "flips": _delete(tx, flips, mine, f.at < before.history, f.id.not_in(last_flips)),
        "faults": _delete(tx, faults, faults.c.camera_id.in_(camera_ids), faults.c.closed_at < before.history),
        "daily_numbers": _delete(tx, daily_numbers, n.camera_id.in_(camera_ids), n.day < _day(before.daily_numbers)),
        "recording_days": _delete(tx, recording_days, r.camera_id.in_(camera_ids), r.day < _day(before.history)),
    }


def forget_of_devices(tx: Connection, device_ids: Collection[int], before: Before) -> int:
    c = device_costs.c
    return _delete(tx, device_costs, c.device_id.in_(device_ids), c.day < _day(before.costs))


def forget_events(tx: Connection, before: datetime) -> int:
    """MOST_EVENTS at most. The newest stays, so that readers can go on from it. Ids rise with time: the first that is
    young enough ends it."""
    c = events.c
    oldest = select(c.id, c.at).where(c.id < select(func.max(c.id)).scalar_subquery()).order_by(c.id).limit(MOST_EVENTS)
    until = 0
    for number, at in tx.execute(oldest):
        if at >= before:
            break
        until = number
    return _delete(tx, events, c.id <= until) if until else 0


def forget_outages(tx: Connection, before: datetime) -> int:
    """MOST_CAUSES at most, with their cameras. Those that an order or a fault still speaks of stay."""
    c = outages.c
    ordered = exists().where(work_orders.c.outage_id == c.id)
    spoken_of = exists().where(faults.c.outage_id == c.id)
    chosen = select(c.id).where(c.closed_at < before, ~ordered, ~spoken_of).order_by(c.closed_at).limit(MOST_CAUSES)
    ids = tx.execute(chosen).scalars().all()
    return _delete(tx, outages, c.id.in_(ids)) if ids else 0


def forget_spells(tx: Connection, before: datetime) -> int:
    """MOST_CAUSES at most, with their cameras."""
    c = blind_spells.c
    ids = tx.execute(select(c.id).where(c.until_at < before).order_by(c.until_at).limit(MOST_CAUSES)).scalars().all()
    return _delete(tx, blind_spells, c.id.in_(ids)) if ids else 0


def forget_covered(tx: Connection, before: datetime) -> int:
    """Whom MOST_CAUSES notices covered that are long over; the notices themselves stay, with how many it were."""
    c, m = notices.c, notice_cameras.c
    covering = exists().where(m.notice_id == c.id)
    ids = tx.execute(select(c.id).where(c.end_at < before, covering).limit(MOST_CAUSES)).scalars().all()
    return _delete(tx, notice_cameras, m.notice_id.in_(ids)) if ids else 0


def unused_runs(tx: Connection, before: datetime) -> list[int]:
    """Runs of the poller that no flip, watch or spell speaks of. Looks through all flips where there are old runs."""
    s = watch_sessions.c
    old = select(s.id).where(s.alive_at < before, s.id < select(func.max(s.id)).scalar_subquery())
    found = set(tx.execute(old).scalars())
    for table in (blind_spells, watches, flips) if found else ():
        found.difference_update(tx.execute(select(table.c.session_id).distinct()).scalars())
    return sorted(found)


def forget_run(tx: Connection, run_id: int) -> int:
    return _delete(tx, watch_sessions, watch_sessions.c.id == run_id)


def forget_sign_ins(tx: Connection, now: datetime) -> int:
    """Those that have run out, and refused attempts that no longer count."""
    return sign_ins.forget_expired(tx, now) + sign_ins.forget_refusals_before(tx, now - REFUSALS_KEPT)


def _day(at: datetime) -> str:
    return at.date().isoformat()


def _delete(tx: Connection, table: Table, *where: ColumnElement[bool]) -> int:
    return tx.execute(delete(table).where(*where)).rowcount
