"""The runner: takes tasks that nobody works on, several at a time, until it is told to stop."""

import asyncio
import contextlib
import logging
from datetime import timedelta

from vms.services.device_tasks.desk import TaskDesk
from vms.services.device_tasks.keep import in_tx
from vms.services.device_tasks.run_task import TaskRun
from vms.store import device_tasks, task_leases
from vms.store.device_tasks import Task, TaskState

log = logging.getLogger(__name__)
TASKS_AT_ONCE = 4


async def run_tasks(desk: TaskDesk, stop: asyncio.Event) -> None:
    """Whatever fails is logged; the task is taken up again when its lease is over."""
    running: dict[int, asyncio.Task[None]] = {}
    while not stop.is_set():
        running = {task_id: run for task_id, run in running.items() if not run.done()}
        if len(running) < TASKS_AT_ONCE:
            try:
                task = await take_one(desk, set(running))
            except Exception:  # the head of the loop: a database that is busy now is asked again
                log.exception("no task could be taken; tried again in %.1f s", desk.timing.look_for_tasks_s)
                task = None
            if task is not None:
                running[task.task_id] = asyncio.create_task(_run(desk, task, stop))
                continue
        if not running:
            desk.one_at_a_time.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(desk.timing.look_for_tasks_s):
                await stop.wait()
    await asyncio.gather(*running.values())


async def run_one(desk: TaskDesk, task_id: int) -> TaskState:
    """Works on that task alone, in this process, until it is over or stopped by a person; waits while another runner
    has it."""
    while True:
        task = await take_one(desk, set(), only=task_id)
        if task is not None:
            await TaskRun(desk, task, asyncio.Event()).run()
            continue
        state = await asyncio.to_thread(_state, desk, task_id)
        if state not in (TaskState.WAITING, TaskState.RUNNING):
            return state
        await asyncio.sleep(desk.timing.look_for_tasks_s)


async def take_one(desk: TaskDesk, not_these: set[int], *, only: int | None = None) -> Task | None:
    lease = timedelta(seconds=desk.timing.lease_s)
    return await in_tx(desk, lambda tx: task_leases.take(tx, desk.runner, desk.clock(), lease, not_these, only=only))


async def _run(desk: TaskDesk, task: Task, stop: asyncio.Event) -> None:
    try:
        await TaskRun(desk, task, stop).run()
    except Exception:  # the head of a task: the others go on
        log.exception("task %d was given up for now", task.task_id)


def _state(desk: TaskDesk, task_id: int) -> TaskState:
    with desk.database.reading() as tx:
        return device_tasks.get(tx, task_id).state
