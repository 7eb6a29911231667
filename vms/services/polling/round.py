"""One round of a device: its control once, then those streams and stills that are due, one after the other."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import perf_counter

from vms.core.clock import Clock
from vms.devices.poll import has_quicker_question, probe_control
from vms.devices.who_answers import Certainty
from vms.health.judge import LOGIN_REFUSED
from vms.health.looks import clock_in_doubt, wants_still, wants_stream
from vms.health.reading import ControlReading, NetworkReading, Reading, StreamReading
from vms.health.spending import BUDGET, CONTROL, RELEARN, STREAM, Price, Reason
from vms.health.status import Status
from vms.media.login import Login
from vms.services.credentials.note_use import UseBook
from vms.services.learn_of_device import Lesson
from vms.services.polling.book import WatchBook
from vms.services.polling.dead_streams import Allowance, StreamQueue
from vms.services.polling.door import Door
from vms.services.polling.ledger import Ledger
from vms.services.polling.live_pulls import LivePulls
from vms.services.polling.pictures import Look as PictureLook
from vms.services.polling.pictures import Pictures
from vms.services.polling.roster import PolledDevice
from vms.services.polling.settings import PollerSettings
from vms.services.polling.showings import Showings
from vms.services.polling.stills import TakenStill
from vms.services.polling.wire import Wire
from vms.services.who_answers import ANOTHER_DEVICE
from vms.store.credential_uses import Purpose
from vms.store.credentials import StoredLogin
from vms.store.poll_targets import PollCamera
from vms.store.stills import Still

CLOCK_EVERY = 10
"""Turns between two questions for the clock, where the clock is dear (0.6 s on some cameras)."""
RELEARN_EVERY = 10
"""Turns between two tries to learn the ways of a device that is silent: each may cost a dozen questions."""
MAKE_SURE = Price(requests=5)
"""Mostly one."""


@dataclass(frozen=True, slots=True)
class Look:
    """One camera's reading and the still that came with it."""

    reading: Reading
    still: Still | None
    requests: int
    """Looks that the device was given since the reading before."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a device's control said. Without a network reading nobody asked: the day's budget is used up."""

    network: NetworkReading | None
    control: ControlReading


OVER_BUDGET = Asked(None, ControlReading(answered=False, because=BUDGET))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """Asks devices; holds nothing that changes but what pictures looked like, and whose streams fail. What is asked is
    paid for before."""

    settings: PollerSettings
    book: WatchBook
    pictures: Pictures
    clock: Clock
    uses: UseBook
    """Every sign-in is put down here."""
    ledger: Ledger
    streams: StreamQueue = field(default_factory=StreamQueue)
    """Those that fail take turns."""
    all_layers: bool = False
    """Look at every layer whether it is due or not."""
    wire: Wire = field(default_factory=Wire)
    """How devices are reached."""
    showings: Showings | None = None
    """Writes down what is shown for the first time. None: nothing can be lost, in a simulation."""
    pulls: LivePulls = field(default_factory=LivePulls)
    """Those who look go first."""
    door: Door | None = None
    """Makes sure who answers before a login is shown. None: nobody can be mistaken, in a simulation."""

    async def look_at(self, device: PolledDevice, turn: int) -> AsyncIterator[Look]:
        """Each camera's reading as soon as it is known. Never raises for a device."""
        asked = await self.ask(device, turn)
        async for look in self.look_further(device, turn, asked):
            yield look

    async def ask(self, device: PolledDevice, turn: int, *, again: bool = False) -> Asked:
        """Is it there, does it answer? One question, and without credentials. `again`: in the same turn."""
        is_time = device.was_heard is not False or turn % RELEARN_EVERY == 0
        if device.target.quirks.forgotten and is_time and not again:
            await self._relearn(device)
        now = self.clock()
        device_id = device.target.device_id
        if not self.ledger.may(device_id, device.channels, CONTROL, Reason.POLL, now):
            return OVER_BUDGET
        with_clock = self._wants_clock(device, turn)
        with self.ledger.connection(device_id, now) as account:
            account.requests += 1
            began_s = perf_counter()
            network, control = await probe_control(
                device.probe,
                self.clock,
                timeout_s=self.settings.timeout_s,
                with_clock=with_clock,
                account=account,
                ask=self.wire.exchange,
            )
            account.busy_ms += round((perf_counter() - began_s) * 1000)
        if with_clock and control.answered:
            device.clock_turn = turn
        return Asked(network, control)

    async def look_further(self, device: PolledDevice, turn: int, asked: Asked) -> AsyncIterator[Look]:
        """Streams and stills that are due, one after the other, and the readings."""
        certainty, asked = await self._make_sure(device, turn, asked)
        network, control = asked.network, asked.control
        may_look = network is not None and certainty in (Certainty.SURE, Certainty.OPEN)
        requests = 0 if network is None else 1
        allowance: Allowance | None = None
        for camera in self.streams.in_turn(device.target.cameras, self.book.watch, turn):
            stream: StreamReading | None = None
            if may_look and self._wants_stream(device, camera, control, turn):
                known = self.streams.is_failing(camera.camera_id)
                allowance = allowance or Allowance(device.channels, self.settings.interval_s, answered=control.answered)
                if allowance.is_left(known=known):
                    began = self.clock()
                    stream = await self._prove(device, camera, control, certainty)
                    if stream.because != BUDGET:
                        requests += 1
                        self.streams.tried(camera.camera_id, turn, playing=stream.playing)
                        if not stream.playing:
                            allowance.failed((self.clock() - began).total_seconds(), known=known)
            taken: TakenStill | None = None
            if may_look and self._wants_still(device, camera, control, turn):
                taken = await self._take_still(device, camera, certainty, stream)
                requests += taken is not None and taken.reading.because != BUDGET
            said = asked
            if not control.answered and stream is not None and stream.because == BUDGET:
                said = OVER_BUDGET  # its stream might have proved that it lives
            reading = Reading(
                camera_id=camera.camera_id,
                at=self.clock(),
                network=said.network,
                control=said.control if said.network is None or said.network.connected else None,
                stream=stream,
                picture=taken.reading if taken else None,
            )
            yield Look(reading, taken.still if taken else None, requests)
            requests = 0
        if self.showings is not None:
            self.showings.end(device)

    async def _make_sure(self, device: PolledDevice, turn: int, asked: Asked) -> tuple[Certainty, Asked]:
        """Only where somebody would sign in now, or where another one was the last time. What another device answers is
        no answer of this one."""
        door, control = self.door, asked.control
        if door is None or asked.network is None or device.login is None:
            return Certainty.SURE, asked
        if not control.answered:
            door.was_silent(device)
            return Certainty.OPEN, asked
        if device.login_in_doubt:
            return Certainty.OPEN, asked
        looks = (
            self._wants_stream(device, camera, control, turn) or self._wants_still(device, camera, control, turn)
            for camera in device.target.cameras
        )
        if not (any(looks) or door.is_another(device)):
            return Certainty.SURE, asked
        now, login = self.clock(), device.login
        if not self.ledger.may(device.target.device_id, device.channels, MAKE_SURE, Reason.POLL, now):
            return Certainty.ANOTHER, OVER_BUDGET if door.is_another(device) else asked
        if not await self._may_show(device):
            return Certainty.ANOTHER, OVER_BUDGET if door.is_another(device) else asked
        with self.ledger.connection(device.target.device_id, now) as account:
            standing = await door.make_sure(device, control)
            account.requests += standing.questions
        if standing.certainty is Certainty.ANOTHER:
            silence = ControlReading(answered=False, because=ANOTHER_DEVICE)
            return Certainty.ANOTHER, Asked(asked.network, silence)
        if standing.certainty is Certainty.REFUSED:
            await self._mind_refusal(device, login, LOGIN_REFUSED, Purpose.POLL, Certainty.OPEN)
            refusal = replace(control, login_refused=True, because=LOGIN_REFUSED)
            return Certainty.REFUSED, Asked(asked.network, refusal)
        return standing.certainty, asked

    async def _relearn(self, device: PolledDevice) -> None:
        target, now = device.target, self.clock()
        if not self.ledger.may(target.device_id, device.channels, RELEARN, Reason.POLL, now):
            return
        with self.ledger.connection(target.device_id, now) as account:
            account.requests += RELEARN.requests
            learnt = await self.wire.relearn(
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
        if self.all_layers or device.clock_turn is None or not has_quicker_question(device.target.quirks):
            return True
        if turn - device.clock_turn >= CLOCK_EVERY:
            return True
        watches = (self.book.watch(camera.camera_id) for camera in device.target.cameras)
        return any(watch is not None and clock_in_doubt(watch) for watch in watches)

    def _wants_stream(self, device: PolledDevice, camera: PollCamera, control: ControlReading, turn: int) -> bool:
        watch = self.book.watch(camera.camera_id)
        if watch is None or not (camera.sub_uri or camera.main_uri) or not device.may_sign_in:
            return False
        return self.all_layers or wants_stream(watch, control, turn, self.settings.stream_every)

    def _wants_still(self, device: PolledDevice, camera: PollCamera, control: ControlReading, turn: int) -> bool:
        watch = self.book.watch(camera.camera_id)
        if watch is None or not self.pictures.may_take(camera) or not device.may_sign_in:
            return False
        if self.all_layers:
            return control.answered
        return wants_still(watch, control, turn, self.settings.still_every)

    async def _prove(
        self, device: PolledDevice, camera: PollCamera, control: ControlReading, certainty: Certainty
    ) -> StreamReading:
        """In doubt it is part of the poll; where it only comes round it waits behind everybody else."""
        watch = self.book.watch(camera.camera_id)
        in_doubt = not control.answered or (watch is not None and watch.status is not Status.UP)
        reason, now = Reason.POLL if in_doubt else Reason.DIAGNOSIS, self.clock()
        if not self.ledger.may(device.target.device_id, device.channels, STREAM, reason, now):
            return StreamReading(playing=False, because=BUDGET)
        if not self._has_room(device):
            return StreamReading(playing=False, because=BUDGET)
        if not await self._may_show(device):
            return StreamReading(playing=False, because=BUDGET)
        uri, login = camera.sub_uri or camera.main_uri or "", device.login
        shown, trust = _shown(login, certainty), device.trust
        with self._paid(device, STREAM, reason, now):
            proof = await self.wire.prove(uri, shown, timeout_s=self.settings.timeout_s, trust=trust)
        await self._mind_refusal(device, login, proof.reading.because, Purpose.POLL, certainty)
        if self.showings is not None and proof.reading.playing:
            self.showings.worked(device, login)
        if self.door and proof.tls_sha256 and not trust.stream_sha256 and proof.tls_sha256 != trust.pinned_sha256:
            device.learn(replace(device.target.quirks, stream_tls_fingerprint=proof.tls_sha256))
            await self.door.learn(device, Lesson(stream_tls_fingerprint=proof.tls_sha256))
        return proof.reading

    async def _take_still(
        self, device: PolledDevice, camera: PollCamera, certainty: Certainty, stream: StreamReading | None
    ) -> TakenStill | None:
        watch = self.book.watch(camera.camera_id)
        if watch is None:
            return None
        login = device.login
        look = PictureLook(
            device=device, camera=camera, watch=watch, stored=login, login=_shown(login, certainty),
            certainty=certainty, stream=stream,
        )  # fmt: skip
        return await self.pictures.look(look, self)

    async def may_look(self, look: PictureLook, price: Price) -> bool:
        """Not with a login that was refused or changed since the look began."""
        device = look.device
        if not device.may_sign_in or device.login != look.stored:
            return False
        if price is STREAM and not self._has_room(device):
            return False
        if not self.ledger.may(device.target.device_id, device.channels, price, Reason.DIAGNOSIS, self.clock()):
            return False
        return await self._may_show(device)

    def paid_look(self, look: PictureLook, price: Price) -> AbstractContextManager[None]:
        return self._paid(look.device, price, Reason.DIAGNOSIS, self.clock())

    async def was_looked(self, look: PictureLook, because: str) -> None:
        await self._mind_refusal(look.device, look.stored, because, Purpose.STILL, look.certainty)
        if self.showings is not None and not because:
            self.showings.worked(look.device, look.stored)

    def _has_room(self, device: PolledDevice) -> bool:
        target = device.target
        return self.pulls.leaves_room(target.address, device.channels, target.quirks.session_limit)

    async def _may_show(self, device: PolledDevice) -> bool:
        return self.showings is None or await self.showings.begin(device)

    @contextmanager
    def _paid(self, device: PolledDevice, price: Price, reason: Reason, now: datetime) -> Iterator[None]:
        with self.ledger.connection(device.target.device_id, now) as account:
            account.requests += price.requests
            account.for_diagnosis += price.requests if reason is Reason.DIAGNOSIS else 0
            account.sign_ins += price.sign_ins if device.login is not None else 0
            began_s = perf_counter()
            try:
                yield
            finally:
                account.busy_ms += round((perf_counter() - began_s) * 1000)

    async def _mind_refusal(
        self, device: PolledDevice, login: StoredLogin | None, because: str, purpose: Purpose, certainty: Certainty
    ) -> None:
        """`login`: what was shown to the device, which may have got another one meanwhile."""
        refused = because == LOGIN_REFUSED
        self.uses.add(login, device.target.device_id, purpose, refused=int(refused))
        if refused:
            device.refused(login)
            device.refused_in_visit = True
            self.ledger.account(device.target.device_id, self.clock()).refused += 1
            if self.showings is not None:
                await self.showings.refused(device, login)
            if self.door is not None and login is not None and certainty is not Certainty.SURE:
                await self.door.was_refused(device, login)


def _shown(login: StoredLogin | None, certainty: Certainty) -> Login | None:
    return Login(login.username, login.password, certainty is not Certainty.SURE) if login else None
