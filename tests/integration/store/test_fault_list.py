"""The list of faults: who repairs by the rules, as the database filters and as each row says; orders, losses."""

from datetime import timedelta

from sqlalchemy import insert, update

from tests.builders.health import NOON
from tests.builders.stored_cameras import store_camera
from vms.core.ids import OwnerId
from vms.health.fault import LAYER_OF, Fault, FaultKind, Severity
from vms.inventory.tier import Tier
from vms.maintenance.assignment import AssignmentRule
from vms.store import fault_list, faults, maintainers, owners
from vms.store.database import Database
from vms.store.fault_list import FaultFilter
from vms.store.faults import OpenedFault
from vms.store.schema import cameras, work_order_faults, work_orders

KINDS = (FaultKind.UNREACHABLE, FaultKind.BLUR)


def a_town(database: Database) -> list[int]:
    """Cameras that differ in all that rules ask for, each with two faults; five firms. Ids of the firms."""
    with database.writing() as tx:
        owner = owners.ensure(tx, "第一小学", Tier.UNIT, NOON)
        firms = [
            maintainers.put(tx, name, NOON, contact="", contract="", calendar_id=None, retired=False).maintainer_id
            for name in "甲乙丙丁戊"
        ]
        rules = [
            AssignmentRule(maintainer_id=firms[0], owner_id=OwnerId(owner)),
            AssignmentRule(maintainer_id=firms[1], point_class=1, layer="picture"),
            AssignmentRule(maintainer_id=firms[2], region_code="4101_5", tier=Tier.UNIT),
            AssignmentRule(maintainer_id=firms[3], region_code="410105"),
        ]
        maintainers.replace_rules(tx, rules, NOON)
    for code in ("410105", "410105001", "4101_5", "42"):
        for tier in (Tier.UNIT, Tier.GOVERNMENT):
            for values in ({}, {"point_class": 1}, {"owner_id": owner}):
                camera_id = store_camera(database, NOON, tier=tier, region_code=code)
                found = [
                    OpenedFault(camera_id, Fault(kind=kind, layer=LAYER_OF[kind], severity=Severity.MAJOR), NOON)
                    for kind in KINDS
                ]
                with database.writing() as tx:
                    if values:
                        tx.execute(update(cameras).where(cameras.c.id == camera_id).values(values))
                    faults.open_faults(tx, found, NOON)
    return [int(firm) for firm in firms]


def test_the_filter_by_firm_finds_the_faults_whose_rows_name_it(database: Database) -> None:
    firms = a_town(database)
    with database.reading() as tx:
        everything = fault_list.page(tx, FaultFilter(), now=NOON, limit=500)
        assert everything.total == len(everything.items) == 48
        assert {item.maintainer_id for item in everything.items} == {*firms[:4], None}
        for firm in firms:
            named = {item.row.fault_id for item in everything.items if item.maintainer_id == firm}
            found = fault_list.page(tx, FaultFilter(maintainer_id=firm), now=NOON, limit=500)
            assert {item.row.fault_id for item in found.items} == named, firm
            assert found.total == len(named)


def test_an_order_says_who_repairs_and_what_the_fault_costs(database: Database) -> None:
    firms = a_town(database)
    order = {"state": "assigned", "layer": "network", "kinds": [], "severity": "major", "cause": "", "tier": "unit"}
    order |= {"detected_at": NOON, "changed_at": NOON, "respond_by": NOON, "maintainer_id": firms[4]}
    with database.writing() as tx:
        rows = [order | {"id": n, "number": f"20260501-{n}", "camera_id": 1, "loss": float(n)} for n in (1, 2)]
        tx.execute(insert(work_orders), rows)
        tx.execute(insert(work_order_faults), [{"order_id": n, "fault_id": n + 6} for n in (1, 2)])
    later = NOON + timedelta(minutes=1)
    with database.reading() as tx:
        ordered = fault_list.page(tx, FaultFilter(ordered=True), now=later, sort="-loss")
        assert [(item.row.fault_id, item.order and item.order.loss) for item in ordered.items] == [(8, 2.0), (7, 1.0)]
        assert all(item.order and item.order.overdue for item in ordered.items)
        assert all(item.maintainer_id == firms[4] for item in ordered.items)
        assert fault_list.page(tx, FaultFilter(maintainer_id=firms[4]), now=later).total == 2
        rest = fault_list.page(tx, FaultFilter(ordered=False), now=later, limit=500)
        assert (rest.total, {item.order for item in rest.items}) == (46, {None})
        cheapest = fault_list.page(tx, FaultFilter(), now=later, sort="-loss", limit=3)
        assert [item.row.fault_id for item in cheapest.items][:2] == [8, 7], "what is not known comes last"
