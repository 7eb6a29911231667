"""The list of orders by pages, and what rules of assignment reach: on both databases."""

from datetime import UTC, datetime, timedelta

from tests.builders.orders import Town
from vms.core.ids import CameraId
from vms.health.fault import Severity
from vms.inventory.tier import Tier
from vms.maintenance.assignment import AssignmentRule
from vms.services.work_orders.try_out import Supposed, reach, try_out
from vms.store import work_order_list, work_orders
from vms.store.database import Database
from vms.store.work_order_list import SORTS, OrderFilter

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


def test_pages_follow_on_each_other_in_every_order_of_the_list(database: Database) -> None:
    town = Town(database=database, now=NOON)
    town.firm()
    for number in range(5):
        town.fails(town.camera(f"口 {number}"), severity=(Severity.CRITICAL, Severity.MAJOR)[number % 2])
        town.later(minutes=3)
    town.turn()
    with database.reading() as tx:
        for sort in [*SORTS, *(f"-{name}" for name in SORTS)]:
            whole = work_order_list.page(tx, OrderFilter(), town.now, sort=sort)
            pages = [
                work_order_list.page(tx, OrderFilter(), town.now, sort=sort, limit=2, offset=offset)
                for offset in range(0, 6, 2)
            ]
            listed = [one.stored.order_id for page in pages for one in page.items]
            assert (sort, listed) == (sort, [one.stored.order_id for one in whole.items])
            assert {page.total for page in pages} == {5}
        first = work_order_list.page(tx, OrderFilter(), town.now, sort="number", limit=1).items[0]
        assert (first.name, first.maintainer) == ("口 0", "东城维保")


def test_what_costs_most_coverage_stands_first_then_what_is_due_first(database: Database) -> None:
    town = Town(database=database, now=NOON)
    for number in range(4):
        town.fails(town.camera(f"口 {number}"))
        town.later(minutes=3)
    town.turn()
    ids = [one.order_id for one in town.orders()]
    with database.writing() as tx:
        work_orders.set_loss(tx, [(ids[1], 0.0), (ids[2], 40.0), (ids[3], 300.0)])
    with database.reading() as tx:
        listed, turned = (
            [one.stored.order_id for one in work_order_list.page(tx, OrderFilter(), town.now, sort=sort).items]
            for sort in ("impact", "-impact")
        )
    assert listed == [ids[3], ids[2], ids[0], ids[1]]
    assert turned == listed[::-1]


def test_rules_reach_the_cameras_that_they_decide_and_a_supposed_fault_goes_the_same_way(database: Database) -> None:
    town = Town(database=database, now=NOON)
    firm, other = town.firm(), town.firm("西城维保", everything=False)
    cameras = [town.camera(tier=tier) for tier in (Tier.UNIT, Tier.UNIT, Tier.GOVERNMENT, Tier.COMMUNITY)]
    rules = [
        AssignmentRule(region_code="4101", tier=Tier.UNIT, maintainer_id=other),
        AssignmentRule(tier=Tier.GOVERNMENT, layer="picture", maintainer_id=firm),
    ]
    with database.reading() as tx:
        assert reach(tx, None, "") == ([4], 0)
        assert reach(tx, rules, "network") == ([2, 0], 2)
        assert reach(tx, rules, "picture") == ([2, 1], 1)
        found = [try_out(tx, _fault(camera, rules), NOON).scope.maintainer_id for camera in cameras]
    assert found == [other, other, firm, None]


def _fault(camera: CameraId, rules: list[AssignmentRule]) -> Supposed:
    return Supposed(camera_id=camera, layer="picture", rules=rules)


def test_a_supposed_fault_is_due_when_a_real_one_would_be(database: Database) -> None:
    town = Town(database=database, now=NOON)
    town.firm()
    camera = town.camera()
    with database.reading() as tx:
        supposed = try_out(tx, Supposed(camera_id=camera, severity=Severity.CRITICAL), NOON)
    town.fails(camera)
    town.later(minutes=3)
    town.turn()
    order = town.only_order().order
    assert supposed.deadlines is not None
    assert (supposed.deadlines.respond_by, supposed.deadlines.repair_by) == (order.respond_by, order.repair_by)
    assert order.detected_at == NOON and order.repair_by == NOON + timedelta(hours=24)
