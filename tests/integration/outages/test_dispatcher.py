"""The dispatcher on a real store: one cause, one outage, its cameras' faults marked, nothing lost at a restart."""

from datetime import timedelta

from sqlalchemy import func, select

from tests.builders.fallen_cameras import FallingTown, a_falling_town, a_node
from vms.health.fault import Fault, FaultKind, Severity
from vms.health.layer import Layer
from vms.health.outages.node import NodeKind
from vms.services.dispatching.settings import DispatchSettings
from vms.services.supply.edit_supply import retire_node
from vms.store import dispatch, outages, supply
from vms.store.database import Database
from vms.store.outages import OutageFilter, OutageRow, OutageState
from vms.store.schema import events, work_orders
from vms.store.schema import outage_cameras as member_table


def the_outages(town: FallingTown, state: OutageState = OutageState.ALL) -> list[OutageRow]:
    with town.database.reading() as tx:
        return list(outages.page(tx, OutageFilter(state=state)).items)


def orders(town: FallingTown) -> int:
    with town.database.reading() as tx:
        return int(tx.execute(select(func.count()).select_from(work_orders)).scalar_one())


def a_town_with_a_switch(database: Database, count: int = 30) -> FallingTown:
    town = a_falling_town(database, count)
    a_node(database, "cabinet 7", town.devices[:10])
    town.restart()
    town.turn()
    return town


def test_a_dead_switch_is_one_outage_and_one_order(database: Database) -> None:
    town = a_town_with_a_switch(database)
    town.fall(town.cameras[:10])
    town.turn()
    (outage,) = the_outages(town)
    assert (outage.kind, outage.name, outage.cameras, outage.closed_at) == ("switch", "cabinet 7", 10, None)
    assert "10 of 10 fell within 50 s" in outage.because
    assert town.outage_ids(town.cameras[:10]) == [outage.outage_id] * 10
    town.wait(minutes=10)
    assert orders(town) == 1


def test_who_falls_later_joins_and_the_end_closes_it(database: Database) -> None:
    town = a_town_with_a_switch(database)
    town.fall(town.cameras[:9])
    town.turn()
    town.fall(town.cameras[9:10])
    town.turn()
    (outage,) = the_outages(town)
    assert outage.cameras == 10
    town.now += timedelta(minutes=5)
    town.rise(town.cameras[:10])
    town.turn()
    (outage,) = the_outages(town)
    assert outage.closed_at == town.now
    with database.reading() as tx:
        assert all(one.until_at == town.now for one in outages.cameras_of(tx, outage.outage_id).items)


def test_the_last_one_that_stays_away_is_ill_on_its_own_after_a_while(database: Database) -> None:
    town = a_town_with_a_switch(database)
    town.fall(town.cameras[:10])
    town.turn()
    town.now += timedelta(minutes=5)
    town.rise(town.cameras[:9])
    town.turn()
    assert town.outage_ids(town.cameras[9:10]) == [the_outages(town)[0].outage_id]
    town.wait(minutes=60)
    assert town.outage_ids(town.cameras[9:10]) == [None]
    assert the_outages(town)[0].closed_at is not None
    town.wait(minutes=10)
    assert orders(town) == 2


def test_two_single_cameras_are_no_outage(database: Database) -> None:
    town = a_town_with_a_switch(database)
    town.fall([town.cameras[3], town.cameras[20]])
    town.wait(minutes=10)
    assert the_outages(town) == []
    assert orders(town) == 2


def test_two_cameras_on_one_pole_are_one_outage(database: Database) -> None:
    town = a_falling_town(database, 30, pole=2)
    town.fall(town.cameras[4:6], within_s=20)
    town.wait(seconds=90)
    (outage,) = the_outages(town)
    assert (outage.kind, outage.cause, outage.source) == ("pole", "P2", "derived")


def test_a_recorder_is_named_by_its_channels(database: Database) -> None:
    town = a_falling_town(database, 10, channels=4)
    town.fall(town.cameras[4:8], within_s=0)
    town.wait(seconds=90)
    (outage,) = the_outages(town)
    assert (outage.kind, outage.cause, outage.cameras) == ("nvr", str(town.devices[1]), 4)


def test_the_dispatcher_goes_on_where_it_was_after_a_restart(database: Database) -> None:
    town = a_town_with_a_switch(database)
    town.fall(town.cameras[:10])
    town.turn()
    town.restart()
    town.now += timedelta(minutes=5)
    town.rise(town.cameras[:5])
    town.turn()
    town.restart()
    town.rise(town.cameras[5:10])
    town.turn()
    (outage,) = the_outages(town)
    assert outage.closed_at is not None
    town.restart()
    town.now += timedelta(minutes=5)
    town.fall(town.cameras[:10])
    town.turn()
    (again,) = the_outages(town)
    assert (again.outage_id, again.closed_at) == (outage.outage_id, None)


def test_news_of_the_time_before_a_restart_are_worked_in_once(database: Database) -> None:
    town = a_town_with_a_switch(database)
    town.fall(town.cameras[:10])
    town.restart()
    town.turn()
    town.restart()
    town.wait(minutes=3)
    assert [one.cameras for one in the_outages(town)] == [10]
    with database.reading() as tx:
        assert tx.execute(select(func.count()).select_from(member_table)).scalar_one() == 10
        told = select(func.count()).select_from(events).where(events.c.kind == "outage.opened")
        assert tx.execute(told).scalar_one() == 1


def test_a_dispatcher_that_was_overtaken_writes_nothing(database: Database) -> None:
    town = a_town_with_a_switch(database)
    town.fall(town.cameras[:10])
    slow = town.dispatcher
    assert slow is not None
    town.restart()
    town.turn()
    with database.reading() as tx:
        read = dispatch.cursor(tx, "outages")
    assert slow.turn(town.now) is None
    with database.reading() as tx:
        assert dispatch.cursor(tx, "outages") == read
    assert len(the_outages(town)) == 1


def test_a_further_fault_of_a_member_belongs_to_the_outage(database: Database) -> None:
    town = a_town_with_a_switch(database)
    town.fall(town.cameras[:10])
    town.turn()
    stream = Fault(kind=FaultKind.STREAM_DEAD, layer=Layer.STREAM, severity=Severity.CRITICAL)
    town.fall(town.cameras[:1], fault=stream)
    town.turn()
    outage_id = the_outages(town)[0].outage_id
    assert town.outage_ids(town.cameras[:1]) == [outage_id, outage_id]


def test_a_node_that_is_taken_out_during_its_outage_hurts_nobody(database: Database) -> None:
    town = a_town_with_a_switch(database)
    town.fall(town.cameras[:10])
    town.turn()
    with database.writing() as tx:
        retire_node(tx, supply.page(tx).items[0].node_id, "li", town.now)
    town.turn()
    town.fall(town.cameras[20:21])
    town.wait(minutes=3)
    town.rise(town.cameras[:10])
    town.turn()
    assert [one.closed_at is None for one in the_outages(town)] == [False]
    assert orders(town) == 2


def test_a_feeder_is_named_when_its_switches_fall_one_after_the_other(database: Database) -> None:
    town = a_falling_town(database, 60)
    feeder = a_node(database, "feeder", (), kind=NodeKind.POWER_FEEDER)
    for number in range(3):
        a_node(database, f"cabinet {number}", town.devices[number * 8 : number * 8 + 8], parent=feeder)
    town.restart()
    for number in range(3):
        town.fall(town.cameras[number * 8 : number * 8 + 8])
        town.turn()
    (outage,) = the_outages(town, OutageState.OPEN)
    assert (outage.name, outage.cameras) == ("feeder", 24)
    assert {one.part_of for one in the_outages(town)} == {None, outage.outage_id}
    assert town.outage_ids(town.cameras[:24]) == [outage.outage_id] * 24


def test_many_news_are_worked_in_by_several_transactions_before_anything_is_decided(database: Database) -> None:
    town = a_town_with_a_switch(database)
    town.fall(town.cameras[:10])
    town.settings = type(town.settings)(news_at_a_time=7)
    town.restart()
    turns = [town.turn()]
    while turns[-1] is not None and not turns[-1].caught_up:
        assert turns[-1].outages.found == 0
        turns.append(town.turn())
    assert len(turns) > 3
    assert [one.cameras for one in the_outages(town)] == [10]


def test_news_that_end_just_where_a_turn_does_are_decided_by_the_next_one(database: Database) -> None:
    town = a_town_with_a_switch(database)
    town.fall(town.cameras[:10])
    town.settings = DispatchSettings(news_at_a_time=30)
    town.restart()
    first, second = town.turn(), town.turn()
    assert first is not None and second is not None
    assert (first.news, first.outages.found, second.news, second.outages.found) == (30, 0, 0, 1)


def test_a_kill_in_the_middle_of_the_news_makes_no_single_faults(database: Database) -> None:
    town = a_town_with_a_switch(database)
    town.fall(town.cameras[:10])
    town.now += timedelta(minutes=10)
    town.settings = DispatchSettings(news_at_a_time=25)
    town.restart()
    town.turn()  # reads some of the falls and decides nothing
    town.settings = DispatchSettings()
    town.restart()
    town.turn()
    assert town.outage_ids(town.cameras[:10]) == [the_outages(town)[0].outage_id] * 10


def test_what_fell_before_the_last_turn_and_was_told_after_it_is_still_decided(database: Database) -> None:
    town = a_town_with_a_switch(database)
    late = town.now + timedelta(minutes=10)
    town.fall(town.cameras[:10])
    with database.writing() as tx:
        known = dispatch.cursor(tx, "outages")
        assert known is not None
        dispatch.move(tx, "outages", known, late)  # a turn that saw nothing of it
    town.now = late + timedelta(seconds=1)
    town.restart()
    town.turn()
    assert town.outage_ids(town.cameras[:10]) == [the_outages(town)[0].outage_id] * 10
