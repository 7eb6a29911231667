"""Outages as rows: kept as the book decides them, read back, listed, judged by people."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, insert, or_, select, update

from vms.core.errors import BadInput, NotFound
from vms.core.ids import CameraId
from vms.health.fault import LIFE
from vms.health.outages.node import NodeKey, NodeKind, NodeSource
from vms.health.outages.outage import Move, Outage
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.inventory.tier import Tier
from vms.store.page import Page
from vms.store.region_scope import is_within
from vms.store.schema import cameras, faults, outage_cameras, outages, work_orders
from vms.store.upsert import upsert

_BATCH = 500
_LIFE = sorted(kind.value for kind in LIFE)
WEATHER_KINDS = ("weather", "lighting")
"""Kinds that are no node: a whole area's pictures."""
SORTS = ("opened_at", "closed_at", "cameras", "name")


class OutageState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"


class OutageVerdict(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageFilter:
    """None and empty: whatever it is."""

    state: OutageState = OutageState.OPEN
    kind: str = ""
    source: NodeSource | None = None
    region_code: str = ""
    """One of its cameras is in it or below."""
    camera_id: int | None = None
    approved_only: bool = False
    """Only with a camera that everybody may know of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageRow:
    outage_id: int
    kind: str
    cause: str
    name: str
    source: str
    whole: bool
    because: str
    cameras: int
    opened_at: datetime
    found_at: datetime
    closed_at: datetime | None
    part_of: int | None
    verdict: OutageVerdict | None
    verdict_by: str | None
    verdict_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageCamera:
    camera_id: CameraId
    name: str
    tier: Tier
    region_code: str
    from_at: datetime
    until_at: datetime | None


def add(tx: Connection, outage: Outage) -> int:
    statement = insert(outages).values(**_values(outage), found_at=outage.found_at).returning(outages.c.id)
    return int(tx.execute(statement).scalar_one())


def save(tx: Connection, outage_id: int, columns: Mapping[str, Any]) -> None:
    tx.execute(update(outages).where(outages.c.id == outage_id).values(**columns))


def columns_of(outage: Outage, *, part_of: int | None = None) -> dict[str, Any]:
    """As `save` takes them."""
    return _values(outage) | ({"part_of": part_of} if part_of is not None else {})


def moves_as_rows(moves: Sequence[Move]) -> list[dict[str, Any]]:
    """Who came in and who left; the last word on each camera counts."""
    last = {(move.outage.outage_id, move.camera_id): move for move in moves}
    came: dict[tuple[int | None, int], datetime] = {}
    for move in moves:
        if move.inside:
            came.setdefault((move.outage.outage_id, move.camera_id), move.at)
    return [
        {
            "outage_id": key[0],
            "camera_id": key[1],
            "from_at": came.get(key, move.at),
            "until_at": None if move.inside else move.at,
        }
        for key, move in last.items()
    ]


def keep_moves(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    upsert(tx, outage_cameras, rows, lambda excluded: {"until_at": excluded["until_at"]})


def called_wrong(tx: Connection, outage_ids: Collection[int]) -> set[int]:
    """Those of them that a person called so: nothing of them is written any more."""
    c = outages.c
    chosen = (c.id.in_(sorted(outage_ids)), c.verdict == OutageVerdict.WRONG.value)
    return set(tx.execute(select(c.id).where(*chosen)).scalars())


def mark_faults(tx: Connection, outage_id: int, camera_ids: Collection[int], since: datetime) -> int:
    """Their faults against life that are open, or were opened since, fell with it."""
    c, marked = faults.c, 0
    for some in _batches(camera_ids):
        chosen = (c.camera_id.in_(some), c.kind.in_(_LIFE), or_(c.closed_at.is_(None), c.opened_at >= since))
        statement = update(faults).where(*chosen, c.outage_id.is_distinct_from(outage_id))
        marked += tx.execute(statement.values(outage_id=outage_id)).rowcount
    return marked


def unmark_faults(tx: Connection, camera_ids: Collection[int]) -> None:
    """What is open of theirs against life is their own again; what the weather does to a picture stays its own."""
    c = faults.c
    for some in _batches(camera_ids):
        chosen = (c.camera_id.in_(some), c.closed_at.is_(None), c.outage_id.is_not(None), c.kind.in_(_LIFE))
        tx.execute(update(faults).where(*chosen).values(outage_id=None))


def remembered(tx: Connection, closed_since: datetime) -> list[Outage]:
    """Those that are open and those that ended since, with everybody that ever fell with them."""
    c, m = outages.c, outage_cameras.c
    chosen = (or_(c.closed_at.is_(None), c.closed_at >= closed_since), c.kind.not_in(WEATHER_KINDS))
    wanted = (*chosen, c.part_of.is_(None), or_(c.verdict.is_(None), c.verdict != OutageVerdict.WRONG.value))
    found: dict[int, Outage] = {}
    for row in tx.execute(select(outages).where(*wanted).order_by(c.closed_at, c.id)).mappings():
        found[row["id"]] = Outage(
            outage_id=row["id"],
            cause=NodeKey(NodeKind(row["kind"]), row["cause"]),
            name=row["name"],
            source=NodeSource(row["source"]),
            whole=row["whole"],
            because=row["because"],
            opened_at=row["opened_at"],
            fell_from=row["fell_from"],
            spread_s=row["spread_s"],
            found_at=row["found_at"],
            closed_at=row["closed_at"],
        )
    for some in _batches(found):
        for row in tx.execute(select(outage_cameras).where(m.outage_id.in_(some))).mappings():
            outage, camera_id = found[row["outage_id"]], CameraId(row["camera_id"])
            outage.members.add(camera_id)
            if row["until_at"] is None:
                outage.down.add(camera_id)
            else:
                outage.last_back = max(row["until_at"], outage.last_back or row["until_at"])
    return list(found.values())


def ended_memberships(tx: Connection, camera_ids: Collection[int]) -> dict[CameraId, datetime]:
    """When each of them last left an outage."""
    m = outage_cameras.c
    found: dict[CameraId, datetime] = {}
    for some in _batches(camera_ids):
        chosen = (m.camera_id.in_(some), m.until_at.is_not(None))
        rows = tx.execute(select(m.camera_id, func.max(m.until_at)).where(*chosen).group_by(m.camera_id))
        found.update((CameraId(camera_id), at) for camera_id, at in rows)
    return found


def misnamed(tx: Connection) -> dict[NodeKey, int]:
    """Causes that people found named wrongly more often than rightly, and by how much."""
    c = outages.c
    found: dict[NodeKey, int] = {}
    counted = select(c.kind, c.cause, c.verdict, func.count().label("n")).where(c.verdict.is_not(None))
    for row in tx.execute(counted.group_by(c.kind, c.cause, c.verdict)):
        if row.kind not in WEATHER_KINDS:
            key = NodeKey(NodeKind(row.kind), row.cause)
            found[key] = found.get(key, 0) + (row.n if row.verdict == OutageVerdict.WRONG else -row.n)
    return {key: n for key, n in found.items() if n > 0}


def get(tx: Connection, outage_id: int) -> OutageRow:
    """Raises NotFound."""
    row = tx.execute(select(outages).where(outages.c.id == outage_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no outage {outage_id}")
    return _row(row)


def page(
    tx: Connection, wanted: OutageFilter, *, sort: str = "-opened_at", limit: int = 50, offset: int = 0
) -> Page[OutageRow]:
    """`sort`: one of SORTS, with a leading minus for the other way round. Raises BadInput."""
    name = sort.removeprefix("-")
    if name not in SORTS:
        raise BadInput(f"cannot be sorted by {name!r}; known are {', '.join(SORTS)}", where="sort")
    column, where = outages.c[name], _conditions(wanted)
    order = (column.desc(), outages.c.id.desc()) if sort.startswith("-") else (column.asc(), outages.c.id.asc())
    total = tx.execute(select(func.count()).select_from(outages).where(*where)).scalar_one()
    rows = tx.execute(select(outages).where(*where).order_by(*order).limit(limit).offset(offset)).mappings()
    return Page(items=tuple(_row(row) for row in rows), total=total)


def cameras_of(
    tx: Connection, outage_id: int, *, limit: int = 500, offset: int = 0, approved_only: bool = False
) -> Page[OutageCamera]:
    """Who is still away first, then in the order in which they fell."""
    m, c = outage_cameras.c, cameras.c
    where = [m.outage_id == outage_id]
    if approved_only:
        where.append(c.life_cycle.in_(IN_SERVICE_VALUES))
    joined = outage_cameras.join(cameras, c.id == m.camera_id)
    total = tx.execute(select(func.count()).select_from(joined).where(*where)).scalar_one()
    columns = (c.id, c.shown_name, c.name, c.tier, c.region_code, m.from_at, m.until_at)
    order = (m.until_at.is_not(None), m.from_at, c.id)
    rows = tx.execute(select(*columns).select_from(joined).where(*where).order_by(*order).limit(limit).offset(offset))
    found = tuple(
        OutageCamera(
            camera_id=CameraId(row.id),
            name=row.shown_name or row.name,
            tier=Tier(row.tier),
            region_code=row.region_code,
            from_at=row.from_at,
            until_at=row.until_at,
        )
        for row in rows
    )
    return Page(items=found, total=total)


def orders_of(tx: Connection, outage_id: int) -> list[int]:
    chosen = select(work_orders.c.id).where(work_orders.c.outage_id == outage_id).order_by(work_orders.c.id)
    return list(tx.execute(chosen).scalars())


def judge(tx: Connection, outage_id: int, verdict: OutageVerdict, who: str, note: str, now: datetime) -> None:
    values = {"verdict": verdict.value, "verdict_at": now, "verdict_by": who, "note": note}
    tx.execute(update(outages).where(outages.c.id == outage_id).values(**values))


def dissolve(tx: Connection, outage_id: int, now: datetime) -> None:
    """It was no outage: everybody who is still away is ill for himself from now on."""
    m = outage_cameras.c
    tx.execute(update(outage_cameras).where(m.outage_id == outage_id, m.until_at.is_(None)).values(until_at=now))
    still_open = and_(outages.c.id == outage_id, outages.c.closed_at.is_(None))
    tx.execute(update(outages).where(still_open).values(closed_at=now))
    tx.execute(update(faults).where(faults.c.outage_id == outage_id).values(outage_id=None))


def _conditions(wanted: OutageFilter) -> list[ColumnElement[bool]]:
    c, m = outages.c, outage_cameras.c
    found: list[ColumnElement[bool]] = []
    if wanted.state is not OutageState.ALL:
        is_open = c.closed_at.is_(None)
        found.append(is_open if wanted.state is OutageState.OPEN else ~is_open)
    if wanted.kind:
        found.append(c.kind == wanted.kind)
    if wanted.source is not None:
        found.append(c.source == wanted.source.value)
    of_cameras: list[ColumnElement[bool]] = []
    if wanted.region_code:
        of_cameras.append(is_within(cameras.c.region_code, wanted.region_code))
    if wanted.camera_id is not None:
        of_cameras.append(m.camera_id == wanted.camera_id)
    if wanted.approved_only:
        of_cameras.append(cameras.c.life_cycle.in_(IN_SERVICE_VALUES))
    if of_cameras:
        joined = outage_cameras.join(cameras, cameras.c.id == m.camera_id)
        found.append(select(m.outage_id).select_from(joined).where(m.outage_id == c.id, *of_cameras).exists())
    return found


def _values(outage: Outage) -> dict[str, Any]:
    return {
        "kind": outage.cause.kind.value,
        "cause": outage.cause.value,
        "name": outage.name,
        "source": outage.source.value,
        "whole": outage.whole,
        "because": outage.because,
        "cameras": len(outage.members),
        "opened_at": outage.opened_at,
        "fell_from": outage.fell_from,
        "spread_s": outage.spread_s,
        "closed_at": outage.closed_at,
    }


def _row(row: RowMapping) -> OutageRow:
    return OutageRow(
        outage_id=row["id"],
        kind=row["kind"],
        cause=row["cause"],
        name=row["name"],
        source=row["source"],
        whole=row["whole"],
        because=row["because"],
        cameras=row["cameras"],
        opened_at=row["opened_at"],
        found_at=row["found_at"],
        closed_at=row["closed_at"],
        part_of=row["part_of"],
        verdict=None if row["verdict"] is None else OutageVerdict(row["verdict"]),
        verdict_by=row["verdict_by"],
        verdict_at=row["verdict_at"],
        note=row["note"],
    )


def _batches(wanted: Iterable[int]) -> list[list[int]]:
    ordered = sorted(wanted)
    return [ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH)]
