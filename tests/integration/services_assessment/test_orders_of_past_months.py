"""What was told of a month's orders stands, whatever is done with them later; each word told afterwards is counted."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.builders.access import a_person
from tests.builders.orders import Town
from vms.access.roles import Person, Role
from vms.assessment.figure import FigureKind
from vms.assessment.grouping import GroupBy
from vms.assessment.period import Period
from vms.assessment.profile import USUAL
from vms.core.ids import CameraId
from vms.health.status import Status
from vms.maintenance.order import Action
from vms.services.assessment.assess import Asked, assess
from vms.services.assessment.plain import plain_assessment
from vms.services.assessment.report_page import report_page
from vms.services.work_orders.take_step import AskedStep, take_step
from vms.store.database import Database
from vms.store.work_orders import StoredOrder

ZONE = ZoneInfo("Asia/Shanghai")
OCTOBER = Period(first=date(2026, 10, 1), last=date(2026, 10, 31), zone=ZONE)
NOVEMBER = Period(first=date(2026, 11, 1), last=date(2026, 11, 30), zone=ZONE)
OCTOBER_30 = datetime(2026, 10, 30, 4, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 20, tzinfo=UTC)
OFFICE = a_person(Role.ADMIN, name="office")
OF_ORDERS = (
    FigureKind.FAULT_RESPONSE_OK,
    FigureKind.FAULT_FIX_OK,
    FigureKind.RESPONSE_TOLD_AFTERWARDS,
    FigureKind.FIX_TOLD_AFTERWARDS,
    FigureKind.REPEAT_FAULT_RATE,
)


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database=database, now=OCTOBER_30)


def an_order(town: Town) -> tuple[CameraId, StoredOrder]:
    """To be answered within 4 hours and repaired within 24."""
    camera = town.camera()
    town.seen(camera, Status.DOWN)
    town.fails(camera)
    town.later(minutes=3)
    town.turn()
    return camera, town.orders()[-1]


def do(town: Town, order: StoredOrder, action: Action, person: Person = OFFICE, **asked: Any) -> None:
    take_step(town.database, order.order_id, AskedStep(action=action, **asked), person, town.now)


def told(town: Town, period: Period, now: datetime) -> dict[tuple[str, FigureKind], tuple[int, int]]:
    """Of each firm: (part, whole) of what was counted of orders."""
    made = assess(town.database, Asked(period=period, by=GroupBy.MAINTAINER, profile=USUAL), now)
    ratios = {(group.key, kind): group.tally.ratios.get(kind) for group in made.groups for kind in OF_ORDERS}
    return {key: (ratio.part, ratio.whole) for key, ratio in ratios.items() if ratio is not None}


def test_deadlines_moved_firms_changed_and_orders_reopened_later_leave_the_month_as_it_was(town: Town) -> None:
    firm = town.firm()
    other = town.firm("平安运维", everything=False)
    crew = a_person(Role.MAINTAINER, name="wang", maintainer_id=firm)
    _, moved = an_order(town)
    _, given = an_order(town)
    mended, late_told = an_order(town)
    town.later(hours=2)
    do(town, given, Action.ARRIVE, crew)
    there = town.now
    town.later(hours=20)
    do(town, late_told, Action.ARRIVE, crew, at=there)
    do(town, late_told, Action.REPAIR, crew, at=there + timedelta(hours=1))
    town.heals(mended)
    town.now = datetime(2026, 10, 31, 12, 30, tzinfo=UTC)
    flapping, healed = an_order(town)
    town.later(minutes=30)
    town.heals(flapping)
    town.turn()
    town.later(minutes=15)
    town.turn()

    in_october = told(town, OCTOBER, OCTOBER.interval.end)
    here = str(firm)
    assert in_october == {
        (here, FigureKind.FAULT_RESPONSE_OK): (2, 3),
        (here, FigureKind.RESPONSE_TOLD_AFTERWARDS): (1, 2),
        (here, FigureKind.FAULT_FIX_OK): (1, 3),
        (here, FigureKind.FIX_TOLD_AFTERWARDS): (0, 1),
        (here, FigureKind.REPEAT_FAULT_RATE): (0, 4),
    }

    town.now = OCTOBER.interval.end + timedelta(hours=1)
    town.seen(flapping, Status.DOWN)
    town.fails(flapping)
    town.later(minutes=3)
    town.turn()
    (back,) = [one for one in town.orders() if one.order_id == healed.order_id]
    assert back.order.reopened == 1
    town.now = datetime(2026, 11, 2, 4, tzinfo=UTC)
    do(town, moved, Action.DEADLINES, repair_by=datetime(2026, 11, 10, tzinfo=UTC))
    do(town, given, Action.TRANSFER, maintainer_id=int(other))

    assert told(town, OCTOBER, DECEMBER) == in_october
    in_november = told(town, NOVEMBER, DECEMBER)
    assert in_november[here, FigureKind.FAULT_RESPONSE_OK] == (0, 1), "the reopened one"
    assert in_november[here, FigureKind.FAULT_FIX_OK] == (0, 2), "the reopened one, and the one that was moved"
    assert (str(other), FigureKind.FAULT_FIX_OK) not in in_november, "its deadlines were up before"


def test_a_firm_that_has_orders_and_no_camera_is_told_why_it_has_no_rank(town: Town) -> None:
    town.firm()
    _, order = an_order(town)
    other = town.firm("平安运维", everything=False)
    do(town, order, Action.TRANSFER, maintainer_id=int(other))
    made = plain_assessment(
        assess(town.database, Asked(period=OCTOBER, by=GroupBy.MAINTAINER, profile=USUAL), OCTOBER.interval.end)
    )
    ghost = next(group for group in made["groups"] if group["key"] == str(other))
    assert (ghost["rank"], ghost["not_ranked_zh"]) == (None, "没有在用摄像机，只有工单，不参加排名")
    nobodys = next(group for group in made["groups"] if group["key"] == "")
    assert nobodys["cameras"] and nobodys["rank"] is None
    assert nobodys["not_ranked"] == "what no firm maintains is not ranked"
    assert (nobodys["name"], nobodys["name_zh"]) == ("no firm", "无维保单位")
    assert nobodys["not_ranked_zh"] == "没有维保单位的不参加排名"
    assert made["total"]["not_ranked"] == ""
    assert ghost["not_ranked_zh"] in report_page(made, "zh") and ghost["not_ranked"] in report_page(made, "en")
