"""A moment of one camera's recordings is really played, to know that what is kept can be had.

whose turn ─→ let alone? ─→ who are you? ─→ your clock ─→ recordings ─→ data at a moment ─→ where from ─→ one key frame
"""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from vms.core.ids import CameraId
from vms.devices.budget import RequestBudget
from vms.devices.configure.hand import Hand
from vms.devices.recordings import NoSearch, read_recordings, read_spans
from vms.devices.replay_address import NoReplay, replay_address
from vms.health.clock_offset import ClockOffset
from vms.health.fault import FaultKind
from vms.health.looks import may_keep_stills
from vms.health.recording_faults import unplayable_fault
from vms.health.sample import FAILURES, Sample, judge_moment, moment_in, some_moment
from vms.health.spending import STREAM, Price
from vms.media.login import Login
from vms.media.replay import play_moment
from vms.media.rtsp.replay import ReplayAsk
from vms.media.trouble import PictureFailed, Trouble
from vms.services.asking import LOGIN_REFUSED, OpenedDevice, ask_opened, cost_of, open_device
from vms.services.let_alone import let_alone_because
from vms.services.recordings.ask_device import offset_of
from vms.services.recordings.check_device import CheckDesk
from vms.services.recordings.whose import sort_recordings
from vms.services.trust_for import trust_of
from vms.store import cameras, consents, device_costs, recordings
from vms.store.device_costs import DeviceCost
from vms.store.faults import ClosedFault, OpenedFault, close_faults, open_faults, standing_faults
from vms.store.recording_targets import SampleTurn

_PRICE = Price(requests=20 + STREAM.requests, sign_ins=2)
NOT_PERMITTED = "not_permitted"
_PLAYS = timedelta(seconds=10)
"""Asked for at once; one key frame is taken."""
NOT_TOLD = frozenset(
    {Trouble.UNREACHABLE, Trouble.LOGIN_REFUSED, Trouble.LOGIN_WITHHELD, Trouble.BUSY, Trouble.CERTIFICATE_CHANGED}
)
"""These say nothing about the recording: another time, or a person, will tell."""


async def play_sample(desk: CheckDesk, turn: SampleTurn) -> Sample | None:
    """Stored when this returns. None: the device is let alone, and its turn comes again. Raises NotFound."""
    now = desk.clock()
    opened, alone, permitted = await asyncio.to_thread(_open, desk, turn, now)
    mine = next((one for one in opened.cameras if one.camera_id == turn.camera_id), None)
    if alone or mine is None:
        return None
    if not permitted:
        opened = replace(opened, because=NOT_PERMITTED)
    budget = RequestBudget(spacing_s=desk.policy.spacing_s)

    async def questions(hand: Hand) -> tuple[Sample, int]:
        return await _play(desk, opened, turn, hand, now)

    told = await ask_opened(desk.asking, opened, budget, questions)
    sample, streamed = (Sample(of=None, ok=None, because=told), 0) if isinstance(told, str) else told
    refused = told == LOGIN_REFUSED or sample.because == Trouble.LOGIN_REFUSED.value
    cost = cost_of(opened, budget.taken + streamed, now, refused=refused, sign_ins=2 if streamed else 1)
    await asyncio.to_thread(_keep, desk, turn, sample, cost)
    return sample


def _keep(desk: CheckDesk, turn: SampleTurn, sample: Sample, cost: DeviceCost) -> None:
    with desk.database.writing() as tx:
        keep_sample(tx, turn.camera_id, sample, desk.clock())
        device_costs.add_many(tx, [cost])


def _open(desk: CheckDesk, turn: SampleTurn, now: datetime) -> tuple[OpenedDevice, str, bool]:
    """And why it is let alone just now, and whether its owner lets its pictures be judged at all."""
    with desk.database.reading() as tx:
        opened = open_device(tx, desk.asking, turn.device_id, lambda _: _PRICE, now)
        tier = cameras.get(tx, turn.camera_id).declared.tier
        permitted = may_keep_stills(tier, consents.of_camera(tx, turn.camera_id), now)
        mine = [camera.camera_id for camera in opened.cameras]
        return opened, let_alone_because(tx, mine, now, desk.policy.looked_within), permitted


async def _play(
    desk: CheckDesk, opened: OpenedDevice, turn: SampleTurn, hand: Hand, now: datetime
) -> tuple[Sample, int]:
    """And how many requests the stream took."""
    clock = offset_of(await hand.meet())
    try:
        recordings_told = await read_recordings(hand)
        owned = sort_recordings(recordings_told, opened.cameras).of_camera[turn.camera_id]
        asked = some_moment(turn.camera_id, turn.oldest_at, turn.newest_at, now)
        for recording in owned:
            start, end = clock.by_device(asked.start), clock.by_device(asked.end)
            told = moment_in(await read_spans(hand, recording.token, start, end))
            if told is not None:
                uri = await replay_address(hand, recording.token)
                return await _play_at(desk, opened, uri, told, clock), STREAM.requests
    except (NoSearch, NoReplay) as none:
        return Sample(of=None, ok=None, because=none.code), 0
    return Sample(of=None, ok=None, because="no_recordings"), 0


async def _play_at(desk: CheckDesk, opened: OpenedDevice, uri: str, told: datetime, clock: ClockOffset) -> Sample:
    """`told`: by the device's clock."""
    policy, device = desk.policy, opened.device
    ask = ReplayAsk(start=told, end=told + _PLAYS, most_bytes=policy.sample_bytes)
    login = None if opened.login is None else Login(opened.login.username, opened.login.password)
    trust = trust_of(device.observed.quirks, device.policy)
    ours = clock.by_us(told)
    try:
        played = await play_moment(uri, ask, login, timeout_s=policy.sample_s, trust=trust)
    except PictureFailed as failed:
        return Sample(of=ours, ok=None if failed.trouble in NOT_TOLD else False, because=failed.trouble.value)
    shown = None if played.shows_at is None else clock.by_us(played.shows_at)
    slack = timedelta(seconds=clock.uncertainty_s)
    return judge_moment(ours, shown, policy.wrong_by + slack)


def keep_sample(tx: Connection, camera_id: CameraId, sample: Sample, now: datetime) -> None:
    """A fault after FAILURES failures in a row; one that plays closes it."""
    failures = recordings.put_sample(tx, camera_id, now, of=sample.of, ok=sample.ok, because=sample.because)
    kinds = {fault.kind for fault in standing_faults(tx, [camera_id]).get(camera_id, ())}
    is_open = FaultKind.RECORDING_UNPLAYABLE in kinds
    if sample.ok and is_open:
        close_faults(tx, [ClosedFault(camera_id, FaultKind.RECORDING_UNPLAYABLE, now)], now)
    elif sample.ok is False and failures >= FAILURES and not is_open:
        open_faults(tx, [OpenedFault(camera_id, unplayable_fault(sample.because), now)], now)
