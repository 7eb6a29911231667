"""Which runner works on which task, and for how long nobody else does."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, exists, or_, select, update

from vms.store import device_tasks, events
from vms.store.device_tasks import LIVE_TASKS, OPEN_STEPS, StepState, Task, TaskState
from vms.store.schema import device_task_steps as step_table
from vms.store.schema import device_tasks as task_table


def take(
    tx: Connection,
    runner: str,
    now: datetime,
    lease: timedelta,
    not_these: Collection[int],
    *,
    only: int | None = None,
) -> Task | None:
    """The oldest task that nobody works on, now this runner's: one that goes on, or one that was stopped while a step
    was under way, whose end is still to be found out. With `only`: that one or none."""
    t, s = task_table.c, step_table.c
    unfinished = exists().where(s.task_id == t.id, s.state == StepState.SENT.value)
    stopped = and_(t.state.in_([TaskState.PAUSED.value, TaskState.CANCELLED.value]), unfinished)
    free = or_(t.lease_until.is_(None), t.lease_until < now)
    statement = select(t.id).where(or_(t.state.in_(LIVE_TASKS), stopped), free, t.id.not_in(list(not_these)))
    if only is not None:
        statement = statement.where(t.id == only)
    chosen = statement.order_by(t.id).limit(1)
    if tx.dialect.name == "postgresql":
        chosen = chosen.with_for_update(skip_locked=True)
    task_id = tx.execute(chosen).scalar_one_or_none()
    if task_id is None:
        return None
    values: dict[str, Any] = {"runner": runner, "lease_until": now + lease}
    task = device_tasks.get(tx, task_id)
    if task.state is TaskState.WAITING:
        values |= {"state": TaskState.RUNNING.value, "started_at": task.started_at or now}
        events.append(tx, "task.started", task_id, {"kind": task.kind}, now)
    tx.execute(update(task_table).where(t.id == task_id).values(**values))
    return device_tasks.get(tx, task_id)


def held_by(tx: Connection, task_id: int, now: datetime) -> tuple[str, datetime] | None:
    """Who works on the task, and until when nobody else does; None: nobody."""
    t = task_table.c
    row = tx.execute(select(t.runner, t.lease_until).where(t.id == task_id, t.lease_until >= now)).one_or_none()
    return None if row is None else (row.runner, row.lease_until)


def hold(tx: Connection, task_id: int, runner: str, now: datetime, lease: timedelta) -> TaskState | None:
    """Keeps the task for this runner; None: it is another's by now."""
    t = task_table.c
    mine = and_(t.id == task_id, t.runner == runner)
    if tx.execute(update(task_table).where(mine).values(lease_until=now + lease)).rowcount == 0:
        return None
    return TaskState(tx.execute(select(t.state).where(mine)).scalar_one())


def let_go(tx: Connection, task_id: int, runner: str, now: datetime) -> TaskState | None:
    """The runner is done with it for now; a running task without open steps is over. None: it is another's."""
    t, s = task_table.c, step_table.c
    mine = and_(t.id == task_id, t.runner == runner)
    state = tx.execute(select(t.state).where(mine)).scalar_one_or_none()
    if state is None:
        return None
    values: dict[str, Any] = {"lease_until": None, "runner": ""}
    still_open = tx.execute(select(exists().where(s.task_id == task_id, s.state.in_(OPEN_STEPS)))).scalar_one()
    if state == TaskState.RUNNING.value and not still_open:
        values |= {"state": TaskState.DONE.value, "finished_at": now, "secret": None}
        events.append(tx, "task.done", task_id, {"counts": device_tasks.counts(tx, [task_id])[task_id]}, now)
        state = TaskState.DONE.value
    tx.execute(update(task_table).where(mine).values(**values))
    return TaskState(state)
