"""From poses as people give them to rows ready for the sweep: defaults, range and dead zone, in arrays."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vms.core.geo import M_PER_DEG, LocalFrame
from vms.coverage.density import DEFAULT_WIDTH_PX
from vms.coverage.index_rows import empty_views
from vms.coverage.packed import PackedViews
from vms.coverage.pose_rows import fill_rows
from vms.inventory.camera import Pose

Floats = NDArray[np.float64]
FULL_TURN = 2.0 * math.pi
PIECES_PER_ROW = 16
"""Room that is asked for; what is not used costs nothing."""


def rows_of_poses(
    poses: Sequence[Pose],
    frame: LocalFrame,
    *,
    width_px: int | Sequence[int] | NDArray[np.int64] = DEFAULT_WIDTH_PX,
    indoor: bool | Sequence[bool] | NDArray[np.bool_] = False,
    ptz: bool | Sequence[bool] | NDArray[np.bool_] = False,
    known: int | Sequence[int] | NDArray[np.uint8] = 0,
) -> PackedViews:
    """One row per pose, not yet swept. `known`: the `PoseConfidence` where the archive tells one, else 0.

    A camera that can turn (`ptz`) reaches all around, as one of 360° sees; its bearing says where it looks now. One
    whose bearing nobody told is undirected: its pieces are all that it could see, and it never counts as seeing.
    One of 360° looks straight down: what its height lets it see is its radius unless a range is declared.
    """
    told = np.array(
        [
            (
                pose.position.lon,
                pose.position.lat,
                _or_nan(pose.bearing_deg),
                _or_nan(pose.tilt_deg),
                _or_nan(pose.h_fov_deg),
                _or_nan(pose.v_fov_deg),
                _or_nan(pose.mount_height_m),
                _or_nan(pose.max_view_m),
            )
            for pose in poses
        ],
        dtype=np.float64,
    ).reshape(len(poses), 8)
    return rows_of_told(told, frame, width_px=width_px, indoor=indoor, ptz=ptz, known=known)


def rows_of_told(
    told: Floats,
    frame: LocalFrame,
    *,
    width_px: int | Sequence[int] | NDArray[np.int64] = DEFAULT_WIDTH_PX,
    indoor: bool | Sequence[bool] | NDArray[np.bool_] = False,
    ptz: bool | Sequence[bool] | NDArray[np.bool_] = False,
    could: bool | Sequence[bool] | NDArray[np.bool_] = False,
    known: int | Sequence[int] | NDArray[np.uint8] = 0,
) -> PackedViews:
    """`could`: all that a camera that can turn could be turned to: beside its view of now, and never counted as seeing.
    `told`: (n, 8) lon, lat, bearing, tilt, horizontal and vertical field of view, height, range; NaN: not said."""
    n = len(told)
    views = empty_views(n, max(64, n * PIECES_PER_ROW))
    views.px_m[:], views.indoor[:], views.confidence[:] = width_px, indoor, known
    views.situation[:], views.directed[:] = ptz, could
    origin = frame.origin
    if (beyond := np.abs(told[:, 0] - origin.lon) > 180.0).any():
        told = told.copy()
        told[beyond, 0] += math.copysign(360.0, origin.lon)
    fill_rows(told, origin.lon, origin.lat, frame.m_per_deg_lon, M_PER_DEG, views)
    return views


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value
