"""Cameras of the archive that nobody ever reached are told: as faults, by a poll of everything."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select, update

from tests.builders.orders import Town
from vms.core.ids import CameraId
from vms.health.fault import Severity
from vms.inventory.camera import LifeCycle
from vms.services.dispatching.run_dispatch import Dispatcher
from vms.services.dispatching.settings import DispatchSettings
from vms.services.poll_once import poll_once
from vms.services.polling.settings import PollerSettings
from vms.store.database import Database
from vms.store.schema import cameras, faults
from vms.store.watch_sessions import beat

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


def an_archive(database: Database) -> tuple[Town, CameraId, CameraId]:
    """One camera with an address, one without."""
    town = Town(database=database, now=NOON)
    written, nowhere = town.camera("written down"), town.camera("nowhere")
    with database.writing() as tx:
        tx.execute(update(cameras).values(device_id=None, address=""))
        tx.execute(update(cameras).where(cameras.c.id == written).values(address="127.77.1.1"))
    return town, written, nowhere


def open_faults(database: Database) -> list[tuple[int, str, str, str]]:
    f = faults.c
    with database.reading() as tx:
        chosen = select(f.camera_id, f.kind, f.severity, f.because).where(f.closed_at.is_(None))
        return [tuple(row) for row in tx.execute(chosen)]


def look(town: Town, dispatcher: Dispatcher, camera_id: CameraId) -> None:
    """A turn while a poller runs."""
    town.seen(camera_id)
    assert town.session_id is not None
    with town.database.writing() as tx:
        beat(tx, town.session_id, town.now)
    dispatcher.turn(town.now)


def test_who_was_never_reached_within_a_day_is_a_fault_without_an_order_until_he_leaves(database: Database) -> None:
    town, written, nowhere = an_archive(database)
    dispatcher = Dispatcher(database, DispatchSettings())
    for hours, told in ((23, False), (2, True)):
        town.later(hours=hours)
        look(town, dispatcher, nowhere)
        expected = [(written, "unreachable", Severity.MAJOR.value, "never_reached")] if told else []
        assert open_faults(database) == expected
    town.later(minutes=3)
    look(town, dispatcher, nowhere)
    assert town.orders() == []
    with database.writing() as tx:
        tx.execute(update(cameras).where(cameras.c.id == written).values(life_cycle=LifeCycle.RETIRED.value))
    dispatcher.turn(town.later(minutes=3))
    assert open_faults(database) == []


def test_a_poll_of_everything_says_whom_it_could_not_ask(sqlite_database: Database, tmp_path: Path) -> None:
    an_archive(sqlite_database)
    summary = asyncio.run(
        poll_once(sqlite_database, PollerSettings(login_of=lambda _number: None, stills_folder=tmp_path))
    )
    assert (summary.cameras, summary.unbound) == (0, 1)
    assert "no device is known at the address" in summary.unbound_because
