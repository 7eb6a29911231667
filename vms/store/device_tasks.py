"""Tasks on many devices and their steps: who wanted what, how far it came, what each device made of it.

A step is `sent` before anything that changes a device leaves this house, in a transaction of its own that also makes
sure that the runner still holds the task. Whatever happens afterwards, the row says that the device may have got it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, func, insert, select, tuple_, update

from vms.core.errors import Conflict, NotFound
from vms.core.ids import CameraId, DeviceId
from vms.store import events
from vms.store.page import Page
from vms.store.schema import cameras, device_task_steps, device_tasks, devices

_BATCH = 500
Values = Mapping[str, Any]
"""What a device tells or shall have, as JSON."""


class TaskState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class StepState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    """It may have reached the device; what became of it is not known yet."""
    DONE = "done"
    UNCHANGED = "unchanged"
    """It was so already, or the device said yes and stayed as it was; the message says which."""
    REFUSED = "refused"
    """The device, or a rule of the house, says no."""
    FAILED = "failed"
    """Not done: nobody answered, or the answer made no sense."""
    UNKNOWN = "unknown"
    """It was sent, and what became of it cannot be found out without a person."""
    CANCELLED = "cancelled"


OPEN_STEPS = (StepState.WAITING.value, StepState.SENT.value)
LIVE_TASKS = (TaskState.WAITING.value, TaskState.RUNNING.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    task_id: int
    kind: str
    parameters: Values
    has_secret: bool
    secret: bytes | None = field(repr=False)
    left_out: Mapping[str, int]
    undo_of: int | None
    state: TaskState
    who: str
    why: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    task_id: int
    device_id: DeviceId
    channel: str
    """Empty: the device as a whole."""
    camera_id: CameraId | None
    state: StepState
    before: Values | None
    wanted: Values | None
    after: Values | None
    marks: tuple[str, ...]
    message: str
    sent_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStep:
    step: Step
    camera_name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStep:
    device_id: DeviceId
    channel: str
    camera_id: CameraId | None
    refused_because: str = ""
    """A rule of the house says no; nothing is asked of the device."""
    wanted: Values | None = None
    """For an undo: what it was before."""


def add(
    tx: Connection,
    *,
    kind: str,
    parameters: Values,
    secret: bytes | None,
    left_out: Mapping[str, int],
    steps: Iterable[NewStep],
    undo_of: int | None,
    who: str,
    why: str,
    now: datetime,
) -> int:
    values = {
        "kind": kind,
        "parameters": dict(parameters),
        "secret": secret,
        "left_out": dict(left_out),
        "undo_of": undo_of,
        "state": TaskState.WAITING.value,
        "who": who[:80],
        "why": why,
        "created_at": now,
    }
    task_id: int = tx.execute(insert(device_tasks).values(**values).returning(device_tasks.c.id)).scalar_one()
    batch: list[dict[str, Any]] = []
    for step in steps:
        batch.append(_new_row(task_id, step, now))
        if len(batch) == _BATCH:
            tx.execute(insert(device_task_steps), batch)
            batch = []
    if batch:
        tx.execute(insert(device_task_steps), batch)
    events.append(tx, "task.added", task_id, {"kind": kind, "by": who}, now)
    return task_id


def _new_row(task_id: int, step: NewStep, now: datetime) -> dict[str, Any]:
    refused = bool(step.refused_because)
    return {
        "task_id": task_id,
        "device_id": step.device_id,
        "channel": step.channel,
        "camera_id": step.camera_id,
        "state": (StepState.REFUSED if refused else StepState.WAITING).value,
        "wanted": None if step.wanted is None else dict(step.wanted),
        "marks": [],
        "message": step.refused_because,
        "finished_at": now if refused else None,
    }


def get(tx: Connection, task_id: int, *, alone: bool = False) -> Task:
    """`alone`: until the end of the transaction nobody else gets it so. Raises NotFound."""
    statement = select(device_tasks).where(device_tasks.c.id == task_id)
    if alone and tx.dialect.name == "postgresql":
        statement = statement.with_for_update()
    row = tx.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no task {task_id}")
    return _task(row)


def page(tx: Connection, *, limit: int = 50, offset: int = 0) -> Page[Task]:
    """Newest first."""
    total = tx.execute(select(func.count()).select_from(device_tasks)).scalar_one()
    rows = tx.execute(select(device_tasks).order_by(device_tasks.c.id.desc()).limit(limit).offset(offset)).mappings()
    return Page(items=tuple(_task(row) for row in rows), total=total)


def counts(tx: Connection, task_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Steps by state."""
    s = device_task_steps.c
    statement = select(s.task_id, s.state, func.count()).where(s.task_id.in_(list(task_ids)))
    found: dict[int, dict[str, int]] = {task_id: {} for task_id in task_ids}
    for task_id, state, count in tx.execute(statement.group_by(s.task_id, s.state)):
        found[task_id][state] = count
    return found


def steps_page(
    tx: Connection, task_id: int, *, state: StepState | None = None, limit: int = 100, offset: int = 0
) -> Page[ShownStep]:
    """By device and channel."""
    s = device_task_steps.c
    where = [s.task_id == task_id] + ([] if state is None else [s.state == state.value])
    total = tx.execute(select(func.count()).select_from(device_task_steps).where(*where)).scalar_one()
    statement = (
        select(
            device_task_steps,
            func.coalesce(func.nullif(cameras.c.name, ""), cameras.c.observed_name, "").label("camera_name"),
            devices.c.address.label("address"),
        )
        .outerjoin(cameras, cameras.c.id == s.camera_id)
        .join(devices, devices.c.id == s.device_id)
        .where(*where)
        .order_by(s.device_id, s.channel)
    )
    rows = tx.execute(statement.limit(limit).offset(offset)).mappings()
    items = tuple(ShownStep(step=_step(row), camera_name=row["camera_name"], address=row["address"]) for row in rows)
    return Page(items=items, total=total)


def change_state(
    tx: Connection, task_id: int, wanted: TaskState, of: Collection[TaskState], who: str, now: datetime
) -> None:
    """Raises NotFound; Conflict where the task is in none of the states `of`."""
    t, s = device_tasks.c, device_task_steps.c
    values: dict[str, Any] = {"state": wanted.value}
    if wanted is TaskState.CANCELLED:
        values |= {"finished_at": now, "secret": None}
    statement = update(device_tasks).where(t.id == task_id, t.state.in_([state.value for state in of]))
    if tx.execute(statement.values(**values)).rowcount == 0:
        raise Conflict(f"this task is {get(tx, task_id).state.value}")
    if wanted is TaskState.CANCELLED:
        waiting = update(device_task_steps).where(s.task_id == task_id, s.state == StepState.WAITING.value)
        tx.execute(waiting.values(state=StepState.CANCELLED.value, message=f"cancelled by {who}", finished_at=now))
    events.append(tx, f"task.{wanted.value}", task_id, {"by": who}, now)


def look_again(tx: Connection, task_id: int, who: str, now: datetime) -> int:
    """What is unknown is to be found out once more; how many steps. A person has had a look: logins may be tried."""
    s, t = device_task_steps.c, device_tasks.c
    unknown = update(device_task_steps).where(s.task_id == task_id, s.state == StepState.UNKNOWN.value)
    found = tx.execute(unknown.values(state=StepState.SENT.value, marks=[], finished_at=None)).rowcount
    if found:
        over = and_(t.id == task_id, t.state == TaskState.DONE.value)
        tx.execute(update(device_tasks).where(over).values(state=TaskState.RUNNING.value, finished_at=None))
        events.append(tx, "task.looked_at_again", task_id, {"by": who, "steps": found}, now)
    return found


def open_steps(
    tx: Connection,
    task_id: int,
    *,
    states: Collection[StepState],
    after: tuple[int, str] | None = None,
    limit: int = 200,
) -> list[Step]:
    """By device and channel, those that come after a (device id, channel)."""
    s = device_task_steps.c
    where = [s.task_id == task_id, s.state.in_([state.value for state in states])]
    if after is not None:
        where.append(tuple_(s.device_id, s.channel) > tuple_(*after))
    statement = select(device_task_steps).where(*where).order_by(s.device_id, s.channel).limit(limit)
    return [_step(row) for row in tx.execute(statement).mappings()]


def steps_of(tx: Connection, task_id: int, state: StepState) -> list[Step]:
    s = device_task_steps.c
    statement = select(device_task_steps).where(s.task_id == task_id, s.state == state.value)
    return [_step(row) for row in tx.execute(statement.order_by(s.device_id, s.channel)).mappings()]


def mark_sent(tx: Connection, step: Step, runner: str, before: Values | None, wanted: Values, now: datetime) -> bool:
    """Just before it is sent. False: the task is paused, cancelled or another runner's; then nothing may be sent."""
    t = device_tasks.c
    mine = select(t.id).where(t.id == step.task_id, t.runner == runner, t.state == TaskState.RUNNING.value)
    if tx.dialect.name == "postgresql":
        mine = mine.with_for_update()
    if tx.execute(mine).scalar_one_or_none() is None:
        return False
    values: dict[str, Any] = {"state": StepState.SENT.value, "wanted": dict(wanted), "sent_at": now}
    if before is not None:
        values["before"] = dict(before)
    return tx.execute(update(device_task_steps).where(_same(step), _open()).values(**values)).rowcount == 1


def add_mark(tx: Connection, step: Step, *, add: str = "", remove: str = "") -> tuple[str, ...]:
    """What was done on the way; all marks that there are now."""
    s = device_task_steps.c
    kept = tx.execute(select(s.marks).where(_same(step))).scalar_one()
    marks = [mark for mark in dict.fromkeys([*kept, add]) if mark and mark != remove]
    tx.execute(update(device_task_steps).where(_same(step)).values(marks=marks))
    return tuple(marks)


def finish_step(
    tx: Connection,
    step: Step,
    state: StepState,
    message: str,
    now: datetime,
    *,
    before: Values | None = None,
    after: Values | None = None,
) -> bool:
    """False where it was finished already."""
    values: dict[str, Any] = {"state": state.value, "message": message[:2000], "finished_at": now}
    if before is not None:
        values["before"] = dict(before)
    if after is not None:
        values["after"] = dict(after)
    return tx.execute(update(device_task_steps).where(_same(step), _open()).values(**values)).rowcount == 1


def put_back(tx: Connection, step: Step) -> None:
    """It was sent and never arrived: it waits again."""
    tx.execute(update(device_task_steps).where(_same(step), _open()).values(state=StepState.WAITING.value))


def undone_by(tx: Connection, task_id: int) -> int | None:
    """The task that undoes this one, where there is one that was not cancelled."""
    t = device_tasks.c
    statement = select(t.id).where(t.undo_of == task_id, t.state != TaskState.CANCELLED.value)
    return tx.execute(statement.order_by(t.id.desc()).limit(1)).scalar_one_or_none()


def _same(step: Step) -> Any:
    s = device_task_steps.c
    return and_(s.task_id == step.task_id, s.device_id == step.device_id, s.channel == step.channel)


def _open() -> Any:
    return device_task_steps.c.state.in_(OPEN_STEPS)


def _task(row: RowMapping) -> Task:
    return Task(
        task_id=row["id"],
        kind=row["kind"],
        parameters=row["parameters"],
        has_secret=row["secret"] is not None,
        secret=row["secret"],
        left_out=row["left_out"],
        undo_of=row["undo_of"],
        state=TaskState(row["state"]),
        who=row["who"],
        why=row["why"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
    )


def _step(row: RowMapping) -> Step:
    return Step(
        task_id=row["task_id"],
        device_id=DeviceId(row["device_id"]),
        channel=row["channel"],
        camera_id=None if row["camera_id"] is None else CameraId(row["camera_id"]),
        state=StepState(row["state"]),
        before=row["before"],
        wanted=row["wanted"],
        after=row["after"],
        marks=tuple(row["marks"]),
        message=row["message"],
        sent_at=row["sent_at"],
        finished_at=row["finished_at"],
    )
