"""A corrected pose in the store: what is written, what the history keeps, who may, what ends the check."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.builders.access import a_person
from tests.builders.orders import Town
from tests.builders.stored_cameras import store_camera
from vms.access.roles import Role
from vms.core.errors import BadInput, Conflict, NotAllowed
from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.coverage.confidence import PoseConfidence
from vms.inventory.camera import Camera, Pose
from vms.services.poses.confidence import camera_confidence
from vms.services.poses.keep_pose import How, NewPose, keep_pose
from vms.services.poses.pose_now import pose_now
from vms.store import camera_changes, cameras, poses
from vms.store.camera_changes import Author
from vms.store.database import Database

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
KEEPER = a_person(Role.MAINTAINER, name="li")
HERE = Wgs84(126.535, 45.803)
DRAGGED = NewPose(how=How.DRAGGED, position=HERE, bearing_deg=123.456, h_fov_deg=80.0)


def a_camera(database: Database, pose: Pose | None = Pose(position=HERE, bearing_deg=90.0)) -> CameraId:
    return store_camera(database, NOON, pose=pose)


def camera(database: Database, camera_id: CameraId) -> Camera:
    with database.reading() as tx:
        return cameras.get(tx, camera_id)


def test_what_is_left_out_stays_and_the_position_keeps_how_it_was_entered(database: Database) -> None:
    camera_id = a_camera(database, Pose(position=HERE, bearing_deg=90.0, tilt_deg=12.0, max_view_m=40.0))
    assert camera_confidence(camera(database, camera_id)) is PoseConfidence.EIGHT_WAY
    keep_pose(database, camera_id, DRAGGED, KEEPER, NOON)
    found = camera(database, camera_id)
    assert found.pose == Pose(position=HERE, bearing_deg=123.46, tilt_deg=12.0, max_view_m=40.0, h_fov_deg=80.0)
    assert camera_confidence(found) is PoseConfidence.VERIFIED
    with database.reading() as tx:
        kept = camera_changes.of_camera(tx, camera_id).items
        correction = poses.of_camera(tx, camera_id).items[0]
    assert {one.change.field for one in kept if one.author.who == "li"} == {
        "bearing_deg", "h_fov_deg", "life_cycle", "pose_check",
    }  # fmt: skip
    assert (correction.before.bearing_deg, correction.after.bearing_deg, correction.who) == (90.0, 123.46, "li")


def test_a_measured_pose_is_measured_and_another_edit_leaves_it_behind(database: Database) -> None:
    camera_id = a_camera(database, None)
    keep_pose(database, camera_id, NewPose(how=How.MEASURED, position=HERE, bearing_deg=10.0), KEEPER, NOON)
    assert camera_confidence(camera(database, camera_id)) is PoseConfidence.MEASURED
    later = NOON + timedelta(hours=1)
    with database.writing() as tx:
        cameras.change_columns(tx, camera_id, {"tilt_deg": 30.0}, later, author=Author(who="zhang"))
    found = camera(database, camera_id)
    assert camera_confidence(found) is PoseConfidence.DECLARED
    with database.reading() as tx:
        lost = pose_now(tx, found).lost
    assert lost is not None
    assert (lost.why, lost.fields, lost.who, lost.at) == ("moved", ("tilt_deg",), "zhang", later)


def test_a_camera_that_was_moved_loses_its_check_until_somebody_looks_again(database: Database) -> None:
    camera_id, other = a_camera(database), a_camera(database)
    for one in (camera_id, other):
        keep_pose(database, one, DRAGGED, KEEPER, NOON)
    with database.writing() as tx:
        poses.end_checks(tx, [camera_id], poses.SCENE_CHANGE, "office", NOON + timedelta(hours=1))
    assert camera_confidence(camera(database, camera_id)) is PoseConfidence.DECLARED
    assert camera_confidence(camera(database, other)) is PoseConfidence.VERIFIED
    keep_pose(database, camera_id, DRAGGED, KEEPER, NOON + timedelta(hours=2))
    found = camera(database, camera_id)
    with database.reading() as tx:
        known = pose_now(tx, found)
    assert (known.confidence, known.lost, len(known.corrections)) == (PoseConfidence.VERIFIED, None, 2)
    assert known.corrections[1].ended_why == "scene_change"


def test_a_pose_that_cannot_be_is_refused_and_nothing_is_written(sqlite_database: Database) -> None:
    database = sqlite_database
    camera_id, nowhere = a_camera(database), a_camera(database, None)
    with pytest.raises(BadInput, match="where this camera stands"):
        keep_pose(database, nowhere, NewPose(how=How.DRAGGED, bearing_deg=10.0), KEEPER, NOON)
    with pytest.raises(BadInput, match="needs a bearing"):
        keep_pose(database, nowhere, NewPose(how=How.DRAGGED, position=HERE), KEEPER, NOON)
    with pytest.raises(BadInput, match="tilt"):
        keep_pose(database, camera_id, NewPose(how=How.DRAGGED, bearing_deg=1.0, tilt_deg=200.0), KEEPER, NOON)
    with database.reading() as tx:
        seen = camera_changes.revision(tx, camera_id)
    keep_pose(database, camera_id, DRAGGED, KEEPER, NOON)
    stale = NewPose(how=How.DRAGGED, bearing_deg=50.0, revision=seen)
    with pytest.raises(Conflict):
        keep_pose(database, camera_id, stale, a_person(Role.ADMIN, name="zhao"), NOON + timedelta(minutes=1))
    assert camera(database, camera_id).pose.bearing_deg == 123.46
    with database.reading() as tx:
        assert poses.of_camera(tx, nowhere).total == 0
        assert poses.of_camera(tx, camera_id).total == 1


def test_a_crew_corrects_cameras_that_it_was_sent_for(sqlite_database: Database) -> None:
    town = Town(database=sqlite_database, now=NOON)
    firm = town.firm()
    crew = a_person(Role.MAINTAINER, name="wang", maintainer_id=firm)
    camera_id = town.camera()
    turned = NewPose(how=How.DRAGGED, position=HERE, bearing_deg=200.0)
    with pytest.raises(NotAllowed):
        keep_pose(sqlite_database, camera_id, turned, crew, town.now)
    town.fails(camera_id)
    town.later(minutes=5)
    town.turn()
    keep_pose(sqlite_database, camera_id, turned, crew, town.now)
    assert camera(sqlite_database, camera_id).pose.bearing_deg == 200.0
