"""kill -9 of whoever watches the standing rings, at any word: people are told once, and nothing is lost."""

import multiprocessing
import os
import signal
import time
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, event

from tests.builders.access import a_person
from tests.builders.coverage import at
from tests.builders.ringed_town import RingedTown
from vms.access.agreement import Agreements
from vms.access.roles import Role
from vms.roads.standing import HOLD_S
from vms.services.coverage.memory import CoverageMemory
from vms.services.rings.make_ring import RingAsked, make_ring
from vms.services.rings.road_memory import RoadMemory
from vms.services.rings.watch_rings import look_at_rings
from vms.store import events, rings
from vms.store.database import Database
from vms.store.rings import RingKind

WITHIN_S = 30.0
LOOK_EVERY = timedelta(seconds=20)
OUTLINE = tuple((one.lon, one.lat) for one in (at(-500, -480), at(500, -480), at(500, 520), at(-500, 520)))
ADMIN = a_person(Role.ADMIN, name="admin")


def watch(url: str, begin: datetime, looks: int, words: int, there: Any) -> None:
    """Looks so many times; stands still when the so manieth write is about to be kept."""
    database, now = Database(url), begin
    memory = CoverageMemory(database, Agreements(), lambda: now)
    memory.load(tell=False)
    roads, written = RoadMemory(memory), 0

    def before_it_is_kept(_connection: Connection) -> None:
        nonlocal written
        written += 1
        if written == words:
            there.set()
            time.sleep(WITHIN_S)

    event.listen(database.engine, "commit", before_it_is_kept)
    for _ in range(looks):
        now += LOOK_EVERY
        look_at_rings(roads, now)
    there.set()
    time.sleep(WITHIN_S)


def told(database: Database) -> list[str]:
    with database.reading() as tx:
        return [one.kind for one in events.after(tx, 0, 10_000) if one.kind in ("ring.opened", "ring.closed")]


def polled_on(town: RingedTown) -> None:
    """A little later the poller is still there, and finds everything as it was."""
    town.now += LOOK_EVERY
    town.comes_back()


def kill_the_watch(town: RingedTown, looks: int, words: int) -> None:
    """As it is about to keep so many words, else when it has looked so often."""
    forked: Any = multiprocessing.get_context("fork")
    there = forked.Event()
    town.database.engine.dispose()
    child = forked.Process(target=watch, args=(town.database.url, town.now, looks, words, there))
    child.start()
    assert there.wait(WITHIN_S)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join(WITHIN_S)
    assert child.exitcode == -signal.SIGKILL
    town.now += looks * LOOK_EVERY


def test_a_ring_that_opens_and_closes_is_told_once_however_often_its_watch_is_killed(sqlite_database: Database) -> None:
    town = RingedTown(sqlite_database)
    ids = [town.camera_on(arm) for arm in ("east", "north", "west", "south")]
    asked = RingAsked(name="middle ring", kind=RingKind.MIDDLE, outline=OUTLINE)
    ring_id = make_ring(town.roads, asked, ADMIN, town.now)
    looks = int(2 * HOLD_S / LOOK_EVERY.total_seconds())
    look_at_rings(town.roads, town.now)
    for change, kills, expected in (
        (town.goes_down, (1, 2), ["ring.opened"]),
        (town.comes_back, (1,), ["ring.opened", "ring.closed"]),
    ):
        change(ids[0])
        for words in kills:
            kill_the_watch(town, looks, words)
            assert told(town.database) in (expected[:-1], expected)
            polled_on(town)
        for _ in range(looks):
            polled_on(town)
            look_at_rings(town.roads, town.now)
        assert told(town.database) == expected
    with town.database.reading() as tx:
        assert rings.open_now(tx, [ring_id]) == {ring_id: []}
