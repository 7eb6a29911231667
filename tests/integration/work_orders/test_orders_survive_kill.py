"""kill -9 in the middle of opening orders: no fault is lost, none is ordered twice."""

from datetime import UTC, datetime

from sqlalchemy import func, select

from tests.builders.console import until
from tests.builders.forked_python import fork_program
from tests.builders.orders import Town
from vms.store.database import Database
from vms.store.schema import work_order_faults, work_orders

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
WORKER = """
import sys
from datetime import UTC, datetime
from tests.builders.orders import Town
from vms.store.database import Database

town = Town(database=Database(sys.argv[1]), now=datetime(2026, 11, 22, 4, tzinfo=UTC))
for number in range(10_000):
    town.fails(town.camera(f"camera {number}"))
    town.later(minutes=3)
    town.turn()
"""


def test_a_killed_dispatcher_neither_loses_nor_doubles_an_order(sqlite_database: Database) -> None:
    def ordered() -> int:
        with sqlite_database.reading() as tx:
            return tx.execute(select(func.count()).select_from(work_orders)).scalar_one()

    worker = fork_program(WORKER, sqlite_database.url)
    try:
        until("orders are opened", lambda: ordered() >= 5, 30.0, every_s=0.01)
    finally:
        worker.end()
    town = Town(database=sqlite_database, now=NOON)
    town.later(days=40)
    town.turn()
    with sqlite_database.reading() as tx:
        links = tx.execute(select(work_order_faults.c.fault_id, work_order_faults.c.order_id)).all()
    orders = town.orders()
    assert len(links) == len({link.fault_id for link in links}) == len(orders)
    assert len({order.number for order in orders}) == len(orders)
    assert [one.about.camera_id for one in orders] == sorted({one.about.camera_id for one in orders})
