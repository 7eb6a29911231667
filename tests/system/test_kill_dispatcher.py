"""`kill -9` of the dispatcher while switches and cameras fall: outages and orders are neither lost nor doubled."""

import asyncio
import random
import signal
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests.builders.fallen_cameras import FallingTown, a_falling_town, a_node
from tests.builders.polled_city import until
from vms.core.ids import CameraId
from vms.store.database import Database
from vms.store.schema import faults, outage_cameras, outages, work_order_faults, work_orders

DISPATCHER = """
import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from vms.services.dispatching.run_dispatch import run_dispatch
from vms.services.dispatching.settings import DispatchSettings
from vms.store.database import Database

start, pace = float(sys.argv[2]), float(sys.argv[3])
noon = datetime(2026, 5, 1, 12, tzinfo=UTC)


def clock():
    return noon + timedelta(seconds=(time.time() - start) * pace)


settings = DispatchSettings(look_every_s=0.02, orders_every_s=5.0, news_at_a_time=40)
asyncio.run(run_dispatch(Database(sys.argv[1]), asyncio.Event(), clock, settings))
"""
PACE = 120.0
"""Seconds of the town in a second of the test."""
SWITCHES, PER_SWITCH, SINGLES, KILLS = 12, 10, 8, 4
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


class Killed:
    """A dispatcher that is killed and started again."""

    def __init__(self, database: Database) -> None:
        self._url = database.url
        self._start = time.time()
        self._process: asyncio.subprocess.Process | None = None

    def now(self) -> datetime:
        return NOON + timedelta(seconds=(time.time() - self._start) * PACE)

    async def begin(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", DISPATCHER, self._url, str(self._start), str(PACE)
        )

    async def kill(self) -> None:
        assert self._process is not None and self._process.returncode is None, "it died by itself"
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()


def counts(database: Database) -> tuple[int, int, int]:
    """(outages, orders for outages, orders for cameras)."""
    with database.reading() as tx:
        found = tx.execute(select(func.count()).select_from(outages)).scalar_one()
        of = tx.execute(select(work_orders.c.outage_id, work_orders.c.camera_id)).all()
    return found, sum(row.outage_id is not None for row in of), sum(row.camera_id is not None for row in of)


def what_is_wrong(database: Database, town: FallingTown, singles: set[CameraId]) -> list[str]:
    wrong = []
    with database.reading() as tx:
        wrong += [row[0] for row in tx.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
        wrong += [f"foreign key: {row}" for row in tx.exec_driver_sql("PRAGMA foreign_key_check")]
        members = Counter(tx.execute(select(outage_cameras.c.camera_id)).scalars())
        wrong += [f"camera {one} is in {n} outages" for one, n in members.items() if n != 1]
        orders = Counter(tx.execute(select(work_orders.c.outage_id, work_orders.c.camera_id)).all())
        wrong += [f"{n} orders for {key}" for key, n in orders.items() if n > 1]
        ordered = Counter(tx.execute(select(work_order_faults.c.fault_id)).scalars())
        wrong += [f"fault {one} is in {n} orders" for one, n in ordered.items() if n > 1]
        for row in tx.execute(select(faults.c.id, faults.c.camera_id, faults.c.outage_id)):
            if (row.outage_id is None) != (row.camera_id in singles):
                wrong.append(f"fault of camera {row.camera_id}: outage {row.outage_id}")
            if row.id not in ordered:
                wrong.append(f"fault of camera {row.camera_id} has no order")
    return wrong


@pytest.mark.system
async def test_outages_and_orders_outlive_every_kill(sqlite_database: Database) -> None:
    chance = random.Random(5)
    town = a_falling_town(sqlite_database, SWITCHES * PER_SWITCH + 80)
    # two of five cameras of every network stay up, so that no network looks like the cause
    behind = [place for place in range(len(town.devices)) if place % 5 < 3]
    switches = [behind[number * PER_SWITCH : (number + 1) * PER_SWITCH] for number in range(SWITCHES)]
    for number, places in enumerate(switches):
        a_node(sqlite_database, f"cabinet {number}", [town.devices[place] for place in places])
    alone = [town.cameras[place] for place in range(len(town.devices)) if place % 5 == 4][::5][:SINGLES]
    dispatcher = Killed(sqlite_database)
    await dispatcher.begin()
    try:
        for kill in range(KILLS):
            for number in range(kill * SWITCHES // KILLS, (kill + 1) * SWITCHES // KILLS):
                town.now = dispatcher.now() - timedelta(seconds=170)
                town.fall([town.cameras[place] for place in switches[number]])
                await asyncio.sleep(chance.uniform(0.0, 0.3))
            for camera_id in alone[kill * SINGLES // KILLS : (kill + 1) * SINGLES // KILLS]:
                town.now = dispatcher.now() - timedelta(seconds=120)
                town.fall([camera_id])
            await asyncio.sleep(chance.uniform(0.2, 0.9))  # killed at a moment by chance: that is the test
            await dispatcher.kill()
            await dispatcher.begin()
        everything = (SWITCHES, SWITCHES, SINGLES)
        await until(lambda: counts(sqlite_database) == everything, 20, "every cause has its order")
    finally:
        await dispatcher.kill()
    assert what_is_wrong(sqlite_database, town, set(alone)) == []
