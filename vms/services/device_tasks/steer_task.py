"""A person pauses a task, lets it go on or cancels it; what is under way at that moment is finished."""

from datetime import datetime
from enum import StrEnum

from vms.access.roles import Person
from vms.core.errors import Conflict, NotAllowed
from vms.services.device_tasks.kinds import kind_of, may_start
from vms.store import device_tasks, task_leases
from vms.store.database import Database
from vms.store.device_tasks import TaskState


class Steering(StrEnum):
    PAUSE = "pause"
    RESUME = "resume"
    """A task that was paused, or one whose runner is gone."""
    CANCEL = "cancel"
    LOOK_AGAIN = "look-again"
    """Find out once more what became of the steps that are `unknown`; nothing is begun."""


_CHANGES = {
    Steering.PAUSE: (TaskState.PAUSED, (TaskState.WAITING, TaskState.RUNNING)),
    Steering.RESUME: (TaskState.RUNNING, (TaskState.PAUSED,)),
    Steering.CANCEL: (TaskState.CANCELLED, (TaskState.WAITING, TaskState.RUNNING, TaskState.PAUSED)),
}


def steer_task(database: Database, task_id: int, steering: Steering, person: Person, now: datetime) -> None:
    """Raises NotFound, NotAllowed; Conflict where the task's state does not allow it."""
    with database.writing() as tx:
        task = device_tasks.get(tx, task_id)
        kind = kind_of(task.kind)
        if not may_start(person.role, kind):
            raise NotAllowed("your role may not steer this task", code="role")
        if steering is Steering.LOOK_AGAIN:
            if device_tasks.look_again(tx, task_id, person.name, now) == 0:
                raise Conflict("no step of this task is unknown")
            return
        if steering is Steering.RESUME and task.state in (TaskState.WAITING, TaskState.RUNNING):
            if held := task_leases.held_by(tx, task_id, now):
                runner, until = held
                raise Conflict(f"this task is running: {runner} works on it, and has it until {until:%H:%M:%S} UTC")
            return
        wanted, of = _CHANGES[steering]
        device_tasks.change_state(tx, task_id, wanted, of, person.name, now)
