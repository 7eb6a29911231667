"""The dispatcher: follows the news day and night; a turn is many short transactions, each of which leaves a whole."""

import asyncio
import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from vms.core.clock import Clock
from vms.services.dispatching.find_outages import OutageFinder
from vms.services.dispatching.find_weather import WeatherFinder
from vms.services.dispatching.keep_decisions import OutageCounts
from vms.services.dispatching.keep_weather import keep_weather
from vms.services.dispatching.open_orders import OrderCounts, open_orders
from vms.services.dispatching.settings import DispatchSettings
from vms.services.dispatching.tell_never_reached import tell_never_reached
from vms.store.database import Database

log = logging.getLogger(__name__)

AFTER_TROUBLE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one turn did."""

    news: int
    outages: OutageCounts
    orders: OrderCounts
    seconds: float
    caught_up: bool


class Dispatcher:
    """Make it, then call `turn` again and again; one at a time."""

    def __init__(self, database: Database, settings: DispatchSettings) -> None:
        self._database = database
        self._settings = settings
        self._finder = OutageFinder(database, settings)
        self._weather = WeatherFinder(database, settings.weather)
        self._orders_at: datetime | None = None
        self._never_reached_at: datetime | None = None
        self._is_behind = False
        """News were read and nothing is decided of them yet."""

    def turn(self, now: datetime) -> Turn | None:
        """Blocking. None: there was nothing to do. Whatever goes wrong, nothing is half done: what was decided is
        carried out by the next turn, what was not is decided by it."""
        started = time.perf_counter()
        news = self._finder.look(now)
        caught_up = len(news) < self._settings.news_at_a_time
        if not (news or self._is_behind or self._finder.is_due(now) or self._orders_are_due(now)):
            return None
        weather = self._weather.look(now) if caught_up else None
        try:
            found = self._finder.work_in(news, now)
            if found is None:
                self._weather.again()
                return None
            if weather is not None:
                keep_weather(self._database, weather, now, self._settings.rows_at_a_time)
            if caught_up and self._never_reached_is_due(now):
                tell_never_reached(self._database, now, self._settings.never_reached_after_s)
            orders = self._open_orders(now) if caught_up else OrderCounts()
        except BaseException:  # whatever ended it, a kill of the thread too: the memory may be ahead of the store
            self._finder.forget()
            self._weather.again()
            raise
        self._is_behind = not caught_up
        if caught_up:
            self._orders_at = now
            if self._never_reached_is_due(now):
                self._never_reached_at = now
        seconds = time.perf_counter() - started
        return Turn(news=len(news), outages=found, orders=orders, seconds=seconds, caught_up=caught_up)

    def _open_orders(self, now: datetime) -> OrderCounts:
        settings = self._settings
        return open_orders(self._database, now, settings.orders, settings.orders_at_a_time)

    def _never_reached_is_due(self, now: datetime) -> bool:
        pause = timedelta(seconds=self._settings.never_reached_every_s)
        return self._never_reached_at is None or now - self._never_reached_at >= pause

    def _orders_are_due(self, now: datetime) -> bool:
        pause = timedelta(seconds=self._settings.orders_every_s)
        return self._orders_at is None or now - self._orders_at >= pause


async def run_dispatch(database: Database, stop: asyncio.Event, clock: Clock, settings: DispatchSettings) -> None:
    """Until `stop` is set. A turn that fails is logged and tried again from what was kept."""
    dispatcher = Dispatcher(database, settings)
    while not stop.is_set():
        pause_s = settings.look_every_s
        try:
            turn = await asyncio.to_thread(dispatcher.turn, clock())
        except Exception:  # the head of the loop: a database that is busy now is asked again
            log.exception("a turn of the dispatcher failed; it is tried again")
            pause_s = AFTER_TROUBLE_S
        else:
            if turn is not None and (turn.outages.found or turn.orders.anything):
                log.info("dispatched in %.2f s: %s, %s", turn.seconds, turn.outages, turn.orders)
            if turn is not None and not turn.caught_up:
                continue
        try:
            async with asyncio.timeout(pause_s):
                await stop.wait()
        except TimeoutError:
            pass
