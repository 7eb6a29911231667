"""What a device tells as events, for a few seconds: how its pictures stand by its own word, and what just happened."""

import asyncio

from vms.core.clock import Clock
from vms.core.errors import DeviceUnreachable, LoginRefused, PersonMustAct
from vms.devices.budget import Login, RequestBudget
from vms.devices.http import ExchangeFailed
from vms.devices.onvif.client import CallRefused, NotOnvif, OnvifClient, SignInRefused
from vms.devices.onvif.clock import read_clock
from vms.devices.onvif.device_messages import read_capabilities, read_services
from vms.devices.onvif.events import Notification, read_events
from vms.devices.onvif.operations import (
    GET_CAPABILITIES,
    GET_DEVICE_INFORMATION,
    GET_SERVICES,
    GET_SYSTEM_DATE_AND_TIME,
    Service,
)
from vms.devices.who_answers import ask_openly
from vms.health.spending import EVENTS, Reason
from vms.inventory.device import AuthScheme
from vms.inventory.identity.known_device import KnownDevice
from vms.inventory.identity.open_evidence import Answerer
from vms.services.credentials.first_showing import first_showing
from vms.services.credentials.keep_refusal import keep_refusal
from vms.services.credentials.note_use import note_use
from vms.services.spending import Purse
from vms.services.who_answers import ANOTHER, ANOTHER_DEVICE
from vms.store import credentials, devices
from vms.store.credential_uses import Purpose
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.secret_box import SecretBox

ANSWER_WITHIN_S = 8.0
LONGEST_S = 30.0


async def read_device_events(
    database: Database,
    box: SecretBox,
    device_id: int,
    who: str,
    clock: Clock,
    *,
    within_s: float,
    budget: RequestBudget | None = None,
    purse: Purse | None = None,
    reason: Reason = Reason.WALL,
) -> tuple[Notification, ...]:
    """One subscription, ended in any case. A refused login is remembered and not tried again; a refusal of the events
    alone (some users may do everything but this) is no refused login.

    Raises NotFound, PersonMustAct (no login), OverBudget, LoginRefused, DeviceUnreachable, NoEvents.
    """
    device, login = await asyncio.to_thread(_look_up, database, box, device_id)
    if purse is not None:
        await purse.pay(device.device_id, EVENTS, reason)
    client = OnvifClient(
        device.observed.address,
        device.observed.port,
        quirks=device.observed.quirks,
        policy=device.policy,
        login=None if login is None else Login(username=login.username, password=login.password),
        timeout_s=ANSWER_WITHIN_S,
        budget=budget,
        clock=clock,
    )
    if await ask_openly(client, device.observed) is Answerer.ANOTHER:
        raise DeviceUnreachable(ANOTHER, code=ANOTHER_DEVICE)
    async with first_showing(database, device.device_id, login, clock) as showing:
        if not showing.allowed:
            raise LoginRefused("nobody knows yet whether the device takes this login")
        try:
            xaddr = await _prepare(client)
        except SignInRefused as refused:
            await asyncio.to_thread(_note_refusal, database, device, login, who, clock)
            raise LoginRefused(f"the device refused the login: {refused.message}") from refused
        except (ExchangeFailed, NotOnvif, CallRefused) as problem:
            raise DeviceUnreachable(f"the device does not answer as it should: {problem.message}") from problem
        showing.worked = True
    await asyncio.to_thread(note_use, database, login, device.device_id, Purpose.TASK, who, clock())
    return await read_events(client, xaddr, within_s=min(within_s, LONGEST_S))


async def _prepare(client: OnvifClient) -> str:
    """The clock is read, the login proven by a harmless question, the event service's address found."""
    if client.scheme is AuthScheme.WSSE and not client.quirks.needs_login_for_clock:
        told = await client.call(GET_SYSTEM_DATE_AND_TIME, signed=False)
        client.signing_offset_s = read_clock(told.root, now=told.middle).signing_offset_s
    await client.call(GET_DEVICE_INFORMATION)
    for operation, read in ((GET_SERVICES, read_services), (GET_CAPABILITIES, read_capabilities)):
        try:
            services = read((await client.call(operation)).answer)
        except (NotOnvif, CallRefused):
            continue
        if Service.EVENTS in services:
            return services[Service.EVENTS]
    return ""


def _look_up(database: Database, box: SecretBox, device_id: int) -> tuple[KnownDevice, StoredLogin | None]:
    with database.reading() as tx:
        device = devices.get(tx, device_id)
        scheme = device.observed.quirks.auth
        if scheme is AuthScheme.NONE:
            return device, None
        login = credentials.login_of(tx, box, device.credential_id)
    if login is None or scheme not in (AuthScheme.WSSE, AuthScheme.DIGEST):
        raise PersonMustAct("nobody has signed in to this device yet: identify it first", code="no_login")
    if login.version == device.login_refused_version:
        raise LoginRefused("the device has refused this login; it is not tried again before it changes")
    return device, login


def _note_refusal(database: Database, device: KnownDevice, login: StoredLogin | None, who: str, clock: Clock) -> None:
    if login is None:
        return
    with database.writing() as tx:
        keep_refusal(tx, device.device_id, login.credential_id, login.version, clock())
    note_use(database, login, device.device_id, Purpose.TASK, who, clock(), refused=True)
