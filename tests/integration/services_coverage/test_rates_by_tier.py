"""What each tier sees by itself, what nobody else sees; the moment a camera fails, and over HTTP."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from tests.builders.coverage import a_road, a_town, at
from tests.builders.web import running_web
from vms.access.agreement import Agreements
from vms.access.roles import Role
from vms.core.clock import system_clock
from vms.core.ids import CameraId
from vms.inventory.camera import Declared, LifeCycle, Pose
from vms.inventory.tier import Tier
from vms.places.land import NO_TREE
from vms.services.coverage.coverage_now import CoverageNow
from vms.services.coverage.memory import CoverageMemory
from vms.services.coverage.tier_rates import Part
from vms.services.maps.import_map import import_map
from vms.store import cameras
from vms.store.database import Database


def hang(database: Database, tier: Tier, x_m: float, max_view_m: float) -> CameraId:
    """Looks east along the street."""
    pose = Pose(position=at(x_m, 0.0), bearing_deg=90.0, h_fov_deg=60.0, max_view_m=max_view_m, mount_height_m=3.0)
    with database.writing() as tx:
        declared = Declared(name=f"{tier} {x_m:g}", tier=tier, pose=pose, address="127.80.0.9")
        return cameras.add(tx, declared, life_cycle=LifeCycle.APPROVED, now=system_clock())


@pytest.fixture
def told(sqlite_database: Database) -> CoverageNow:
    import_map(sqlite_database, a_town(roads=[a_road((0.0, 0.0), (200.0, 0.0), name="人民路")]), now=system_clock())
    memory = CoverageMemory(sqlite_database, Agreements(networks=(ip_network("127.80.0.0/24"),)), system_clock)
    memory.load()
    return CoverageNow(memory)


def test_a_tier_has_what_its_own_cameras_see_and_what_nobody_else_does(
    told: CoverageNow, sqlite_database: Database
) -> None:
    hang(sqlite_database, Tier.GOVERNMENT, -10.0, 70.0)
    hang(sqlite_database, Tier.GOVERNMENT, -10.0, 70.0)
    unit = hang(sqlite_database, Tier.UNIT, 20.0, 80.0)
    hang(sqlite_database, Tier.HOUSEHOLD, 100.0, 80.0)
    found = told.tier_rates(NO_TREE, "", by_night=False)
    of = {one.tier: one for one in found.tiers}
    town = told.gaps()
    assert (found.road_m, found.together.road) == (
        pytest.approx(town.road_m),
        pytest.approx(town.covered_road_m / town.road_m),
    )
    government, units = of[Tier.GOVERNMENT], of[Tier.UNIT]
    assert government.alone.road and government.only.road and units.alone.road and units.only.road
    assert 0.0 < government.only.road < government.alone.road, "two of one tier are no less than one"
    overlap = government.alone.road - government.only.road
    assert units.alone.road - units.only.road == pytest.approx(overlap), "what both see, neither sees alone"
    assert found.together.road == pytest.approx(government.only.road + units.only.road + overlap)
    assert of[Tier.HOUSEHOLD].alone == Part(road=0.0, places=None), "nobody gave consent"
    with sqlite_database.writing() as tx:
        cameras.set_life_cycle(tx, unit, LifeCycle.RETIRED, system_clock())
    later = {one.tier: one for one in told.tier_rates(NO_TREE, "", by_night=False).tiers}
    assert later[Tier.UNIT].alone.road == 0.0
    assert later[Tier.GOVERNMENT].only.road == government.alone.road, "in the next answer"
    assert told.tier_rates(NO_TREE, "4101", by_night=False).road_m == 0.0


async def test_the_rates_of_tiers_are_of_this_moment_and_stand_in_the_report(
    told: CoverageNow, sqlite_database: Database, tmp_path: Path
) -> None:
    hang(sqlite_database, Tier.UNIT, 20.0, 80.0)
    async with running_web(sqlite_database, tmp_path, coverage=told) as web:
        staff = await web.signed_in(Role.OPERATOR)
        rates = (await staff.get("/coverage/rates", params={"by": "tier"})).json()
        rows = {one["key"]: one for one in rates["items"]}
        assert rows["unit"]["road_rate"] == rows["unit"]["only_road_rate"] == rates["total"]["road_rate"] > 0.1
        assert (rows["government"]["road_rate"], rows["government"]["only_road_rate"]) == (0.0, 0.0)
        before = await staff.get("/coverage/rates", params={"by": "tier", "from": "2026-01-01T00:00:00Z"})
        assert (before.status_code, before.json()["error"]["where"]) == (400, "from")
        report = (await staff.get("/coverage/report")).text
        assert "仅该层级看得见的道路" in report and f"{rows['community']['road_rate'] * 100:.2f} %" in report
