"""Carries out one task that this runner holds: device after device, a bounded number at a time, until it is over, is
stopped by a person, or is another's."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from sqlalchemy import Connection

from vms.core.errors import VmsError
from vms.core.ids import DeviceId
from vms.health.spending import TASK_STEP, Reason
from vms.services.credentials.first_showing import first_showing
from vms.services.device_tasks.desk import TaskDesk
from vms.services.device_tasks.keep import finish, in_tx
from vms.services.device_tasks.kinds import BY_READING, TaskKind, kind_of
from vms.services.device_tasks.open_step import OpenStep, another_answers, open_step
from vms.services.device_tasks.step_by_reading import StepByReading
from vms.services.device_tasks.step_firmware import StepFirmware
from vms.services.device_tasks.step_password import StepPassword
from vms.services.device_tasks.step_reboot import StepReboot
from vms.services.spending import OverBudget, cost_of
from vms.services.who_answers import ANOTHER
from vms.store import device_tasks, events, task_leases
from vms.store.device_tasks import Step, StepState, Task, TaskState

log = logging.getLogger(__name__)

AT_A_TIME = 200
IN_DOUBT = "nobody knows yet whether the device takes this login; it is not shown a second time"
REBOOTS_AT_ONCE = 64
"""Mostly waiting."""


class TaskRun:
    """One run of one task; `run` it once."""

    def __init__(self, desk: TaskDesk, task: Task, stop: asyncio.Event) -> None:
        self._desk = desk
        self._task = task
        self._stop = stop
        self._state: TaskState | None = task.state
        self._over = asyncio.Event()
        timing = desk.timing
        wide = max(timing.width, REBOOTS_AT_ONCE) if task.kind == TaskKind.REBOOT else timing.width
        self._free = asyncio.Semaphore(wide)
        self._wide = wide

    async def run(self) -> None:
        """What is under way when `stop` is set may end within the grace; the rest is found out by the next runner."""
        work = asyncio.create_task(self._feed())
        beats = asyncio.create_task(self._beat())
        news = asyncio.create_task(self._tell())
        stopping = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait((work, stopping), return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                await asyncio.wait((work,), timeout=self._desk.timing.grace_s)
            if work.done():
                work.result()
        finally:
            for task in (work, beats, news, stopping):
                task.cancel()
            await asyncio.gather(work, beats, news, stopping, return_exceptions=True)
        await self._let_go()

    async def _let_go(self) -> None:
        desk, task_id = self._desk, self._task.task_id
        await in_tx(desk, lambda tx: task_leases.let_go(tx, task_id, desk.runner, desk.clock()))

    @property
    def _may_begin(self) -> bool:
        return self._state is TaskState.RUNNING and not self._stop.is_set()

    async def _feed(self) -> None:
        after: tuple[int, str] | None = None
        states = [StepState.SENT] + ([StepState.WAITING] if self._may_begin else [])
        async with asyncio.TaskGroup() as group:
            while not self._stop.is_set() and self._state is not None:
                batch = await asyncio.to_thread(self._next, states, after)
                if not batch:
                    return
                after = (batch[-1].device_id, batch[-1].channel)
                for _, steps in groupby(batch, key=lambda step: step.device_id):
                    await self._free.acquire()
                    group.create_task(self._one_device(list(steps)))
                    if self._stop.is_set() or self._state is None:
                        break

    def _next(self, states: Sequence[StepState], after: tuple[int, str] | None) -> list[Step]:
        with self._desk.database.reading() as tx:
            return device_tasks.open_steps(tx, self._task.task_id, states=states, after=after, limit=AT_A_TIME)

    async def _one_device(self, steps: Sequence[Step]) -> None:
        try:
            async with self._desk.one_at_a_time[steps[0].device_id]:
                for step in steps:
                    if step.state is StepState.SENT or self._may_begin:
                        await self._one(step)
        finally:
            self._free.release()

    async def _one(self, step: Step) -> None:
        desk = self._desk
        try:
            opened = await asyncio.to_thread(open_step, desk, self._task_now(), step)
        except VmsError as problem:
            now, words = desk.clock(), problem.message
            state = StepState.UNKNOWN if step.state is StepState.SENT else StepState.FAILED
            await in_tx(desk, lambda tx: device_tasks.finish_step(tx, step, state, words, now))
            return
        if opened.why_not and step.state is StepState.WAITING:
            await finish(desk, opened, StepState.REFUSED, opened.why_not)
            return
        if not await self._paid(step):
            await finish(desk, opened, StepState.FAILED, OverBudget().message)
            return
        if await another_answers(desk, opened):
            state = StepState.UNKNOWN if step.state is StepState.SENT else StepState.FAILED
            await finish(desk, opened, state, ANOTHER)
            return
        worker = worker_of(desk, opened)
        try:
            async with first_showing(desk.database, opened.device.device_id, opened.login, desk.clock) as showing:
                if not showing.allowed:
                    await finish(
                        desk, opened, StepState.UNKNOWN if step.state is StepState.SENT else StepState.FAILED, IN_DOUBT
                    )
                    return
                await (worker.resolve() if step.state is StepState.SENT else worker.begin())
        except Exception:  # the head of a step: one broken step costs one step
            log.exception("step %d/%s of task %d failed", step.device_id, step.channel, step.task_id)
            words = "this program failed here; its log says how. The device may or may not have it"
            await finish(desk, opened, StepState.UNKNOWN, words)

    async def _paid(self, step: Step) -> bool:
        """What was sent already is looked after in any case."""
        purse, device_id = self._desk.purse, DeviceId(step.device_id)
        if purse is None or await purse.spend(device_id, TASK_STEP, Reason.WALL):
            return True
        if step.state is StepState.SENT:
            await purse.note([cost_of(device_id, purse.today, TASK_STEP, Reason.WALL)])
        return step.state is StepState.SENT

    def _task_now(self) -> Task:
        with self._desk.database.reading() as tx:
            return device_tasks.get(tx, self._task.task_id)

    async def _beat(self) -> None:
        """Keeps the lease and hears what people want."""
        desk, task_id = self._desk, self._task.task_id
        from_s = desk.timing.lease_s
        while self._state is not None:
            await asyncio.sleep(desk.timing.beat_s)
            self._state = await in_tx(desk, lambda tx: _hold(tx, desk, task_id, from_s))

    async def _tell(self) -> None:
        """News about the progress, where there is any."""
        desk, task_id = self._desk, self._task.task_id
        told: dict[str, int] = {}
        while True:
            await asyncio.sleep(desk.timing.progress_s)
            told = await asyncio.to_thread(_tell_once, desk, task_id, told)


def worker_of(desk: TaskDesk, opened: OpenStep) -> StepByReading | StepPassword | StepReboot | StepFirmware:
    kind = kind_of(opened.task.kind)
    if kind in BY_READING:
        return StepByReading(desk=desk, kind=BY_READING[kind], opened=opened)
    if kind is TaskKind.CHANGE_PASSWORD:
        return StepPassword(desk=desk, opened=opened)
    if kind is TaskKind.REBOOT:
        return StepReboot(desk=desk, opened=opened)
    return StepFirmware(desk=desk, opened=opened)


def _hold(tx: Connection, desk: TaskDesk, task_id: int, lease_s: float) -> TaskState | None:
    return task_leases.hold(tx, task_id, desk.runner, desk.clock(), timedelta(seconds=lease_s))


def _tell_once(desk: TaskDesk, task_id: int, told: dict[str, int]) -> dict[str, int]:
    with desk.database.reading() as tx:
        now = device_tasks.counts(tx, [task_id])[task_id]
    if now != told:
        with desk.database.writing() as tx:
            events.append(tx, "task.progress", task_id, {"counts": now}, desk.clock())
    return now
