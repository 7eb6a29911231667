"""A calendar without time for a service level stops nobody's orders; what was left at a rest outlives its calendar."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.builders.access import a_person
from tests.builders.orders import Town
from vms.access.roles import Role
from vms.maintenance.calendar import Calendar
from vms.maintenance.order import Action
from vms.maintenance.service_level import ServiceLevel
from vms.services.work_orders.take_step import AskedStep, take_step
from vms.store import calendars, service_levels, work_order_steps
from vms.store.database import Database

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
"""A Friday, 12:00 in Shanghai."""
ZONE = ZoneInfo("Asia/Shanghai")
OFFICE_HOURS = Calendar(zone=ZONE, week=(((540, 1080),),) * 5 + ((), ()))


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database=database, now=NOON)


def a_level_in(town: Town, calendar: Calendar, repair_s: int) -> None:
    with town.database.writing() as tx:
        number = calendars.put(tx, "hours", calendar).calendar_id
        service_levels.ensure_defaults(tx, town.now)
        level = ServiceLevel(name="usual", respond_s=60, repair_s=repair_s, calendar_id=number)
        service_levels.replace(tx, [level])


def test_an_order_is_opened_without_the_deadline_that_cannot_be_and_says_so(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    a_level_in(town, Calendar(zone=ZONE, week=(((540, 541),), (), (), (), (), (), ())), 30 * 86_400)
    town.fails(town.camera())
    town.later(minutes=3)
    assert town.turn().opened == 1
    made = town.only_order()
    assert made.order.repair_by is None
    assert made.order.respond_by is not None, "a minute a week is enough for that"
    with town.database.reading() as tx:
        notes = [step.note for step in work_order_steps.of_order(tx, made.order_id)]
    said = "the calendar of service level usual has not enough working time"
    assert notes[1:] == [f"without a deadline: {said}"]
    assert said in caplog.text


def test_what_was_left_is_kept_in_the_store_while_the_order_rests(town: Town) -> None:
    a_level_in(town, OFFICE_HOURS, 4 * 3600)
    town.fails(town.camera())
    town.later(minutes=3)
    town.turn()
    order = town.only_order()
    office = a_person(Role.ADMIN, name="office")
    until = NOON + timedelta(days=3)
    rest = AskedStep(action=Action.SUSPEND, reason="power_cut", until=until)
    take_step(town.database, order.order_id, rest, office, town.now)
    with town.database.writing() as tx:
        calendars.put(tx, "hours", Calendar(zone=ZONE, week=OFFICE_HOURS.week, days={NOON.date(): ()}))
    town.now = until
    assert town.turn().resumed == 1
    left = timedelta(hours=4) - timedelta(minutes=3)
    assert town.only_order().order.repair_by == until + left
