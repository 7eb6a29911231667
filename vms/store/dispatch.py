"""How far those who follow the news have read: a cursor each, moved in the transaction that keeps what followed."""

from datetime import datetime

from sqlalchemy import Connection, select

from vms.core.ids import EventId
from vms.store import events
from vms.store.schema import dispatch
from vms.store.upsert import upsert


def cursor(tx: Connection, name: str) -> EventId | None:
    """None: it has never read."""
    found = tx.execute(select(dispatch.c.event_id).where(dispatch.c.name == name)).scalar_one_or_none()
    return None if found is None else EventId(found)


def decided_until(tx: Connection, name: str) -> datetime | None:
    """The moment of its last turn that decided; turns in the middle of the news move the cursor alone."""
    return tx.execute(select(dispatch.c.at).where(dispatch.c.name == name)).scalar_one_or_none()


def begin(tx: Connection, name: str, now: datetime) -> EventId:
    """Where it goes on; at its first start from now on, since what was before is in the state that it reads."""
    known = cursor(tx, name)
    if known is not None:
        return known
    latest = events.latest_id(tx)
    move(tx, name, latest, now)
    return latest


def move(tx: Connection, name: str, event_id: int, decided_until: datetime) -> None:
    row = {"name": name, "event_id": event_id, "at": decided_until}
    upsert(tx, dispatch, [row], lambda excluded: {"event_id": excluded["event_id"], "at": excluded["at"]})
