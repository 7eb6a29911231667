"""Whether the last check of a camera's pose still holds.

A check is kept with the mark of the pose it was made of: whoever moves the camera's record afterwards, by whatever
way, leaves it behind without having to know of it.
"""

import hashlib

from vms.inventory.camera import Camera, Pose, PoseCheck


def standing_check(camera: Camera) -> PoseCheck | None:
    """Of the pose that is computed with; None: it was never checked, or is another one since."""
    if camera.pose_check is None or camera.pose is None or camera.pose_mark != mark_of(camera.pose):
        return None
    return camera.pose_check


def mark_of(pose: Pose) -> str:
    """16 characters; another mark: another pose. Another farthest view is the same pose."""
    told: tuple[float | None, ...] = (
        pose.position.lon,
        pose.position.lat,
        pose.bearing_deg,
        pose.tilt_deg,
        pose.h_fov_deg,
        pose.mount_height_m,
    )
    if pose.v_fov_deg is not None:  # marks made before it was counted hold where it is unknown
        told = (*told, pose.v_fov_deg)
    text = " ".join("-" if value is None else repr(float(value)) for value in told)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
