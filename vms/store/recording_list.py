"""The list of cameras with what is recorded of them: filtered, sorted by what is missing, a page of days at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, func, select, update

from vms.core.ids import CameraId, MaintainerId
from vms.health.footage import PART_OF_A_DAY, SLACK_DAYS
from vms.inventory.camera import LifeCycle
from vms.inventory.tier import Tier
from vms.store import maintainers
from vms.store.firm_by_rules import firm_by_rules
from vms.store.page import Page
from vms.store.recordings import StoredDay, stored_day
from vms.store.region_scope import is_within
from vms.store.schema import cameras, recording_checks, recording_days

LIST_DAYS = 14
_BATCH = 500
_NOT_IN_SERVICE = tuple(sorted(state.value for state in LifeCycle if not state.in_service))
"""Left out by these, so that an index serves the order and not this."""


class RecordingState(StrEnum):
    MISSING = "missing"
    SHORT = "short"
    """It does not reach back as far as it must."""
    UNPLAYABLE = "unplayable"
    UNTOLD = "untold"
    """It could not be told at the last look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFilter:
    """None and empty: whatever it is."""

    region_code: str = ""
    """The region and everything below it."""
    tier: Tier | None = None
    maintainer_id: MaintainerId | None = None
    """Who would get its faults by the rules, as the board counts it."""
    plan: str | None = None
    """Empty: of no plan."""
    state: RecordingState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRecording:
    camera_id: CameraId
    name: str
    tier: str
    region_code: str
    plan: str
    checked_at: datetime
    because: str
    days_kept: float | None
    days_wanted: int | None
    missing_s: float
    play_failures: int


SORTS = ("missing", "days_kept", "name")


def page(
    tx: Connection, wanted: RecordingFilter, *, sort: str = "-missing", limit: int, offset: int
) -> Page[ListedRecording]:
    """Of cameras in service that were looked at. `sort`: one of SORTS, with a minus the other way round."""
    c, r = cameras.c, recording_checks.c
    source = recording_checks.join(cameras, c.id == r.camera_id)
    of_records = _conditions(tx, wanted)
    where = [c.life_cycle.not_in(_NOT_IN_SERVICE), *of_records]
    by = {"missing": r.missing_s, "days_kept": r.days_kept, "name": c.name}[sort.removeprefix("-")]
    down = sort.startswith("-")
    order = [by.desc() if down else by.asc(), r.camera_id.desc() if down else r.camera_id]
    if by is r.days_kept:
        order[0] = order[0].nulls_last()
    total = _count(tx, wanted, of_records)
    columns = (c.name, c.observed_name, c.tier, c.region_code, recording_checks)
    rows = tx.execute(select(*columns).select_from(source).where(*where).order_by(*order).limit(limit).offset(offset))
    found = tuple(
        ListedRecording(
            camera_id=CameraId(row["camera_id"]),
            name=row["name"] or row["observed_name"],
            tier=row["tier"],
            region_code=row["region_code"],
            plan=row["plan"],
            checked_at=row["checked_at"],
            because=row["because"],
            days_kept=row["days_kept"],
            days_wanted=row["days_wanted"],
            missing_s=row["missing_s"],
            play_failures=row["play_failures"],
        )
        for row in rows.mappings()
    )
    return Page(items=found, total=total)


def _count(tx: Connection, wanted: RecordingFilter, conditions: Sequence[ColumnElement[bool]]) -> int:
    """The few that are not in service are taken off, where the cameras' own rows need not be looked at."""
    c, r = cameras.c, recording_checks.c
    both = select(func.count()).select_from(recording_checks.join(cameras, c.id == r.camera_id))
    if wanted.region_code or wanted.tier is not None or wanted.maintainer_id is not None:
        return tx.execute(both.where(c.life_cycle.not_in(_NOT_IN_SERVICE), *conditions)).scalar_one()
    every = tx.execute(select(func.count()).select_from(recording_checks).where(*conditions)).scalar_one()
    return every - tx.execute(both.where(c.life_cycle.in_(_NOT_IN_SERVICE), *conditions)).scalar_one()


def days_of_many(
    tx: Connection, camera_ids: Sequence[CameraId], first: date, last: date
) -> dict[CameraId, dict[date, StoredDay]]:
    """Both days included; of a page of cameras."""
    c = recording_days.c
    found: dict[CameraId, dict[date, StoredDay]] = {}
    for start in range(0, len(camera_ids), _BATCH):
        some = camera_ids[start : start + _BATCH]
        chosen = (c.camera_id.in_(some), c.day >= first.isoformat(), c.day <= last.isoformat())
        for row in tx.execute(select(recording_days).where(*chosen)).mappings():
            day = stored_day(row)
            found.setdefault(CameraId(row["camera_id"]), {})[day.day] = day
    return found


def sum_up(tx: Connection, camera_ids: Sequence[CameraId], since: date) -> None:
    """Of these cameras, what is missing from that day on, so that lists need not add it up."""
    d, r = recording_days.c, recording_checks.c
    missing = select(func.coalesce(func.sum(d.missing_s), 0.0)).where(
        d.camera_id == r.camera_id, d.day >= since.isoformat()
    )
    for start in range(0, len(camera_ids), _BATCH):
        some = camera_ids[start : start + _BATCH]
        tx.execute(update(recording_checks).where(r.camera_id.in_(some)).values(missing_s=missing.scalar_subquery()))


def _conditions(tx: Connection, wanted: RecordingFilter) -> list[ColumnElement[bool]]:
    c, r = cameras.c, recording_checks.c
    found: list[ColumnElement[bool]] = []
    if wanted.region_code:
        found.append(is_within(c.region_code, wanted.region_code))
    if wanted.tier is not None:
        found.append(c.tier == wanted.tier.value)
    if wanted.maintainer_id is not None:
        found.append(firm_by_rules(tx, maintainers.rules(tx)) == wanted.maintainer_id)
    if wanted.plan is not None:
        found.append(r.plan == wanted.plan)
    if wanted.state is RecordingState.MISSING:
        found.append(r.missing_s > 0)
    elif wanted.state is RecordingState.SHORT:
        found.append(r.days_kept < r.days_wanted - SLACK_DAYS - PART_OF_A_DAY)  # is_too_short
    elif wanted.state is RecordingState.UNPLAYABLE:
        found.append(r.play_failures >= 2)
    elif wanted.state is RecordingState.UNTOLD:
        found.append(r.because != "")
    return found
