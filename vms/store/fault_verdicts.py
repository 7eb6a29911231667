"""What staff said of faults: kept for ever beside the fault, the last word in force, the earlier ones to be read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, insert, select, text, update

from vms.core.errors import NotFound
from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.health.picture.finding import Judgement
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.store.page import Page
from vms.store.region_scope import is_within
from vms.store.schema import cameras, fault_verdicts, faults, outage_cameras, work_order_faults, work_orders

_BATCH = 500
_LOCK = 0x564D5304
"""Any constant: one transaction at a time judges."""
v, f = fault_verdicts.c, faults.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    verdict_id: int
    fault_id: int
    camera_id: CameraId
    kind: FaultKind
    judgement: Judgement
    score: float | None
    """Of the finding when it was judged."""
    who: str
    at: datetime
    note: str
    withdrawn_at: datetime | None
    withdrawn_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedFault:
    """A fault as somebody judges it."""

    fault_id: int
    camera_id: CameraId
    kind: FaultKind
    score: float | None
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCounts:
    """Of one kind in a stretch of time."""

    kind: FaultKind
    found: int = 0
    """Faults opened."""
    true: int = 0
    false: int = 0
    accepted: int = 0


def take_turn(tx: Connection) -> None:
    """Whoever judges is alone until the end of the transaction. SQLite has one writer anyway."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def fault(tx: Connection, fault_id: int) -> JudgedFault:
    """Raises NotFound."""
    found = faults_of(tx, [fault_id])
    if not found:
        raise NotFound(f"there is no fault {fault_id}")
    return found[0]


def faults_of(tx: Connection, fault_ids: Iterable[int]) -> list[JudgedFault]:
    return [
        JudgedFault(
            fault_id=row.id,
            camera_id=CameraId(row.camera_id),
            kind=FaultKind(row.kind),
            score=row.score,
            is_open=row.closed_at is None,
        )
        for some in _batches(fault_ids)
        for row in tx.execute(
            select(f.id, f.camera_id, f.kind, f.score, f.closed_at).where(f.id.in_(some)).order_by(f.id)
        )
    ]


def faults_of_order(tx: Connection, order_id: int) -> list[int]:
    link = work_order_faults.c
    return list(tx.execute(select(link.fault_id).where(link.order_id == order_id).order_by(link.fault_id)).scalars())


def in_force(tx: Connection, fault_ids: Iterable[int]) -> dict[int, Verdict]:
    """Fault → the word that holds."""
    found: dict[int, Verdict] = {}
    for some in _batches(fault_ids):
        statement = select(fault_verdicts).where(v.fault_id.in_(some), v.withdrawn_at.is_(None)).order_by(v.id)
        for row in tx.execute(statement).mappings():
            found[row["fault_id"]] = _verdict(row)
    return found


def add(
    tx: Connection, judged: Sequence[JudgedFault], judgement: Judgement, who: str, note: str, now: datetime
) -> None:
    rows = [
        {
            "fault_id": one.fault_id,
            "camera_id": one.camera_id,
            "kind": one.kind.value,
            "verdict": judgement.value,
            "score": one.score,
            "who": who[:80],
            "at": now,
            "note": note,
        }
        for one in judged
    ]
    if rows:
        tx.execute(insert(fault_verdicts), rows)


def withdraw_of_faults(tx: Connection, fault_ids: Iterable[int], who: str, now: datetime) -> None:
    """Their words that hold until now."""
    for some in _batches(fault_ids):
        chosen = update(fault_verdicts).where(v.fault_id.in_(some), v.withdrawn_at.is_(None))
        tx.execute(chosen.values(withdrawn_at=now, withdrawn_by=who[:80]))


def withdraw_accepted(tx: Connection, camera_id: int, kinds: Collection[FaultKind], who: str, now: datetime) -> None:
    """What was accepted of the camera is not accepted any more."""
    mine = (v.camera_id == camera_id, v.kind.in_([kind.value for kind in kinds]))
    held = (v.verdict == Judgement.ACCEPTED.value, v.withdrawn_at.is_(None))
    tx.execute(update(fault_verdicts).where(*mine, *held).values(withdrawn_at=now, withdrawn_by=who[:80]))


def words_on(tx: Connection, camera_id: int, kind: FaultKind) -> list[Verdict]:
    """Those that hold, the oldest first."""
    chosen = (v.camera_id == camera_id, v.kind == kind.value, v.withdrawn_at.is_(None))
    rows = tx.execute(select(fault_verdicts).where(*chosen).order_by(v.at, v.id)).mappings()
    return [_verdict(row) for row in rows]


def of_camera(tx: Connection, camera_id: int, *, limit: int = 100, offset: int = 0) -> Page[Verdict]:
    """Also the withdrawn ones; the newest first."""
    mine = v.camera_id == camera_id
    total = tx.execute(select(func.count()).select_from(fault_verdicts).where(mine)).scalar_one()
    statement = select(fault_verdicts).where(mine).order_by(v.id.desc()).limit(limit).offset(offset)
    return Page(items=tuple(_verdict(row) for row in tx.execute(statement).mappings()), total=total)


def last_of(tx: Connection, fault_id: int) -> Verdict:
    statement = select(fault_verdicts).where(v.fault_id == fault_id).order_by(v.id.desc()).limit(1)
    return _verdict(tx.execute(statement).mappings().one())


def counts_between(
    tx: Connection, start: datetime, end: datetime, kinds: Collection[FaultKind], region_code: str = ""
) -> list[KindCounts]:
    """What was found in the stretch, and what was said in it, of these kinds."""
    wanted = [kind.value for kind in kinds]
    here: list[ColumnElement[bool]] = [cameras.c.life_cycle.in_(IN_SERVICE_VALUES)]
    if region_code:
        here.append(is_within(cameras.c.region_code, region_code))
    found = (
        select(f.kind, func.count().label("n"))
        .select_from(faults.join(cameras, cameras.c.id == f.camera_id))
        .where(f.opened_at >= start, f.opened_at < end, f.kind.in_(wanted), *here)
        .group_by(f.kind)
    )
    said = (
        select(v.kind, v.verdict, func.count().label("n"))
        .select_from(fault_verdicts.join(cameras, cameras.c.id == v.camera_id))
        .where(v.at >= start, v.at < end, v.withdrawn_at.is_(None), v.kind.in_(wanted), *here)
        .group_by(v.kind, v.verdict)
    )
    opened: Mapping[str, int] = {row.kind: row.n for row in tx.execute(found)}
    words = {(row.kind, row.verdict): row.n for row in tx.execute(said)}
    return [
        KindCounts(
            kind=kind,
            found=opened.get(kind.value, 0),
            true=words.get((kind.value, Judgement.TRUE.value), 0),
            false=words.get((kind.value, Judgement.FALSE.value), 0),
            accepted=words.get((kind.value, Judgement.ACCEPTED.value), 0),
        )
        for kind in sorted(kinds)
    ]


def is_order_of(tx: Connection, camera_id: int, maintainer_id: int) -> bool:
    """Has the firm an order about this camera that is not ended?"""
    w, m = work_orders.c, outage_cameras.c
    open_ones = and_(w.maintainer_id == maintainer_id, w.closed_at.is_(None))
    alone = select(w.id).where(open_ones, w.camera_id == camera_id)
    together = select(w.id).where(open_ones, m.outage_id == w.outage_id, m.camera_id == camera_id)
    return any(tx.execute(statement.limit(1)).first() is not None for statement in (alone, together))


def _verdict(row: RowMapping) -> Verdict:
    return Verdict(
        verdict_id=row["id"],
        fault_id=row["fault_id"],
        camera_id=CameraId(row["camera_id"]),
        kind=FaultKind(row["kind"]),
        judgement=Judgement(row["verdict"]),
        score=row["score"],
        who=row["who"],
        at=row["at"],
        note=row["note"],
        withdrawn_at=row["withdrawn_at"],
        withdrawn_by=row["withdrawn_by"],
    )


def _batches(wanted: Iterable[int]) -> list[list[int]]:
    ordered = sorted(set(wanted))
    return [ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH)]
