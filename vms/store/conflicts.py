"""Doubts about identity, kept until a person has resolved them; what was decided is not asked again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from vms.core.errors import NotFound
from vms.core.ids import CameraId, DeviceId
from vms.inventory.device import ObservedDevice
from vms.inventory.identity.conflict_kind import ConflictKind, Decision
from vms.inventory.identity.reason import Reason, sentences
from vms.store.observed_json import observed_from_json, observed_to_json
from vms.store.page import Page
from vms.store.reasons import reasons_from_json, reasons_to_json
from vms.store.schema import identity_conflicts


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConflict:
    kind: ConflictKind = ConflictKind.IDENTITY
    subject: str = ""
    """What it is about: of one subject nothing is asked twice. Empty: asked each time."""
    address: str
    port: int
    device_id: DeviceId | None = None
    device_ids: tuple[DeviceId, ...]
    camera_ids: tuple[CameraId, ...] = ()
    evidence: tuple[Reason, ...]
    observed: ObservedDevice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredConflict:
    conflict_id: int
    kind: ConflictKind
    subject: str
    found_at: datetime
    address: str
    port: int
    device_id: DeviceId | None
    device_ids: tuple[DeviceId, ...]
    camera_ids: tuple[CameraId, ...] = ()
    evidence: tuple[Reason, ...]
    observed: ObservedDevice | None = None
    is_open: bool = True
    note: str = ""
    decision: Decision | None = field(default=None)

    @property
    def reasons(self) -> tuple[str, ...]:
        return sentences(self.evidence)


def record(tx: Connection, conflict: NewConflict, now: datetime) -> int | None:
    """Its id; None where this was asked before, whether it has been answered or not."""
    c = identity_conflicts.c
    if conflict.subject and tx.execute(select(c.id).where(c.subject == conflict.subject).limit(1)).first() is not None:
        return None
    values = {
        "kind": conflict.kind.value,
        "subject": conflict.subject,
        "found_at": now,
        "address": conflict.address,
        "port": conflict.port,
        "device_id": conflict.device_id,
        "device_ids": sorted(conflict.device_ids),
        "camera_ids": list(conflict.camera_ids),
        "reasons": reasons_to_json(conflict.evidence),
        "observed": None if conflict.observed is None else observed_to_json(conflict.observed),
    }
    return int(tx.execute(insert(identity_conflicts).values(values).returning(c.id)).scalar_one())


def get(tx: Connection, conflict_id: int) -> StoredConflict:
    """Raises NotFound."""
    statement = select(identity_conflicts).where(identity_conflicts.c.id == conflict_id)
    row = tx.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no conflict {conflict_id}")
    return _conflict(row)


def unresolved(tx: Connection, *, limit: int = 1000, offset: int = 0) -> list[StoredConflict]:
    return list(page(tx, limit=limit, offset=offset).items)


def page(tx: Connection, *, limit: int, offset: int = 0) -> Page[StoredConflict]:
    """The open ones, oldest first."""
    c = identity_conflicts.c
    is_open = c.resolved_at.is_(None)
    total = tx.execute(select(func.count()).select_from(identity_conflicts).where(is_open)).scalar_one()
    statement = select(identity_conflicts).where(is_open).order_by(c.id).limit(limit).offset(offset)
    return Page(items=tuple(_conflict(row) for row in tx.execute(statement).mappings()), total=total)


def open_of_subject(tx: Connection, beginning: str) -> list[int]:
    """Ids of the open ones whose subject begins so."""
    c = identity_conflicts.c
    about = c.subject.startswith(beginning, autoescape=True)
    return list(tx.execute(select(c.id).where(about, c.resolved_at.is_(None)).order_by(c.id)).scalars())


def resolve(tx: Connection, conflict_id: int, decision: Decision, why: str, who: str, now: datetime) -> None:
    """Raises NotFound where it is not there or resolved already."""
    values = {"resolved_at": now, "resolution": why, "decision": decision.value, "resolved_by": who[:80]}
    _set(tx, conflict_id, values)


def put_off(tx: Connection, conflict_id: int, why: str, who: str) -> None:
    """It stays open, with a note. Raises NotFound."""
    _set(tx, conflict_id, {"resolution": f"{who}: {why}"})


def reopen(tx: Connection, conflict_ids: Sequence[int]) -> None:
    """What had been decided was taken back."""
    values = {"resolved_at": None, "decision": None, "resolved_by": None}
    tx.execute(update(identity_conflicts).where(identity_conflicts.c.id.in_(list(conflict_ids))).values(values))


def _set(tx: Connection, conflict_id: int, values: dict[str, Any]) -> None:
    c = identity_conflicts.c
    statement = update(identity_conflicts).where(c.id == conflict_id, c.resolved_at.is_(None))
    if tx.execute(statement.values(values)).rowcount == 0:
        raise NotFound(f"there is no open conflict {conflict_id}")


def _conflict(row: RowMapping) -> StoredConflict:
    return StoredConflict(
        conflict_id=row["id"],
        kind=ConflictKind(row["kind"]),
        subject=row["subject"],
        found_at=row["found_at"],
        address=row["address"],
        port=row["port"],
        device_id=None if row["device_id"] is None else DeviceId(row["device_id"]),
        device_ids=tuple(DeviceId(value) for value in row["device_ids"]),
        camera_ids=tuple(CameraId(value) for value in row["camera_ids"]),
        evidence=reasons_from_json(row["reasons"]),
        observed=None if row["observed"] is None else observed_from_json(row["observed"]),
        is_open=row["resolved_at"] is None,
        note=row["resolution"] or "",
        decision=None if row["decision"] is None else Decision(row["decision"]),
    )
