"""What the assessment divides: cameras, their time in service, faults, notices, outages, footage, orders."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Select, and_, or_, select

from vms.health.fault import FaultKind, Severity, breaks_intactness
from vms.health.reading import Layer
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.store.schema import (
    blind_cameras,
    blind_spells,
    camera_changes,
    cameras,
    faults,
    flips,
    notice_cameras,
    notices,
    outage_cameras,
    recording_checks,
    recording_days,
    stills,
    watches,
    work_orders,
)

_BREAKING = [severity.value for severity in Severity if breaks_intactness(severity)]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedCamera:
    camera_id: int
    region_code: str
    tier: str
    owner_id: int | None
    point_class: int | None
    retention_days: int | None
    filed: bool
    in_service: bool
    """Now."""
    created_at: datetime


class IdRange(NamedTuple):
    """Both ends belong to it."""

    first: int
    last: int


class Span(NamedTuple):
    """Something held of a camera from `start` on; None as `end`: it holds still."""

    camera_id: int
    start: datetime
    end: datetime | None


def assessed_cameras(tx: Connection) -> list[AssessedCamera]:
    """All, by id: also retired ones, which may have served in the period."""
    c = cameras.c
    columns = (c.id, c.region_code, c.tier, c.owner_id, c.point_class, c.retention_days, c.filing_no, c.life_cycle)
    found = tx.execute(select(*columns, c.created_at).order_by(c.id))
    return [
        AssessedCamera(
            camera_id=row.id,
            region_code=row.region_code,
            tier=row.tier,
            owner_id=row.owner_id,
            point_class=row.point_class,
            retention_days=row.retention_days,
            filed=bool(row.filing_no),
            in_service=row.life_cycle in IN_SERVICE_VALUES,
            created_at=row.created_at,
        )
        for row in found
    ]


def service_changes(tx: Connection, ids: IdRange) -> Iterator[tuple[int, datetime, bool, bool]]:
    """(camera, when, in service before, in service after) of every step of their lives, in order."""
    c = camera_changes.c
    chosen = (c.camera_id.between(*ids), c.field == "life_cycle")
    for row in tx.execute(select(c.camera_id, c.at, c.before, c.after).where(*chosen).order_by(c.camera_id, c.id)):
        yield row.camera_id, row.at, row.before in IN_SERVICE_VALUES, row.after in IN_SERVICE_VALUES


def faults_of_weight(tx: Connection, ids: IdRange, start: datetime, end: datetime) -> Iterator[Span]:
    """Against intactness."""
    return _spans(tx, _faults(ids, start, end).where(faults.c.severity.in_(_BREAKING)))


def picture_faults(tx: Connection, ids: IdRange, start: datetime, end: datetime) -> Iterator[Span]:
    return _spans(tx, _faults(ids, start, end).where(faults.c.layer == Layer.PICTURE.value))


def clock_faults(tx: Connection, ids: IdRange, start: datetime, end: datetime) -> Iterator[Span]:
    return _spans(tx, _faults(ids, start, end).where(faults.c.kind == FaultKind.CLOCK_OFF.value))


def noticed(tx: Connection, ids: IdRange, start: datetime, end: datetime) -> Iterator[Span]:
    """Inside approved notices."""
    n, m = notices.c, notice_cameras.c
    statement = (
        select(m.camera_id, n.start_at, n.end_at)
        .join_from(notice_cameras, notices, m.notice_id == n.id)
        .where(n.state == "approved", n.start_at < end, n.end_at > start, m.camera_id.between(*ids))
    )
    return _spans(tx, statement)


def fallen_with_others(tx: Connection, ids: IdRange, start: datetime, end: datetime) -> Iterator[Span]:
    m = outage_cameras.c
    chosen = (m.camera_id.between(*ids), m.from_at < end, or_(m.until_at.is_(None), m.until_at > start))
    return _spans(tx, select(m.camera_id, m.from_at, m.until_at).where(*chosen))


def blind_whole(tx: Connection, start: datetime, end: datetime) -> list[tuple[datetime, datetime | None]]:
    """When nobody could look at anything."""
    s = blind_spells.c
    chosen = (s.whole, s.from_at < end, or_(s.until_at.is_(None), s.until_at > start))
    return [(row.from_at, row.until_at) for row in tx.execute(select(s.from_at, s.until_at).where(*chosen))]


def blind(tx: Connection, ids: IdRange, start: datetime, end: datetime) -> Iterator[Span]:
    """When nobody could look at some of them."""
    s, m = blind_spells.c, blind_cameras.c
    statement = (
        select(m.camera_id, s.from_at, s.until_at)
        .join_from(blind_cameras, blind_spells, m.spell_id == s.id)
        .where(s.from_at < end, or_(s.until_at.is_(None), s.until_at > start), m.camera_id.between(*ids))
    )
    return _spans(tx, statement)


def falls(tx: Connection, ids: IdRange, start: datetime, end: datetime) -> Iterator[tuple[int, datetime]]:
    """(camera, when) it went down."""
    c = flips.c
    statement = select(c.camera_id, c.at).where(
        c.camera_id.between(*ids), c.to_status == "down", c.at >= start, c.at < end
    )
    return ((row.camera_id, row.at) for row in tx.execute(statement))


def with_clock(tx: Connection, ids: IdRange) -> set[int]:
    """Whose clock has been read."""
    w = watches.c
    statement = select(w.camera_id).where(w.camera_id.between(*ids), w.clock_offset_s.is_not(None))
    return set(tx.execute(statement).scalars())


def diagnosed(tx: Connection, ids: IdRange, start: datetime) -> set[int]:
    """Of which a picture was judged since."""
    statement = select(stills.c.camera_id).where(stills.c.camera_id.between(*ids), stills.c.at >= start)
    return set(tx.execute(statement).scalars())


def footage(tx: Connection, ids: IdRange, first_day: str, last_day: str) -> Iterator[tuple[int, float, float]]:
    """(camera, planned, recorded) in seconds, a row a day."""
    r = recording_days.c
    chosen = (r.camera_id.between(*ids), r.day >= first_day, r.day <= last_day)
    for row in tx.execute(select(r.camera_id, r.plan_s, r.recorded_s).where(*chosen)):
        yield row.camera_id, row.plan_s, row.recorded_s


def days_kept(tx: Connection, ids: IdRange, start: datetime) -> dict[int, float]:
    """Camera → how far back its recordings reach, in days, as found since."""
    r = recording_checks.c
    chosen = (r.camera_id.between(*ids), r.checked_at >= start, r.days_kept.is_not(None))
    return {row.camera_id: row.days_kept for row in tx.execute(select(r.camera_id, r.days_kept).where(*chosen))}


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedOrder:
    region_code: str
    tier: str
    owner_id: int | None
    maintainer_id: int | None
    detected_at: datetime
    respond_by: datetime | None
    repair_by: datetime | None
    on_site_at: datetime | None
    repaired_at: datetime | None
    suspended_s: float
    repeats: bool


def assessed_orders(tx: Connection, start: datetime, end: datetime) -> list[AssessedOrder]:
    """Opened, due or repaired in the period; false alarms left out."""
    w = work_orders.c

    columns = (w.detected_at, w.respond_by, w.repair_by, w.repaired_at)
    touched = or_(*(and_(column >= start, column < end) for column in columns))
    real = or_(w.outcome.is_(None), w.outcome != "false_alarm")
    statement = select(work_orders).where(touched, real)
    return [
        AssessedOrder(
            region_code=row["region_code"],
            tier=row["tier"],
            owner_id=row["owner_id"],
            maintainer_id=row["maintainer_id"],
            detected_at=row["detected_at"],
            respond_by=row["respond_by"],
            repair_by=row["repair_by"],
            on_site_at=row["on_site_at"],
            repaired_at=row["repaired_at"],
            suspended_s=row["suspended_s"],
            repeats=row["repeat_of"] is not None,
        )
        for row in tx.execute(statement).mappings()
    ]


def _faults(ids: IdRange, start: datetime, end: datetime) -> Select[int, datetime, datetime | None]:
    c = faults.c
    chosen = (c.camera_id.between(*ids), c.opened_at < end, or_(c.closed_at.is_(None), c.closed_at > start))
    return select(c.camera_id, c.opened_at, c.closed_at).where(*chosen)


def _spans(tx: Connection, statement: Select[int, datetime, datetime | None]) -> Iterator[Span]:
    return (Span(*row) for row in tx.execute(statement))
