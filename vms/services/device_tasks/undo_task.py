"""A task is undone by another: every device that took the change gets back what had been read of it before."""

from datetime import datetime

from vms.access.roles import Person
from vms.core.errors import Conflict, NotAllowed
from vms.services.device_tasks.kinds import is_undoable, kind_of, may_start
from vms.store import device_tasks
from vms.store.database import Database
from vms.store.device_tasks import LIVE_TASKS, NewStep, StepState


def undo_task(database: Database, task_id: int, person: Person, why: str, now: datetime) -> int:
    """The id of the task that undoes it. Raises NotFound, NotAllowed, Conflict."""
    with database.writing() as tx:
        task = device_tasks.get(tx, task_id)
        kind = kind_of(task.kind)
        if not may_start(person.role, kind):
            raise NotAllowed("your role may not start this task", code="role")
        if not is_undoable(kind):
            raise Conflict(f"{kind.value} cannot be undone")
        if task.state.value in LIVE_TASKS:
            raise Conflict("pause or cancel it first")
        if (other := device_tasks.undone_by(tx, task_id)) is not None:
            raise Conflict(f"task {other} undoes it already")
        done = [step for step in device_tasks.steps_of(tx, task_id, StepState.DONE) if step.before is not None]
        if not done:
            raise Conflict("no device has taken this change")
        return device_tasks.add(
            tx,
            kind=task.kind,
            parameters=task.parameters,
            secret=None,
            left_out={},
            steps=(
                NewStep(device_id=step.device_id, channel=step.channel, camera_id=step.camera_id, wanted=step.before)
                for step in done
            ),
            undo_of=task_id,
            who=person.name,
            why=why.strip() or f"undo of task {task_id}",
            now=now,
        )
