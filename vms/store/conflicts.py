"""Doubts about identity, kept until a person has resolved them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from vms.core.errors import NotFound
from vms.core.ids import DeviceId
from vms.store.schema import identity_conflicts


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredConflict:
    conflict_id: int
    found_at: datetime
    address: str
    port: int
    device_ids: tuple[DeviceId, ...]
    reasons: tuple[str, ...]


def record(
    tx: Connection, *, address: str, port: int, device_ids: Sequence[DeviceId], reasons: Sequence[str], now: datetime
) -> int:
    values = {
        "found_at": now,
        "address": address,
        "port": port,
        "device_ids": sorted(device_ids),
        "reasons": list(reasons),
    }
    conflict_id: int = tx.execute(
        insert(identity_conflicts).values(values).returning(identity_conflicts.c.id)
    ).scalar_one()
    return conflict_id


def unresolved(tx: Connection) -> list[StoredConflict]:
    c = identity_conflicts.c
    statement = select(identity_conflicts).where(c.resolved_at.is_(None)).order_by(c.id)
    return [
        StoredConflict(
            conflict_id=row["id"],
            found_at=row["found_at"],
            address=row["address"],
            port=row["port"],
            device_ids=tuple(DeviceId(value) for value in row["device_ids"]),
            reasons=tuple(row["reasons"]),
        )
        for row in tx.execute(statement).mappings()
    ]


def resolve(tx: Connection, conflict_id: int, resolution: str, now: datetime) -> None:
    """Raises NotFound where it is not there or resolved already."""
    c = identity_conflicts.c
    statement = update(identity_conflicts).where(c.id == conflict_id, c.resolved_at.is_(None))
    if tx.execute(statement.values(resolved_at=now, resolution=resolution)).rowcount == 0:
        raise NotFound(f"there is no open conflict {conflict_id}")
