"""Profiles of the assessment as rows; one of them is what is used where nobody names another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from vms.core.errors import Conflict, NotFound
from vms.store import events
from vms.store.schema import assessment_profiles

MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredProfile:
    profile_id: int
    name: str
    content: Mapping[str, Any]
    is_default: bool
    changed_at: datetime
    changed_by: str


def every(tx: Connection) -> list[StoredProfile]:
    return [
        _row(row) for row in tx.execute(select(assessment_profiles).order_by(assessment_profiles.c.name)).mappings()
    ]


def named(tx: Connection, name: str) -> StoredProfile:
    """Raises NotFound."""
    statement = select(assessment_profiles).where(assessment_profiles.c.name == name)
    row = tx.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no assessment profile {name!r}")
    return _row(row)


def usual(tx: Connection) -> StoredProfile | None:
    statement = select(assessment_profiles).where(assessment_profiles.c.is_default).limit(1)
    row = tx.execute(statement).mappings().one_or_none()
    return None if row is None else _row(row)


def put(tx: Connection, name: str, content: Mapping[str, Any], *, is_default: bool, who: str, now: datetime) -> None:
    """Makes it or writes it anew. Raises Conflict where there are too many."""
    c = assessment_profiles.c
    known = tx.execute(select(c.id).where(c.name == name)).scalar_one_or_none()
    if known is None and tx.execute(select(func.count()).select_from(assessment_profiles)).scalar_one() >= MOST:
        raise Conflict(f"there are {MOST} profiles already", code="too_many")
    if is_default:
        tx.execute(update(assessment_profiles).values(is_default=False))
    values = {"content": dict(content), "is_default": is_default, "changed_at": now, "changed_by": who}
    if known is None:
        tx.execute(insert(assessment_profiles).values(name=name, **values))
    else:
        tx.execute(update(assessment_profiles).where(c.id == known).values(values))
    events.append(tx, "assessment.profile", None, {"name": name, "who": who}, now)


def remove(tx: Connection, name: str, who: str, now: datetime) -> None:
    """Raises NotFound. Reports keep the profile that they were made with."""
    if tx.execute(delete(assessment_profiles).where(assessment_profiles.c.name == name)).rowcount == 0:
        raise NotFound(f"there is no assessment profile {name!r}")
    events.append(tx, "assessment.profile", None, {"name": name, "who": who, "removed": True}, now)


def _row(row: RowMapping) -> StoredProfile:
    return StoredProfile(
        profile_id=row["id"],
        name=row["name"],
        content=row["content"],
        is_default=row["is_default"],
        changed_at=row["changed_at"],
        changed_by=row["changed_by"],
    )
