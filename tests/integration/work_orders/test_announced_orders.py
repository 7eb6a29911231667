"""Announced outages (报备) and the clocks of orders: no time of a notice counts, whenever it was approved."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.builders.access import a_person
from tests.builders.orders import Town
from vms.access.roles import Role
from vms.core.ids import CameraId
from vms.health.outages.notice import NoticeKind, Scope, ScopeKind
from vms.maintenance.order import Action, Order, OrderState
from vms.services.notices.announce import NoticeWish, ask, decide, withdraw
from vms.services.work_orders.take_step import AskedStep, take_step
from vms.store import assessed_orders, work_order_steps
from vms.store.database import Database

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFICE, REVIEWER = a_person(Role.ADMIN, name="office"), a_person(Role.REVIEWER, name="wang")


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database=database, now=NOON)


def a_notice(town: Town, start_at: datetime, end_at: datetime, *camera_ids: CameraId) -> int:
    """Approved now."""
    wish = NoticeWish(
        kind=NoticeKind.POWER_CUT,
        reason="停电",
        scope=Scope(ScopeKind.CAMERA, tuple(str(one) for one in camera_ids)),
        start_at=start_at,
        end_at=end_at,
    )
    with town.database.writing() as tx:
        asked = ask(tx, wish, OFFICE, town.now)
        decide(tx, asked.notice_id, REVIEWER, approve=True, note="", now=town.now)
    return asked.notice_id


def the_order(town: Town) -> Order:
    return town.only_order().order


def steps(town: Town) -> list[tuple[str, str]]:
    with town.database.reading() as tx:
        found = work_order_steps.of_order(tx, town.only_order().order_id)
    return [(step.action.value, step.content.get("reason", "")) for step in found]


def ill_since_noon(town: Town) -> CameraId:
    camera = town.camera()
    town.fails(camera)
    town.later(minutes=3)
    town.turn()
    return camera


def test_the_clock_of_a_fault_that_outlives_its_notice_begins_at_the_notices_end(town: Town) -> None:
    camera = town.camera()
    a_notice(town, NOON - HOUR, NOON + 10 * HOUR, camera)
    town.later(minutes=1)
    town.fails(camera)
    town.later(hours=5)
    assert town.turn().opened == 0
    town.now = NOON + 10 * HOUR + timedelta(minutes=2)
    assert town.turn().opened == 1
    order = the_order(town)
    assert (order.detected_at, order.late) == (NOON + timedelta(minutes=1), "")
    assert (order.respond_by, order.repair_by) == (NOON + 14 * HOUR, NOON + 34 * HOUR)
    assert order.suspended_s == (10 * HOUR - timedelta(minutes=1)).total_seconds()
    assert not town.turn().anything


def test_the_clock_of_an_outage_begins_when_the_first_of_its_cameras_is_not_announced_any_more(town: Town) -> None:
    early, late = town.camera("early"), town.camera("late")
    a_notice(town, NOON - HOUR, NOON + 6 * HOUR, early)
    a_notice(town, NOON - HOUR, NOON + 9 * HOUR, late)
    outage = town.outage([early, late])
    for camera in (early, late):
        town.fails(camera, outage_id=outage)
    town.later(hours=7)
    assert town.turn().opened_for_outages == 1
    assert the_order(town).respond_by == NOON + 10 * HOUR


def test_an_order_that_is_announced_afterwards_rests_to_the_end_of_the_notice(town: Town) -> None:
    camera = ill_since_noon(town)
    town.now = NOON + 5 * HOUR
    assert town.turn().late == 1
    a_notice(town, NOON - HOUR, NOON + 8 * HOUR, camera)
    town.turn()
    resting = the_order(town)
    assert (resting.state, resting.suspended_until) == (OrderState.SUSPENDED, NOON + 8 * HOUR)
    assert ("suspend", "announced") in steps(town)
    assert not town.turn().anything
    town.now = NOON + 8 * HOUR
    assert town.turn().resumed == 1
    order = the_order(town)
    assert (order.state, order.late, order.respond_by) == (OrderState.DETECTED, "", NOON + 12 * HOUR)
    assert order.repair_by == NOON + 32 * HOUR
    town.later(minutes=1)
    assert not town.turn().anything, "each notice counts once"


def test_a_notice_that_was_over_when_it_was_approved_moves_the_deadlines_on(town: Town) -> None:
    camera = ill_since_noon(town)
    town.now = NOON + 5 * HOUR
    town.turn()
    a_notice(town, NOON - HOUR, NOON + 3 * HOUR, camera)
    town.turn()
    order = the_order(town)
    assert (order.state, order.late, order.respond_by) == (OrderState.DETECTED, "", NOON + 7 * HOUR)
    assert not town.turn().anything


def test_a_fault_from_before_the_notice_does_not_rest(town: Town) -> None:
    camera = ill_since_noon(town)
    a_notice(town, NOON + timedelta(minutes=2), NOON + 3 * HOUR, camera)
    town.turn()
    assert the_order(town).state is OrderState.DETECTED


def test_a_person_who_lets_it_go_on_has_the_last_word(town: Town) -> None:
    camera = ill_since_noon(town)
    a_notice(town, NOON - HOUR, NOON + 8 * HOUR, camera)
    town.turn()
    town.later(minutes=1)
    take_step(town.database, town.only_order().order_id, AskedStep(action=Action.RESUME), OFFICE, town.now)
    town.later(minutes=1)
    town.turn()
    assert the_order(town).state is OrderState.DETECTED


def test_a_notice_that_ends_before_its_time_ends_the_rest(town: Town) -> None:
    camera = ill_since_noon(town)
    number = a_notice(town, NOON - HOUR, NOON + 8 * HOUR, camera)
    town.turn()
    town.later(hours=1)
    with town.database.writing() as tx:
        withdraw(tx, number, OFFICE, "来电了", town.now)
    assert town.turn().resumed == 1
    assert the_order(town).state is OrderState.DETECTED


def test_an_outage_rests_while_all_of_its_cameras_are_announced(town: Town) -> None:
    fallen = [town.camera(f"camera {n}") for n in range(3)]
    outage = town.outage(fallen)
    for camera in fallen:
        town.fails(camera, outage_id=outage)
    town.later(minutes=3)
    town.turn()
    a_notice(town, NOON - HOUR, NOON + 8 * HOUR, *fallen[:2])
    town.turn()
    assert the_order(town).state is OrderState.DETECTED, "somebody lies who is not announced"
    a_notice(town, NOON - HOUR, NOON + 5 * HOUR, *fallen[2:])
    town.turn()
    assert the_order(town).suspended_until == NOON + 5 * HOUR
    town.now = NOON + 5 * HOUR
    assert town.turn().resumed == 1
    assert not town.turn().anything


def test_figures_know_which_orders_lay_within_a_notice(town: Town) -> None:
    alone = town.camera("alone")
    fallen = [town.camera(f"camera {n}") for n in range(2)]
    outage = town.outage(fallen)
    town.fails(alone)
    for camera in fallen:
        town.fails(camera, outage_id=outage)
    town.later(minutes=3)
    assert town.turn().opened == 2
    a_notice(town, NOON + HOUR, NOON + 8 * HOUR, alone, *fallen)
    a_notice(town, NOON + HOUR, NOON + 9 * HOUR, fallen[0])
    with town.database.reading() as tx:
        found = assessed_orders.assessed_orders(tx, NOON - HOUR, NOON + 24 * HOUR)
    assert [[one.end for one in order.announced] for order in found] == [[NOON + 8 * HOUR]] * 2
