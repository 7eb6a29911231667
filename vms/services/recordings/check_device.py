"""Looks at the recordings, and where it is time at the captions, of one device: who it is, what it tells, what of it is
a fault. A device that cannot be asked is no exception: each of its cameras' checks says why."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from vms.core.clock import Clock
from vms.core.ids import CameraId, DeviceId
from vms.devices.budget import RequestBudget
from vms.devices.configure.hand import Hand
from vms.health.fault import FaultKind
from vms.health.footage import RecordingPlan
from vms.health.spending import Price
from vms.services.asking import LOGIN_REFUSED, AskingDesk, OpenedDevice, ask_opened, cost_of, open_device
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
from vms.store import archive_rules, recordings, regions
from vms.store.captions import Caption
from vms.store.database import Database
from vms.store.device_costs import DeviceCost
from vms.store.recording_targets import RecordedCamera
from vms.store.secret_box import SecretBox

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

    @property
    def asking(self) -> AskingDesk:
        return AskingDesk(
            database=self.database, box=self.box, clock=self.clock, who=self.who, terms=self.policy.asking
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    opened: OpenedDevice
    plans: dict[CameraId, RecordingPlan]
    """Of those that are asked about."""
    names: dict[CameraId, str]
    """Of those plans."""
    with_captions: bool


async def check_device(
    desk: CheckDesk, device_id: DeviceId, *, only: CameraId | None = None, captions_too: bool = False
) -> tuple[Judged, ...]:
    """What was found is stored when this returns. `only`: one camera of the device; `captions_too`: whether or not
    it is their time. Raises NotFound."""
    now = desk.clock()
    case = await asyncio.to_thread(_open, desk, device_id, only, captions_too, now)
    budget = RequestBudget(spacing_s=desk.policy.spacing_s)
    told = await _ask(desk, case, budget, now)
    found = _judge(case, told, now, desk.policy)
    cost = cost_of(case.opened, budget.taken, now, refused=told == LOGIN_REFUSED)
    await asyncio.to_thread(_keep, desk.database, device_id, found, cost, now)
    return found


async def _ask(desk: CheckDesk, case: _Case, budget: RequestBudget, now: datetime) -> DeviceTold | str:
    """What it told, or why it told nothing."""
    cameras, policy = case.opened.cameras, desk.policy
    since = {
        camera.camera_id: midnight(first_day(camera, case.plans[camera.camera_id], now, policy), policy)
        for camera in cameras
        if camera.camera_id in case.plans
    }

    async def questions(hand: Hand) -> DeviceTold:
        return await ask_device(hand, cameras, since, now, with_captions=case.with_captions)

    return await ask_opened(desk.asking, case.opened, budget, questions)


def _open(desk: CheckDesk, device_id: DeviceId, only: CameraId | None, captions_too: bool, now: datetime) -> _Case:
    def price(cameras: int) -> Price:
        return Price(requests=_OF_A_DEVICE + _OF_A_RECORDING * (cameras if only is None else 1), sign_ins=1)

    with desk.database.reading() as tx:
        opened = open_device(tx, desk.asking, device_id, price, now)
        stored, rules, land = recordings.plans(tx), archive_rules.get(tx), regions.land(tx)
    asked = [camera for camera in opened.cameras if only is None or camera.camera_id == only]
    due = now - desk.policy.caption_every
    chosen = {camera.camera_id: choose_plan(camera, stored, rules, land) for camera in asked}
    return _Case(
        opened=opened,
        plans={camera_id: plan for camera_id, (_, plan) in chosen.items()},
        names={camera_id: name for camera_id, (name, _) in chosen.items()},
        with_captions=captions_too or any(one.caption_at is None or one.caption_at <= due for one in asked),
    )


def _judge(case: _Case, told: DeviceTold | str, now: datetime, policy: RecordingPolicy) -> tuple[Judged, ...]:
    source = "recorder" if len(case.opened.cameras) > 1 else "camera"
    found: list[Judged] = []
    for camera in case.opened.cameras:
        plan = case.plans.get(camera.camera_id)
        if plan is None:
            continue
        if isinstance(told, str):
            judged = cannot_be_told(camera.camera_id, told, now)
        else:
            judged = judge_camera(camera, plan, told.footage[camera.camera_id], source, now, policy)
            judged = _with_caption(judged, camera, told, now) if case.with_captions else judged
        check = replace(judged.check, plan=case.names[camera.camera_id])
        found.append(replace(judged, check=check))
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
