"""Who sees a point, over HTTP: from the real memory, with what the person may look at, current to the last event."""

from pathlib import Path

from tests.builders.coverage import a_building, a_road, a_town, at
from tests.builders.web import running_web
from vms.access.agreement import Agreements
from vms.access.roles import Role
from vms.api.models.who_sees import WhoSees
from vms.core.clock import system_clock
from vms.inventory.camera import Declared, LifeCycle, Pose
from vms.inventory.tier import Tier
from vms.services.coverage.coverage_now import CoverageNow
from vms.services.coverage.memory import CoverageMemory
from vms.services.maps.import_map import import_map
from vms.store import cameras
from vms.store.database import Database

SPOT = at(30.0, 0.0)


async def test_the_answer_is_as_described_and_knows_what_was_changed_a_moment_ago(
    database: Database, tmp_path: Path
) -> None:
    town = a_town([a_building(20.0, 10.0, 40.0, 30.0)], [a_road((-50.0, 0.0), (100.0, 0.0))])
    import_map(database, town, now=system_clock())
    memory = CoverageMemory(database, Agreements(), system_clock)
    memory.load(tell=False)
    async with running_web(database, tmp_path, coverage=CoverageNow(memory)) as web:
        operator, planner = await web.signed_in(Role.OPERATOR), await web.signed_in(Role.PLANNER)
        path = f"/coverage/who-sees?lon={SPOT.lon}&lat={SPOT.lat}"
        assert (await operator.get(path)).json()["cameras"] == []
        with database.writing() as tx:
            for name, y_m, tier in (("东门", 0.0, Tier.GOVERNMENT), ("shop", 40.0, Tier.UNIT)):
                pose = Pose(position=at(0.0, y_m), bearing_deg=100.0, h_fov_deg=80.0)
                declared = Declared(name=name, tier=tier, pose=pose)
                cameras.add(tx, declared, life_cycle=LifeCycle.APPROVED, now=web.clock())
        answer = await operator.get(path)
        found = WhoSees.model_validate(answer.json())
        assert [(row.name, row.sees, row.usable, row.access.decision.value) for row in found.cameras] == [
            ("东门", True, True, "allowed"),
            ("shop", False, False, "refused"),
        ]
        assert answer.headers["cache-control"] == "no-store"
        assert [row["name"] for row in (await operator.get(path + "&permitted=true")).json()["cameras"]] == ["东门"]
        assert [row["usable"] for row in (await planner.get(path)).json()["cameras"]] == [False, False]
        assert (await operator.get(path + "&k=0")).status_code == 422
