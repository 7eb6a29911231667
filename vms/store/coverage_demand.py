"""Rules of demand as rows, one for each edit; and where incidents were, which makes ground worth more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from vms.store.schema import coverage_needs, incidents

MOST_INCIDENTS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredNeeds:
    version: int
    at: datetime
    who: str
    why: str
    document: dict[str, Any] | None
    """None: from then on the program's own rules."""


def current(tx: Connection) -> StoredNeeds | None:
    """None: nobody has written any."""
    return next(iter(versions(tx, 1)), None)


def versions(tx: Connection, limit: int) -> list[StoredNeeds]:
    """The newest first."""
    statement = select(coverage_needs).order_by(coverage_needs.c.id.desc()).limit(limit)
    return [
        StoredNeeds(version=row["id"], at=row["at"], who=row["who"], why=row["why"], document=row["document"])
        for row in tx.execute(statement).mappings()
    ]


def put(tx: Connection, document: dict[str, object] | None, *, who: str, why: str, now: datetime) -> int:
    values = {"at": now, "who": who, "why": why, "document": document}
    version: int = tx.execute(insert(coverage_needs).values(values).returning(coverage_needs.c.id)).scalar_one()
    return version


def incident_spots(tx: Connection, since: datetime) -> list[tuple[float, float]]:
    """(lon, lat) of what was reported since; the newest, should there be too many."""
    c = incidents.c
    statement = (
        select(c.lon, c.lat)
        .where(c.reported_at >= since, c.status.not_in(("false", "duplicate", "cancelled")))
        .order_by(c.reported_at.desc())
        .limit(MOST_INCIDENTS)
    )
    return [(row.lon, row.lat) for row in tx.execute(statement)]
