"""Looks at the recordings, and where it is time at the captions, of one device: who it is, what it tells, what of it is
a fault. A device that cannot be asked is no exception: each of its cameras' checks says why."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from vms.core.clock import Clock
from vms.core.errors import PersonMustAct
from vms.core.ids import CameraId, DeviceId
from vms.devices.budget import RequestBudget
from vms.devices.http import ExchangeFailed
from vms.devices.onvif.client import CallRefused, NotOnvif, SignInRefused
from vms.devices.who_answers import ask_openly
from vms.health.fault import FaultKind
from vms.health.footage import RecordingPlan
from vms.health.spending import BUDGET, Price, Reason, may_spend
from vms.inventory.device import AuthScheme
from vms.inventory.identity.known_device import KnownDevice
from vms.inventory.identity.open_evidence import Answerer
from vms.services.credentials.keep_refusal import keep_refusal
from vms.services.credentials.note_use import note_refused, note_use
from vms.services.device_tasks.open_step import hand_of
from vms.services.recordings.ask_device import DeviceTold, ask_device
from vms.services.recordings.choose_plan import choose_plan
from vms.services.recordings.judge_camera import (
    Judged,
    cannot_be_told,
    first_day,
    judge_camera,
    judge_caption_of,
    midnight,
)
from vms.services.recordings.keep_judged import keep_judged
from vms.services.recordings.policy import RecordingPolicy
from vms.services.who_answers import ANOTHER_DEVICE
from vms.store import archive_rules, credentials, device_costs, devices, recording_targets, recordings
from vms.store.captions import Caption
from vms.store.credential_uses import Purpose
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.device_costs import DeviceCost
from vms.store.recording_targets import RecordedCamera
from vms.store.secret_box import SecretBox

UNREACHABLE, ODD_ANSWER, LOGIN_REFUSED, NO_LOGIN = "unreachable", "odd_answer", "login_refused", "no_login"
NOT_OFFERED = "not_offered"
_OF_A_DEVICE = 12
"""Questions at most, beside those of each recording."""
_OF_A_RECORDING = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDesk:
    database: Database
    box: SecretBox
    policy: RecordingPolicy
    clock: Clock
    who: str = "jobs"
    """In whose name devices are signed in to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    device: KnownDevice
    login: StoredLogin | None
    cameras: tuple[RecordedCamera, ...]
    plans: dict[CameraId, RecordingPlan]
    """Of those that are asked about."""
    with_captions: bool
    because: str
    """Why it is not asked at all; empty: it is."""


async def check_device(
    desk: CheckDesk, device_id: DeviceId, *, only: CameraId | None = None, captions_too: bool = False
) -> tuple[Judged, ...]:
    """What was found is stored when this returns. `only`: one camera of the device; `captions_too`: whether or not
    it is their time. Raises NotFound."""
    now = desk.clock()
    case = await asyncio.to_thread(_open, desk, device_id, only, captions_too, now)
    budget = RequestBudget(spacing_s=desk.policy.spacing_s)
    if case.because:
        told: DeviceTold | str = case.because
    else:
        told = await _ask(desk, case, budget, now)
    found = _judge(case, told, now, desk.policy)
    cost = DeviceCost(
        device_id=device_id,
        day=now.date(),
        requests=budget.taken,
        sign_ins=int(budget.taken > 0 and case.login is not None),
        refused=int(told == LOGIN_REFUSED and budget.taken > 0),
    )
    await asyncio.to_thread(_keep, desk.database, device_id, found, cost, now)
    return found


async def _ask(desk: CheckDesk, case: _Case, budget: RequestBudget, now: datetime) -> DeviceTold | str:
    """What it told, or why it told nothing."""
    device, policy = case.device, desk.policy
    hand = hand_of(device, case.login, timeout_s=policy.request_s, clock=desk.clock, budget=budget)
    since = {
        camera.camera_id: midnight(first_day(camera, case.plans[camera.camera_id], now, policy), policy)
        for camera in case.cameras
        if camera.camera_id in case.plans
    }
    try:
        async with asyncio.timeout(policy.device_s):
            if await ask_openly(hand.client, device.observed) is Answerer.ANOTHER:
                return ANOTHER_DEVICE
            note = (desk.database, case.login, device.device_id, Purpose.TASK, desk.who, now)
            await asyncio.to_thread(note_use, *note)
            return await ask_device(hand, case.cameras, since, now, with_captions=case.with_captions)
    except SignInRefused as refused:
        if refused.tried:
            await asyncio.to_thread(_note_refusal, desk, case)
        return LOGIN_REFUSED
    except (ExchangeFailed, TimeoutError):
        return UNREACHABLE
    except (NotOnvif, CallRefused):
        return ODD_ANSWER


def _open(desk: CheckDesk, device_id: DeviceId, only: CameraId | None, captions_too: bool, now: datetime) -> _Case:
    with desk.database.reading() as tx:
        device = devices.get(tx, device_id)
        cameras = tuple(recording_targets.cameras_of(tx, device_id))
        stored, rules = recordings.plans(tx), archive_rules.get(tx)
        spent = [cost for cost in device_costs.of_device(tx, device_id, now.date()) if cost.day == now.date()]
        because, login = "", None
        try:
            login = credentials.login_of(tx, desk.box, device.credential_id)
        except PersonMustAct:
            because = NO_LOGIN
    asked = [camera for camera in cameras if only is None or camera.camera_id == only]
    price = Price(requests=_OF_A_DEVICE + _OF_A_RECORDING * len(asked), sign_ins=1)
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
    if not because and not may_spend(
        requests, sign_ins, price, desk.policy.budget.times(len(cameras)), Reason.DIAGNOSIS
    ):
        because = BUDGET
    due = now - desk.policy.caption_every
    return _Case(
        device=device,
        login=login,
        cameras=cameras,
        plans={camera.camera_id: choose_plan(camera, stored, rules)[1] for camera in asked},
        with_captions=captions_too or any(one.caption_at is None or one.caption_at <= due for one in asked),
        because=because,
    )


def _judge(case: _Case, told: DeviceTold | str, now: datetime, policy: RecordingPolicy) -> tuple[Judged, ...]:
    source = "recorder" if len(case.cameras) > 1 else "camera"
    found: list[Judged] = []
    for camera in case.cameras:
        plan = case.plans.get(camera.camera_id)
        if plan is None:
            continue
        if isinstance(told, str):
            found.append(cannot_be_told(camera.camera_id, told, now))
            continue
        judged = judge_camera(camera, plan, told.footage[camera.camera_id], source, now, policy)
        found.append(_with_caption(judged, camera, told, now) if case.with_captions else judged)
    return tuple(found)


def _with_caption(judged: Judged, camera: RecordedCamera, told: DeviceTold, now: datetime) -> Judged:
    shown = None if told.captions is None else told.captions.get(camera.camera_id)
    if shown is None:
        return replace(judged, caption=Caption(camera_id=camera.camera_id, checked_at=now, because=NOT_OFFERED))
    caption, fault = judge_caption_of(camera, shown, now)
    return replace(judged, caption=caption, faults={**judged.faults, FaultKind.OSD_WRONG: fault})


def _keep(database: Database, device_id: int, found: Sequence[Judged], cost: DeviceCost, now: datetime) -> None:
    with database.writing() as tx:
        keep_judged(tx, device_id, found, cost, now)


def _note_refusal(desk: CheckDesk, case: _Case) -> None:
    login, now = case.login, desk.clock()
    if login is None:
        return
    with desk.database.writing() as tx:
        keep_refusal(tx, case.device.device_id, login.credential_id, login.version, now)
    note_refused(desk.database, login, Purpose.TASK, desk.who, now)
