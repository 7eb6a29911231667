"""What the assessment divides: cameras, their time in service, faults, notices, outages, footage."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    case,
    cast,
    func,
    or_,
    select,
)

from vms.assessment.spells import DOWN, ONLINE, SUSPECT, UNKNOWN
from vms.assessment.time_sums import microseconds as as_microseconds
from vms.health.fault import FaultKind
from vms.health.layer import Layer
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.store.bulk_numbers import Ints, fetch_ints, microseconds
from vms.store.outages import WEATHER_KINDS
from vms.store.own_faults import breaks_its_intactness, is_its_own
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
    outages,
    recording_checks,
    recording_days,
    stills,
    watches,
)

_BATCH = 500
_WEATHER = select(outages.c.id).where(outages.c.kind.in_(WEATHER_KINDS))


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
    served_at_end: bool
    created_us: int
    """Microseconds since 1970."""


class IdRange(NamedTuple):
    """Both ends belong to it."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Spans:
    """Something held of cameras: arrays of one length, instants in microseconds since 1970. What holds still ends with
    the period."""

    camera_ids: Ints
    start_us: Ints
    end_us: Ints


_TOLD = ("region_code", "tier", "owner_id", "point_class", "retention_days", "filing_no", "life_cycle")


def assessed_cameras(tx: Connection, end: datetime) -> list[AssessedCamera]:
    """All, by id, as their records were at `end`: also retired ones, which may have served in the period."""
    c = cameras.c
    later = _changed_since(tx, end)
    found = tx.execute(select(c.id, microseconds(tx, c.created_at), *(c[name] for name in _TOLD)).order_by(c.id))
    return [_assessed(row, later.get(row[0])) for row in found]


def assessed_camera(tx: Connection, camera_id: int, end: datetime) -> AssessedCamera:
    """As `assessed_cameras`, of one that is known to exist."""
    c = cameras.c
    told = select(c.id, microseconds(tx, c.created_at), *(c[name] for name in _TOLD)).where(c.id == camera_id)
    return _assessed(tx.execute(told).one(), _changed_since(tx, end, camera_id).get(camera_id))


def _assessed(row: Sequence[Any], later: Mapping[str, Any] | None) -> AssessedCamera:
    camera_id, created_us, *now = row
    then = now if later is None else [later.get(name, value) for name, value in zip(_TOLD, now, strict=True)]
    region_code, tier, owner_id, point_class, retention_days, filing_no, life_cycle = then
    return AssessedCamera(
        camera_id=camera_id,
        region_code=region_code or "",
        tier=tier,
        owner_id=owner_id,
        point_class=point_class,
        retention_days=retention_days,
        filed=bool(filing_no),
        in_service=now[-1] in IN_SERVICE_VALUES,
        served_at_end=life_cycle in IN_SERVICE_VALUES,
        created_us=created_us,
    )


def _changed_since(tx: Connection, end: datetime, camera_id: int | None = None) -> dict[int, dict[str, Any]]:
    """What was in the fields that were changed later, by camera."""
    c = camera_changes.c
    statement = select(c.camera_id, c.field, c.before).where(c.at >= end, c.field.in_(_TOLD)).order_by(c.id.desc())
    if camera_id is not None:
        statement = statement.where(c.camera_id == camera_id)
    found: dict[int, dict[str, Any]] = {}
    for camera_id, field, before in tx.execute(statement):
        found.setdefault(camera_id, {})[field] = before
    return found


def service_changes(tx: Connection, ids: IdRange) -> Iterator[tuple[int, datetime, bool, bool]]:
    """(camera, when, in service before, in service after) of every step of their lives, in order."""
    c = camera_changes.c
    chosen = (c.camera_id.between(*ids), c.field == "life_cycle")
    for row in tx.execute(select(c.camera_id, c.at, c.before, c.after).where(*chosen).order_by(c.camera_id, c.id)):
        yield row.camera_id, row.at, row.before in IN_SERVICE_VALUES, row.after in IN_SERVICE_VALUES


def faults_of_weight(tx: Connection, ids: IdRange, start: datetime, end: datetime) -> Spans:
    """Against intactness."""
    return _faults(tx, ids, start, end, breaks_its_intactness())


def picture_faults(tx: Connection, ids: IdRange, start: datetime, end: datetime) -> Spans:
    return _faults(tx, ids, start, end, faults.c.layer == Layer.PICTURE.value)


def clock_faults(tx: Connection, ids: IdRange, start: datetime, end: datetime) -> Spans:
    return _faults(tx, ids, start, end, faults.c.kind == FaultKind.CLOCK_OFF.value)


def noticed(tx: Connection, ids: IdRange, start: datetime, end: datetime) -> Spans:
    """Inside approved notices."""
    n, m = notices.c, notice_cameras.c
    joined = notice_cameras.join(notices, m.notice_id == n.id)
    chosen = (n.state == "approved", n.start_at < end, n.end_at > start, m.camera_id.between(*ids))
    return _spans(tx, joined, m.camera_id, n.start_at, n.end_at, end, *chosen)


def fallen_with_others(tx: Connection, ids: IdRange, start: datetime, end: datetime) -> Spans:
    m = outage_cameras.c
    chosen = (m.camera_id.between(*ids), m.from_at < end, or_(m.until_at.is_(None), m.until_at > start))
    no_weather = m.outage_id.not_in(_WEATHER)
    return _spans(tx, outage_cameras, m.camera_id, m.from_at, m.until_at, end, *chosen, no_weather)


def blind_whole(tx: Connection, start: datetime, end: datetime) -> list[tuple[datetime, datetime | None]]:
    """When nobody could look at anything."""
    s = blind_spells.c
    chosen = (s.whole, s.from_at < end, or_(s.until_at.is_(None), s.until_at > start))
    return [(row.from_at, row.until_at) for row in tx.execute(select(s.from_at, s.until_at).where(*chosen))]


def blind(tx: Connection, ids: IdRange, start: datetime, end: datetime) -> Spans:
    """When nobody could look at some of them."""
    s, m = blind_spells.c, blind_cameras.c
    joined = blind_cameras.join(blind_spells, m.spell_id == s.id)
    chosen = (s.from_at < end, or_(s.until_at.is_(None), s.until_at > start), m.camera_id.between(*ids))
    return _spans(tx, joined, m.camera_id, s.from_at, s.until_at, end, *chosen)


def steps(tx: Connection, ids: IdRange, start: datetime, end: datetime) -> Ints:
    """(camera, run, when in microseconds, what then: vms.assessment.spells) of every flip of these cameras, each
    camera's in the order of time, and of the last one before `start`, which tells how each begins."""
    c = flips.c
    mine = c.camera_id.between(*ids)
    before = select(func.max(c.id)).where(mine, c.at < start).group_by(c.camera_id)
    return _steps(tx, mine, or_(c.at >= start, c.id.in_(before)), c.at < end)


def settled_before(tx: Connection, ids: IdRange, start: datetime) -> Ints:
    """As `steps`: what each of these cameras last was before `start`, up or down, with no doubt."""
    c = flips.c
    settled = (c.camera_id.between(*ids), c.at < start, c.to_status.in_(("up", "down")))
    return _steps(tx, c.id.in_(select(func.max(c.id)).where(*settled).group_by(c.camera_id)))


def _steps(tx: Connection, *chosen: ColumnElement[bool]) -> Ints:
    c = flips.c
    words = ("unknown", UNKNOWN), ("down", DOWN), ("suspect", SUSPECT)
    kind = case(*((c.to_status == word, number) for word, number in words), else_=ONLINE)
    statement = select(c.camera_id, c.session_id, microseconds(tx, c.at), kind).where(*chosen)
    return fetch_ints(tx, statement.order_by(c.camera_id, c.at, c.id), 4)  # as the index has them


def with_clock(tx: Connection) -> list[int]:
    """Whose clock has been read."""
    w = watches.c
    return list(tx.execute(select(w.camera_id).where(w.clock_offset_s.is_not(None))).scalars())


def diagnosed(tx: Connection, start: datetime) -> list[int]:
    """Of which a picture was judged since."""
    return list(tx.execute(select(stills.c.camera_id).where(stills.c.at >= start)).scalars())


def footage(tx: Connection, ids: IdRange, first_day: str, last_day: str) -> Ints:
    """(camera, recorded, planned) in microseconds, a row a camera: what its plan asks for on these days."""
    r = recording_days.c
    recorded = case((r.recorded_s < r.plan_s, r.recorded_s), else_=r.plan_s)
    sums = (cast(func.round(func.sum(of) * 1e6), BigInteger) for of in (recorded, r.plan_s))
    chosen = (r.camera_id.between(*ids), r.day >= first_day, r.day <= last_day)
    return fetch_ints(tx, select(r.camera_id, *sums).where(*chosen).group_by(r.camera_id), 3)


def footage_days(
    tx: Connection, camera_ids: Sequence[int], day: str
) -> Iterator[tuple[int, float, float, float, float, list[list[float]]]]:
    """(camera, planned, recorded, missing, expired, gaps) of one day, in seconds, the gaps since its midnight."""
    r = recording_days.c
    shown = select(r.camera_id, r.plan_s, r.recorded_s, r.missing_s, r.expired_s, r.gaps)
    for first in range(0, len(camera_ids), _BATCH):
        some = camera_ids[first : first + _BATCH]
        yield from tx.execute(shown.where(r.day == day, r.camera_id.in_(some))).all()


class DaysKept(NamedTuple):
    """How far back a camera's recordings reach, in days, and how far they must."""

    camera_id: int
    days_kept: float
    days_wanted: int


def days_kept(tx: Connection, start: datetime) -> list[DaysKept]:
    """As found since."""
    r = recording_checks.c
    told = (r.checked_at >= start, r.days_kept.is_not(None), r.days_wanted.is_not(None))
    return [DaysKept(*row) for row in tx.execute(select(r.camera_id, r.days_kept, r.days_wanted).where(*told))]


def _faults(tx: Connection, ids: IdRange, start: datetime, end: datetime, which: ColumnElement[bool]) -> Spans:
    """Those that count against their cameras."""
    c = faults.c
    chosen = (c.camera_id.between(*ids), c.opened_at < end, or_(c.closed_at.is_(None), c.closed_at > start), which)
    return _spans(tx, faults, c.camera_id, c.opened_at, c.closed_at, end, *chosen, is_its_own())


def _spans(
    tx: Connection,
    of: FromClause,
    camera_id: ColumnElement[int],
    since: ColumnElement[datetime],
    until: ColumnElement[datetime] | ColumnElement[datetime | None],
    end: datetime,
    *chosen: ColumnElement[bool],
) -> Spans:
    end_us = func.coalesce(microseconds(tx, until), as_microseconds(end))
    found = fetch_ints(tx, select(camera_id, microseconds(tx, since), end_us).select_from(of).where(*chosen), 3)
    return Spans(found[:, 0], found[:, 1], found[:, 2])
