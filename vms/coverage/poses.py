"""From poses as people give them to rows ready for the sweep: defaults, range and dead zone, in arrays."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vms.core.geo import LocalFrame
from vms.coverage.confidence import confidences
from vms.coverage.density import (
    DEFAULT_H_FOV_DEG,
    DEFAULT_WIDTH_PX,
    dead_zone_m,
    far_limit_m,
    fisheye_radius_m,
    px_m,
    reach_m,
)
from vms.coverage.over_roofs import LOFTY_M
from vms.coverage.packed import PackedViews
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
    xy = frame.to_xy_array(told[:, :2])
    bearing, tilt, fov, v_fov, height, longest = told[:, 2:].T
    turns = np.broadcast_to(np.asarray(ptz, dtype=bool), (n,))
    never = np.broadcast_to(np.asarray(could, dtype=bool), (n,))
    pixels = np.maximum(np.broadcast_to(np.asarray(width_px, dtype=np.float64), (n,)), 1.0)
    fov = np.clip(np.where(np.isnan(fov) | (fov <= 0.0), DEFAULT_H_FOV_DEG, fov), 0.1, 360.0)
    height = np.where(height < 0.0, np.nan, height)
    v_fov = np.where(v_fov > 0.0, v_fov, np.nan)
    fisheye = (fov >= 360.0) & ~turns
    around = turns | fisheye
    directed = around | ~np.isnan(bearing)
    directed &= ~never
    width = np.where(around | ~directed, FULL_TURN, np.radians(fov))
    looks = np.radians(90.0 - np.nan_to_num(bearing))
    start = np.where(width >= FULL_TURN, 0.0, looks - width / 2.0)
    aimed = turns & ~np.isnan(bearing) & (fov < 360.0)
    at_1_m = px_m(pixels, fov)
    reach = reach_m(at_1_m, np.nan_to_num(height), longest)
    reach = np.where(around, reach, np.minimum(reach, far_limit_m(height, tilt, fov, v_fov)))
    below = fisheye & np.isnan(longest)
    reach = np.where(below, np.minimum(reach, fisheye_radius_m(height, v_fov)), reach)
    near = np.where(around, 0.0, dead_zone_m(height, tilt, fov, v_fov))
    return PackedViews(
        x=np.ascontiguousarray(xy[:, 0]),
        y=np.ascontiguousarray(xy[:, 1]),
        range_m=reach,
        near_m=np.minimum(near, reach),
        start_rad=start,
        width_rad=width,
        px_m=at_1_m,
        height_m=np.nan_to_num(height),
        directed=directed.astype(np.uint8),
        indoor=np.broadcast_to(np.asarray(indoor, dtype=np.uint8), (n,)).copy(),
        situation=np.zeros(n, np.uint8),
        confidence=confidences(np.where(fisheye, 1.0, bearing), np.broadcast_to(np.asarray(known, np.uint8), (n,))),
        lofty=(height > LOFTY_M).astype(np.uint8),
        aim_start_rad=np.where(aimed, looks - np.radians(fov) / 2.0, np.where(never, np.nan, 0.0)),
        aim_width_rad=np.where(aimed, np.radians(fov), np.where(never, 0.0, -1.0)),
        first=np.zeros(n, np.int64),
        pieces=np.zeros(n, np.int32),
        piece_end=np.empty(max(64, n * PIECES_PER_ROW)),
        piece_wall=np.empty(max(64, n * PIECES_PER_ROW), np.int32),
    )


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value
