"""What is known of where a camera looks: as declared, as told by the device, checked by whom, and since when not."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from vms.coverage.confidence import PoseConfidence
from vms.coverage.head_aim import Aim
from vms.inventory.camera import Camera, Pose
from vms.inventory.pose_check import standing_check
from vms.services.poses.confidence import camera_confidence
from vms.store import camera_changes, heads, poses
from vms.store.poses import Correction

MOVED = "moved"
LATEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLost:
    """Why the last check says nothing about the present pose."""

    why: str
    """`moved`: the record was changed; `scene_change`: somebody confirmed that the camera shows another scene."""
    fields: tuple[str, ...]
    who: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPose:
    confidence: PoseConfidence
    """Of where it looks now: by its head, where that is known, else of the record."""
    aim: Aim | None
    """Where its head looks now; None: it does not turn, or nobody said enough."""
    checked: Correction | None
    lost: CheckLost | None
    corrections: tuple[Correction, ...]
    """The newest first, at most `LATEST`."""


def pose_now(tx: Connection, camera: Camera) -> KnownPose:
    found = poses.of_camera(tx, camera.camera_id, limit=LATEST).items
    last = found[0] if found else None
    holds = standing_check(camera) is not None
    head = heads.of_camera(tx, camera.camera_id) if camera.ptz else None
    aim = None if head is None else head.aim
    return KnownPose(
        confidence=camera_confidence(camera) if aim is None else aim.confidence,
        aim=aim,
        checked=last if holds else None,
        lost=None if holds or last is None else _lost(tx, camera, last),
        corrections=found,
    )


def _lost(tx: Connection, camera: Camera, last: Correction) -> CheckLost:
    if last.ended_at is not None:
        return CheckLost(why=last.ended_why or "", fields=(), who=last.ended_by or "", at=last.ended_at)
    fields = _changed(last.after, camera.declared.pose)
    changes = camera_changes.latest_of_fields(tx, camera.camera_id)
    guilty = [changes[name] for name in fields if name in changes and changes[name].at >= last.at]
    latest = max(guilty, key=lambda one: one.change_id, default=None)
    return CheckLost(
        why=MOVED,
        fields=fields,
        who="" if latest is None else latest.author.who,
        at=last.at if latest is None else latest.at,
    )


def _changed(before: Pose, now: Pose | None) -> tuple[str, ...]:
    """As the archive calls the fields."""
    if now is None:
        return ("lon", "lat")
    moved = [name for name in ("lon", "lat") if getattr(before.position, name) != getattr(now.position, name)]
    names = ("bearing_deg", "tilt_deg", "h_fov_deg", "mount_height_m")
    return (*moved, *(name for name in names if getattr(before, name) != getattr(now, name)))
