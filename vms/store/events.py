"""The append-only events: news travels as rows, written in the same transaction as the change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, func, insert, select, text

from vms.core.ids import EventId
from vms.store.schema import events

_APPEND_LOCK = 0x564D5301  # any constant: one advisory lock for appending


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    event_id: EventId
    at: datetime
    kind: str
    """`camera.added`, `camera.flip`, `incident.opened`, …"""
    subject: int | None
    """The id of the camera, incident, registration, …"""
    content: dict[str, Any]


class Subject(NamedTuple):
    event_id: int
    kind: str
    subject: int


class Told(NamedTuple):
    event_id: int
    kind: str
    subject: int | None


def append(tx: Connection, kind: str, subject: int | None, content: Mapping[str, Any], now: datetime) -> EventId:
    """One piece of news. Readers that follow by id never miss it: ids become visible in their order."""
    _in_order(tx)
    statement = insert(events).values(at=now, kind=kind, subject=subject, content=dict(content)).returning(events.c.id)
    return EventId(tx.execute(statement).scalar_one())


def append_many(tx: Connection, kind: str, news: Sequence[tuple[int | None, Mapping[str, Any]]], now: datetime) -> None:
    """Many pieces of one kind, as (subject, content), at the cost of one statement."""
    if not news:
        return
    _in_order(tx)
    rows = [{"at": now, "kind": kind, "subject": subject, "content": dict(content)} for subject, content in news]
    tx.execute(insert(events), rows)


def after(tx: Connection, event_id: int, limit: int) -> list[Event]:
    """What came after an event, oldest first."""
    statement = select(events).where(events.c.id > event_id).order_by(events.c.id).limit(limit)
    return [_event(row) for row in tx.execute(statement).mappings()]


def subjects_after(tx: Connection, event_id: int, kinds: Sequence[str], limit: int) -> list[Subject]:
    """Whom news of these kinds are about, oldest first, without what they say."""
    c = events.c
    statement = select(c.id, c.kind, c.subject).where(c.id > event_id, c.kind.in_(kinds), c.subject.is_not(None))
    return [Subject._make(row) for row in tx.execute(statement.order_by(c.id).limit(limit))]


def told_after(tx: Connection, event_id: int, limit: int) -> list[Told]:
    """Of what kind the news after an event are, and whom they are about, oldest first, without what they say."""
    c = events.c
    statement = select(c.id, c.kind, c.subject).where(c.id > event_id).order_by(c.id).limit(limit)
    return [Told._make(row) for row in tx.execute(statement)]


def latest_id(tx: Connection) -> EventId:
    """0 where nothing has happened yet."""
    return EventId(tx.execute(select(func.coalesce(func.max(events.c.id), 0))).scalar_one())


def latest_of(tx: Connection, kinds: Sequence[str]) -> EventId:
    """0 where nothing of these kinds has happened."""
    c = events.c
    found = tx.execute(select(c.id).where(c.kind.in_(kinds)).order_by(c.id.desc()).limit(1)).scalar()
    return EventId(found or 0)


def _in_order(tx: Connection) -> None:
    """PostgreSQL gives ids before the commit, so two writers could show a later id first; one at a time appends.

    SQLite has one writer anyway.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _APPEND_LOCK})


def _event(row: RowMapping) -> Event:
    return Event(
        event_id=EventId(row["id"]),
        at=row["at"],
        kind=row["kind"],
        subject=row["subject"],
        content=row["content"],
    )
