"""Which objects of a map became drafts of the archive: each once, whatever becomes of the draft."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, func, insert, select

from vms.core.ids import CameraId
from vms.inventory.camera import LifeCycle
from vms.store.page import Page
from vms.store.schema import cameras, map_candidates

AT_ONCE = 500
Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    source_id: str
    camera_id: CameraId
    name: str
    life_cycle: LifeCycle
    lon: float | None
    lat: float | None
    bearing_deg: float | None
    taken_at: datetime


def known(tx: Connection, source_ids: Sequence[str]) -> frozenset[str]:
    c = map_candidates.c.source_id
    found: set[str] = set()
    for some in _some(source_ids):
        found |= set(tx.execute(select(c).where(c.in_(some))).scalars())
    return frozenset(found)


def add(tx: Connection, drafts: Mapping[str, CameraId], now: datetime) -> None:
    rows = [{"source_id": one, "camera_id": camera_id, "taken_at": now} for one, camera_id in drafts.items()]
    for some in _some(rows):
        tx.execute(insert(map_candidates), some)


def places_near(tx: Connection, box: tuple[float, float, float, float]) -> list[tuple[float, float]]:
    """Where cameras of the archive stand inside the box, but for those that came from a map."""
    c = cameras.c
    west, south, east, north = box
    inside = (c.lon >= west, c.lon <= east, c.lat >= south, c.lat <= north)
    own = select(map_candidates.c.camera_id)
    statement = select(c.lon, c.lat).where(*inside, c.life_cycle != LifeCycle.RETIRED.value, c.id.not_in(own))
    return [(row.lon, row.lat) for row in tx.execute(statement)]


def page(tx: Connection, *, limit: int, offset: int, only_open: bool) -> Page[Candidate]:
    """Newest first; with `only_open` those that are drafts still."""
    m, c = map_candidates.c, cameras.c
    where = [c.life_cycle == LifeCycle.DRAFT.value] if only_open else []
    joined = map_candidates.join(cameras, c.id == m.camera_id)
    total = tx.execute(select(func.count()).select_from(joined).where(*where)).scalar_one()
    columns = (m.source_id, m.camera_id, m.taken_at, c.shown_name, c.life_cycle, c.lon, c.lat, c.bearing_deg)
    statement = select(*columns).select_from(joined).where(*where).order_by(m.camera_id.desc())
    items = tuple(
        Candidate(
            source_id=row.source_id,
            camera_id=CameraId(row.camera_id),
            name=row.shown_name,
            life_cycle=LifeCycle(row.life_cycle),
            lon=row.lon,
            lat=row.lat,
            bearing_deg=row.bearing_deg,
            taken_at=row.taken_at,
        )
        for row in tx.execute(statement.limit(limit).offset(offset))
    )
    return Page(items=items, total=total)


def _some(items: Sequence[Kind]) -> Iterator[Sequence[Kind]]:
    return (items[first : first + AT_ONCE] for first in range(0, len(items), AT_ONCE))
