"""The judgements of the archive follow the news all the time, beside everything else and never in its way."""

import asyncio
import contextlib
import logging
import time

from sqlalchemy.exc import SQLAlchemyError

from vms.core.clock import Clock, system_clock
from vms.services.archive.keep_judged import MOST_NEWS, NEWS, catch_up
from vms.store import events, judgements
from vms.store.database import Database

log = logging.getLogger(__name__)
LOOK_EVERY_S = 2.0
REST = 3.0
"""Times as long as the work took: it has at most a quarter of the time."""
LONGEST_WAIT_S = 60.0
"""A list that comes in is let through first; afterwards all of it is judged at once."""


async def judge_in_background(
    database: Database, stop: asyncio.Event, *, clock: Clock = system_clock, look_every_s: float = LOOK_EVERY_S
) -> None:
    """Until `stop`. A database that is away is asked again."""
    seen, waited_s = 0, 0.0
    while not stop.is_set():
        rest_s = look_every_s
        try:
            many, latest = await asyncio.to_thread(_news, database)
            if many and latest != seen and waited_s < LONGEST_WAIT_S:
                waited_s += rest_s
            else:
                begun, waited_s = time.monotonic(), 0.0
                await asyncio.to_thread(catch_up, database, clock(), should_stop=stop.is_set)
                rest_s = max(rest_s, REST * (time.monotonic() - begun))
            seen = latest
        except SQLAlchemyError as problem:
            log.warning("the archive cannot be judged: %s", problem)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(rest_s):
                await stop.wait()


def _news(database: Database) -> tuple[bool, int]:
    """Are there so many that every record is judged; and then the latest."""
    with database.reading() as tx:
        known = judgements.progress(tx)
        if known is None:
            return False, 0
        many = len(events.subjects_after(tx, known.event_id, NEWS, MOST_NEWS + 1)) > MOST_NEWS
        return many, events.latest_of(tx, NEWS) if many else 0
