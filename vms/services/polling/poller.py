"""The poller: turns the wheel, visits each device in its turn, follows the inventory, keeps its heart beating."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, time

from vms.core.clock import Clock
from vms.core.errors import Conflict
from vms.core.ids import CameraId, DeviceId, SessionId
from vms.devices.ground import Grounds, link_problem, read_grounds
from vms.health.fault import Fault
from vms.health.spending import CONTROL, HEAD_AND_PRESETS, RELEARN, STREAM
from vms.services.credentials.attempt_writer import AttemptWriter
from vms.services.credentials.note_use import UseBook
from vms.services.polling.book import WatchBook
from vms.services.polling.door import Door
from vms.services.polling.fell_together import FellTogether
from vms.services.polling.followed import Followed
from vms.services.polling.heads import Heads
from vms.services.polling.heed_word import heed_word
from vms.services.polling.keeper import Keeper
from vms.services.polling.ledger import Ledger
from vms.services.polling.live_pulls import LivePulls
from vms.services.polling.lost_around import LostAround
from vms.services.polling.own_pace import BEAT_S, OwnPace
from vms.services.polling.own_side import OwnSide
from vms.services.polling.picture_memory import PictureMemory, knowledge_in
from vms.services.polling.pictures import Pictures
from vms.services.polling.punctuality import Punctuality
from vms.services.polling.roster import (
    InventoryNews,
    PolledDevice,
    latest_news,
    news_of_inventory,
    read_part,
    read_private,
    read_some,
)
from vms.services.polling.round import Rounds
from vms.services.polling.settings import PollerSettings
from vms.services.polling.showings import Showings, learn_how_it_went
from vms.services.polling.sleepers import Sleepers
from vms.services.polling.stills import StillTaker
from vms.services.polling.visits import Visit, Visits
from vms.services.polling.wheel import PollWheel, Slot
from vms.store import device_costs, login_attempts, stills, supply
from vms.store.database import Database
from vms.store.login_attempts import AttemptState
from vms.store.watch_sessions import HELD_SHARE, HELD_UP_SINCE, killed_since

log = logging.getLogger(__name__)

FOLLOW_EVERY_S = 2.0
WAKE_EVERY_S = 1.0
"""Between two looks at who came back, and who sleeps beside them."""
GRACE_S = 3.0
"""For rounds that are under way when the poller stops."""
LOST_PER_LOOK = 4
"""Requests, for each look that a killed run may have forgotten …"""
LOST_PER_KILL = CONTROL.requests + RELEARN.requests + 2 * STREAM.requests + HEAD_AND_PRESETS.requests
"""… and at least: a look may be a dear one."""
DOUBTS_EVERY_S = 20.0
READ_AT_ONCE = 500
"""Devices of the inventory, so that nothing else waits long."""


class Poller:
    """One run. Make it, then `run` it once."""

    def __init__(self, database: Database, settings: PollerSettings, session_id: SessionId, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._session_id = session_id
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._book = WatchBook(session_id, settings.policy)
        self._memory = PictureMemory(knowledge_in(database))
        self._stills = StillTaker(settings.stills_folder, self._memory)
        self._ledger = Ledger(settings.day_budget)
        self._figures = Punctuality()
        self._sleepers = Sleepers(settings.interval_s)
        uses = UseBook("poller")
        self._keeper = Keeper(database, self._book, session_id, clock, uses, self._ledger, self._memory)
        heads = Heads(clock=clock, timeout_s=settings.timeout_s, keep=self._keeper.keep_head, wire=settings.wire)
        self._pictures = Pictures(
            settings=settings, stills=self._stills, clock=clock, pause=settings.wire.pause, heads=heads
        )
        self._attempts = AttemptWriter(database, clock)
        self._pulls = LivePulls(settings.pulls)
        rounds = Rounds(
            settings=settings,
            book=self._book,
            pictures=self._pictures,
            clock=clock,
            uses=uses,
            ledger=self._ledger,
            wire=settings.wire,
            door=Door(database, clock=clock, timeout_s=settings.timeout_s),
            showings=Showings(self._attempts),
            pulls=self._pulls,
        )
        self._own_side = OwnSide(
            settings.our_side,
            interval_s=settings.interval_s,
            tick_s=settings.tick_s,
            clock=clock,
            now_s=self._loop.time,
            link_problem=link_problem,
        )
        self._pace = OwnPace(settings.held_up, timeout_s=settings.timeout_s, clock=clock, now_s=self._loop.time)
        self._visits = Visits(
            settings=settings,
            book=self._book,
            rounds=rounds,
            ledger=self._ledger,
            own_side=self._own_side,
            lost_around=LostAround(settings.policy, self._loop.time),
            together=FellTogether(settings.our_side, tick_s=settings.tick_s, now_s=self._loop.time),
            clock=clock,
            now_s=self._loop.time,
            keep_still=self._keeper.keep_still,
            figures=self._figures,
            sleepers=self._sleepers,
            was_held=self._pace.was_held,
        )
        self._wheel = PollWheel(settings.interval_s, self._loop.time())
        self._devices = Followed(
            book=self._book, wheel=self._wheel, pictures=self._pictures, ledger=self._ledger, now_s=self._loop.time
        )
        self._grounds = Grounds(())
        self._width = asyncio.Semaphore(settings.width)
        self._running: set[asyncio.Task[None]] = set()
        self._reading = asyncio.Lock()
        self._event_id = 0
        self._stop = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set, or a newer poller has taken over. What was found is written before it returns."""
        await self._open_accounts()
        self._event_id = await asyncio.to_thread(latest_news, self._database)
        await self._follow_private()
        await self._reload()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._until(stop))
            group.create_task(self._turn_the_wheel())
            group.create_task(self._every(BEAT_S, self._watch_own_pace))
            group.create_task(self._every(self._settings.beat_every_s, self._beat))
            group.create_task(self._every(self._settings.numbers_every_s, self._keeper.flush_numbers))
            group.create_task(self._every(self._settings.normals_every_s, self._keeper.flush_normals))
            group.create_task(self._every(self._settings.costs_every_s, self._keeper.flush_costs))
            group.create_task(self._every(self._settings.uses_every_s, self._keeper.flush_uses))
            group.create_task(self._every(min(FOLLOW_EVERY_S, self._settings.interval_s), self._follow))
            group.create_task(self._every(min(WAKE_EVERY_S, self._settings.interval_s), self._wake))
            group.create_task(self._every(self._settings.private_every_s, self._follow_private))
            group.create_task(self._every(self._settings.reload_every_s, self._reload))
            group.create_task(self._every(DOUBTS_EVERY_S, self._settle_doubts))
            group.create_task(self._every(min(FOLLOW_EVERY_S, self._settings.interval_s), self._pulls.follow))
            group.create_task(self._write())
        self._own_side.release()
        await self._finish_rounds()
        self._tell_spells()
        await self._attempts.flush()
        try:
            await self._keeper.end()
        except Conflict as taken_over:
            log.warning("%s", taken_over.message)

    async def _until(self, stop: asyncio.Event) -> None:
        watching, ended = asyncio.ensure_future(stop.wait()), asyncio.ensure_future(self._stop.wait())
        await asyncio.wait((watching, ended), return_when=asyncio.FIRST_COMPLETED)
        watching.cancel()
        ended.cancel()
        self._stop.set()
        self._keeper.something.set()  # whoever waits for something to write need not wait any longer

    async def _turn_the_wheel(self) -> None:
        while not self._stop.is_set():
            for slot in self._wheel.due(self._loop.time()):
                await self._begin(slot)
            self._own_side.turn()
            self._tell_spells()
            await self._pause(self._settings.tick_s)

    async def _begin(self, slot: Slot) -> None:
        device = self._devices.get(slot.device_id)
        if device is None or self._stop.is_set() or slot.turn < device.look_again_turn:
            return
        await self._width.acquire()
        visit = self._visits.begin(device, slot.turn)
        if visit is None:
            self._width.release()
            return
        self._figures.began(self._loop.time() - slot.due_s)
        task = self._loop.create_task(self._follow_visit(device, visit))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _follow_visit(self, device: PolledDevice, visit: Awaitable[Visit]) -> None:
        try:
            done = await visit
            self._figures.polls += 1
            self._figures.requests += done.requests
            self._figures.unjudged += done.unjudged
            if done.refused:
                self._keeper.keep_refusal(device)
            if done.learnt:
                self._keeper.keep_learnt(device)
            self._keeper.notice()
        except Exception:  # the head of a visit: one broken device costs one visit
            log.exception("polling %s:%d failed; the others go on", device.target.address, device.target.port)
        finally:
            self._width.release()

    def _tell_spells(self) -> None:
        for news in self._own_side.news():
            if news.until_at is None:
                log.warning("our own side is cut off: %s", news.spell.because)
            else:
                log.warning("our own side is back: %s", news.spell.ground)
            covered = [] if news.spell.whole or news.until_at else self._devices.cameras_behind(news.spell.ground)
            self._keeper.keep_spell(news, covered)

    async def _watch_own_pace(self) -> None:
        self._pace.beat()
        for news in self._pace.news():
            log.warning("%s", news.because or "our own side: the poller is let run again")
            self._keeper.keep_pace(news)

    async def _write(self) -> None:
        while not self._stop.is_set():
            waiting = asyncio.ensure_future(self._keeper.something.wait())
            await asyncio.wait((waiting,), timeout=FOLLOW_EVERY_S)
            waiting.cancel()
            if self._keeper.something.is_set():
                await self._pause(self._settings.save_after_s)
                await self._or_stop(self._keeper.flush)

    async def _beat(self) -> None:
        figures = self._figures.take(
            devices=len(self._devices),
            cameras=len(self._book),
            in_flight=len(self._running),
            width=self._settings.width,
            unsaved=self._book.pending,
            withheld=self._ledger.withheld,
            cut_off=self._own_side.cut_grounds,
            **self._own_pace(),
        )
        await self._or_stop(lambda: self._keeper.beat(figures))

    def _own_pace(self) -> dict[str, float]:
        since = self._pace.held_up_since
        return {HELD_SHARE: round(self._pace.share, 3), HELD_UP_SINCE: since.timestamp() if since else 0.0}

    async def _open_accounts(self) -> None:
        """What the day has cost so far. Runs that were killed may not have written their last questions down."""
        now = self._clock()

        midnight = datetime.combine(now.astimezone(UTC).date(), time(), UTC)

        def read() -> tuple[dict[DeviceId, tuple[int, int]], int]:
            with self._database.reading() as tx:
                return device_costs.spent_on(tx, now.date()), killed_since(tx, midnight, self._session_id)

        stored, kills = await asyncio.to_thread(read)
        looks = self._settings.costs_every_s / self._settings.interval_s
        self._ledger.open_day(now, stored, lost=kills * max(LOST_PER_KILL, round(LOST_PER_LOOK * looks)))

    async def _follow(self) -> None:
        news = await asyncio.to_thread(news_of_inventory, self._database, self._event_id)
        self._event_id = news.event_id
        for word in news.words:
            await heed_word(word, self._book, self._stills, self._database)
        if news.everything:
            await self._reload()
            await self._follow_private()
        elif news.camera_ids or news.device_ids:
            await self._reread(news)
            await self._follow_private()

    async def _wake(self) -> None:
        """Who was silent for long is asked again at once when a neighbour came back."""
        back = self._sleepers.take_back()
        if not back:
            return

        def read() -> dict[int, set[DeviceId]]:
            with self._database.reading() as tx:
                return supply.hanging_beside(tx, back.keys())

        beside = await asyncio.to_thread(read)
        for device_id in self._sleepers.to_wake(back, beside, self._loop.time()):
            device = self._devices.get(device_id)
            if device is None:
                self._sleepers.drop(device_id)
            else:
                self._visits.wake(device)

    async def _settle_doubts(self) -> None:
        """A login that somebody showed who was killed then counts as refused."""
        doubted = [device for device in self._devices if device.login_in_doubt]
        if not doubted:
            return

        def read() -> dict[tuple[str, str], tuple[AttemptState, datetime]]:
            with self._database.reading() as tx:
                return login_attempts.of_devices(tx, [device.target.device_id for device in doubted])

        states = await asyncio.to_thread(read)
        for device in doubted:
            if learn_how_it_went(device, states, self._clock()):
                device.refused_s = self._loop.time()
                self._keeper.keep_refusal(device)

    async def _follow_private(self) -> None:
        self._stills.private = await asyncio.to_thread(read_private, self._database, self._clock())
        await asyncio.to_thread(self._remove_private, self._stills.private)

    async def _reload(self) -> None:
        """The whole inventory, a part at a time."""
        async with self._reading:
            self._grounds = await asyncio.to_thread(read_grounds)
            left, loose, after = self._devices.ids(), set[CameraId](), 0
            while True:
                read_s = self._loop.time()
                part = await asyncio.to_thread(
                    read_part, self._database, self._settings.login_of, self._grounds, after, READ_AT_ONCE
                )
                loose |= self._take_over(part.devices, part.standing, read_s)
                left -= {device.target.device_id for device in part.devices}
                if part.until is None:
                    break
                after = part.until
            self._let_go(loose | self._devices.drop(left))

    async def _reread(self, news: InventoryNews) -> None:
        """Only those that news speaks of."""
        async with self._reading:
            read_s = self._loop.time()
            before = self._devices.holding(news.camera_ids)
            wanted = InventoryNews(
                event_id=news.event_id, camera_ids=news.camera_ids, device_ids=news.device_ids | before
            )
            part, looked_for = await asyncio.to_thread(
                read_some, self._database, self._settings.login_of, self._grounds, wanted
            )
            loose = self._take_over(part.devices, part.standing, read_s)
            there = {device.target.device_id for device in part.devices}
            self._let_go(loose | self._devices.drop(DeviceId(number) for number in looked_for - there))

    def _take_over(
        self, found: Sequence[PolledDevice], standing: Mapping[CameraId, tuple[Fault, ...]], read_s: float
    ) -> set[CameraId]:
        return self._devices.take_over(found, standing, self._keeper.unsaved_refusals, read_s, self._clock())

    def _let_go(self, loose: set[CameraId]) -> None:
        self._devices.let_go(loose, self._clock())
        self._own_side.follow(self._devices.grounds())
        self._keeper.notice()

    def _remove_private(self, private: frozenset[CameraId]) -> None:
        """An owner's no also concerns the picture that was taken while it was a yes."""
        with self._database.reading() as tx:
            kept = stills.of_cameras(tx, private)
        if kept:
            with self._database.writing() as tx:
                files = stills.forget(tx, kept)
            self._stills.remove(files)

    async def _every(self, period_s: float, work: Callable[[], Awaitable[None]]) -> None:
        while not self._stop.is_set():
            await self._pause(period_s)
            if self._stop.is_set():
                return
            try:
                await work()
            except Exception:  # the head of a loop: the heartbeat, the books and the inventory are tried again
                log.exception("the poller's own work failed; it is tried again in %.1f s", period_s)

    async def _or_stop(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Conflict as taken_over:
            log.warning("%s; this one stops", taken_over.message)
            self._stop.set()

    async def _pause(self, seconds: float) -> None:
        """Until the time is over or the poller stops."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            pass

    async def _finish_rounds(self) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=GRACE_S)
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
