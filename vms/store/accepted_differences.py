"""Differences between declared and observed that a person looked at and let stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from vms.inventory.differences import Difference
from vms.store import events
from vms.store.camera_changes import Author
from vms.store.schema import accepted_differences
from vms.store.upsert import upsert

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedDifference:
    difference: Difference
    at: datetime
    who: str
    why: str


def put(tx: Connection, camera_id: int, difference: Difference, author: Author, now: datetime) -> None:
    """It stays out of sight as long as both sides say the same as now."""
    row = {
        "camera_id": camera_id,
        "field": difference.field,
        "declared": difference.declared,
        "observed": difference.observed,
        "at": now,
        "who": author.who[:80],
        "why": author.why,
    }
    changing = ("declared", "observed", "at", "who", "why")
    upsert(tx, accepted_differences, [row], lambda excluded: {name: excluded[name] for name in changing})
    events.append(tx, "camera.difference", camera_id, {"field": difference.field}, now)


def forget(tx: Connection, camera_id: int, field: str) -> None:
    c = accepted_differences.c
    tx.execute(delete(accepted_differences).where(c.camera_id == camera_id, c.field == field))


def of_camera(tx: Connection, camera_id: int) -> dict[str, AcceptedDifference]:
    """By field."""
    rows = tx.execute(select(accepted_differences).where(accepted_differences.c.camera_id == camera_id)).mappings()
    return {
        row["field"]: AcceptedDifference(
            difference=Difference(field=row["field"], declared=row["declared"], observed=row["observed"]),
            at=row["at"],
            who=row["who"],
            why=row["why"],
        )
        for row in rows
    }


def of_cameras(tx: Connection, camera_ids: Iterable[int]) -> dict[int, dict[str, Difference]]:
    """By camera and field; cameras without any are left out."""
    c, wanted = accepted_differences.c, sorted(set(camera_ids))
    found: dict[int, dict[str, Difference]] = {}
    for start in range(0, len(wanted), _BATCH):
        chosen = c.camera_id.in_(wanted[start : start + _BATCH])
        for row in tx.execute(select(c.camera_id, c.field, c.declared, c.observed).where(chosen)):
            difference = Difference(field=row.field, declared=row.declared, observed=row.observed)
            found.setdefault(row.camera_id, {})[row.field] = difference
    return found
