"""Writes down what happened to a step; each call is a transaction of its own, in a thread."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from vms.services.device_tasks.desk import TaskDesk
from vms.services.device_tasks.open_step import OpenStep
from vms.store import credential_uses, device_tasks, devices
from vms.store.credential_uses import Purpose, Use
from vms.store.credentials import StoredLogin
from vms.store.device_tasks import StepState, Values

T = TypeVar("T")


async def in_tx(desk: TaskDesk, work: Callable[[Connection], T]) -> T:
    def run() -> T:
        with desk.database.writing() as tx:
            return work(tx)

    return await asyncio.to_thread(run)


async def finish(
    desk: TaskDesk,
    opened: OpenStep,
    state: StepState,
    message: str = "",
    *,
    before: Values | None = None,
    after: Values | None = None,
) -> None:
    now = desk.clock()
    await in_tx(
        desk,
        lambda tx: device_tasks.finish_step(tx, opened.step, state, message, now, before=before, after=after),
    )


async def sent(desk: TaskDesk, opened: OpenStep, before: Values | None, wanted: Values) -> bool:
    """Committed when this returns. False: nothing may be sent (any more)."""
    now = desk.clock()
    return await in_tx(desk, lambda tx: device_tasks.mark_sent(tx, opened.step, desk.runner, before, wanted, now))


async def mark(desk: TaskDesk, opened: OpenStep, *, add: str = "", remove: str = "") -> tuple[str, ...]:
    return await in_tx(desk, lambda tx: device_tasks.add_mark(tx, opened.step, add=add, remove=remove))


def note_sign_in(tx: Connection, desk: TaskDesk, opened: OpenStep, login: StoredLogin | None, *, refused: bool) -> None:
    """For the record of who used which credential; a refusal also keeps everybody else from trying it again."""
    if login is None:
        return
    device_id = opened.device.device_id
    use = Use(
        credential_id=login.credential_id,
        device_id=device_id,
        purpose=Purpose.TASK,
        who=opened.task.who,
        refused=int(refused),
    )
    credential_uses.note(tx, [use], desk.clock())
    if refused:
        known = devices.get(tx, device_id)
        told = {**known.refused_logins, login.credential_id: login.version}
        devices.set_login(tx, device_id, known.credential_id, told)


async def signed_in(desk: TaskDesk, opened: OpenStep, login: StoredLogin | None, *, refused: bool = False) -> None:
    await in_tx(desk, lambda tx: note_sign_in(tx, desk, opened, login, refused=refused))
