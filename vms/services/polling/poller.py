"""The poller: turns the wheel, asks each device in its turn, follows the inventory, keeps its heart beating."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from vms.core.clock import Clock
from vms.core.errors import Conflict
from vms.core.ids import CameraId, DeviceId, SessionId
from vms.health.pace import turns_between_looks
from vms.services.credentials.note_use import UseBook
from vms.services.polling.book import WatchBook
from vms.services.polling.keeper import Keeper
from vms.services.polling.punctuality import Punctuality
from vms.services.polling.roster import (
    Inventory,
    PolledDevice,
    by_id,
    camera_ids,
    news_of_inventory,
    read_inventory,
)
from vms.services.polling.round import Rounds
from vms.services.polling.settings import PollerSettings
from vms.services.polling.stills import StillTaker
from vms.services.polling.wheel import PollWheel, Slot
from vms.store import stills
from vms.store.database import Database

log = logging.getLogger(__name__)

FOLLOW_EVERY_S = 2.0
GRACE_S = 3.0
"""For rounds that are under way when the poller stops."""


class Poller:
    """One run. Make it, then `run` it once."""

    def __init__(self, database: Database, settings: PollerSettings, session_id: SessionId, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._book = WatchBook(session_id, settings.policy)
        self._stills = StillTaker(settings.stills_folder)
        uses = UseBook("poller")
        self._rounds = Rounds(settings=settings, book=self._book, stills=self._stills, clock=clock, uses=uses)
        self._keeper = Keeper(database, self._book, session_id, clock, uses)
        self._wheel = PollWheel(settings.interval_s, self._loop.time())
        self._devices: dict[DeviceId, PolledDevice] = {}
        self._width = asyncio.Semaphore(settings.width)
        self._figures = Punctuality()
        self._running: set[asyncio.Task[None]] = set()
        self._event_id = 0
        self._stop = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set, or a newer poller has taken over. What was found is written before it returns."""
        await self._reload()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._until(stop))
            group.create_task(self._turn_the_wheel())
            group.create_task(self._every(self._settings.beat_every_s, self._beat))
            group.create_task(self._every(self._settings.numbers_every_s, self._keeper.flush_numbers))
            group.create_task(self._every(self._settings.uses_every_s, self._keeper.flush_uses))
            group.create_task(self._every(min(FOLLOW_EVERY_S, self._settings.interval_s), self._follow))
            group.create_task(self._every(self._settings.reload_every_s, self._reload))
            group.create_task(self._write())
        await self._finish_rounds()
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

    async def _turn_the_wheel(self) -> None:
        while not self._stop.is_set():
            for slot in self._wheel.due(self._loop.time()):
                await self._begin(slot)
            await self._pause(self._settings.tick_s)

    async def _begin(self, slot: Slot) -> None:
        device = self._devices.get(slot.device_id)
        if device is None or slot.turn < device.look_again_turn or self._stop.is_set():
            return
        if device.is_busy:
            self._figures.overruns += 1
            return
        await self._width.acquire()
        self._figures.began(self._loop.time() - slot.due_s)
        device.is_busy = True
        task = self._loop.create_task(self._look_at(device, slot.turn))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _look_at(self, device: PolledDevice, turn: int) -> None:
        was_refused, was_forgotten = device.refuses_login, device.target.quirks.forgotten
        try:
            async for look in self._rounds.look_at(device, turn):
                self._figures.requests += look.requests
                self._book.take_in(look.reading)
                if look.still is not None:
                    self._keeper.keep_still(look.still)
            self._figures.polls += 1
            device.look_again_turn = turn + self._turns_to_wait(device)
            if device.refuses_login and not was_refused:
                self._keeper.keep_refusal(device)
            if was_forgotten and not device.target.quirks.forgotten:
                self._keeper.keep_learnt(device)
            self._keeper.notice()
        except Exception:
            log.exception("polling %s:%d failed; the others go on", device.target.address, device.target.port)
        finally:
            device.is_busy = False
            self._width.release()

    def _turns_to_wait(self, device: PolledDevice) -> int:
        watches = [self._book.watch(camera.camera_id) for camera in device.target.cameras]
        failures = min((watch.control_failures for watch in watches if watch is not None), default=0)
        return turns_between_looks(failures, self._settings.interval_s, self._settings.backoff_max_s)

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
            unsaved=self._book.pending,
        )
        await self._or_stop(lambda: self._keeper.beat(figures))

    async def _follow(self) -> None:
        event_id, touched = await asyncio.to_thread(news_of_inventory, self._database, self._event_id)
        self._event_id = event_id
        if touched:
            await self._reload()

    async def _reload(self) -> None:
        inventory = await asyncio.to_thread(read_inventory, self._database, self._settings.login_of, self._clock())
        self._stills.private = inventory.private
        self._take_over(inventory)
        await asyncio.to_thread(self._remove_private, inventory.private)

    def _remove_private(self, private: frozenset[CameraId]) -> None:
        """An owner's no also concerns the picture that was taken while it was a yes."""
        with self._database.reading() as tx:
            kept = stills.of_cameras(tx, private)
        if kept:
            with self._database.writing() as tx:
                files = stills.forget(tx, kept)
            self._stills.remove(files)

    def _take_over(self, inventory: Inventory) -> None:
        found = by_id(inventory.devices)
        for device_id in self._devices.keys() - found.keys():
            del self._devices[device_id]
            self._wheel.drop(device_id)
        for device_id, newer in found.items():
            known = self._devices.get(device_id)
            if known is not None:
                known.take_over(newer)
            else:
                self._devices[device_id] = newer
                self._wheel.put(device_id, self._loop.time())
        followed = camera_ids(inventory.devices)
        for gone in [watch.camera_id for watch in self._book.watches() if watch.camera_id not in followed]:
            self._stills.forget(gone)
        self._book.follow(followed, inventory.standing, self._clock())
        self._keeper.notice()

    async def _every(self, period_s: float, work: Callable[[], Awaitable[None]]) -> None:
        while not self._stop.is_set():
            await self._pause(period_s)
            if self._stop.is_set():
                return
            try:
                await work()
            except Exception:
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
