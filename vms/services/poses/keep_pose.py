"""A corrected pose goes into the record: its columns with their history, its check, the points it was made of."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from vms.access.roles import Person
from vms.core.errors import BadInput
from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.coverage.pose_fit.asked import WIDEST_DEG, Sight
from vms.coverage.pose_fit.fit import FittedPose
from vms.coverage.pose_fit.model import PictureSize
from vms.coverage.pose_fit.points_under import points_under
from vms.inventory.camera import Pose, PoseCheck
from vms.inventory.life_cycle import FOLLOWS_REGISTRATION
from vms.inventory.pose_check import mark_of
from vms.services.archive.change_record import apply, check_revision
from vms.services.archive.record_columns import columns_of, read_fields
from vms.services.poses.may_correct import refuse_stranger
from vms.store import cameras, events, poses, registrations
from vms.store.camera_changes import Author
from vms.store.camera_rows import POSE
from vms.store.database import Database
from vms.store.poses import Correction, PictureUsed, PointUsed

_SAME_PLACE_DEG = 1e-9
_PLACE_DIGITS, _ANGLE_DIGITS, _METRE_DIGITS = 7, 2, 2


class How(StrEnum):
    DRAGGED = "dragged"
    """Beside the picture, on the map."""
    FITTED = "fitted"
    """From points found in both."""
    MEASURED = "measured"
    """With an instrument at the camera."""


CHECKS = {How.DRAGGED: PoseCheck.VERIFIED, How.FITTED: PoseCheck.VERIFIED, How.MEASURED: PoseCheck.MEASURED}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPose:
    """None: it stays as the record says."""

    how: How
    position: Wgs84 | None = None
    bearing_deg: float | None = None
    tilt_deg: float | None = None
    h_fov_deg: float | None = None
    v_fov_deg: float | None = None
    mount_height_m: float | None = None
    max_view_m: float | None = None
    picture: PictureUsed | None = None
    points: tuple[Sight, ...] = ()
    why: str = ""
    revision: int | None = None


def keep_pose(database: Database, camera_id: CameraId, new: NewPose, person: Person, now: datetime) -> None:
    """Coverage follows the news of it. Raises NotFound, NotAllowed, BadInput, Conflict."""
    if new.points and new.picture is None:
        raise BadInput("points need the size of the picture that they were found in", where="picture")
    if new.how is How.FITTED and len(new.points) < 2:
        raise BadInput("a fitted pose is kept with the points that it was made of", where="points")
    with database.writing() as tx:
        row = cameras.locked_columns(tx, camera_id)
        refuse_stranger(tx, person, camera_id)
        check_revision(tx, camera_id, new.revision)
        before = pose_of_row(row)
        given = _fields(new, before)
        if FOLLOWS_REGISTRATION & set(given) and registrations.of_camera(tx, camera_id) is not None:
            raise BadInput(
                "its owner registered this camera with this value; it changes with the registration",
                where="lon",
                code="follows_registration",
            )
        columns = columns_of(tx, row, read_fields(given), now)
        after = pose_of_row({**row, **columns})
        if after is None:
            raise BadInput("nobody has said where this camera stands: give lon and lat", where="lon")
        if after.bearing_deg is None:
            raise BadInput("a corrected view needs a bearing", where="bearing_deg")
        author = Author(who=person.name, why=new.why or f"view corrected: {new.how.value}")
        changed = apply(tx, row, columns, author, now)
        mark = mark_of(after)
        poses.set_check(tx, camera_id, CHECKS[new.how], mark, now, author)
        poses.add(tx, _correction(camera_id, new, before, after, mark, person, now))
        if not changed:
            events.append(tx, "camera.changed", camera_id, {"fields": ["pose_check"]}, now)


def pose_of_row(row: Mapping[str, Any]) -> Pose | None:
    """What the record declares."""
    if row["lon"] is None:
        return None
    return Pose(position=Wgs84(row["lon"], row["lat"]), **{name: row[name] for name in POSE})


def _fields(new: NewPose, before: Pose | None) -> dict[str, object]:
    """Of the archive, as it takes them."""
    told: dict[str, float | None] = {
        "bearing_deg": None if new.bearing_deg is None else round(new.bearing_deg % 360.0, _ANGLE_DIGITS) % 360.0,
        "tilt_deg": _rounded(new.tilt_deg, _ANGLE_DIGITS),
        "h_fov_deg": _rounded(new.h_fov_deg, _ANGLE_DIGITS),
        "v_fov_deg": _rounded(new.v_fov_deg, _ANGLE_DIGITS),
        "mount_height_m": _rounded(new.mount_height_m, _METRE_DIGITS),
        "max_view_m": _rounded(new.max_view_m, _METRE_DIGITS),
    }
    given: dict[str, object] = {name: value for name, value in told.items() if value is not None}
    if new.position is not None and not (before is not None and _same_place(new.position, before.position)):
        given["lon"] = round(new.position.lon, _PLACE_DIGITS)
        given["lat"] = round(new.position.lat, _PLACE_DIGITS)
    return given


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _same_place(a: Wgs84, b: Wgs84) -> bool:
    return math.isclose(a.lon, b.lon, abs_tol=_SAME_PLACE_DEG) and math.isclose(a.lat, b.lat, abs_tol=_SAME_PLACE_DEG)


def _correction(
    camera_id: CameraId, new: NewPose, before: Pose | None, after: Pose, mark: str, person: Person, now: datetime
) -> Correction:
    """What the points say is counted here, of the pose that is kept: nobody's word for it is taken."""
    off_px = _off_px(new, after)
    used = tuple(
        PointUsed(
            x_px=point.x_px,
            y_px=point.y_px,
            lon=point.position.lon,
            lat=point.position.lat,
            height_m=point.height_m,
            off_px=off,
        )
        for point, off in zip(new.points, off_px, strict=True)
    )
    known = [off for off in off_px if off is not None]
    return Correction(
        camera_id=camera_id,
        at=now,
        who=person.name,
        how=new.how.value,
        why=new.why,
        before=before,
        after=after,
        mark=mark,
        picture=new.picture,
        points=used,
        rms_px=math.sqrt(sum(off**2 for off in known) / len(known)) if known else None,
    )


def _off_px(new: NewPose, pose: Pose) -> tuple[float | None, ...]:
    told = (pose.bearing_deg, pose.tilt_deg, pose.h_fov_deg, pose.mount_height_m)
    bearing_deg, tilt_deg, h_fov_deg, height_m = told
    if new.picture is None or bearing_deg is None or tilt_deg is None or h_fov_deg is None or height_m is None:
        return (None,) * len(new.points)
    if h_fov_deg > WIDEST_DEG or height_m <= 0.0:
        return (None,) * len(new.points)
    fitted = FittedPose(
        position=pose.position,
        mount_height_m=height_m,
        bearing_deg=bearing_deg,
        tilt_deg=tilt_deg,
        roll_deg=new.picture.roll_deg,
        h_fov_deg=h_fov_deg,
        v_fov_deg=pose.v_fov_deg or 0.0,
        distortion=new.picture.distortion,
    )
    size = PictureSize(width_px=new.picture.width_px, height_px=new.picture.height_px)
    return points_under(fitted, new.points, size)
