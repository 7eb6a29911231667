"""Standing rings, their points, and when they stood open."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from vms.core.errors import Conflict, NotFound
from vms.roads.standing import Cause, Hole, OpenBecause, Opening
from vms.store.schema import outage_cameras, outages, ring_openings, ring_points, rings

MOST_RINGS = 200
_BATCH = 500


class RingKind(StrEnum):
    MIDDLE = "middle"
    OUTER = "outer"
    OTHER = "other"


class MadeFrom(StrEnum):
    POLYGON = "polygon"
    CUT = "cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class RingPoint:
    point_id: int = 0
    lon: float
    lat: float
    bearing_deg: float
    road: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRing:
    ring_id: int
    name: str
    kind: RingKind
    made_from: MadeFrom
    outline: tuple[tuple[float, float], ...]
    note: str
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageOf:
    outage_id: int
    name: str


def add(
    tx: Connection,
    *,
    name: str,
    kind: RingKind,
    made_from: MadeFrom,
    outline: Sequence[tuple[float, float]],
    note: str,
    points: Sequence[RingPoint],
    by: str,
    now: datetime,
) -> int:
    """Raises Conflict where there is one of this name, or too many."""
    if tx.execute(select(rings.c.id).where(rings.c.name == name)).first() is not None:
        raise Conflict(f"there is a ring called {name!r} already")
    if tx.execute(select(func.count()).select_from(rings)).scalar_one() >= MOST_RINGS:
        raise Conflict(f"there are {MOST_RINGS} rings already; delete one first")
    values = {"name": name, "kind": kind.value, "made_from": made_from.value, "note": note}
    values |= {"created_at": now, "created_by": by, "outline": [list(corner) for corner in outline]}  # type: ignore[dict-item]
    ring_id = int(tx.execute(insert(rings).values(values).returning(rings.c.id)).scalar_one())
    rows = [
        {"ring_id": ring_id, "lon": one.lon, "lat": one.lat, "bearing_deg": one.bearing_deg, "road": one.road[:200]}
        for one in points
    ]
    tx.execute(insert(ring_points), rows)
    return ring_id


def every(tx: Connection) -> list[StandingRing]:
    """By name."""
    return [_ring(row) for row in tx.execute(select(rings).order_by(rings.c.name)).mappings()]


def get(tx: Connection, ring_id: int) -> StandingRing:
    """Raises NotFound."""
    row = tx.execute(select(rings).where(rings.c.id == ring_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no ring {ring_id}")
    return _ring(row)


def remove(tx: Connection, ring_id: int) -> None:
    tx.execute(delete(ring_openings).where(ring_openings.c.ring_id == ring_id))
    tx.execute(delete(ring_points).where(ring_points.c.ring_id == ring_id))
    tx.execute(delete(rings).where(rings.c.id == ring_id))


def points_of(tx: Connection, ring_ids: Collection[int]) -> dict[int, list[RingPoint]]:
    """By ring, in the order in which they were made."""
    found: dict[int, list[RingPoint]] = {ring_id: [] for ring_id in ring_ids}
    c = ring_points.c
    for row in tx.execute(select(ring_points).where(c.ring_id.in_(list(ring_ids))).order_by(c.id)).mappings():
        point = RingPoint(
            point_id=row["id"], lon=row["lon"], lat=row["lat"], bearing_deg=row["bearing_deg"], road=row["road"]
        )
        found[row["ring_id"]].append(point)
    return found


def open_now(tx: Connection, ring_ids: Collection[int]) -> dict[int, list[Opening]]:
    """What is not closed, also what does not count yet; oldest first."""
    c = ring_openings.c
    statement = select(ring_openings).where(c.ring_id.in_(list(ring_ids)), c.closed_at.is_(None)).order_by(c.id)
    found: dict[int, list[Opening]] = {ring_id: [] for ring_id in ring_ids}
    for row in tx.execute(statement).mappings():
        found[row["ring_id"]].append(_opening(row))
    return found


def told_last(tx: Connection, ring_ids: Collection[int]) -> dict[int, datetime]:
    """When people were told last that a ring is open."""
    c = ring_openings.c
    chosen = (c.ring_id.in_(list(ring_ids)), c.told_at.is_not(None))
    statement = select(c.ring_id, func.max(c.told_at)).where(*chosen).group_by(c.ring_id)
    return {int(ring_id): told_at for ring_id, told_at in tx.execute(statement)}


def past(tx: Connection, ring_id: int, limit: int) -> list[Opening]:
    """Those that counted and are over, newest first."""
    c = ring_openings.c
    chosen = select(ring_openings).where(c.ring_id == ring_id, c.closed_at.is_not(None))
    return [
        _opening(row) for row in tx.execute(chosen.order_by(c.closed_at.desc(), c.id.desc()).limit(limit)).mappings()
    ]


def keep(tx: Connection, ring_id: int, openings: Iterable[Opening]) -> None:
    for one in openings:
        values = {
            "ring_id": ring_id,
            "cause_kind": one.cause.because.value,
            "cause_key": one.cause.key,
            "name": one.hole.name,
            "points": sorted(one.hole.points),
            "cameras": sorted(one.hole.cameras),
            "seen_at": one.seen_at,
            "counts": one.counts,
            "told": one.told,
            "told_at": one.told_at,
            "mended_at": one.mended_at,
            "closed_at": one.closed_at,
        }
        if one.opening_id:
            tx.execute(update(ring_openings).where(ring_openings.c.id == one.opening_id).values(values))
        else:
            tx.execute(insert(ring_openings).values(values))


def forget(tx: Connection, openings: Iterable[Opening]) -> None:
    ids = [one.opening_id for one in openings if one.opening_id]
    if ids:
        tx.execute(delete(ring_openings).where(ring_openings.c.id.in_(ids)))


def outages_of(tx: Connection, camera_ids: Iterable[int]) -> dict[int, OutageOf]:
    """The outage, if any, that each camera lies in now; of several the newest."""
    m, o = outage_cameras.c, outages.c
    ids, found = sorted(set(camera_ids)), {}
    for start in range(0, len(ids), _BATCH):
        chosen = (m.camera_id.in_(ids[start : start + _BATCH]), m.until_at.is_(None), o.closed_at.is_(None))
        joined = outage_cameras.join(outages, o.id == m.outage_id)
        statement = select(m.camera_id, o.id, o.name).select_from(joined).where(*chosen).order_by(o.id)
        for camera_id, outage_id, name in tx.execute(statement):
            found[int(camera_id)] = OutageOf(outage_id=int(outage_id), name=name)
    return found


def _ring(row: RowMapping) -> StandingRing:
    return StandingRing(
        ring_id=row["id"],
        name=row["name"],
        kind=RingKind(row["kind"]),
        made_from=MadeFrom(row["made_from"]),
        outline=tuple((lon, lat) for lon, lat in row["outline"]),
        note=row["note"],
        created_at=row["created_at"],
        created_by=row["created_by"],
    )


def _opening(row: RowMapping) -> Opening:
    return Opening(
        opening_id=row["id"],
        cause=Cause(because=OpenBecause(row["cause_kind"]), key=row["cause_key"]),
        hole=Hole(name=row["name"], points=frozenset(row["points"]), cameras=frozenset(row["cameras"])),
        seen_at=row["seen_at"],
        counts=row["counts"],
        told=row["told"],
        told_at=row["told_at"],
        mended_at=row["mended_at"],
        closed_at=row["closed_at"],
    )
