"""A device is asked by this program itself, as its daily checks do: who it is first, with a login that it has not
refused, within its day's budget; a refusal is remembered, and what it cost is counted."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from vms.core.clock import Clock
from vms.core.errors import PersonMustAct
from vms.core.ids import DeviceId
from vms.devices.budget import RequestBudget
from vms.devices.configure.hand import Hand
from vms.devices.http import ExchangeFailed
from vms.devices.onvif.client import CallRefused, NotOnvif, SignInRefused
from vms.devices.who_answers import ask_openly
from vms.health.spending import BUDGET, DayBudget, Price, Reason, may_spend
from vms.inventory.device import AuthScheme
from vms.inventory.identity.known_device import KnownDevice
from vms.inventory.identity.open_evidence import Answerer
from vms.services.credentials.first_showing import first_showing
from vms.services.credentials.keep_refusal import keep_refusal
from vms.services.credentials.note_use import note_refused, note_use
from vms.services.device_tasks.open_step import hand_of
from vms.services.who_answers import ANOTHER_DEVICE
from vms.store import credentials, device_costs, devices, recording_targets
from vms.store.credential_uses import Purpose
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.device_costs import DeviceCost
from vms.store.recording_targets import RecordedCamera
from vms.store.secret_box import SecretBox

T = TypeVar("T")
UNREACHABLE, ODD_ANSWER, LOGIN_REFUSED, NO_LOGIN = "unreachable", "odd_answer", "login_refused", "no_login"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingTerms:
    budget: DayBudget
    """Of a device with one channel."""
    request_s: float
    device_s: float
    """The longest that one device may take."""
    spacing_s: float
    """Between two questions to one device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingDesk:
    database: Database
    box: SecretBox
    clock: Clock
    who: str
    """In whose name devices are signed in to."""
    terms: AskingTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedDevice:
    device: KnownDevice
    login: StoredLogin | None
    cameras: tuple[RecordedCamera, ...]
    """All that are in service."""
    because: str
    """Why it is not asked at all; empty: it is."""


def open_device(
    tx: Connection, desk: AskingDesk, device_id: DeviceId, price: Callable[[int], Price], now: datetime
) -> OpenedDevice:
    """`price`: at most, for so many cameras. Raises NotFound."""
    device = devices.get(tx, device_id)
    cameras = tuple(recording_targets.cameras_of(tx, device_id))
    spent = [cost for cost in device_costs.of_device(tx, device_id, now.date()) if cost.day == now.date()]
    because, login = "", None
    try:
        login = credentials.login_of(tx, desk.box, device.credential_id)
    except PersonMustAct:
        because = NO_LOGIN
    requests, sign_ins = sum(cost.requests for cost in spent), sum(cost.sign_ins for cost in spent)
    scheme = device.observed.quirks.auth
    if scheme is AuthScheme.NONE:
        login = None
    elif login is None or scheme not in (AuthScheme.WSSE, AuthScheme.DIGEST):
        because = NO_LOGIN  # or nobody has signed in to it yet
    elif login.version == device.login_refused_version:
        because = LOGIN_REFUSED
    if not because and device.displaced_at is not None:
        because = ANOTHER_DEVICE
    budget = desk.terms.budget.times(len(cameras))
    if not because and not may_spend(requests, sign_ins, price(len(cameras)), budget, Reason.DIAGNOSIS):
        because = BUDGET
    return OpenedDevice(device=device, login=login, cameras=cameras, because=because)


async def ask_opened(
    desk: AskingDesk, opened: OpenedDevice, budget: RequestBudget, questions: Callable[[Hand], Awaitable[T]]
) -> T | str:
    """What the questions gave, or why they gave nothing. Nobody is asked where `because` says so."""
    if opened.because:
        return opened.because
    device, terms = opened.device, desk.terms
    hand = hand_of(device, opened.login, timeout_s=terms.request_s, clock=desk.clock, budget=budget)
    try:
        async with asyncio.timeout(terms.device_s):
            if await ask_openly(hand.client, device.observed) is Answerer.ANOTHER:
                return ANOTHER_DEVICE
            async with first_showing(desk.database, device.device_id, opened.login, desk.clock) as showing:
                if not showing.allowed:
                    return LOGIN_REFUSED
                note = (desk.database, opened.login, device.device_id, Purpose.TASK, desk.who, desk.clock())
                await asyncio.to_thread(note_use, *note)
                try:
                    told = await questions(hand)
                except SignInRefused as refused:
                    if refused.tried:
                        await asyncio.to_thread(_note_refusal, desk, opened)
                    return LOGIN_REFUSED
                showing.worked = True
                return told
    except (ExchangeFailed, TimeoutError):
        return UNREACHABLE
    except (NotOnvif, CallRefused):
        return ODD_ANSWER


def cost_of(
    opened: OpenedDevice, requests: int, now: datetime, *, refused: bool = False, sign_ins: int = 1
) -> DeviceCost:
    """`sign_ins`: where it was asked at all, and has a login."""
    return DeviceCost(
        device_id=opened.device.device_id,
        day=now.date(),
        requests=requests,
        for_diagnosis=requests,
        sign_ins=sign_ins if requests > 0 and opened.login is not None else 0,
        refused=int(refused and requests > 0),
    )


def _note_refusal(desk: AskingDesk, opened: OpenedDevice) -> None:
    login, now = opened.login, desk.clock()
    if login is None:
        return
    with desk.database.writing() as tx:
        keep_refusal(tx, opened.device.device_id, login.credential_id, login.version, now)
    note_refused(desk.database, login, Purpose.TASK, desk.who, now)
