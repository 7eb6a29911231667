"""A month that is over stays with the firms that maintained it, whatever became of the rules and the regions since."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, insert, select

from tests.builders.stored_cameras import store_camera
from vms.assessment.grouping import GroupBy
from vms.assessment.profile import USUAL
from vms.inventory.camera import LifeCycle
from vms.inventory.tier import Tier
from vms.maintenance.assignment import AssignmentRule
from vms.places.regions import Region, RegionLevel
from vms.services.assessment.office import Question, assess_by
from vms.services.assessment.plain import plain_assessment
from vms.services.take_in_settings import take_in_regions
from vms.store import maintainers
from vms.store.database import Database
from vms.store.schema import flips, past_assignments, watch_sessions

ZONE = ZoneInfo("Asia/Shanghai")
MAY = Question(date(2026, 5, 1), date(2026, 5, 31), GroupBy.MAINTAINER)
JUNE = Question(date(2026, 6, 1), date(2026, 6, 30), GroupBy.MAINTAINER)
START = datetime(2026, 4, 30, 16, tzinfo=UTC)
JULY = datetime(2026, 7, 9, tzinfo=UTC)


def regions(*, moved: bool = False) -> list[Region]:
    return [
        Region(code="east", name="东", level=RegionLevel.COUNTY),
        Region(code="west", name="西", level=RegionLevel.COUNTY),
        Region(code="mill", name="坊", level=RegionLevel.STREET, parent="west" if moved else "east"),
    ]


def firm(database: Database, name: str, now: datetime, *, retired: bool = False, new_name: str = "") -> int:
    told = {"contact": "", "contract": "", "calendar_id": None, "retired": retired, "new_name": new_name}
    with database.writing() as tx:
        return maintainers.put(tx, name, now, **told).maintainer_id


@pytest.fixture
def firms(database: Database) -> tuple[int, int]:
    """Two, of which the first has what lies in the east, and the second has the rest; one camera in each region, of
    which that of the mill is down from mid-May on."""
    take_in_regions(database, regions(), START)
    ids = [
        store_camera(database, START, name=code, tier=Tier.UNIT, life_cycle=LifeCycle.APPROVED, region_code=code)
        for code in ("east", "west", "mill")
    ]
    with database.writing() as tx:
        run = insert(watch_sessions).values(started_at=START, alive_at=JULY, interval_s=60.0, once=False, figures={})
        session_id = tx.execute(run.returning(watch_sessions.c.id)).scalar_one()
        told = {"session_id": session_id, "because": ""}
        up = {"at": START, "from_status": "unknown", "to_status": "up", **told}
        tx.execute(insert(flips), [{"camera_id": camera_id, **up} for camera_id in ids])
        fell = {"at": START + timedelta(days=15), "from_status": "up", "to_status": "down", **told}
        tx.execute(insert(flips).values(camera_id=ids[2], **fell))
    found = firm(database, "甲", START), firm(database, "乙", START)
    with database.writing() as tx:
        maintainers.replace_rules(tx, rules(*found), START)
    return found


def rules(first: int, second: int) -> list[AssignmentRule]:
    return [AssignmentRule(maintainer_id=first, region_code="east"), AssignmentRule(maintainer_id=second)]


def told(database: Database, question: Question) -> list[tuple[str, int, dict[str, int]]]:
    made = plain_assessment(assess_by(database, question, USUAL, ZONE, JULY))
    return [(group["name"], group["cameras"], group["time_s"], group["figures"]) for group in made["groups"]]


def names(database: Database, question: Question) -> dict[str, int]:
    return {name: cameras for name, cameras, *_ in told(database, question)}


def test_a_change_of_rules_changes_no_month_that_was_over(database: Database, firms: tuple[int, int]) -> None:
    before = told(database, MAY)
    assert {name: cameras for name, cameras, *_ in before} == {"甲": 2, "乙": 1}
    with database.writing() as tx:
        maintainers.replace_rules(tx, rules(*reversed(firms)), datetime(2026, 6, 10, tzinfo=UTC))
    with database.writing() as tx:
        maintainers.replace_rules(tx, [], JULY - timedelta(days=1))
    assert told(database, MAY) == before
    assert names(database, JUNE) == {"甲": 1, "乙": 2}
    assert names(database, Question(date(2026, 7, 1), date(2026, 7, 31), GroupBy.MAINTAINER)) == {"no firm": 3}


def test_nor_does_a_firm_that_goes_or_a_region_that_moves(database: Database, firms: tuple[int, int]) -> None:
    before = told(database, MAY)
    take_in_regions(database, regions(moved=True), datetime(2026, 6, 10, tzinfo=UTC))
    firm(database, "乙", JULY - timedelta(days=2), retired=True)
    firm(database, "甲", JULY - timedelta(days=1), new_name="丙")
    assert [one[1:] for one in told(database, MAY)] == [one[1:] for one in before]
    assert names(database, MAY) == {"丙": 2, "乙": 1}
    assert names(database, JUNE) == {"丙": 1, "乙": 2}


def test_rules_and_regions_that_are_written_again_as_they_are_leave_nothing_behind(
    database: Database, firms: tuple[int, int]
) -> None:
    def kept() -> int:
        with database.reading() as tx:
            return tx.execute(select(func.count()).select_from(past_assignments)).scalar_one()

    before = kept()
    with database.writing() as tx:
        maintainers.replace_rules(tx, rules(*firms), JULY)
    take_in_regions(database, regions(), JULY)
    assert kept() == before
    take_in_regions(database, regions(moved=True), JULY)
    assert kept() == before + 1
