"""Puts one camera's clock right at once: the repair of the fault `clock_off`, where the device lets us.

For many cameras, with preview and undo, there is the task `set_clock`.
"""

import asyncio

from vms.access.agreement import Agreements
from vms.access.may_configure import NOT_OURS
from vms.access.roles import Person, may_know_of
from vms.core.clock import Clock
from vms.core.errors import DeviceUnreachable, LoginRefused, NotAllowed, NotFound, TryAgain
from vms.devices.configure.hand import AnswerLost, ChangeRefused, NotSent
from vms.devices.configure.set_time import read_time, write_time
from vms.devices.http import ExchangeFailed
from vms.devices.onvif.client import NotOnvif
from vms.devices.who_answers import ask_openly
from vms.health.spending import CLOCK_REPAIR, Reason
from vms.inventory.camera import Camera
from vms.inventory.identity.known_device import KnownDevice
from vms.inventory.identity.open_evidence import Answerer
from vms.services.credentials.first_showing import first_showing
from vms.services.credentials.keep_refusal import keep_refusal
from vms.services.credentials.note_use import note_use
from vms.services.device_tasks.open_step import hand_of
from vms.services.device_tasks.whose import judge
from vms.services.login_for import login_for
from vms.services.spending import Purse
from vms.services.who_answers import ANOTHER, ANOTHER_DEVICE
from vms.store import cameras, devices, events
from vms.store.credential_uses import Purpose
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.secret_box import SecretBox

WITHIN_S = 8.0


async def set_camera_clock(
    database: Database, box: SecretBox, camera_id: int, person: Person, clock: Clock, *, purse: Purse | None = None
) -> None:
    """Only government cameras are configured by the office.

    Raises NotFound, NotAllowed, OverBudget, DeviceUnreachable and what the device answers: LoginRefused, TryAgain.
    """
    camera, device, login = await asyncio.to_thread(_look_up, database, box, camera_id, person)
    because = judge(device, [camera], Agreements())
    if because == NOT_OURS:
        raise NotAllowed(NOT_OURS, code="not_ours")
    if because:
        raise DeviceUnreachable(because)
    if purse is not None:
        await purse.pay(device.device_id, CLOCK_REPAIR, Reason.WALL)
    note = (database, login, device.device_id, Purpose.TASK, person.name, clock())
    await asyncio.to_thread(note_use, *note)
    hand = hand_of(device, login, timeout_s=WITHIN_S, clock=clock)
    if await ask_openly(hand.client, device.observed) is Answerer.ANOTHER:
        raise DeviceUnreachable(ANOTHER, code=ANOTHER_DEVICE)
    async with first_showing(database, device.device_id, login, clock) as showing:
        if not showing.allowed:
            raise LoginRefused("nobody knows yet whether the device takes this login")
        try:
            await hand.meet()
            now = await read_time(hand)
            await write_time(hand, clock, zone=now.zone, source="Manual", daylight=now.daylight)
        except (ExchangeFailed, NotOnvif, NotSent, AnswerLost) as problem:
            raise DeviceUnreachable(f"the camera did not take it: {problem}") from problem
        except ChangeRefused as refused:
            if refused.signed_in:
                raise TryAgain(f"the camera did not take it: {refused.message}", code="fault") from refused
            if login is not None:
                await asyncio.to_thread(_keep_refusal, database, device, login, clock)
            raise LoginRefused(refused.message) from refused
        showing.worked = True
    await asyncio.to_thread(_tell, database, camera_id, person, clock)


def _keep_refusal(database: Database, device: KnownDevice, login: StoredLogin, clock: Clock) -> None:
    with database.writing() as tx:
        keep_refusal(tx, device.device_id, login.credential_id, login.version, clock())


def _tell(database: Database, camera_id: int, person: Person, clock: Clock) -> None:
    with database.writing() as tx:
        events.append(tx, "camera.clock_set", camera_id, {"by": person.name}, clock())


def _look_up(
    database: Database, box: SecretBox, camera_id: int, person: Person
) -> tuple[Camera, KnownDevice, StoredLogin | None]:
    with database.reading() as tx:
        camera = cameras.get(tx, camera_id)
        if not may_know_of(person, camera.life_cycle, camera.owner_id):
            raise NotFound(f"there is no camera {camera_id}")
        if camera.device_id is None:
            raise NotFound(f"camera {camera_id} has no device")
        return camera, devices.get(tx, camera.device_id), login_for(tx, box, camera)
