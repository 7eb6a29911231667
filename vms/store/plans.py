"""Plans as rows: what is asked, who works on it until when, the cameras that came out and the records made of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, delete, func, insert, or_, select, update

from vms.core.errors import NotFound
from vms.core.ids import CameraId
from vms.store import events
from vms.store.page import Page
from vms.store.schema import plan_cameras, plans

_BATCH = 500


class PlanState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = (PlanState.WAITING.value, PlanState.RUNNING.value)
MOST_TRIES = 3
"""Whose process was killed so often is not begun again: it may want more memory than there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPlan:
    plan_id: int
    name: str
    state: PlanState
    request: dict[str, Any]
    who: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    stage: str
    result: dict[str, Any] | None
    problem: str
    applied_at: datetime | None
    applied_by: str
    runner: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPlanCamera:
    number: int
    lon: float
    lat: float
    bearing_deg: float
    cost: float
    gain: float
    about: dict[str, Any]
    camera_id: CameraId | None = None


def add(tx: Connection, *, name: str, request: Mapping[str, Any], who: str, now: datetime) -> int:
    """Waiting for somebody who works it out."""
    values = {
        "name": name[:120],
        "state": PlanState.WAITING.value,
        "request": dict(request),
        "who": who[:80],
        "created_at": now,
    }
    plan_id = int(tx.execute(insert(plans).values(values).returning(plans.c.id)).scalar_one())
    events.append(tx, "plan.asked", plan_id, {"name": name[:120]}, now)
    return plan_id


def get(tx: Connection, plan_id: int) -> StoredPlan:
    """Raises NotFound."""
    row = tx.execute(select(plans).where(plans.c.id == plan_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no plan {plan_id}")
    return _plan(row)


def page(tx: Connection, *, limit: int, offset: int) -> Page[StoredPlan]:
    """The newest first."""
    total = tx.execute(select(func.count()).select_from(plans)).scalar_one()
    statement = select(plans).order_by(plans.c.id.desc()).limit(limit).offset(offset)
    return Page(items=tuple(_plan(row) for row in tx.execute(statement).mappings()), total=total)


def waiting(tx: Connection) -> int:
    """How many are not over."""
    return int(tx.execute(select(func.count()).select_from(plans).where(plans.c.state.in_(OPEN))).scalar_one())


def take(tx: Connection, *, runner: str, now: datetime, lease_until: datetime) -> StoredPlan | None:
    """The oldest that waits or whose runner is gone; what that one did is begun anew, `MOST_TRIES` times at most."""
    c = plans.c
    statement = select(c.id, c.tries).where(_free(now)).order_by(c.id).limit(1)
    if tx.dialect.name == "postgresql":
        statement = statement.with_for_update(skip_locked=True)
    while (found := tx.execute(statement).one_or_none()) is not None:
        values = {"runner": runner[:80], "lease_until": lease_until, "stage": "", "tries": found.tries + 1}
        values |= {"state": PlanState.RUNNING.value, "started_at": func.coalesce(c.started_at, now)}
        tx.execute(update(plans).where(c.id == found.id).values(**values))
        if found.tries < MOST_TRIES:
            return get(tx, found.id)
        why = f"the process that worked it out was killed {found.tries} times; it may want more memory than there is"
        fail(tx, found.id, runner, why, now)
    return None


def begin(tx: Connection, plan_id: int, *, runner: str, now: datetime) -> None:
    """Of one that was asked for just now: this runner works on it."""
    values = {"state": PlanState.RUNNING.value, "runner": runner[:80], "lease_until": now, "started_at": now}
    tx.execute(update(plans).where(plans.c.id == plan_id).values(**values))


def any_free(tx: Connection, now: datetime) -> bool:
    return tx.execute(select(plans.c.id).where(_free(now)).limit(1)).first() is not None


def renew(tx: Connection, plan_id: int, runner: str, lease_until: datetime) -> bool:
    """False: it was cancelled, or another works on it."""
    return tx.execute(update(plans).where(_mine(plan_id, runner)).values(lease_until=lease_until)).rowcount == 1


def note_stage(tx: Connection, plan_id: int, runner: str, stage: str, now: datetime) -> bool:
    """False: it was cancelled, or another works on it."""
    told = tx.execute(update(plans).where(_mine(plan_id, runner)).values(stage=stage[:20])).rowcount == 1
    if told:
        events.append(tx, "plan.stage", plan_id, {"stage": stage}, now)
    return told


def finish(
    tx: Connection,
    plan_id: int,
    runner: str,
    result: Mapping[str, Any],
    planned: Sequence[StoredPlanCamera],
    now: datetime,
) -> bool:
    """The result and its cameras at once. False: it was cancelled, or another works on it."""
    values = {
        "state": PlanState.DONE.value,
        "result": dict(result),
        "finished_at": now,
        "lease_until": None,
        "stage": "",
    }
    if tx.execute(update(plans).where(_mine(plan_id, runner)).values(**values)).rowcount == 0:
        return False
    tx.execute(delete(plan_cameras).where(plan_cameras.c.plan_id == plan_id))
    rows = [
        {
            "plan_id": plan_id,
            "number": one.number,
            "lon": one.lon,
            "lat": one.lat,
            "bearing_deg": one.bearing_deg,
            "cost": one.cost,
            "gain": one.gain,
            "about": one.about,
        }
        for one in planned
    ]
    for start in range(0, len(rows), _BATCH):
        tx.execute(insert(plan_cameras), rows[start : start + _BATCH])
    events.append(tx, "plan.done", plan_id, {"cameras": len(planned)}, now)
    return True


def give_back(tx: Connection, plan_id: int, runner: str, *, killed: bool = False) -> bool:
    """It waits again: whoever worked on it has to stop, or was `killed`, which counts as a try."""
    values = {"state": PlanState.WAITING.value, "lease_until": None, "runner": "", "stage": ""}
    tries = plans.c.tries if killed else plans.c.tries - 1
    return tx.execute(update(plans).where(_mine(plan_id, runner)).values(tries=tries, **values)).rowcount == 1


def fail(tx: Connection, plan_id: int, runner: str, problem: str, now: datetime) -> bool:
    values = {"state": PlanState.FAILED.value, "problem": problem[:2000], "finished_at": now, "lease_until": None}
    failed = tx.execute(update(plans).where(_mine(plan_id, runner)).values(**values)).rowcount == 1
    if failed:
        events.append(tx, "plan.failed", plan_id, {}, now)
    return failed


def cancel(tx: Connection, plan_id: int, now: datetime) -> bool:
    """False: it is over already."""
    c = plans.c
    values = {"state": PlanState.CANCELLED.value, "finished_at": now, "lease_until": None, "runner": ""}
    changed = tx.execute(update(plans).where(c.id == plan_id, c.state.in_(OPEN)).values(**values)).rowcount == 1
    if changed:
        events.append(tx, "plan.cancelled", plan_id, {}, now)
    return changed


def remove(tx: Connection, plan_id: int) -> None:
    tx.execute(delete(plan_cameras).where(plan_cameras.c.plan_id == plan_id))
    tx.execute(delete(plans).where(plans.c.id == plan_id))


def cameras_of(tx: Connection, plan_id: int) -> tuple[StoredPlanCamera, ...]:
    """In the order to build."""
    c = plan_cameras.c
    statement = select(plan_cameras).where(c.plan_id == plan_id).order_by(c.number)
    return tuple(_camera(row) for row in tx.execute(statement).mappings())


def lock(tx: Connection, plan_id: int) -> StoredPlan:
    """Nobody else applies it before the transaction ends. Raises NotFound."""
    if tx.dialect.name == "postgresql":
        tx.execute(select(plans.c.id).where(plans.c.id == plan_id).with_for_update())
    return get(tx, plan_id)


def note_records(tx: Connection, plan_id: int, records: Collection[tuple[int, CameraId]]) -> None:
    """(number, draft record) of cameras that had none."""
    c = plan_cameras.c
    for number, camera_id in records:
        tx.execute(update(plan_cameras).where(c.plan_id == plan_id, c.number == number).values(camera_id=camera_id))


def note_result(tx: Connection, plan_id: int, result: Mapping[str, Any]) -> None:
    """What is told of it has grown: orders made of its turns."""
    tx.execute(update(plans).where(plans.c.id == plan_id).values(result=dict(result)))


def note_applied(tx: Connection, plan_id: int, who: str, now: datetime) -> None:
    """The first time counts."""
    c = plans.c
    changed = {"applied_at": now, "applied_by": who[:80]}
    tx.execute(update(plans).where(c.id == plan_id, c.applied_at.is_(None)).values(**changed))
    events.append(tx, "plan.applied", plan_id, {}, now)


def _free(now: datetime) -> ColumnElement[bool]:
    c = plans.c
    gone = or_(c.lease_until.is_(None), c.lease_until < now)
    return or_(c.state == PlanState.WAITING.value, and_(c.state == PlanState.RUNNING.value, gone))


def _mine(plan_id: int, runner: str) -> ColumnElement[bool]:
    c = plans.c
    return and_(c.id == plan_id, c.runner == runner[:80], c.state == PlanState.RUNNING.value)


def _plan(row: RowMapping) -> StoredPlan:
    return StoredPlan(
        plan_id=row["id"],
        name=row["name"],
        state=PlanState(row["state"]),
        request=row["request"],
        who=row["who"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        stage=row["stage"],
        result=row["result"],
        problem=row["problem"],
        applied_at=row["applied_at"],
        applied_by=row["applied_by"],
        runner=row["runner"],
    )


def _camera(row: RowMapping) -> StoredPlanCamera:
    return StoredPlanCamera(
        number=row["number"],
        lon=row["lon"],
        lat=row["lat"],
        bearing_deg=row["bearing_deg"],
        cost=row["cost"],
        gain=row["gain"],
        about=row["about"],
        camera_id=row["camera_id"],
    )
