"""Footage as found: what each day holds, how far back it reaches, whether a sample plays; and the plans."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, func, insert, select, update

from vms.core.ids import CameraId
from vms.health.footage import DayOfFootage
from vms.store.existing import existing_cameras
from vms.store.schema import recording_checks, recording_days, recording_plans
from vms.store.upsert import Excluded, upsert

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingCheck:
    camera_id: CameraId
    checked_at: datetime
    source: str = ""
    """`camera`, `recorder`; empty: nobody offers a search, `because` says so."""
    oldest_at: datetime | None = None
    newest_at: datetime | None = None
    days_kept: float | None = None
    because: str = ""
    played_at: datetime | None = None
    played_ok: bool | None = None
    play_tried_at: datetime | None = None
    play_of: datetime | None = None
    """The moment that was asked for."""
    play_because: str = ""
    play_failures: int = 0
    """In a row."""
    plan: str = ""
    days_wanted: int | None = None
    missing_s: float = 0.0
    """Of the last days; see vms.store.recording_list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDay:
    day: date
    plan_s: float
    recorded_s: float
    expired_s: float
    missing_s: float
    gaps: tuple[tuple[float, float], ...]
    """Seconds since the day's midnight."""
    source: str
    checked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPlan:
    name: str
    fits: dict[str, Any]
    week: list[list[list[int]]]
    days_least: int | None
    days_most: int | None


def put_checks(tx: Connection, found: Sequence[RecordingCheck]) -> None:
    """A sample that was not played now leaves what is known of the last one."""
    there = existing_cameras(tx, (one.camera_id for one in found))
    rows = [
        {
            "camera_id": one.camera_id,
            "checked_at": one.checked_at,
            "source": one.source,
            "oldest_at": one.oldest_at,
            "newest_at": one.newest_at,
            "days_kept": one.days_kept,
            "because": one.because,
            "played_at": one.played_at,
            "played_ok": one.played_ok,
            "plan": one.plan,
            "days_wanted": one.days_wanted,
        }
        for one in found
        if one.camera_id in there
    ]
    for start in range(0, len(rows), _BATCH):
        upsert(tx, recording_checks, rows[start : start + _BATCH], _checks)


def put_sample(
    tx: Connection, camera_id: CameraId, now: datetime, *, of: datetime | None, ok: bool | None, because: str
) -> int:
    """What came of playing a sample; `ok` None: it could not be told. Returns how often in a row it did not play."""
    c = recording_checks.c
    told: dict[str, Any] = {"play_tried_at": now, "play_of": of, "play_because": because}
    if ok is not None:
        told |= {"played_at": now, "played_ok": ok, "play_failures": 0 if ok else c.play_failures + 1}
    chosen = update(recording_checks).where(c.camera_id == camera_id)
    tx.execute(chosen.values(**told))
    return tx.execute(select(c.play_failures).where(c.camera_id == camera_id)).scalar_one_or_none() or 0


def put_days(
    tx: Connection, camera_id: CameraId, days: Iterable[tuple[DayOfFootage, datetime]], source: str, now: datetime
) -> None:
    """Each day with its midnight; a day that was judged before is judged anew."""
    if not existing_cameras(tx, [camera_id]):
        return
    rows = [
        {
            "camera_id": camera_id,
            "day": day.day.isoformat(),
            "plan_s": day.planned.total_seconds(),
            "recorded_s": day.recorded.total_seconds(),
            "expired_s": day.expired.total_seconds(),
            "missing_s": day.missing.total_seconds(),
            "gaps": [
                [(gap.start - midnight).total_seconds(), (gap.end - midnight).total_seconds()] for gap in day.gaps
            ],
            "source": source,
            "checked_at": now,
        }
        for day, midnight in days
    ]
    if rows:
        upsert(tx, recording_days, rows, _days)


def days_of(tx: Connection, camera_id: int, first: date, last: date) -> list[StoredDay]:
    """Both days included, the oldest first."""
    c = recording_days.c
    chosen = (c.camera_id == camera_id, c.day >= first.isoformat(), c.day <= last.isoformat())
    return [stored_day(row) for row in tx.execute(select(recording_days).where(*chosen).order_by(c.day)).mappings()]


def check_of(tx: Connection, camera_id: int) -> RecordingCheck | None:
    statement = select(recording_checks).where(recording_checks.c.camera_id == camera_id)
    row = tx.execute(statement).mappings().one_or_none()
    if row is None:
        return None
    return RecordingCheck(**{**row, "camera_id": CameraId(row["camera_id"])})


def checked_since(tx: Connection, since: datetime, camera_ids: Sequence[int]) -> set[int]:
    """Which of these cameras were checked."""
    c = recording_checks.c
    found: set[int] = set()
    for start in range(0, len(camera_ids), _BATCH):
        some = camera_ids[start : start + _BATCH]
        found.update(tx.execute(select(c.camera_id).where(c.camera_id.in_(some), c.checked_at >= since)).scalars())
    return found


def plans(tx: Connection) -> list[StoredPlan]:
    """In their order: the first that fits decides."""
    return [
        StoredPlan(
            name=row["name"],
            fits=row["fits"],
            week=row["week"],
            days_least=row["days_least"],
            days_most=row["days_most"],
        )
        for row in tx.execute(select(recording_plans).order_by(recording_plans.c.position)).mappings()
    ]


def replace_plans(tx: Connection, wanted: Sequence[StoredPlan]) -> None:
    tx.execute(delete(recording_plans))
    rows = [
        {
            "position": position,
            "name": plan.name,
            "fits": plan.fits,
            "week": plan.week,
            "days_least": plan.days_least,
            "days_most": plan.days_most,
        }
        for position, plan in enumerate(wanted)
    ]
    if rows:
        tx.execute(insert(recording_plans), rows)


def stored_day(row: RowMapping) -> StoredDay:
    return StoredDay(
        day=date.fromisoformat(row["day"]),
        plan_s=row["plan_s"],
        recorded_s=row["recorded_s"],
        expired_s=row["expired_s"],
        missing_s=row["missing_s"],
        gaps=tuple((start, end) for start, end in row["gaps"]),
        source=row["source"],
        checked_at=row["checked_at"],
    )


def _checks(excluded: Excluded) -> dict[str, ColumnElement[object]]:
    kept = {name: excluded[name] for name in ("checked_at", "source", "oldest_at", "newest_at", "days_kept", "because")}
    kept |= {name: excluded[name] for name in ("plan", "days_wanted")}
    c = recording_checks.c
    played = {name: func.coalesce(excluded[name], c[name]) for name in ("played_at", "played_ok")}
    return {**kept, **played}


def _days(excluded: Excluded) -> dict[str, ColumnElement[object]]:
    names = ("plan_s", "recorded_s", "expired_s", "missing_s", "gaps", "source", "checked_at")
    return {name: excluded[name] for name in names}
