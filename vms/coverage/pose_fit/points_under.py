"""Points held against a pose that is there already: how far each lies from where the pose puts it."""

from collections.abc import Sequence

import numpy as np

from vms.core.geo import LocalFrame
from vms.coverage.pose_fit.asked import Sight
from vms.coverage.pose_fit.fit import FittedPose, row_of_pose
from vms.coverage.pose_fit.model import PictureSize, project


def points_under(pose: FittedPose, sights: Sequence[Sight], size: PictureSize) -> tuple[float | None, ...]:
    """Pixels per point; None: it would lie behind the camera."""
    if not sights:
        return ()
    frame = LocalFrame(pose.position)
    flat = frame.to_xy_array(np.array([(sight.position.lon, sight.position.lat) for sight in sights]))
    points = np.column_stack([flat, [sight.height_m for sight in sights]])
    pixels, depth = project(row_of_pose(pose, frame), points, size)
    off = np.hypot(*(pixels - np.array([(sight.x_px, sight.y_px) for sight in sights])).T)
    return tuple(far if before > 0.0 else None for far, before in zip(off.tolist(), depth.tolist(), strict=True))
