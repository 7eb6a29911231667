"""Of cameras that see a spot alike, one whose direction is measured stands before one that is said to look east."""

from datetime import UTC, datetime

from sqlalchemy import update

from tests.builders.coverage import a_road, a_town, at
from vms.access.agreement import Agreements
from vms.access.decide import IncidentScene
from vms.access.roles import Person, Role
from vms.core.ids import CameraId, IncidentId, UserId
from vms.inventory.camera import Declared, LifeCycle, Pose
from vms.inventory.pose_check import mark_of
from vms.inventory.tier import Tier
from vms.services.coverage.coverage_now import CoverageNow
from vms.services.coverage.memory import CoverageMemory
from vms.services.maps.import_map import import_map
from vms.store import cameras
from vms.store.database import Database
from vms.store.schema import cameras as camera_table

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
OPERATOR = Person(user_id=UserId(1), name="li", role=Role.OPERATOR)


def hung(database: Database, x_m: float, bearing_deg: float, *, check: str | None = None) -> CameraId:
    """30 m from the middle of the road, and looks there; `check`: somebody has looked after its direction."""
    pose = Pose(position=at(x_m, 0.0), bearing_deg=bearing_deg, h_fov_deg=80.0, mount_height_m=3.0)
    with database.writing() as tx:
        declared = Declared(name=f"{x_m:g}", tier=Tier.GOVERNMENT, pose=pose)
        camera_id = cameras.add(tx, declared, life_cycle=LifeCycle.APPROVED, now=NOW)
        if check is not None:
            kept = cameras.get(tx, camera_id).pose
            assert kept is not None
            values = {"pose_check": check, "pose_mark": mark_of(kept)}
            tx.execute(update(camera_table).where(camera_table.c.id == camera_id).values(**values))
    return camera_id


def test_at_like_distance_a_measured_direction_comes_before_one_of_eight_words(sqlite_database: Database) -> None:
    import_map(sqlite_database, a_town(roads=[a_road((-50.0, 0.0), (50.0, 0.0))]), now=NOW)
    east = hung(sqlite_database, -30.0, 90.0)
    typed = hung(sqlite_database, 30.0, 269.0)
    measured = hung(sqlite_database, 30.0, 270.0, check="measured")
    verified = hung(sqlite_database, -30.0, 90.0, check="verified")
    memory = CoverageMemory(sqlite_database, Agreements(), lambda: NOW)
    memory.load()
    scene = IncidentScene(incident_id=IncidentId(1), position=at(0.0, 0.0), open=True)
    feeds = CoverageNow(memory).feeds(scene, OPERATOR, 4, NOW)
    assert [feed.camera_id for feed in feeds] == [verified, measured, typed, east]
    pose = [next(term.contribution for term in feed.terms if term.name == "pose") for feed in feeds]
    assert pose == sorted(pose, reverse=True) and pose[0] == 0.05
