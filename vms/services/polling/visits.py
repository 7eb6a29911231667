"""One visit to a device from its turn on the wheel to the next: asked, judged, paid for; nothing here is stored."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

from vms.core.clock import Clock
from vms.health.last_straw import is_last_straw, pause_before_last_s
from vms.health.layer import Layer
from vms.health.pace import turns_between_looks
from vms.health.policy import Policy
from vms.health.reading import Reading
from vms.services.polling.book import WatchBook
from vms.services.polling.fell_together import NOT_ITS_OWN, FellTogether, fresh_looks
from vms.services.polling.ledger import Ledger
from vms.services.polling.lost_around import LostAround
from vms.services.polling.own_side import REFUSED, OwnSide, is_silence
from vms.services.polling.punctuality import Punctuality
from vms.services.polling.roster import PolledDevice
from vms.services.polling.round import Asked, Rounds
from vms.services.polling.settings import PollerSettings
from vms.services.polling.sleepers import Sleepers
from vms.store.stills import Still

MOST_ASKED_AGAIN = 500
"""Devices at once. Where more fall together no lost packets are to blame, and the first question decides."""


@dataclass(slots=True)
class Visit:
    """What came of it."""

    requests: int = 0
    refused: bool = False
    """A login was refused that had not been before."""
    learnt: bool = False
    unjudged: bool = False
    """Our own side was cut off, or we were kept from listening."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A reading that waits for what others say."""

    reading: Reading
    moment: int
    failed: tuple[Layer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    settings: PollerSettings
    book: WatchBook
    rounds: Rounds
    ledger: Ledger
    own_side: OwnSide
    together: FellTogether
    lost_around: LostAround
    clock: Clock
    now_s: Callable[[], float]
    """A steady clock."""
    keep_still: Callable[[Still], None]
    figures: Punctuality
    sleepers: Sleepers
    was_held: Callable[[float], bool] = lambda began_s: False
    """Whether we were kept from running since then, so that an answer may not have been heard."""
    asking_again: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_ASKED_AGAIN))

    def begin(self, device: PolledDevice, turn: int) -> Coroutine[Any, Any, Visit] | None:
        """The visit, to be awaited; one at a time and device. None: it is not its turn, or the one before lasts."""
        if turn < device.look_again_turn:
            return None
        if not self.own_side.may_try(device.ground, was_heard=device.was_heard is not False):
            return None
        if device.is_busy:
            self.figures.overruns += 1
            return None
        device.is_busy = True
        return self._visit(device, turn)

    async def _visit(self, device: PolledDevice, turn: int) -> Visit:
        """Never raises for a device."""
        try:
            return await self._look(device, turn)
        finally:
            device.is_busy = device.refused_in_visit = False

    async def _look(self, device: PolledDevice, turn: int) -> Visit:
        done = Visit()
        was_refused, was_forgotten = device.refused_login, device.target.quirks.forgotten
        asked = await self._ask(device, turn, done)
        if asked is not None and not asked.control.answered:
            asked = await self._make_sure(device, turn, asked, done)
        if asked is not None:
            await self._look_further(device, turn, asked, done)
            device.look_again_turn = turn + self._turns_to_wait(device)
        done.refused = device.refuses_login and device.refused_login != was_refused
        done.learnt = was_forgotten and not device.target.quirks.forgotten
        if done.refused:
            device.refused_s = self.now_s()
        return done

    async def _look_further(self, device: PolledDevice, turn: int, asked: Asked, done: Visit) -> None:
        """What failed waits until it is known who failed in the same moment, and the other channels do not wait."""
        held: list[_Held] = []
        began_s = self.now_s()
        async for look in self.rounds.look_further(device, turn, asked):
            done.requests += look.requests
            reading = self._without_unheard(look.reading, began_s, done)
            began_s = self.now_s()
            fresh = fresh_looks(self.book.watch(reading.camera_id), reading)
            moment = self.together.saw(device.target.device_id, fresh)
            failed = tuple(layer for layer, has_failed in fresh.items() if has_failed)
            if failed:
                held.append(_Held(reading, moment, failed))
            else:
                self.book.take_in(reading, self._policy(device))
            if look.still is not None:
                self.keep_still(look.still)
            held = self._judge_held(device, held, done)
        while held:
            await self.rounds.wire.pause(max(self.together.wait_s(one.moment) for one in held) + 0.001)
            held = self._judge_held(device, held, done)

    def _without_unheard(self, reading: Reading, began_s: float, done: Visit) -> Reading:
        """What came counts; what did not come while we were kept from running says nothing."""
        stream, picture = reading.stream, reading.picture
        no_stream = stream is not None and not stream.playing and stream.because not in NOT_ITS_OWN
        no_picture = picture is not None and not picture.fetched and picture.because not in NOT_ITS_OWN
        if not (no_stream or no_picture) or not self.was_held(began_s):
            return reading
        done.unjudged = True
        return replace(reading, stream=None if no_stream else stream, picture=None if no_picture else picture)

    def _judge_held(self, device: PolledDevice, held: list[_Held], done: Visit) -> list[_Held]:
        """Those that wait on."""
        waiting = []
        for one in held:
            if self.together.wait_s(one.moment) > 0:
                waiting.append(one)
                continue
            ours = {layer for layer in one.failed if self.together.is_ours(layer, one.moment)}
            done.unjudged = done.unjudged or bool(ours)
            reading = replace(one.reading, stream=None) if Layer.STREAM in ours else one.reading
            judged = replace(reading, picture=None) if Layer.PICTURE in ours else reading
            self.book.take_in(judged, self._policy(device))
        return waiting

    async def _ask(self, device: PolledDevice, turn: int, done: Visit) -> Asked | None:
        """None: the silence is our own, and says nothing about the device."""
        counts, began_s = device.was_heard is not False, self.now_s()
        tally = self.own_side.begin(device.ground) if counts else None
        try:
            asked = await self.rounds.ask(device, turn)
        except BaseException:
            if tally is not None:
                tally.begun -= 1
            raise
        if asked.network is None:
            if tally is not None:
                tally.begun -= 1
            return asked
        silent = is_silence(asked.network)
        if self._is_unheard(asked, began_s):
            if tally is not None:
                tally.begun -= 1
            done.requests, done.unjudged = 1, True
            return None
        if tally is not None:
            self.own_side.end(tally, silent=silent)
            if silent and await self.own_side.is_ours(device.ground, tally.began_s):
                done.requests, done.unjudged = 1, True
                return None
        elif silent and self.own_side.is_cut(device.ground):
            done.requests, done.unjudged = 1, True
            return None
        self._heard(device, silent=silent)
        return asked

    def _is_unheard(self, asked: Asked, began_s: float) -> bool:
        """No answer, and we were kept from hearing one. Whoever refuses has answered."""
        network = asked.network
        unanswered = network is not None and network.because != REFUSED and not asked.control.answered
        return unanswered and self.was_held(began_s)

    async def _make_sure(self, device: PolledDevice, turn: int, asked: Asked, done: Visit) -> Asked | None:
        """Asked once more before it falls; what it says then counts. None: our own side was cut off meanwhile."""
        if asked.network is None or self.asking_again.locked() or not self._would_fall(device):
            return asked
        async with self.asking_again:
            await self.rounds.wire.pause(pause_before_last_s(self.settings.interval_s))
            began_s = self.now_s()
            again = await self.rounds.ask(device, turn, again=True)
        if again.network is None:
            return asked
        done.requests += 1
        silent = is_silence(again.network)
        if (silent and self.own_side.is_cut(device.ground)) or self._is_unheard(again, began_s):
            done.unjudged = True
            return None
        self._heard(device, silent=silent)
        return again

    def _heard(self, device: PolledDevice, *, silent: bool) -> None:
        """Our own side was not cut off."""
        device.was_heard = not silent
        if silent:
            device.silent_looks += 1
            return
        target = device.target
        self.lost_around.saw(device.ground, target.address, target.device_id, lost=device.silent_looks)
        device.silent_looks = 0

    def _policy(self, device: PolledDevice) -> Policy:
        return self.lost_around.policy(device.ground, device.target.address)

    def _would_fall(self, device: PolledDevice) -> bool:
        policy = self._policy(device)
        watches = (self.book.watch(camera.camera_id) for camera in device.target.cameras)
        return any(watch is not None and is_last_straw(watch, policy) for watch in watches)

    def wake(self, device: PolledDevice) -> None:
        """Its next turn is not left out, unless the day's budget wants it so."""
        if self._frugal(device) == 1:
            device.look_again_turn = 0

    def _turns_to_wait(self, device: PolledDevice) -> int:
        watches = [self.book.watch(camera.camera_id) for camera in device.target.cameras]
        failures = min((watch.control_failures for watch in watches if watch is not None), default=0)
        patient = turns_between_looks(failures, self.settings.interval_s, self.settings.backoff_max_s)
        if patient > 1:
            self.sleepers.rest(device.target.device_id, device.target.address)
        elif failures == 0:
            self.sleepers.rises(device.target.device_id)
        return max(patient, self._frugal(device))

    def _frugal(self, device: PolledDevice) -> int:
        return self.ledger.turns_to_wait(
            device.target.device_id, device.channels, self.settings.interval_s, self.clock()
        )
