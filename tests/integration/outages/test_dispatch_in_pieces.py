"""A turn of the dispatcher holds the store for a moment at a time, and a kill between two moments costs nothing."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import func, select

from tests.builders.fallen_cameras import FallingTown, a_falling_town, a_node
from tests.builders.killed import killed_before_commit
from tests.builders.written_rows import rows_by_transaction
from vms.health.fault import LAYER_OF, Fault, FaultKind, Severity
from vms.services.dispatching.judge_outage import judge_outage
from vms.services.dispatching.settings import DispatchSettings
from vms.store import faults, outages
from vms.store.database import Database
from vms.store.faults import OpenedFault
from vms.store.outages import OutageFilter, OutageRow, OutageState, OutageVerdict
from vms.store.schema import dispatch_pieces, events, outage_cameras, work_order_faults, work_orders
from vms.store.schema import faults as fault_table

KILLS = 11
SMALL = DispatchSettings(rows_at_a_time=4, orders_at_a_time=1)
BEHIND = 6
"""Devices on each switch."""
BLUR = Fault(kind=FaultKind.BLUR, layer=LAYER_OF[FaultKind.BLUR], severity=Severity.MAJOR, because="soft")


def switches(database: Database, count: int, settings: DispatchSettings = SMALL) -> FallingTown:
    town = a_falling_town(database, count * BEHIND, settings=settings)
    for number in range(count):
        a_node(database, f"cabinet {number}", town.devices[number * BEHIND : (number + 1) * BEHIND])
    town.restart()
    town.turn()
    return town


def every_outage(town: FallingTown) -> list[OutageRow]:
    with town.database.reading() as tx:
        return list(outages.page(tx, OutageFilter(state=OutageState.ALL), limit=500).items)


def news(town: FallingTown, kind: str) -> Counter[int]:
    with town.database.reading() as tx:
        return Counter(tx.execute(select(events.c.subject).where(events.c.kind == kind)).scalars())


def rows(town: FallingTown, table: object) -> int:
    with town.database.reading() as tx:
        return int(tx.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def blurred(town: FallingTown) -> None:
    with town.database.writing() as tx:
        faults.open_faults(tx, [OpenedFault(one, BLUR, town.now) for one in town.cameras], town.now)


def test_however_many_fall_and_are_ordered_no_transaction_writes_many_rows(sqlite_database: Database) -> None:
    town = switches(sqlite_database, 20, DispatchSettings(rows_at_a_time=20, orders_at_a_time=5))
    blurred(town)
    town.fall(town.cameras)
    with rows_by_transaction(sqlite_database) as written:
        town.turn()
        town.wait(minutes=10)
        town.wait(minutes=10)
        town.rise(town.cameras)
        mine = len(written)
        town.turn()
        town.wait(minutes=30)
    del written[mine - 1]  # the poller's own
    assert {one.closed_at is None for one in every_outage(town)} == {False}
    assert rows(town, work_orders) > len(every_outage(town)), "the blurred ones have their own"
    assert sum(written) > 1000
    assert max(written) <= 60, "of 120 cameras that fell and were ordered"


def test_a_kill_before_any_commit_neither_loses_nor_doubles_outages_orders_and_their_news(
    sqlite_database: Database,
) -> None:
    """Each switch falls and comes back once, and each time one commit later is the one that does not happen."""
    town = switches(sqlite_database, KILLS)
    reached = set()
    for number in range(KILLS):
        some = town.cameras[number * BEHIND : (number + 1) * BEHIND]
        town.fall(some)
        for later in ({}, {"minutes": 10}):
            town.now += timedelta(**later)
            with killed_before_commit(sqlite_database, number) as kill:
                town.turn()
            reached.add(number if kill.came else -1)
            town.restart()
            town.wait(seconds=11)
        town.rise(some)
        with killed_before_commit(sqlite_database, number):
            town.turn()
        town.restart()
        town.wait(minutes=30)
        town.wait(minutes=30)
    assert reached >= {0, 1, 2, 3, 4, 5, -1}, "no kill between some two commits, or in all"
    found = every_outage(town)
    assert [(one.cameras, one.closed_at is None) for one in found] == [(BEHIND, False)] * KILLS
    assert len({one.name for one in found}) == KILLS
    assert set(news(town, "outage.opened").values()) == set(news(town, "outage.closed").values()) == {1}
    assert len(news(town, "outage.opened")) == len(news(town, "outage.closed")) == KILLS
    assert (rows(town, outage_cameras), rows(town, work_order_faults)) == (KILLS * BEHIND, KILLS * BEHIND)
    assert rows(town, work_orders) == KILLS
    assert len(news(town, "order.opened")) == KILLS
    assert set(news(town, "order.opened").values()) == {1}
    assert rows(town, dispatch_pieces) == 0


def test_what_is_called_wrong_before_all_of_it_was_written_takes_no_camera_along(database: Database) -> None:
    town = switches(database, 2)
    town.fall(town.cameras[:BEHIND])
    with killed_before_commit(database, 2) as kill:
        town.turn()
    assert kill.came
    assert rows(town, dispatch_pieces) > 0
    (outage,) = every_outage(town)
    with database.writing() as tx:
        judge_outage(tx, outage.outage_id, OutageVerdict.WRONG, "wang", "each was cut off by hand", town.now)
    town.restart()
    town.turn()
    town.wait(minutes=5)
    with database.reading() as tx:
        f = fault_table.c
        assert tx.execute(select(func.count()).where(f.outage_id == outage.outage_id)).scalar_one() == 0
        m = outage_cameras.c
        lying = select(func.count()).where(m.outage_id == outage.outage_id, m.until_at.is_(None))
        assert tx.execute(lying).scalar_one() == 0
    assert rows(town, dispatch_pieces) == 0
