"""One round of a device: its control once, then those streams and stills that are due, one after the other."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from vms.core.clock import Clock
from vms.devices.poll import probe_control
from vms.devices.relearn import relearn
from vms.health.judge import LOGIN_REFUSED
from vms.health.looks import clock_in_doubt, wants_still, wants_stream
from vms.health.reading import ControlReading, PictureReading, Reading, StreamReading
from vms.media.login import Login
from vms.media.proof import prove_stream
from vms.services.credentials.note_use import UseBook
from vms.services.polling.book import WatchBook
from vms.services.polling.roster import PolledDevice
from vms.services.polling.settings import PollerSettings
from vms.services.polling.stills import StillTaker, TakenStill
from vms.store.credential_uses import Purpose
from vms.store.poll_targets import PollCamera
from vms.store.stills import Still

CLOCK_EVERY = 10
"""Turns between two questions for the clock, where the clock is dear (0.6 s on some cameras)."""
MOST_DEAD_STREAMS = 2
"""So many streams of a device may fail in a round; the others wait for their next turn: each costs a time-out."""


@dataclass(frozen=True, slots=True)
class Look:
    """One camera's reading and the still that came with it."""

    reading: Reading
    still: Still | None
    requests: int
    """Questions that were put to the device since the look before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """Asks devices; holds nothing that changes but the stills' small frames."""

    settings: PollerSettings
    book: WatchBook
    stills: StillTaker
    clock: Clock
    uses: UseBook
    """Every sign-in is put down here."""
    all_layers: bool = False
    """Look at every layer whether it is due or not."""

    async def look_at(self, device: PolledDevice, turn: int) -> AsyncIterator[Look]:
        """Each camera's reading as soon as it is known. Never raises for a device."""
        if device.target.quirks.forgotten:
            await self._relearn(device)
        with_clock = self._wants_clock(device, turn)
        network, control = await probe_control(
            device.probe, self.clock, timeout_s=self.settings.timeout_s, with_clock=with_clock
        )
        if with_clock and control.answered:
            device.clock_turn = turn
        requests = 1
        dead_streams = 0
        cameras = device.target.cameras
        first = turn % len(cameras) if cameras else 0
        for camera in (*cameras[first:], *cameras[:first]):
            stream: StreamReading | None = None
            if dead_streams < MOST_DEAD_STREAMS and self._wants_stream(device, camera, control, turn):
                stream = await self._prove(device, camera)
                dead_streams += not stream.playing
                requests += 1
            taken: TakenStill | None = None
            if self._wants_still(device, camera, control, turn):
                taken = await self.stills.take(
                    camera, _login(device), timeout_s=self.settings.timeout_s, clock=self.clock, trust=device.trust
                )
                self._mind_refusal(device, taken.reading, Purpose.STILL)
                requests += 1
            reading = Reading(
                camera_id=camera.camera_id,
                at=self.clock(),
                network=network,
                control=control if network.connected else None,
                stream=stream,
                picture=taken.reading if taken else None,
            )
            yield Look(reading, taken.still if taken else None, requests)
            requests = 0

    async def _relearn(self, device: PolledDevice) -> None:
        target = device.target
        learnt = await relearn(
            target.address,
            target.port,
            target.quirks,
            target.policy,
            timeout_s=self.settings.timeout_s,
            clock=self.clock,
        )
        if learnt is not None:
            device.learn(learnt)

    def _wants_clock(self, device: PolledDevice, turn: int) -> bool:
        """Each time, where nothing is cheaper; else now and then, and at once while its clock is in doubt."""
        if not device.probe.quick_request or self.all_layers or device.clock_turn is None:
            return True
        if turn - device.clock_turn >= CLOCK_EVERY:
            return True
        watches = (self.book.watch(camera.camera_id) for camera in device.target.cameras)
        return any(watch is not None and clock_in_doubt(watch) for watch in watches)

    def _wants_stream(self, device: PolledDevice, camera: PollCamera, control: ControlReading, turn: int) -> bool:
        watch = self.book.watch(camera.camera_id)
        if watch is None or not (camera.sub_uri or camera.main_uri) or device.refuses_login:
            return False
        return self.all_layers or wants_stream(watch, control, turn, self.settings.stream_every)

    def _wants_still(self, device: PolledDevice, camera: PollCamera, control: ControlReading, turn: int) -> bool:
        watch = self.book.watch(camera.camera_id)
        if watch is None or not self.stills.may_take(camera) or device.refuses_login:
            return False
        if self.all_layers:
            return control.answered
        return wants_still(watch, control, turn, self.settings.still_every)

    async def _prove(self, device: PolledDevice, camera: PollCamera) -> StreamReading:
        uri = camera.sub_uri or camera.main_uri or ""
        proof = await prove_stream(uri, _login(device), timeout_s=self.settings.timeout_s, trust=device.trust)
        self._mind_refusal(device, proof.reading, Purpose.POLL)
        return proof.reading

    def _mind_refusal(self, device: PolledDevice, reading: StreamReading | PictureReading, purpose: Purpose) -> None:
        refused = reading.because == LOGIN_REFUSED
        self.uses.add(device.login, device.target.device_id, purpose, refused=int(refused))
        if refused:
            device.refused()


def _login(device: PolledDevice) -> Login | None:
    return Login(device.login.username, device.login.password) if device.login else None
