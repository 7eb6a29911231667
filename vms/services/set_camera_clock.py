"""Puts a camera's clock right: the repair of the fault `clock_off`, where the device lets us."""

import asyncio
from dataclasses import replace

from vms.access.roles import Person, may_know_of
from vms.core.clock import Clock
from vms.core.errors import DeviceUnreachable, NotAllowed, NotFound
from vms.devices.budget import Login
from vms.devices.http import ExchangeFailed
from vms.devices.onvif.client import NotOnvif, OnvifClient
from vms.devices.onvif.clock import read_clock
from vms.devices.onvif.deep import set_clock
from vms.devices.onvif.operations import GET_SYSTEM_DATE_AND_TIME
from vms.inventory.camera import Camera
from vms.inventory.device import AuthScheme
from vms.inventory.known_device import KnownDevice
from vms.inventory.tier import Tier
from vms.services.login_for import login_for
from vms.store import cameras, devices, events
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.secret_box import SecretBox

WITHIN_S = 8.0


async def set_camera_clock(database: Database, box: SecretBox, camera_id: int, person: Person, clock: Clock) -> None:
    """Only government cameras are configured by the office.

    Raises NotFound, NotAllowed, DeviceUnreachable and what the device answers: LoginRefused, CallRefused.
    """
    camera, device, login = await asyncio.to_thread(_look_up, database, box, camera_id, person)
    if camera.declared.tier is not Tier.GOVERNMENT:
        raise NotAllowed("only government cameras are set by the office; ask its owner", code="not_ours")
    observed = device.observed
    quirks = observed.quirks
    if quirks.auth is AuthScheme.UNKNOWN and login is not None:
        quirks = replace(quirks, auth=AuthScheme.WSSE)
    client = OnvifClient(
        observed.address,
        observed.port,
        quirks=quirks,
        policy=device.policy,
        login=None if login is None else Login(username=login.username, password=login.password),
        timeout_s=WITHIN_S,
        clock=clock,
    )
    try:
        told = await client.call(GET_SYSTEM_DATE_AND_TIME, signed=quirks.needs_login_for_clock)
        client.signing_offset_s = read_clock(told.root, now=told.middle).signing_offset_s
        await set_clock(client, clock())
    except (ExchangeFailed, NotOnvif) as problem:
        raise DeviceUnreachable(f"the camera did not take it: {problem}") from problem
    await asyncio.to_thread(_tell, database, camera_id, person, clock)


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
