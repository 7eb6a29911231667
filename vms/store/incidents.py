"""Incidents, and the ranked lists that were shown for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from vms.access.decide import IncidentScene
from vms.core.errors import Conflict, NotFound
from vms.core.geo import Wgs84
from vms.core.ids import IncidentId
from vms.linkage.incident import Incident, IncidentSource, IncidentStatus, is_open, moved
from vms.store import events
from vms.store.page import Page
from vms.store.schema import incident_feeds, incidents

_OVER = [status.value for status in IncidentStatus if not is_open(status)]


def add(tx: Connection, incident: Incident, *, created_by: int | None, now: datetime) -> Incident:
    """`incident.incident_id` is ignored; an empty `incident_no` is made from the id. Raises Conflict."""
    taken = select(incidents.c.id).where(incidents.c.incident_no == incident.incident_no)
    if incident.incident_no and tx.execute(taken).one_or_none() is not None:
        raise Conflict(f"there is an incident {incident.incident_no} already")
    values = {
        "incident_no": incident.incident_no or uuid4().hex,
        "source": incident.source.value,
        "category": incident.category,
        "level": incident.level,
        "reported_at": incident.reported_at,
        "address_text": incident.address_text,
        "lon": incident.position.lon,
        "lat": incident.position.lat,
        "summary": incident.summary,
        "status": incident.status.value,
        "created_by": created_by,
    }
    incident_id = IncidentId(tx.execute(insert(incidents).values(**values).returning(incidents.c.id)).scalar_one())
    if not incident.incident_no:
        number = f"{now:%Y%m%d}-{incident_id:06d}"
        tx.execute(update(incidents).where(incidents.c.id == incident_id).values(incident_no=number))
    stored = get(tx, incident_id)
    content = {
        "incident_no": stored.incident_no,
        "category": stored.category,
        "level": stored.level,
        "lon": stored.position.lon,
        "lat": stored.position.lat,
    }
    events.append(tx, "incident.opened", incident_id, content, now)
    return stored


def get(tx: Connection, incident_id: int) -> Incident:
    row = tx.execute(select(incidents).where(incidents.c.id == incident_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no incident {incident_id}")
    return _incident(row)


def scene(tx: Connection, incident_id: int) -> IncidentScene:
    """What the access decision needs to know. Raises NotFound."""
    found = get(tx, incident_id)
    return IncidentScene(incident_id=found.incident_id, position=found.position, open=found.is_open)


def page(tx: Connection, *, still_open: bool | None = None, limit: int = 50, offset: int = 0) -> Page[Incident]:
    """Newest first."""
    over = incidents.c.status.in_(_OVER)
    where = () if still_open is None else ((~over if still_open else over),)
    total = tx.execute(select(func.count()).select_from(incidents).where(*where)).scalar_one()
    newest = (incidents.c.reported_at.desc(), incidents.c.id.desc())
    rows = tx.execute(select(incidents).where(*where).order_by(*newest).limit(limit).offset(offset)).mappings()
    return Page(items=tuple(_incident(row) for row in rows), total=total)


def set_status(tx: Connection, incident_id: int, status: IncidentStatus, now: datetime) -> Incident:
    """Raises NotFound, Conflict."""
    before = get(tx, incident_id)
    after = moved(before, status, now)
    values: dict[str, Any] = {"status": status.value, "closed_at": after.closed_at}
    tx.execute(update(incidents).where(incidents.c.id == incident_id).values(**values))
    content = {"from": before.status.value, "to": status.value, "open": after.is_open}
    events.append(tx, "incident.status", incident_id, content, now)
    return get(tx, incident_id)


def keep_shown(tx: Connection, incident_id: int, user_id: int, feeds: Sequence[dict[str, Any]], now: datetime) -> None:
    """What was shown to this person, unless it is what they were shown last."""
    f = incident_feeds.c
    last = (
        select(f.feeds).where(f.incident_id == incident_id, f.user_id == user_id).order_by(f.shown_at.desc()).limit(1)
    )
    if tx.execute(last).scalar_one_or_none() == list(feeds):
        return
    newest = tx.execute(select(func.max(f.shown_at)).where(f.incident_id == incident_id)).scalar_one()
    if newest is not None and newest >= now:
        return  # within the same microsecond, or the clock was put back: the list of before stands
    values = {"incident_id": incident_id, "shown_at": now, "user_id": user_id, "feeds": list(feeds)}
    tx.execute(insert(incident_feeds).values(**values))


def shown(tx: Connection, incident_id: int) -> list[tuple[datetime, list[dict[str, Any]]]]:
    """Every list that was shown, oldest first."""
    statement = select(incident_feeds.c.shown_at, incident_feeds.c.feeds)
    rows = tx.execute(statement.where(incident_feeds.c.incident_id == incident_id).order_by(incident_feeds.c.shown_at))
    return [(row.shown_at, row.feeds) for row in rows]


def cameras_shown_since(tx: Connection, since: datetime) -> set[int]:
    """Shown for an incident that is still open."""
    f = incident_feeds.c
    statement = select(f.feeds).join(incidents, incidents.c.id == f.incident_id)
    lists = tx.execute(statement.where(~incidents.c.status.in_(_OVER), f.shown_at >= since)).scalars()
    return {int(feed["camera_id"]) for feeds in lists for feed in feeds if "camera_id" in feed}


def _incident(row: RowMapping) -> Incident:
    return Incident(
        incident_id=IncidentId(row["id"]),
        incident_no=row["incident_no"],
        source=IncidentSource(row["source"]),
        category=row["category"],
        level=row["level"],
        reported_at=row["reported_at"],
        address_text=row["address_text"],
        position=Wgs84(row["lon"], row["lat"]),
        summary=row["summary"],
        status=IncidentStatus(row["status"]),
        closed_at=row["closed_at"],
    )
