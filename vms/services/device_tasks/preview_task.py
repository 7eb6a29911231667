"""What a task would change: present values are read of some devices, nothing is sent that changes them."""

import asyncio
from dataclasses import dataclass
from typing import Any

from vms.access.roles import Person
from vms.core.errors import VmsError
from vms.devices.http import ExchangeFailed
from vms.devices.onvif.client import CallRefused, NotOnvif, SignInRefused
from vms.services.device_tasks.desk import TaskDesk
from vms.services.device_tasks.keep import signed_in
from vms.services.device_tasks.kind import Unfit
from vms.services.device_tasks.kinds import BY_READING, kind_of
from vms.services.device_tasks.open_step import OpenStep, hand_for, open_step
from vms.services.device_tasks.plan_task import Plan, TaskRequest, plan_task
from vms.store.device_tasks import NewStep, Step, StepState, Task, TaskState, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    device_id: int
    address: str
    channel: str
    camera_id: int | None
    camera_name: str
    before: Values | None
    wanted: Values | None
    """None: nothing would change, or nobody knows; the message says which."""
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    plan: Plan
    rows: tuple[PreviewRow, ...]


async def preview_task(desk: TaskDesk, asked: TaskRequest, person: Person, *, limit: int, offset: int = 0) -> Preview:
    """Of `limit` steps from `offset` on; the others are counted. Raises BadInput, NotAllowed, NotFound."""

    def plan_it() -> Plan:
        with desk.database.reading() as tx:
            return plan_task(tx, asked, person, desk.configurable, desk.clock())

    plan = await asyncio.to_thread(plan_it)
    task = Task(
        task_id=0,
        kind=plan.kind.value,
        parameters=plan.parameters,
        has_secret=False,
        secret=None,
        left_out=plan.left_out,
        undo_of=None,
        state=TaskState.WAITING,
        who=person.name,
        why="preview",
        created_at=desk.clock(),
        started_at=None,
        finished_at=None,
    )
    ordered = sorted(plan.steps, key=lambda step: (step.device_id, step.channel))
    free = asyncio.Semaphore(desk.timing.width)

    async def one(step: NewStep) -> PreviewRow:
        async with free, desk.one_at_a_time[step.device_id]:
            return await _look(desk, task, step)

    rows = await asyncio.gather(*(one(step) for step in ordered[offset : offset + limit]))
    return Preview(plan=plan, rows=tuple(rows))


async def _look(desk: TaskDesk, task: Task, planned: NewStep) -> PreviewRow:
    step = Step(
        task_id=0,
        device_id=planned.device_id,
        channel=planned.channel,
        camera_id=planned.camera_id,
        state=StepState.WAITING,
        before=None,
        wanted=None,
        after=None,
        marks=(),
        message="",
        sent_at=None,
        finished_at=None,
    )
    try:
        opened = await asyncio.to_thread(open_step, desk, task, step)
    except VmsError as problem:
        return _row(planned, None, message=problem.message)
    if opened.why_not:
        return _row(planned, opened, message=opened.why_not)
    kind = BY_READING.get(kind_of(task.kind))
    if kind is None:
        return _row(planned, opened, wanted={task.kind: True}, message="")
    before: Values | None = None
    wanted: dict[str, Any] | None = None
    message = ""
    hand = hand_for(desk, opened, opened.login)
    try:
        await hand.meet()
        now = await kind.read(hand, opened.case)
        before = now.values
        wanted = kind.plan(now, opened.case)
        message = "" if wanted is not None else "it is so already"
        await signed_in(desk, opened, opened.login)
    except Unfit as unfit:
        message = str(unfit)
    except SignInRefused as refused:
        await signed_in(desk, opened, opened.login, refused=refused.tried)
        message = f"the device refused the login: {refused.message}"
    except (ExchangeFailed, NotOnvif, CallRefused) as failed:
        message = f"the device was not read: {failed}"
    return _row(planned, opened, before=before, wanted=wanted, message=message)


def _row(
    planned: NewStep,
    opened: OpenStep | None,
    *,
    before: Values | None = None,
    wanted: Values | None = None,
    message: str,
) -> PreviewRow:
    return PreviewRow(
        device_id=planned.device_id,
        address="" if opened is None else opened.device.observed.address,
        channel=planned.channel,
        camera_id=planned.camera_id,
        camera_name="" if opened is None else opened.case.camera_name,
        before=before,
        wanted=wanted,
        message=message,
    )
