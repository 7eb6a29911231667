"""The runs of the poller: one speaks at a time, and only while its heart beats."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from vms.core.errors import Conflict
from vms.core.ids import SessionId
from vms.health.session import WatchSession
from vms.store.blind_spells import close_left_open
from vms.store.schema import watch_sessions

HELD_UP_SINCE, HELD_SHARE = "held_up_since_s", "held_share"
"""Figures: since when the poller is kept from running, in seconds of 1970, 0 while it is not; how much of its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollerFigures:
    """What the poller last said about itself."""

    session: WatchSession
    figures: Mapping[str, float]


def start_session(tx: Connection, interval_s: float, now: datetime, *, once: bool = False) -> SessionId:
    """From now on this run speaks; what an earlier one said is unknown."""
    values = {"started_at": now, "alive_at": now, "interval_s": interval_s, "once": once, "figures": {}}
    close_left_open(tx)
    statement = insert(watch_sessions).values(values).returning(watch_sessions.c.id)
    return SessionId(tx.execute(statement).scalar_one())


def beat(tx: Connection, session_id: SessionId, now: datetime, figures: Mapping[str, float] | None = None) -> None:
    """The poller lives. Raises Conflict when a newer run has taken over: then this one must stop."""
    require_latest(tx, session_id)
    values: dict[str, Any] = {"alive_at": now}
    if figures is not None:
        values["figures"] = dict(figures)
    tx.execute(update(watch_sessions).where(watch_sessions.c.id == session_id).values(values))


def note_held_up(tx: Connection, session_id: SessionId, since: datetime | None) -> None:
    """At once, as the news of it: the next heartbeat says the same."""
    c = watch_sessions.c
    figures = tx.execute(select(c.figures).where(c.id == session_id)).scalar_one()
    told = {**figures, HELD_UP_SINCE: since.timestamp() if since else 0.0}
    tx.execute(update(watch_sessions).where(c.id == session_id).values(figures=told))


def end_session(tx: Connection, session_id: SessionId, now: datetime) -> None:
    """The run stops in good order."""
    statement = update(watch_sessions).where(watch_sessions.c.id == session_id)
    tx.execute(statement.values(alive_at=now, ended_at=now))


def require_latest(tx: Connection, session_id: SessionId) -> None:
    """Raises Conflict when a newer run has taken over."""
    newest = tx.execute(select(func.max(watch_sessions.c.id))).scalar_one()
    if newest != session_id:
        raise Conflict(f"another poller has taken over (run {newest})", code="taken_over")


def latest_session(tx: Connection) -> WatchSession | None:
    found = poller_figures(tx)
    return found.session if found else None


def poller_figures(tx: Connection) -> PollerFigures | None:
    statement = select(watch_sessions).order_by(watch_sessions.c.id.desc()).limit(1)
    row = tx.execute(statement).mappings().one_or_none()
    return PollerFigures(session=_session(row), figures=row["figures"]) if row else None


def sessions_between(tx: Connection, start: datetime, end: datetime) -> list[WatchSession]:
    """Every run that touches the stretch of time, oldest first."""
    c = watch_sessions.c
    statement = select(watch_sessions).where(c.started_at < end, c.alive_at > start).order_by(c.id)
    return [_session(row) for row in tx.execute(statement).mappings()]


def _session(row: RowMapping) -> WatchSession:
    return WatchSession(
        session_id=SessionId(row["id"]),
        started_at=row["started_at"],
        alive_at=row["alive_at"],
        interval_s=row["interval_s"],
        once=row["once"],
        ended_at=row["ended_at"],
    )


def killed_since(tx: Connection, since: datetime, session_id: SessionId) -> int:
    """How many runs before that one were alive since then and did not end in good order."""
    c = watch_sessions.c
    chosen = (c.id < session_id, c.alive_at >= since, c.ended_at.is_(None))
    return tx.execute(select(func.count()).select_from(watch_sessions).where(*chosen)).scalar_one()
