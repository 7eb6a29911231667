"""What the poller could not write is kept: the day's numbers, and what devices were asked: zero harm counts on it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from tests.builders.stored_cameras import store_device
from vms.core.ids import CameraId, DeviceId, SessionId
from vms.health.policy import Policy
from vms.health.reading import ControlReading, NetworkReading, Reading
from vms.health.spending import usual_budget
from vms.services.credentials.note_use import UseBook
from vms.services.polling.book import WatchBook
from vms.services.polling.keeper import Keeper
from vms.services.polling.ledger import Ledger
from vms.services.polling.picture_memory import PictureMemory
from vms.store.database import Database
from vms.store.schema import daily_numbers, device_costs
from vms.store.watch_sessions import killed_since, start_session

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


class Run:
    """A poller's books over one device; the store can be made to refuse them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        stored = store_device(database, NOON, address="127.94.150.1", port=80)
        self.device_id: DeviceId = stored.device_id
        self.camera_id: CameraId = stored.camera_ids[0]
        with database.writing() as tx:
            session_id = start_session(tx, 60.0, NOON)
        self.book, self.ledger = WatchBook(SessionId(session_id), Policy()), Ledger(usual_budget(60.0))
        self.ledger.open_day(NOON)
        self.book.follow({self.camera_id}, {}, NOON)
        memory = PictureMemory(lambda camera_ids: {})
        self.keeper = Keeper(
            database, self.book, SessionId(session_id), lambda: NOON, UseBook("poller"), self.ledger, memory
        )

    def answers(self, seconds: float) -> None:
        self.ledger.account(self.device_id, NOON).requests += 1
        control = ControlReading(answered=True, answer_s=seconds)
        network = NetworkReading(connected=True, connect_s=0.001)
        self.book.take_in(Reading(camera_id=self.camera_id, at=NOON, network=network, control=control))

    def rename(self, table: str, to: str) -> None:
        with self.database.writing() as tx:
            tx.execute(text(f"ALTER TABLE {table} RENAME TO {to}"))


@pytest.fixture
def run(sqlite_database: Database) -> Run:
    return Run(sqlite_database)


async def test_numbers_that_could_not_be_written_are_added_to_the_next_ones(run: Run) -> None:
    run.answers(0.2)
    run.rename("daily_numbers", "away")
    await run.keeper.flush_numbers()
    run.answers(0.6)
    run.rename("away", "daily_numbers")
    await run.keeper.flush_numbers()
    with run.database.reading() as tx:
        row = tx.execute(select(daily_numbers).where(daily_numbers.c.metric == "answer_s")).one()
    assert (row.n, row.least, row.most) == (2, 0.2, 0.6)
    assert row.total == pytest.approx(0.8)


async def test_questions_that_could_not_be_written_count_today_and_are_written_later(run: Run) -> None:
    run.answers(0.2)
    run.rename("device_costs", "away")
    await run.keeper.flush_costs()
    assert run.ledger.account(run.device_id, NOON).requests_today == 1
    run.answers(0.2)
    run.rename("away", "device_costs")
    await run.keeper.flush_costs()
    with run.database.reading() as tx:
        assert tx.execute(select(device_costs.c.requests)).scalar_one() == 2
    assert run.ledger.account(run.device_id, NOON).requests_today == 2
    assert not run.ledger.has_unsaved


async def test_a_run_that_ends_without_writing_what_it_asked_is_counted_among_the_killed_ones(run: Run) -> None:
    run.answers(0.2)
    run.rename("device_costs", "away")
    await run.keeper.end()
    run.rename("away", "device_costs")
    with run.database.writing() as tx:
        after = start_session(tx, 60.0, NOON + timedelta(seconds=5))
    with run.database.reading() as tx:
        assert killed_since(tx, NOON - timedelta(hours=1), after) == 1
