"""Coverage in memory takes in a corrected pose and how sure it is; a confirmed change of scene makes it less sure."""

from datetime import UTC, datetime

from tests.builders.access import a_person
from tests.builders.coverage import FRAME, at
from tests.builders.stored_cameras import store_camera
from vms.access.agreement import Agreements
from vms.access.roles import Role
from vms.coverage.confidence import PoseConfidence
from vms.inventory.camera import Pose
from vms.services.coverage.memory import CoverageMemory
from vms.services.poses.keep_pose import How, NewPose, keep_pose
from vms.store import poses
from vms.store.database import Database

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
WEST, EAST = at(-30.0, 0.0), at(30.0, 0.0)


def test_a_corrected_pose_sees_elsewhere_at_once_and_is_sure(sqlite_database: Database) -> None:
    pose = Pose(position=FRAME.origin, bearing_deg=90.0, h_fov_deg=60.0)
    camera_id = store_camera(sqlite_database, NOW, pose=pose)
    memory = CoverageMemory(sqlite_database, Agreements(), lambda: NOW)
    memory.load()
    assert memory.index.view(camera_id).sees(EAST)
    assert memory.index.view(camera_id).confidence is PoseConfidence.EIGHT_WAY
    keeper = a_person(Role.MAINTAINER, name="li")
    keep_pose(sqlite_database, camera_id, NewPose(how=How.DRAGGED, bearing_deg=270.0), keeper, NOW)
    memory.follow()
    view = memory.index.view(camera_id)
    assert (view.sees(WEST), view.sees(EAST), view.confidence) == (True, False, PoseConfidence.VERIFIED)
    with sqlite_database.writing() as tx:
        poses.end_checks(tx, [camera_id], poses.SCENE_CHANGE, "office", NOW)
    memory.follow()
    assert memory.index.view(camera_id).confidence is PoseConfidence.EIGHT_WAY
