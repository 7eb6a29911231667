"""Faults become orders: once each, one for a camera, one for an outage, with words, deadlines and a firm."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, insert, update
from sqlalchemy.exc import IntegrityError

from tests.builders.killed import killed_before_commit
from tests.builders.orders import POLICY, Town
from vms.health.fault import FaultKind, Severity
from vms.inventory.camera import LifeCycle
from vms.inventory.tier import Tier
from vms.maintenance.assignment import AssignmentRule
from vms.maintenance.order import OrderState, Outcome
from vms.maintenance.policy import OrderPolicy
from vms.services.dispatching.open_orders import open_orders
from vms.store import cameras, events, maintainers, order_facts, work_order_steps, work_orders
from vms.store.database import Database
from vms.store.schema import faults as fault_table
from vms.store.schema import notice_cameras, notices

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database=database, now=NOON)


def test_a_fault_is_ordered_once_it_has_settled_and_then_never_again(town: Town) -> None:
    camera = town.camera()
    town.fails(camera)
    town.later(seconds=119)
    assert town.turn().opened == 0
    town.later(seconds=1)
    assert town.turn().opened == 1
    for _ in range(3):
        town.later(minutes=1)
        assert not town.turn().anything
    order = town.only_order()
    assert order.number == "20261122-0001"
    assert (order.about.camera_id, order.about.cause, order.about.kinds) == (
        camera,
        "unreachable: refused",
        ("unreachable",),
    )
    assert (order.order.state, order.order.detected_at) == (OrderState.DETECTED, NOON)
    assert order.order.respond_by == NOON + timedelta(hours=4)
    assert order.order.repair_by == NOON + timedelta(hours=24)


def test_the_number_counts_by_the_offices_day(town: Town) -> None:
    town.now = datetime(2026, 11, 22, 15, 50, tzinfo=UTC)  # 23:50 in Shanghai
    for name in ("a", "b"):
        town.fails(town.camera(name))
    town.later(minutes=5)
    town.turn()
    town.fails(town.camera("c"))
    town.later(minutes=6)
    town.turn()
    assert [order.number for order in town.orders()] == ["20261122-0001", "20261122-0002", "20261123-0001"]


def test_several_faults_of_one_camera_are_one_order_with_the_worst_first(town: Town) -> None:
    camera = town.camera()
    town.fails(camera, FaultKind.BLUR, Severity.MAJOR, "")
    town.fails(camera, FaultKind.CLOCK_OFF, Severity.MINOR, "80 s")
    town.later(minutes=3)
    town.turn()
    assert town.only_order().about.kinds == ("blur",)
    town.fails(camera, FaultKind.STREAM_DEAD, Severity.CRITICAL, "timeout")
    town.later(minutes=3)
    assert town.turn().faults_added == 1
    about = town.only_order().about
    assert (about.kinds, about.severity, about.layer) == (("stream_dead", "blur"), Severity.CRITICAL, "stream")
    assert about.cause == "blur; stream_dead: timeout"


def test_one_switch_is_one_order_whatever_hangs_on_it(town: Town) -> None:
    fallen = [town.camera(f"camera {n}", region_code=f"41010500100{n}") for n in range(5)]
    outage = town.outage(fallen)
    for camera in fallen:
        town.fails(camera, outage_id=outage)
    town.later(minutes=3)
    counts = town.turn()
    assert (counts.opened, counts.opened_for_outages) == (1, 1)
    about = town.only_order().about
    assert (about.outage_id, about.cameras, about.severity) == (outage, 5, Severity.CRITICAL)
    assert about.cause == "switch 7 (5 of 5 fell within 40 s)"
    assert about.region_code == "410105001"
    assert not town.turn().anything


def test_cameras_that_join_an_outage_later_are_told_by_its_order(town: Town) -> None:
    fallen = [town.camera(f"camera {n}") for n in range(7)]
    outage = town.outage(fallen[:5])
    for camera in fallen[:5]:
        town.fails(camera, outage_id=outage)
    town.later(minutes=3)
    town.turn()
    for camera in fallen[5:]:
        town.fails(camera, outage_id=outage)
    town.joins(outage, fallen[5:])
    town.turn()
    assert town.only_order().about.cameras == 7
    with town.database.reading() as tx:
        (told,) = [one for one in events.after(tx, 0, 100) if one.content.get("word") == "cameras"]
        assert order_facts.cameras_of_orders(tx, [told.subject or 0]) == {told.subject: told.content["cameras"]}
    town.turn()
    with town.database.reading() as tx:
        assert len([one for one in events.after(tx, 0, 100) if one.content.get("word") == "cameras"]) == 1


def test_an_order_nobody_went_for_joins_the_outage_that_was_found_later(town: Town) -> None:
    fallen = [town.camera(f"camera {n}") for n in range(3)]
    numbers = [town.fails(camera) for camera in fallen]
    town.later(minutes=3)
    assert town.turn().opened == 3
    outage = town.outage(fallen)
    with town.database.writing() as tx:
        tx.execute(update(fault_table).where(fault_table.c.id.in_(numbers)).values(outage_id=outage))
    town.later(minutes=3)
    counts = town.turn()
    assert (counts.joined, counts.opened, counts.opened_for_outages) == (3, 1, 1)
    assert [order.order.outcome for order in town.orders()] == [Outcome.JOINED] * 3 + [None]
    for camera in fallen:
        town.heals(camera)
    town.turn()
    town.later(minutes=11)
    assert town.turn().closed == 1


def test_weather_is_nobodys_work(town: Town) -> None:
    fallen = [town.camera(f"camera {n}") for n in range(3)]
    fog = town.outage(fallen, "fog", "weather")
    for camera in fallen:
        town.fails(camera, FaultKind.LOW_CONTRAST, Severity.MAJOR, outage_id=fog)
    town.later(hours=1)
    assert town.turn().opened == 0


def test_what_was_announced_and_what_is_not_in_service_is_not_ordered(town: Town) -> None:
    announced, asked, retired = town.camera("announced"), town.camera("only asked"), town.camera("retired")
    with town.database.writing() as tx:
        for camera, state in ((announced, "approved"), (asked, "asked")):
            values = {
                "kind": "power_cut",
                "reason": "works",
                "scope": {},
                "start_at": NOON,
                "end_at": NOON + timedelta(hours=2),
                "asked_at": NOON,
                "asked_by": "li",
                "state": state,
            }
            number = tx.execute(insert(notices).values(values).returning(notices.c.id)).scalar_one()
            tx.execute(insert(notice_cameras).values(notice_id=number, camera_id=camera))
    for camera in (announced, asked, retired):
        town.fails(camera)
    with town.database.writing() as tx:
        cameras.set_life_cycle(tx, retired, LifeCycle.RETIRED, town.now)
    town.later(minutes=5)
    town.turn()
    assert [order.about.camera_id for order in town.orders()] == [asked]
    town.later(hours=2)
    town.turn()
    assert [order.about.camera_id for order in town.orders()] == [asked, announced]


def test_the_first_rule_that_fits_gives_it_to_a_firm_and_who_has_none_is_listed(town: Town) -> None:
    east, west = town.firm("东", everything=False), town.firm("西", everything=False)
    with town.database.writing() as tx:
        rules = [
            AssignmentRule(region_code="4101050", tier=Tier.UNIT, maintainer_id=west),
            AssignmentRule(region_code="410105", maintainer_id=east),
        ]
        maintainers.replace_rules(tx, rules, town.now)
    for name, tier, region in (
        ("shop", Tier.UNIT, "410105001"),
        ("crossing", Tier.GOVERNMENT, "410105001"),
        ("elsewhere", Tier.GOVERNMENT, "410106"),
    ):
        town.fails(town.camera(name, tier, region))
    town.later(minutes=3)
    assert town.turn().unassigned == 1
    given = [(order.order.maintainer_id, order.order.state) for order in town.orders()]
    assert given == [(west, OrderState.ASSIGNED), (east, OrderState.ASSIGNED), (None, OrderState.DETECTED)]
    with town.database.reading() as tx:
        steps = work_order_steps.of_order(tx, town.orders()[0].order_id)
    assert [(step.action, step.to_state) for step in steps] == [("open", "detected"), ("assign", "assigned")]


def test_an_order_that_waited_for_a_rule_is_given_away_when_one_fits(town: Town) -> None:
    camera, elsewhere = town.camera(), town.camera("elsewhere", region_code="410202")
    town.fails(camera)
    town.fails(elsewhere)
    town.later(minutes=3)
    assert town.turn().unassigned == 2
    before = {one.about.camera_id: one.order for one in town.orders()}
    firm = town.firm(everything=False)
    assert town.turn().assigned == 0
    with town.database.writing() as tx:
        maintainers.replace_rules(tx, [AssignmentRule(region_code="4101", maintainer_id=firm)], town.now)
    town.later(minutes=1)
    assert (town.turn().assigned, town.turn().assigned) == (1, 0)
    after = {one.about.camera_id: one.order for one in town.orders()}
    assert (after[camera].state, after[camera].maintainer_id) == (OrderState.ASSIGNED, firm)
    assert (after[camera].assigned_at, after[camera].repair_by) == (town.now, before[camera].repair_by)
    assert after[elsewhere].state is OrderState.DETECTED


def test_what_fell_with_a_switch_leaves_the_cameras_own_order(town: Town) -> None:
    camera = town.camera()
    town.fails(camera, FaultKind.CLOCK_OFF, Severity.MAJOR, because="")
    town.later(minutes=3)
    assert town.turn().opened == 1
    life = town.fails(camera)
    town.later(seconds=119)
    assert town.turn().faults_added == 0
    assert town.only_order().about.severity is Severity.MAJOR
    town.later(seconds=1)
    assert town.turn().faults_added == 1
    grave = town.only_order().about
    assert (grave.severity, grave.cause) == (Severity.CRITICAL, "clock_off; unreachable: refused")
    outage = town.outage([camera, town.camera("beside it")])
    with town.database.writing() as tx:
        tx.execute(update(fault_table).where(fault_table.c.id == life).values(outage_id=outage))
    town.later(minutes=3)
    assert town.turn().opened_for_outages == 1
    own, together = town.orders()
    assert (own.about.severity, own.about.kinds, own.about.cause) == (Severity.MAJOR, ("clock_off",), "clock_off")
    assert own.about.layer != "network"
    assert together.about.outage_id == outage
    with town.database.reading() as tx:
        assert [one.id for one in order_facts.faults_of(tx, together.order_id)] == [life]
        assert life not in [one.id for one in order_facts.faults_of(tx, own.order_id)]


def test_where_many_fell_together_two_days_are_given(town: Town) -> None:
    for number in range(8):
        town.fails(town.camera(f"camera {number}"))
    town.later(minutes=3)
    town.turn()
    assert {order.order.repair_by for order in town.orders()} == {NOON + timedelta(hours=48)}


def test_tiers_that_the_office_does_not_repair_get_no_orders(town: Town) -> None:
    town.fails(town.camera("a home", Tier.HOUSEHOLD))
    town.later(minutes=3)
    assert town.turn(OrderPolicy(settle_s=60, tiers=(Tier.GOVERNMENT, Tier.UNIT))).opened == 0
    assert town.turn(POLICY).opened == 1


def test_a_turn_that_is_killed_between_its_pieces_is_ended_by_the_next_one(town: Town) -> None:
    for number in range(5):
        town.fails(town.camera(f"camera {number}"))
    switch = town.outage([town.camera("behind the switch")])
    town.later(minutes=3)
    for commit in range(4):
        with killed_before_commit(town.database, commit) as kill:
            open_orders(town.database, town.now, POLICY, at_once=2)
        assert kill.came or commit == 3, commit
    town.turn()
    orders = town.orders()
    assert sorted(order.number for order in orders) == [f"20261122-000{n}" for n in range(1, 7)]
    assert [order.about.outage_id for order in orders].count(switch) == 1
    with town.database.reading() as tx:
        told = [one.subject for one in events.after(tx, 0, 1000) if one.kind == "order.opened"]
    assert sorted(told) == sorted(order.order_id for order in orders)


def test_many_orders_take_as_few_statements_as_few(sqlite_database: Database) -> None:
    """Counted, not timed."""
    town = Town(database=sqlite_database, now=NOON)

    def statements(count: int) -> int:
        for number in range(count):
            town.fails(town.camera(f"camera {count} {number}"))
        town.later(minutes=3)
        seen: list[str] = []

        def note(*given: object) -> None:
            seen.append(str(given[2]))

        event.listen(town.database.engine, "before_cursor_execute", note)
        try:
            assert town.turn().opened == count
        finally:
            event.remove(town.database.engine, "before_cursor_execute", note)
        return len(seen)

    few = statements(5)
    assert statements(60) <= few + 2


def test_two_orders_of_one_fault_cannot_be_stored(town: Town) -> None:
    camera = town.camera()
    fault = town.fails(camera)
    town.later(minutes=3)
    town.turn()
    other = town.only_order()
    with pytest.raises(IntegrityError), town.database.writing() as tx:
        (again,) = work_orders.insert_many(tx, [(other.order, other.about)], NOON.date(), NOON)
        work_orders.add_faults(tx, [(again.order_id, fault)])
    assert len(town.orders()) == 1
