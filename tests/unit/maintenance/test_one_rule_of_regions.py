"""A region stands for what the tree puts below it, whatever the codes look like: in rules, levels and alerts."""

from datetime import UTC, datetime

import pytest

from vms.core.ids import MaintainerId
from vms.health.fault import Severity
from vms.inventory.tier import Tier
from vms.maintenance.alert import AlertItem, Moment, Wants, is_wanted
from vms.maintenance.assignment import AssignmentRule, fits
from vms.maintenance.scope import Scope
from vms.maintenance.service_level import Fits, ServiceLevel, level_for
from vms.places.land import NO_TREE, Land

LAND = Land({"410000": None, "410100": "410000", "350": "410100", "411000": "410000", "4101999": "411000"})


@pytest.mark.parametrize(
    ("code", "is_inside"),
    [
        ("410100", True),
        ("350", True),
        ("350001", True),
        ("4101999", False),
        ("4101", False),
        ("411000", False),
        ("", False),
    ],
)
def test_a_district_is_its_towns_by_the_tree_and_not_by_its_code(code: str, is_inside: bool) -> None:
    scope = Scope(region_code=code, tier=Tier.UNIT)
    rule = AssignmentRule(region_code="410100", maintainer_id=MaintainerId(1))
    level = ServiceLevel(name="town", fits=Fits(regions=("410100",)), respond_s=1, repair_s=2)
    item = AlertItem(
        moment=Moment.OPENED,
        order_id=1,
        number="1",
        cause="",
        severity=Severity.MAJOR,
        region_code=code,
        at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    told = (
        fits(rule, scope, LAND),
        level_for([level], scope, LAND) is level,
        is_wanted(Wants(regions=("410100",)), item, LAND),
    )
    assert told == (is_inside,) * 3


def test_without_a_tree_codes_alone_decide() -> None:
    assert NO_TREE.holds("4101", "410105") and not NO_TREE.holds("4101", "41") and NO_TREE.holds("", "")
