"""A look at a camera's picture: a still by the cheaper way, and a burst where one still cannot tell."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import perf_counter
from typing import Protocol

from vms.core.ids import CameraId, DeviceId
from vms.devices.who_answers import Certainty
from vms.health.fault import LAYER_OF, FaultKind
from vms.health.layer import Layer
from vms.health.picture.as_faults import OF_A_LIGHT, UNSEEN
from vms.health.picture.diagnose import without_explained
from vms.health.picture.finding import Finding
from vms.health.picture.frozen import BURST_STILLS, Doubt, doubt_after, is_believed, is_worth_a_burst, judge_burst
from vms.health.picture.motion import wants_burst
from vms.health.picture.sequence import Step, diagnose_sequence
from vms.health.reading import PictureReading, StreamReading
from vms.health.spending import BUDGET, STILL, STILL_FROM_STREAM, STREAM, Price
from vms.health.turning import Stands
from vms.health.watch import Watch
from vms.media.burst import compare_key_frames, compare_stills, steps_of_stream
from vms.media.login import Login
from vms.media.still import Still as FetchedStill
from vms.media.trouble import PictureFailed
from vms.services.polling.roster import PolledDevice
from vms.services.polling.settings import PollerSettings
from vms.services.polling.still_ways import NOT_THE_WAYS_FAULT, StillWays, Way
from vms.services.polling.stills import StillTaker, TakenStill, no_picture
from vms.store.credentials import StoredLogin
from vms.store.poll_targets import PollCamera

OVER_BUDGET = TakenStill(reading=PictureReading(fetched=False, because=BUDGET))
NOT_ENDED = "not_ended"
"""Nobody knows what would have come."""
LONGEST_GOP_S = 4.0
MOST_AT_ONCE = 200
"""Stills on their way or waiting to be measured; each may have megabytes."""
STANDS = Step(change_levels=0.0, right_share=0.0, down_share=0.0, shift_sure=0.0, alike=1.0)
PRICES = {Way.SNAPSHOT: STILL, Way.KEY_FRAME: STILL_FROM_STREAM}
BurstOfStream = Callable[..., Awaitable[tuple[Step, ...]]]
Compare = Callable[[Sequence[bytes]], Awaitable[tuple[tuple[Step, ...], bool]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Who is looked at, and how it stands."""

    device: PolledDevice
    camera: PollCamera
    watch: Watch
    stored: StoredLogin | None
    """What is shown to the device, which may get another one meanwhile."""
    login: Login | None
    certainty: Certainty
    stream: StreamReading | None
    """Of the same round."""
    stands: Stands | None = None
    """Of a camera that turns: where it stood just before; None: nobody knows."""


class Till(Protocol):
    """Where a look is paid for before it is taken."""

    async def may_look(self, look: Look, price: Price) -> bool: ...
    def paid_look(self, look: Look, price: Price) -> AbstractContextManager[None]: ...
    async def was_looked(self, look: Look, because: str) -> None:
        """`because`: why nothing came; empty where something did."""


class WhereItStands(Protocol):
    async def stands(self, look: Look, till: Till) -> Stands | None:
        """Of a camera that turns. Never raises for a device. None: nobody knows."""

    def forget(self, camera_id: CameraId) -> None: ...
    def forget_device(self, device_id: DeviceId) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    settings: PollerSettings
    stills: StillTaker
    clock: Callable[[], datetime]
    pause: Callable[[float], Awaitable[None]]
    burst: BurstOfStream = steps_of_stream
    key_frames: Callable[..., Awaitable[tuple[tuple[Step, ...], bool]]] = compare_key_frames
    compare: Compare = compare_stills
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_AT_ONCE))
    heads: WhereItStands | None = None
    """None: nobody asks; no view of a camera that turns is known."""
    ways: StillWays = field(default_factory=StillWays)
    quiet_at: dict[CameraId, datetime] = field(default_factory=dict)
    """When a burst showed that a camera lives whose stills look alike; only those are held."""
    doubts: dict[CameraId, Doubt] = field(default_factory=dict)
    """Of cameras in whose bursts nothing but the clock moved."""

    async def look(self, look: Look, till: Till) -> TakenStill:
        """Never raises for a device."""
        if look.stream is not None and look.stream.first_key_frame_s is not None:
            took_ms = look.stream.first_key_frame_s * 1000
            self.ways.took(look.device.target.device_id, Way.KEY_FRAME, took_ms, self.clock())
        if self.heads is not None and look.camera.turns and look.camera.profile:
            look = replace(look, stands=await self.heads.stands(look, till))
        taken, way = await self._still(look, till)
        if taken.known is None:
            return taken
        found: list[Finding] = []
        told: set[FaultKind] = set()
        if not any(finding.kind in UNSEEN for finding in taken.reading.findings):
            await self._is_frozen(look, till, taken, way, found, told)
            await self._jitters(look, till, taken, found, told)
        if not told:
            return taken
        findings = without_explained((*taken.reading.findings, *found))
        return replace(taken, reading=replace(taken.reading, findings=findings, told=taken.reading.told | told))

    def may_take(self, camera: PollCamera) -> bool:
        return self.stills.may_take(camera)

    def forget(self, camera_id: CameraId) -> None:
        self.quiet_at.pop(camera_id, None)
        self.doubts.pop(camera_id, None)
        self.stills.forget(camera_id)
        if self.heads is not None:
            self.heads.forget(camera_id)

    def forget_device(self, device_id: DeviceId) -> None:
        self.ways.forget(device_id)
        if self.heads is not None:
            self.heads.forget_device(device_id)

    async def _still(self, look: Look, till: Till) -> tuple[TakenStill, Way]:
        """By the cheaper way; by the other one where that fails by its own fault."""
        device_id = look.device.target.device_id
        first, *others = self.ways.order(device_id, look.camera, self.clock())
        taken = await self._by(look, till, first)
        if isinstance(taken, TakenStill):
            return taken, first
        failure = taken
        if first is Way.SNAPSHOT and others and failure.trouble not in NOT_THE_WAYS_FAULT:
            again = await self._by(look, till, Way.KEY_FRAME)
            if isinstance(again, TakenStill) and again.reading.fetched:
                self.ways.snapshot_failed(device_id, self.clock())
                return again, Way.KEY_FRAME
        return TakenStill(reading=no_picture(failure)), first

    async def _by(self, look: Look, till: Till, way: Way) -> TakenStill | PictureFailed:
        async with self.gate:
            return await self._by_in_turn(look, till, way)

    async def _by_in_turn(self, look: Look, till: Till, way: Way) -> TakenStill | PictureFailed:
        if not await till.may_look(look, PRICES[way]):
            return OVER_BUDGET
        because = NOT_ENDED
        try:
            fetched, took_ms = await self._fetch(look, till, way)
            taken = await self.stills.judge(
                look.camera, fetched, is_whole=_is_whole(look.watch), doubted=_doubted(look.watch), stands=look.stands
            )
            because = ""
        except PictureFailed as failure:
            because = failure.trouble.value
            return failure
        finally:
            await till.was_looked(look, because)
        self.ways.took(look.device.target.device_id, way, took_ms, self.clock())
        return taken

    async def _fetch(self, look: Look, till: Till, way: Way) -> tuple[FetchedStill, float]:
        """And how many milliseconds it took. Raises PictureFailed."""
        began_s = perf_counter()
        with till.paid_look(look, PRICES[way]):
            fetched = await self.stills.fetch(
                look.camera, way, look.login, self.settings.timeout_s, self.clock, look.device.trust
            )
        return fetched, (perf_counter() - began_s) * 1000

    async def _is_frozen(
        self, look: Look, till: Till, taken: TakenStill, way: Way, found: list[Finding], told: set[FaultKind]
    ) -> None:
        camera_id, now = look.camera.camera_id, self.clock()
        if taken.looks_as_before is None:
            return
        if not taken.looks_as_before:
            told.add(FaultKind.FROZEN)
            self.doubts.pop(camera_id, None)
            return
        is_open = any(fault.kind is FaultKind.FROZEN for fault in look.watch.open_faults)
        if not is_worth_a_burst(quiet_at=self.quiet_at.get(camera_id), is_open=is_open, now=now):
            return
        stills = await self._burst_of_stills(look, till, taken, way)
        if len(stills) < BURST_STILLS or taken.known is None:
            return
        try:
            steps, clock_moves = await self.compare(stills)
        except PictureFailed:
            return
        frozen = judge_burst(steps, clock_moves=clock_moves, thresholds=taken.known.thresholds.at(now))
        if frozen is not None and way is Way.SNAPSHOT and len(set(stills)) == 1:
            made_sure = await self._by_key_frames(look, till)
            if made_sure is None:
                return
            steps, clock_moves = made_sure
            frozen = judge_burst(steps, clock_moves=clock_moves, thresholds=taken.known.thresholds.at(now))
        told.add(FaultKind.FROZEN)
        if frozen is not None and self._is_believed(camera_id, now, clock_moves=clock_moves, is_open=is_open):
            self.quiet_at.pop(camera_id, None)
            found.append(frozen)
        else:
            self.quiet_at[camera_id] = now
        if frozen is None:
            self.doubts.pop(camera_id, None)

    def _is_believed(self, camera_id: CameraId, now: datetime, *, clock_moves: bool, is_open: bool) -> bool:
        if not clock_moves:
            return True
        doubt = self.doubts[camera_id] = doubt_after(self.doubts.get(camera_id), now)
        return is_open or is_believed(doubt, now)

    async def _by_key_frames(self, look: Look, till: Till) -> tuple[tuple[Step, ...], bool] | None:
        """Snapshots that are equal to the last byte may come from a store in the device: its stream has none. None:
        nobody can tell now."""
        uri = look.camera.sub_uri or look.camera.main_uri
        if uri is None:
            return (STANDS, STANDS), False
        if not await till.may_look(look, STREAM):
            return None
        because = NOT_ENDED
        try:
            with till.paid_look(look, STREAM):
                compared = await self.key_frames(
                    uri,
                    look.login,
                    timeout_s=self.settings.timeout_s,
                    within_s=LONGEST_GOP_S * BURST_STILLS,
                    trust=look.device.trust,
                )
            because = ""
            return compared
        except PictureFailed as failure:
            because = failure.trouble.value
            return None
        finally:
            await till.was_looked(look, because)

    async def _burst_of_stills(self, look: Look, till: Till, taken: TakenStill, way: Way) -> list[bytes]:
        """Some seconds apart, by the way that worked; fewer where one fails or is too dear."""
        stills = [] if taken.fetched is None else [taken.fetched.jpeg]
        while len(stills) < BURST_STILLS and await till.may_look(look, PRICES[way]):
            await self.pause(self.settings.burst_gap_s)
            because = NOT_ENDED
            try:
                again, _ = await self._fetch(look, till, way)
                stills.append(again.jpeg)
                because = ""
            except PictureFailed as failure:
                because = failure.trouble.value
                break
            finally:
                await till.was_looked(look, because)
        return stills

    async def _jitters(
        self, look: Look, till: Till, taken: TakenStill, found: list[Finding], told: set[FaultKind]
    ) -> None:
        """Where the stream has just played. A device that bears one session keeps it for those who look."""
        uri = look.camera.sub_uri or look.camera.main_uri
        window_s = self.settings.still_every * self.settings.interval_s
        every_s = self.settings.motion_every_s
        if uri is None or not wants_burst(look.watch, self.clock(), every_s=every_s, window_s=window_s):
            return
        if look.device.target.quirks.session_limit == 1 or not await till.may_look(look, STREAM):
            return
        because = NOT_ENDED
        try:
            with till.paid_look(look, STREAM):
                steps = await self.burst(uri, look.login, timeout_s=self.settings.timeout_s, trust=look.device.trust)
            because = ""
        except PictureFailed as failure:
            because = failure.trouble.value
            return
        finally:
            await till.was_looked(look, because)
        if len(steps) < BURST_STILLS or taken.known is None:
            return
        told.add(FaultKind.JITTER)
        findings = diagnose_sequence(steps, taken.known.thresholds.at(self.clock()))
        found += [finding for finding in findings if finding.kind is FaultKind.JITTER]


def _doubted(watch: Watch) -> frozenset[FaultKind]:
    """What looks have named lately that not every light can tell."""
    return OF_A_LIGHT.intersection(kind for kind, _ in watch.votes)


def _is_whole(watch: Watch) -> bool:
    """Nothing stands against its picture, and no look has named anything lately that every look can tell. What stands
    against its view by day is not learnt as its normal by night."""
    kinds = {fault.kind for fault in watch.open_faults} | {kind for kind, _ in watch.votes} - OF_A_LIGHT
    return not any(LAYER_OF[kind] is Layer.PICTURE for kind in kinds)
