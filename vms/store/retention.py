"""Old rows go: each kind has its time. The log of looks is a chain and is never shortened here."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, delete, func, select
from sqlalchemy.sql.elements import ColumnElement

from vms.store import sign_ins
from vms.store.schema import daily_numbers, events, faults, flips, recording_days, watch_sessions, watches

REFUSALS_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How many rows went."""

    events: int
    flips: int
    faults: int
    daily_numbers: int
    recording_days: int
    watch_sessions: int
    sign_ins: int
    """Those that have run out, and refused attempts that no longer count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """Older than these goes."""

    events: datetime
    flips: datetime
    """Also of closed faults, of days of footage and of runs of the poller."""
    daily_numbers: datetime
    now: datetime


def forget_old(tx: Connection, before: Before) -> Forgotten:
    """A camera's last flip stays, however old: it tells its status ever since. Open faults stay, and the newest event,
    so that readers can go on from it."""
    f = flips.c
    last_flips = select(func.max(f.id)).group_by(f.camera_id)
    newest_event = select(func.max(events.c.id)).scalar_subquery()
    gone_flips = _delete(tx, flips, f.at < before.flips, f.id.not_in(last_flips))
    in_use = select(f.session_id).union(select(watches.c.session_id))
    s = watch_sessions.c
    newest_run = select(func.max(s.id)).scalar_subquery()
    return Forgotten(
        events=_delete(tx, events, events.c.at < before.events, events.c.id < newest_event),
        flips=gone_flips,
        faults=_delete(tx, faults, faults.c.closed_at < before.flips),
        daily_numbers=_delete(tx, daily_numbers, daily_numbers.c.day < before.daily_numbers.date().isoformat()),
        recording_days=_delete(tx, recording_days, recording_days.c.day < before.flips.date().isoformat()),
        watch_sessions=_delete(tx, watch_sessions, s.alive_at < before.flips, s.id.not_in(in_use), s.id < newest_run),
        sign_ins=sign_ins.forget_expired(tx, before.now)
        + sign_ins.forget_refusals_before(tx, before.now - REFUSALS_KEPT),
    )


def _delete(tx: Connection, table: Table, *where: ColumnElement[bool]) -> int:
    return tx.execute(delete(table).where(*where)).rowcount
