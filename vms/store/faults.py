"""Faults as rows: opened, closed, those of one camera."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, bindparam, func, insert, or_, select, update

from vms.core.ids import CameraId
from vms.health.fault import OF_OTHER_CHECKS, Fault, FaultKind, Severity
from vms.health.layer import Layer
from vms.inventory.tier import Tier
from vms.store import events
from vms.store.schema import cameras, faults, stills

_OF_OTHERS = sorted(kind.value for kind in OF_OTHER_CHECKS)
_FEW = 500
"""Asked by name; more are picked from all open faults, which are fewer than the cameras."""


@dataclass(frozen=True, slots=True)
class OpenedFault:
    camera_id: CameraId
    fault: Fault
    at: datetime


@dataclass(frozen=True, slots=True)
class ClosedFault:
    camera_id: CameraId
    kind: FaultKind
    at: datetime


class FaultState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRow:
    fault_id: int
    camera_id: CameraId
    camera_name: str
    tier: Tier
    region_code: str
    kind: FaultKind
    layer: Layer
    severity: Severity
    because: str
    opened_at: datetime
    closed_at: datetime | None
    still_at: datetime | None
    outage_id: int | None = None
    """It fell with others."""
    score: float | None = None
    """Of a picture fault."""


def open_faults(tx: Connection, found: Sequence[OpenedFault], now: datetime) -> None:
    if not found:
        return
    rows = [
        {
            "camera_id": item.camera_id,
            "kind": item.fault.kind.value,
            "layer": item.fault.layer.value,
            "severity": item.fault.severity.value,
            "because": item.fault.because,
            "score": item.fault.score,
            "opened_at": item.at,
        }
        for item in found
    ]
    tx.execute(insert(faults), rows)
    news = [
        (
            item.camera_id,
            {
                "kind": item.fault.kind.value,
                "layer": item.fault.layer.value,
                "severity": item.fault.severity.value,
                "because": item.fault.because,
                "at": item.at.isoformat(),
            },
        )
        for item in found
    ]
    events.append_many(tx, "fault.opened", news, now)


def close_faults(tx: Connection, found: Sequence[ClosedFault], now: datetime) -> None:
    if not found:
        return
    c = faults.c
    chosen = (c.camera_id == bindparam("of"), c.kind == bindparam("what"), c.closed_at.is_(None))
    statement = update(faults).where(*chosen).values(closed_at=bindparam("when"))
    tx.execute(statement, [{"of": item.camera_id, "what": item.kind.value, "when": item.at} for item in found])
    news = [(item.camera_id, {"kind": item.kind.value, "at": item.at.isoformat()}) for item in found]
    events.append_many(tx, "fault.closed", news, now)


def worsen_faults(tx: Connection, found: Sequence[OpenedFault]) -> None:
    """Open faults that have been seen worse than before, without becoming graver: no news. A score that is higher
    already stays, and what was said with it."""
    if not found:
        return
    c = faults.c
    is_worse = or_(c.score.is_(None), c.score < bindparam("scored"))
    chosen = (c.camera_id == bindparam("of"), c.kind == bindparam("what"), c.closed_at.is_(None), is_worse)
    statement = update(faults).where(*chosen).values(score=bindparam("scored"), because=bindparam("told"))
    rows = [
        {
            "of": item.camera_id,
            "what": item.fault.kind.value,
            "scored": item.fault.score,
            "told": item.fault.because,
        }
        for item in found
    ]
    tx.execute(statement, rows)


def close_all_of(tx: Connection, camera_id: int, now: datetime) -> None:
    """Nobody watches the camera any more."""
    is_open = select(faults.c.kind).where(faults.c.camera_id == camera_id, faults.c.closed_at.is_(None))
    kinds = tx.execute(is_open).scalars().all()
    close_faults(tx, [ClosedFault(camera_id=CameraId(camera_id), kind=FaultKind(kind), at=now) for kind in kinds], now)


def standing_faults(
    tx: Connection, camera_ids: Sequence[int] | None = None, *, polled_only: bool = False
) -> dict[CameraId, tuple[Fault, ...]]:
    """The open faults of these cameras, or of all, that have any; with `polled_only` those that the poller opens and
    closes, which a new run of it begins with."""
    found: dict[CameraId, list[Fault]] = {}
    statement = select(faults).where(faults.c.closed_at.is_(None)).order_by(faults.c.kind)
    if polled_only:
        statement = statement.where(faults.c.kind.not_in(_OF_OTHERS))
    if camera_ids is not None and len(camera_ids) <= _FEW:
        statement = statement.where(faults.c.camera_id.in_(camera_ids))
    wanted = None if camera_ids is None else set(camera_ids)
    for row in tx.execute(statement).mappings():
        if wanted is not None and row["camera_id"] not in wanted:
            continue
        fault = Fault(
            kind=FaultKind(row["kind"]),
            layer=Layer(row["layer"]),
            severity=Severity(row["severity"]),
            because=row["because"],
            score=row["score"],
        )
        found.setdefault(CameraId(row["camera_id"]), []).append(fault)
    return {camera_id: tuple(standing) for camera_id, standing in found.items()}


def open_by_kind(tx: Connection) -> dict[FaultKind, int]:
    """How many of each kind are open, over all cameras."""
    is_open = faults.c.closed_at.is_(None)
    counted = select(faults.c.kind, func.count()).where(is_open).group_by(faults.c.kind).order_by(faults.c.kind)
    return {FaultKind(kind): count for kind, count in tx.execute(counted)}


def faults_between(tx: Connection, camera_id: int, start: datetime, end: datetime) -> list[FaultRow]:
    """One camera's faults that were open at any time in the stretch, newest first."""
    c = faults.c
    statement = _rows().where(
        c.camera_id == camera_id, c.opened_at < end, (c.closed_at.is_(None)) | (c.closed_at >= start)
    )
    return [fault_row(row) for row in tx.execute(statement.order_by(c.opened_at.desc(), c.id.desc())).mappings()]


def _rows() -> Select[Any]:
    columns = (
        faults,
        cameras.c.name.label("camera_name"),
        cameras.c.observed_name,
        cameras.c.tier,
        cameras.c.region_code,
        stills.c.at.label("still_at"),
    )
    joined = faults.join(cameras, cameras.c.id == faults.c.camera_id)
    return select(*columns).select_from(joined.outerjoin(stills, stills.c.camera_id == faults.c.camera_id))


def fault_row(row: RowMapping) -> FaultRow:
    """Of a fault with `camera_name`, `observed_name`, `tier`, `region_code` and `still_at` beside it."""
    return FaultRow(
        fault_id=row["id"],
        camera_id=CameraId(row["camera_id"]),
        camera_name=row["camera_name"] or row["observed_name"],
        tier=Tier(row["tier"]),
        region_code=row["region_code"],
        kind=FaultKind(row["kind"]),
        layer=Layer(row["layer"]),
        severity=Severity(row["severity"]),
        because=row["because"],
        opened_at=row["opened_at"],
        closed_at=row["closed_at"],
        still_at=row["still_at"],
        outage_id=row["outage_id"],
        score=row["score"],
    )
