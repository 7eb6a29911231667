"""The rows of the index for each camera: one view, one for each sensor, or where its head looks and all it could.

A camera that turns has two: the sector that it shows now, which counts as seeing, and all that it could be turned to,
which never does. Where nobody knows where it looks now there is the second alone.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from sqlalchemy import Connection

from vms.core.ids import CameraId
from vms.coverage.density import DEFAULT_WIDTH_PX
from vms.coverage.head_aim import Aim
from vms.coverage.poses import rows_of_told
from vms.coverage.view import View, Views, sweep_rows
from vms.coverage.walls import Walls
from vms.inventory.camera import Camera, Pose
from vms.services.poses.confidence import known_confidence
from vms.store import heads, sensors
from vms.store.sensors import Sensor

_TOLD = ("bearing_deg", "tilt_deg", "h_fov_deg", "v_fov_deg", "mount_height_m", "max_view_m")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownViews:
    """What is known of cameras besides their records."""

    aims: Mapping[CameraId, Aim] = field(default_factory=lambda: MappingProxyType({}))
    sensors: Mapping[CameraId, Sequence[Sensor]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class OneView:
    pose: Pose
    width_px: int
    known: int
    """A `PoseConfidence` that is told; 0: the bearing alone tells."""
    could: bool = False
    """All that it could be turned to."""


@dataclass(frozen=True, slots=True)
class CameraViews:
    """Views of many cameras; those of one follow each other."""

    ids: tuple[CameraId, ...]
    """One for each view."""
    views: Views

    def of_each(self) -> dict[CameraId, list[View]]:
        found: dict[CameraId, list[View]] = {}
        for camera_id, view in zip(self.ids, self.views, strict=True):
            found.setdefault(camera_id, []).append(view)
        return found


def known_views(tx: Connection, placed: Collection[Camera]) -> KnownViews:
    """Two questions for each 500 cameras."""
    return KnownViews(
        aims=heads.aims_of(tx, [camera.camera_id for camera in placed if camera.ptz]),
        sensors=sensors.of_cameras(tx, [camera.camera_id for camera in placed if not camera.ptz]),
    )


def views_of(placed: Sequence[Camera], walls: Walls, known: KnownViews | None = None) -> CameraViews:
    """Of cameras with a pose."""
    known = known or KnownViews()
    rows = [(camera, one) for camera in placed for one in views_of_camera(camera, known)]
    told = np.array([_told(one.pose) for _, one in rows], dtype=np.float64).reshape(len(rows), 8)
    packed = rows_of_told(
        told,
        walls.frame,
        width_px=[one.width_px for _, one in rows],
        indoor=[camera.declared.indoor for camera, _ in rows],
        ptz=[one.could for _, one in rows],
        could=[one.could for _, one in rows],
        known=[one.known for _, one in rows],
    )
    return CameraViews(tuple(camera.camera_id for camera, _ in rows), Views(walls, sweep_rows(packed, walls)))


def views_of_camera(camera: Camera, known: KnownViews) -> list[OneView]:
    """What counts as seeing first."""
    pose = camera.pose
    if pose is None:
        return []
    sure, wide = known_confidence(camera) or 0, width_px(camera)
    if camera.ptz:
        return _of_a_head(pose, known.aims.get(camera.camera_id), wide, sure)
    found = known.sensors.get(camera.camera_id, ())
    if not found:
        return [OneView(pose=pose, width_px=wide, known=sure)]
    return [
        OneView(pose=pose_of_sensor(pose, one), width_px=one.width_px or max(1, wide // len(found)), known=0)
        for one in found
    ]


def pose_of_sensor(pose: Pose, sensor: Sensor) -> Pose:
    """It stands where its camera stands; what nobody said of it is as the camera's record says, but the bearing."""
    return replace(
        pose,
        bearing_deg=sensor.bearing_deg,
        tilt_deg=pose.tilt_deg if sensor.tilt_deg is None else sensor.tilt_deg,
        h_fov_deg=_of_a_part(pose.h_fov_deg) if sensor.h_fov_deg is None else sensor.h_fov_deg,
        v_fov_deg=sensor.v_fov_deg,
        max_view_m=pose.max_view_m if sensor.max_view_m is None else sensor.max_view_m,
    )


def width_px(camera: Camera) -> int:
    """Of its best stream; before any was read, as its record says."""
    declared = camera.declared.width_px or DEFAULT_WIDTH_PX
    return max((stream.width for stream in camera.streams if stream.width > 0), default=declared)


def poses_of(found: Iterable[Camera]) -> list[Pose]:
    return [camera.pose for camera in found if camera.pose is not None]


def _of_a_head(pose: Pose, aim: Aim | None, wide: int, sure: int) -> list[OneView]:
    now = pose
    if aim is not None:
        fov = pose.h_fov_deg if aim.h_fov_deg is None else aim.h_fov_deg
        now = replace(
            pose, bearing_deg=aim.bearing_deg, tilt_deg=aim.tilt_deg, h_fov_deg=fov, v_fov_deg=None, max_view_m=None
        )
        if aim.h_fov_deg is None or aim.h_fov_deg == pose.h_fov_deg:
            now = replace(now, max_view_m=pose.max_view_m, v_fov_deg=pose.v_fov_deg)
        sure = int(aim.confidence)
    could = OneView(pose=now, width_px=wide, known=sure, could=True)
    if now.bearing_deg is None:
        return [could]
    return [OneView(pose=now, width_px=wide, known=sure), could]


def _of_a_part(h_fov_deg: float | None) -> float | None:
    """A record's whole turn is that of all sensors together."""
    return None if h_fov_deg is None or h_fov_deg >= 180.0 else h_fov_deg


def _told(pose: Pose) -> tuple[float, ...]:
    numbers = (getattr(pose, name) for name in _TOLD)
    return (pose.position.lon, pose.position.lat, *(math.nan if one is None else float(one) for one in numbers))
