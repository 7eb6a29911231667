"""Cameras and faults are listed by the firm that the rules give them to, by the tree of regions as rules say it."""

from datetime import UTC, datetime

import pytest

from tests.builders.orders import Town
from vms.core.ids import CameraId, MaintainerId
from vms.inventory.filters.expression import parse_filter
from vms.inventory.tier import Tier
from vms.maintenance.assignment import AssignmentRule
from vms.places.regions import Region, RegionLevel
from vms.store import camera_pages, fault_list, maintainers, regions
from vms.store.camera_filter import CameraFilter
from vms.store.database import Database
from vms.store.fault_list import FaultFilter

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
TREE = (
    Region(code="4101", name="市", level=RegionLevel.CITY),
    Region(code="350", name="新区", level=RegionLevel.COUNTY, parent="4101"),
    Region(code="410105", name="金水区", level=RegionLevel.COUNTY, parent="4101"),
)


@pytest.fixture
def town(database: Database) -> Town:
    with database.writing() as tx:
        regions.replace(tx, TREE)
    return Town(database=database, now=NOON)


def listed(town: Town, expression: str) -> list[CameraId]:
    with town.database.reading() as tx:
        wanted = CameraFilter(expression=parse_filter(expression))
        return sorted(camera_pages.every_id(tx, wanted, NOON, limit=50))


def faulty(town: Town, firm: MaintainerId) -> set[CameraId]:
    with town.database.reading() as tx:
        page = fault_list.page(tx, FaultFilter(maintainer_id=firm), now=NOON)
    assert all(one.maintainer_id == firm for one in page.items)
    return {one.row.camera_id for one in page.items}


def test_a_district_whose_code_does_not_begin_like_its_towns_is_that_firms(town: Town) -> None:
    east, west = town.firm("东城维保", everything=False), town.firm("西城维保", everything=False)
    with town.database.writing() as tx:
        rules = [
            AssignmentRule(region_code="410105", tier=Tier.UNIT, maintainer_id=west),
            AssignmentRule(region_code="4101", layer="picture", maintainer_id=west),
            AssignmentRule(region_code="4101", maintainer_id=east),
        ]
        maintainers.replace_rules(tx, rules, town.now)
    odd, own = town.camera(region_code="350"), town.camera(region_code="410105001")
    unit, far = town.camera(region_code="410105", tier=Tier.UNIT), town.camera(region_code="3501")
    nobodys = town.camera(region_code="990101")
    for camera in (odd, own, unit, far, nobodys):
        town.fails(camera)
    of_east = [odd, own, far]
    assert listed(town, f"maintainer_id = {east}") == of_east == listed(town, "maintainer = 东城维保")
    assert listed(town, f"maintainer_id = {west}") == [unit] == listed(town, "维保单位 ~ 西城")
    assert listed(town, 'maintainer_id = ""') == [nobodys] == listed(town, "not has:maintainer")
    assert listed(town, f"maintainer_id != {east}") == [unit, nobodys]
    assert (faulty(town, east), faulty(town, west)) == (set(of_east), {unit})
    town.later(minutes=3)
    town.turn()
    assert {one.about.camera_id for one in town.orders() if one.order.maintainer_id == east} == set(of_east)
