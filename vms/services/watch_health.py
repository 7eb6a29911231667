"""Watches the health of all cameras, day and night: the poller as a process."""

import asyncio
import gc
import logging
import signal
from functools import partial

import uvloop

from vms.core.clock import Clock, system_clock
from vms.core.ids import SessionId
from vms.services.polling.poller import Poller
from vms.services.polling.settings import PollerSettings
from vms.store.database import Database
from vms.store.watch_sessions import start_session

log = logging.getLogger(__name__)

GC_THRESHOLDS = (50_000, 20, 100)
"""A city is half a million objects that stay: looking through all of them for garbage takes long, and finds nothing."""


async def run_poller(
    database: Database, settings: PollerSettings, *, clock: Clock = system_clock, stop: asyncio.Event
) -> None:
    """Polls until `stop` is set. What was known before is unknown from now on, until it is looked at again.

    Returns early when a newer poller has taken over the same store.
    """

    def begin() -> SessionId:
        with database.writing() as tx:
            return start_session(tx, settings.interval_s, clock())

    session_id = await asyncio.to_thread(begin)
    await Poller(database, settings, session_id, clock).run(stop)


def run_poller_process(database: Database, settings: PollerSettings) -> None:
    """The poller's process: ends in good order at SIGTERM or SIGINT."""

    gc.set_threshold(*GC_THRESHOLDS)

    async def until_told() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, partial(_stop, stop, number))
        await run_poller(database, settings, stop=stop)

    try:
        uvloop.run(until_told())
    finally:
        database.close()


def _stop(stop: asyncio.Event, number: int) -> None:
    log.info("the poller stops (%s)", signal.Signals(number).name)
    stop.set()
