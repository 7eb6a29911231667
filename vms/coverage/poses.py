"""From poses as people give them to rows ready for the sweep: defaults, range and dead zone, in arrays."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vms.core.geo import LocalFrame
from vms.coverage.density import DEFAULT_H_FOV_DEG, DEFAULT_WIDTH_PX, dead_zone_m, px_m, reach_m
from vms.coverage.packed import PackedViews
from vms.inventory.camera import Pose

Floats = NDArray[np.float64]
FULL_TURN = 2.0 * math.pi


def rows_of_poses(
    poses: Sequence[Pose],
    frame: LocalFrame,
    *,
    width_px: int | Sequence[int] | NDArray[np.int64] = DEFAULT_WIDTH_PX,
    indoor: bool | Sequence[bool] | NDArray[np.bool_] = False,
    ptz: bool | Sequence[bool] | NDArray[np.bool_] = False,
    pieces_per_row: int = 12,
) -> PackedViews:
    """One row per pose, not yet swept.

    A camera that can turn (`ptz`) and one of 360° reach all around. One whose bearing nobody told is undirected: its
    pieces are all that it could see, and it never counts as seeing.
    """
    n = len(poses)
    told = np.array(
        [
            (
                pose.position.lon,
                pose.position.lat,
                _or_nan(pose.bearing_deg),
                _or_nan(pose.tilt_deg),
                _or_nan(pose.h_fov_deg),
                _or_nan(pose.mount_height_m),
                _or_nan(pose.max_view_m),
            )
            for pose in poses
        ],
        dtype=np.float64,
    ).reshape(n, 7)
    xy = frame.to_xy_array(told[:, :2])
    bearing, tilt, fov, height, longest = told[:, 2], told[:, 3], told[:, 4], told[:, 5], told[:, 6]
    turns = np.broadcast_to(np.asarray(ptz, dtype=bool), (n,))
    pixels = np.maximum(np.broadcast_to(np.asarray(width_px, dtype=np.float64), (n,)), 1.0)
    fov = np.clip(np.where(np.isnan(fov) | (fov <= 0.0), DEFAULT_H_FOV_DEG, fov), 0.1, 360.0)
    height = np.where(height < 0.0, np.nan, height)
    around = turns | (fov >= 360.0)
    directed = around | ~np.isnan(bearing)
    width = np.where(around | ~directed, FULL_TURN, np.radians(fov))
    start = np.where(width >= FULL_TURN, 0.0, np.radians(90.0 - np.nan_to_num(bearing)) - width / 2.0)
    at_1_m = px_m(pixels, fov)
    reach = reach_m(at_1_m, np.nan_to_num(height), longest)
    near = np.where(turns, 0.0, dead_zone_m(height, tilt, fov))
    return PackedViews(
        np.ascontiguousarray(xy[:, 0]),
        np.ascontiguousarray(xy[:, 1]),
        reach,
        np.minimum(near, reach),
        start,
        width,
        at_1_m,
        np.nan_to_num(height),
        directed.astype(np.uint8),
        np.broadcast_to(np.asarray(indoor, dtype=np.uint8), (n,)).copy(),
        np.zeros(n, np.uint8),
        np.zeros(n, np.int64),
        np.zeros(n, np.int32),
        np.empty(max(64, n * pieces_per_row)),
        np.empty(max(64, n * pieces_per_row), np.int32),
    )


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value
