"""A check of a pose holds for the pose that it was made of, and for no other."""

from dataclasses import replace

import pytest

from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.inventory.camera import Camera, Declared, LifeCycle, Pose, PoseCheck
from vms.inventory.pose_check import mark_of, standing_check
from vms.inventory.tier import Tier

POSE = Pose(position=Wgs84(126.5, 45.8), bearing_deg=100.0, tilt_deg=18.0, h_fov_deg=80.0, mount_height_m=6.0)


def a_camera(pose: Pose | None = POSE, check: PoseCheck | None = PoseCheck.VERIFIED, mark: str = "") -> Camera:
    return Camera(
        camera_id=CameraId(1),
        declared=Declared(name="gate", tier=Tier.UNIT, pose=pose),
        life_cycle=LifeCycle.APPROVED,
        pose_check=check,
        pose_mark=mark or mark_of(POSE),
    )


def test_what_was_checked_and_never_moved_is_checked() -> None:
    assert standing_check(a_camera()) is PoseCheck.VERIFIED
    assert standing_check(a_camera(replace(POSE, max_view_m=40.0))) is PoseCheck.VERIFIED


@pytest.mark.parametrize(
    "moved",
    [
        {"bearing_deg": 100.5},
        {"bearing_deg": None},
        {"tilt_deg": 20.0},
        {"h_fov_deg": 60.0},
        {"v_fov_deg": 40.0},
        {"mount_height_m": 7.0},
        {"position": Wgs84(126.5, 45.80001)},
    ],
)
def test_whoever_moves_it_leaves_the_check_behind(moved: dict) -> None:
    assert standing_check(a_camera(replace(POSE, **moved))) is None


def test_nothing_is_checked_where_nobody_did() -> None:
    assert standing_check(a_camera(check=None)) is None
    assert standing_check(a_camera(pose=None)) is None
