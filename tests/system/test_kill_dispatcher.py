"""`kill -9` of the dispatcher while switches and cameras fall: outages and orders are neither lost nor doubled."""

import asyncio
import random
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.builders.fallen_cameras import FallingTown, a_falling_town, a_node
from tests.builders.forked_python import Forked, fork_program
from tests.builders.polled_city import until
from vms.core.ids import CameraId
from vms.store.database import Database
from vms.store.schema import faults, outage_cameras, outages, work_order_faults, work_orders

DISPATCHER = """
import asyncio
import sys
from datetime import datetime
from pathlib import Path
from vms.services.dispatching.run_dispatch import run_dispatch
from vms.services.dispatching.settings import DispatchSettings
from vms.store.database import Database

clock_face = Path(sys.argv[2])


def clock():
    return datetime.fromisoformat(clock_face.read_text())


settings = DispatchSettings(look_every_s=0.02, orders_every_s=5.0, news_at_a_time=40)
asyncio.run(run_dispatch(Database(sys.argv[1]), asyncio.Event(), clock, settings))
"""
SWITCHES, PER_SWITCH, SINGLES, KILLS = 12, 10, 8, 4


class Killed:
    """A dispatcher that is killed and started again; it is as late as the test says, however busy the machine is."""

    def __init__(self, database: Database, clock_face: Path) -> None:
        self._url = database.url
        self._clock_face = clock_face
        self._process: Forked | None = None

    def set_clock(self, now: datetime) -> None:
        written = self._clock_face.with_suffix(".new")
        written.write_text(now.isoformat())
        written.replace(self._clock_face)

    async def begin(self) -> None:
        self._process = await asyncio.to_thread(fork_program, DISPATCHER, self._url, str(self._clock_face))

    async def kill(self) -> None:
        assert self._process is not None and self._process.poll() is None, "it died by itself"
        await asyncio.to_thread(self._process.end)


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
async def test_outages_and_orders_outlive_every_kill(sqlite_database: Database, tmp_path: Path) -> None:
    chance = random.Random(5)
    town = a_falling_town(sqlite_database, SWITCHES * PER_SWITCH + 80)
    # two of five cameras of every network stay up, so that no network looks like the cause
    behind = [place for place in range(len(town.devices)) if place % 5 < 3]
    switches = [behind[number * PER_SWITCH : (number + 1) * PER_SWITCH] for number in range(SWITCHES)]
    for number, places in enumerate(switches):
        a_node(sqlite_database, f"cabinet {number}", [town.devices[place] for place in places])
    alone = [town.cameras[place] for place in range(len(town.devices)) if place % 5 == 4][::5][:SINGLES]
    dispatcher = Killed(sqlite_database, tmp_path / "clock")
    dispatcher.set_clock(town.now)
    await dispatcher.begin()
    try:
        for kill in range(KILLS):
            for number in range(kill * SWITCHES // KILLS, (kill + 1) * SWITCHES // KILLS):
                town.fall([town.cameras[place] for place in switches[number]])
                dispatcher.set_clock(town.now)
                await asyncio.sleep(chance.uniform(0.0, 0.3))
            for camera_id in alone[kill * SINGLES // KILLS : (kill + 1) * SINGLES // KILLS]:
                town.now += timedelta(minutes=5)
                town.fall([camera_id])
                dispatcher.set_clock(town.now)
            await asyncio.sleep(chance.uniform(0.2, 0.9))  # killed at a moment by chance: that is the test
            await dispatcher.kill()
            await dispatcher.begin()
        await until(lambda: all_have_orders(sqlite_database, town, dispatcher), 60, "every cause has its order")
    finally:
        await dispatcher.kill()
    assert counts(sqlite_database) == (SWITCHES, SWITCHES, SINGLES)
    assert what_is_wrong(sqlite_database, town, set(alone)) == []


def all_have_orders(database: Database, town: FallingTown, dispatcher: Killed) -> bool:
    """Time passes until every fault has an order, right or wrong."""
    town.now += timedelta(seconds=10)
    dispatcher.set_clock(town.now)
    with database.reading() as tx:
        ordered = set(tx.execute(select(work_order_faults.c.fault_id)).scalars())
        return set(tx.execute(select(faults.c.id)).scalars()) == ordered
