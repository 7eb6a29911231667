"""Where the cameras of open outages stand."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from vms.core.geo import Wgs84
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.store.schema import cameras, outage_cameras, outages

MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class OutagePlaces:
    outage_id: int
    kind: str
    name: str
    opened_at: datetime
    places: tuple[Wgs84, ...]
    """Of cameras that are still away."""


def open_outages(tx: Connection, *, approved_only: bool) -> list[OutagePlaces]:
    """The largest first, at most MOST."""
    o, m, c = outages.c, outage_cameras.c, cameras.c
    largest = (
        select(o.id, o.kind, o.name, o.opened_at)
        .where(o.closed_at.is_(None))
        .order_by(o.cameras.desc(), o.id.desc())
        .limit(MOST)
    )
    found = {row.id: row for row in tx.execute(largest)}
    lon, lat = func.coalesce(c.lon, c.observed_lon), func.coalesce(c.lat, c.observed_lat)
    statement = (
        select(m.outage_id, lon.label("lon"), lat.label("lat"))
        .join(cameras, c.id == m.camera_id)
        .where(m.outage_id.in_(list(found)), m.until_at.is_(None), lon.is_not(None), lat.is_not(None))
        .order_by(m.outage_id, c.id)
    )
    if approved_only:
        statement = statement.where(c.life_cycle.in_(IN_SERVICE_VALUES))
    places: dict[int, list[Wgs84]] = {}
    for row in tx.execute(statement):
        places.setdefault(row.outage_id, []).append(Wgs84(row.lon, row.lat))
    return [
        OutagePlaces(
            outage_id=number, kind=row.kind, name=row.name, opened_at=row.opened_at, places=tuple(places[number])
        )
        for number, row in found.items()
        if number in places
    ]
