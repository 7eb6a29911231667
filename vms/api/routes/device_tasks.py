"""Tasks on many devices: preview, progress, result per device, undo."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection

from vms.access.roles import Person
from vms.api.guards import KeeperCall, RoomsNow
from vms.api.models.device_tasks import (
    NewTask,
    PreviewedDevice,
    TaskPage,
    TaskPreview,
    TaskPreviewAsked,
    TaskRow,
    TaskStepPage,
    TaskStepRow,
    UndoAsked,
)
from vms.api.models.shape import IdNumber
from vms.api.rooms import Rooms
from vms.services.device_tasks.desk import TaskDesk
from vms.services.device_tasks.kinds import is_undoable, kind_of
from vms.services.device_tasks.plan_task import TaskRequest, start_task
from vms.services.device_tasks.preview_task import PreviewRow, preview_task
from vms.services.device_tasks.steer_task import Steering, steer_task
from vms.services.device_tasks.undo_task import undo_task
from vms.store import device_tasks
from vms.store.device_tasks import ShownStep, StepState, Task

router = APIRouter(tags=["tasks"])


@router.get("/device-tasks")
def all_tasks(
    _call: KeeperCall,
    rooms: RoomsNow,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> TaskPage:
    """Newest first."""
    with rooms.database.reading() as tx:
        page = device_tasks.page(tx, limit=limit, offset=offset)
        return TaskPage(items=_rows(tx, page.items), total=page.total)


@router.post("/device-tasks/preview")
async def preview(body: TaskPreviewAsked, call: KeeperCall, request: Request) -> TaskPreview:
    """Reads the devices and sends nothing that changes them."""
    desk: TaskDesk = request.app.state.task_desk
    found = await preview_task(desk, _asked(body), call.person, limit=body.limit, offset=body.offset)
    return TaskPreview(
        kind=found.plan.kind,
        parameters=dict(found.plan.parameters),
        devices=len(found.plan.steps),
        left_out=dict(found.plan.left_out),
        items=[_previewed(row) for row in found.rows],
    )


@router.post("/device-tasks", status_code=201)
def new_task(body: NewTask, call: KeeperCall, rooms: RoomsNow) -> TaskRow:
    """change_password is for administrators. The jobs process takes it up within a second or two."""
    configurable = rooms.settings.configurable
    task_id = start_task(rooms.database, rooms.box, _asked(body), call.person, configurable, rooms.clock())
    return _row_of(rooms, task_id)


@router.get("/device-tasks/{task_id}")
def one_task(task_id: IdNumber, _call: KeeperCall, rooms: RoomsNow) -> TaskRow:
    return _row_of(rooms, task_id)


@router.get("/device-tasks/{task_id}/steps")
def steps(
    task_id: IdNumber,
    _call: KeeperCall,
    rooms: RoomsNow,
    state: StepState | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> TaskStepPage:
    with rooms.database.reading() as tx:
        device_tasks.get(tx, task_id)
        page = device_tasks.steps_page(tx, task_id, state=state, limit=limit, offset=offset)
    return TaskStepPage(items=[_step(shown) for shown in page.items], total=page.total)


@router.post("/device-tasks/{task_id}/pause")
async def pause(task_id: IdNumber, call: KeeperCall, rooms: RoomsNow) -> TaskRow:
    """What is under way is finished; nothing new is begun."""
    return await run_in_threadpool(_steer, rooms, task_id, Steering.PAUSE, call.person)


@router.post("/device-tasks/{task_id}/resume")
async def resume(task_id: IdNumber, call: KeeperCall, rooms: RoomsNow) -> TaskRow:
    return await run_in_threadpool(_steer, rooms, task_id, Steering.RESUME, call.person)


@router.post("/device-tasks/{task_id}/cancel")
async def cancel(task_id: IdNumber, call: KeeperCall, rooms: RoomsNow) -> TaskRow:
    """What was changed stays changed; undo puts it back."""
    return await run_in_threadpool(_steer, rooms, task_id, Steering.CANCEL, call.person)


@router.post("/device-tasks/{task_id}/look-again")
async def look_again(task_id: IdNumber, call: KeeperCall, rooms: RoomsNow) -> TaskRow:
    """What became of steps that are `unknown` is found out once more; of a password both are tried once."""
    return await run_in_threadpool(_steer, rooms, task_id, Steering.LOOK_AGAIN, call.person)


@router.post("/device-tasks/{task_id}/undo", status_code=201)
def undo(task_id: IdNumber, body: UndoAsked, call: KeeperCall, rooms: RoomsNow) -> TaskRow:
    """A new task that gives every device back what was read of it before."""
    return _row_of(rooms, undo_task(rooms.database, task_id, call.person, body.why, rooms.clock()))


def _asked(body: NewTask | TaskPreviewAsked) -> TaskRequest:
    return TaskRequest(
        kind=body.kind,
        parameters=body.parameters,
        camera_ids=tuple(body.camera_ids),
        expression=body.filter,
        why=body.why if isinstance(body, NewTask) else "",
        password=body.password.get_secret_value() if isinstance(body, NewTask) else "",
    )


def _steer(rooms: Rooms, task_id: int, steering: Steering, person: Person) -> TaskRow:
    steer_task(rooms.database, task_id, steering, person, rooms.clock())
    return _row_of(rooms, task_id)


def _row_of(rooms: Rooms, task_id: int) -> TaskRow:
    with rooms.database.reading() as tx:
        return _rows(tx, (device_tasks.get(tx, task_id),))[0]


def _rows(tx: Connection, tasks: tuple[Task, ...]) -> list[TaskRow]:
    counted = device_tasks.counts(tx, [task.task_id for task in tasks])
    return [
        TaskRow(
            id=task.task_id,
            kind=kind_of(task.kind),
            parameters=dict(task.parameters),
            state=task.state,
            who=task.who,
            why=task.why,
            undo_of=task.undo_of,
            created_at=task.created_at,
            started_at=task.started_at,
            finished_at=task.finished_at,
            counts={StepState(state): count for state, count in counted[task.task_id].items()},
            left_out=dict(task.left_out),
            undoable=is_undoable(kind_of(task.kind)),
        )
        for task in tasks
    ]


def _step(shown: ShownStep) -> TaskStepRow:
    step = shown.step
    return TaskStepRow(
        device_id=step.device_id,
        address=shown.address,
        channel=step.channel,
        camera_id=step.camera_id,
        camera_name=shown.camera_name,
        state=step.state,
        before=None if step.before is None else dict(step.before),
        wanted=None if step.wanted is None else dict(step.wanted),
        after=None if step.after is None else dict(step.after),
        message=step.message,
        sent_at=step.sent_at,
        finished_at=step.finished_at,
    )


def _previewed(row: PreviewRow) -> PreviewedDevice:
    return PreviewedDevice(
        device_id=row.device_id,
        address=row.address,
        channel=row.channel,
        camera_id=row.camera_id,
        camera_name=row.camera_name,
        before=None if row.before is None else dict(row.before),
        wanted=None if row.wanted is None else dict(row.wanted),
        message=row.message,
    )
