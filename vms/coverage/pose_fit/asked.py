"""What a fit is asked: points found in the picture and on the map, and what of the pose is known already."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vms.core.errors import BadInput
from vms.core.geo import LocalFrame, Wgs84
from vms.coverage.pose_fit.model import BEARING, LOG_H, LOG_TAN, PARAMETERS, ROLL, TILT, Floats, K, PictureSize, X, Y

MOST_POINTS = 40
LEAST_FOR_A_POSITION = 4
LEAST_POINTS = 2
WIDEST_DEG = 150.0
FARTHEST_M = 2000.0
MOST_LAT_DEG = 85.0
_APART_SHARE = 0.05
"""Of the picture's width: points nearer together than that tell nothing."""
_ON_A_LINE_SHARE = 0.04
_SAME_SPOT_M = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One point, in the picture (from its upper left corner) and on the map."""

    x_px: float
    y_px: float
    position: Wgs84
    height_m: float = 0.0
    """Over the ground that the camera's height counts from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is not asked for. None: it is."""

    position: Wgs84 | None = None
    mount_height_m: float | None = None
    bearing_deg: float | None = None
    tilt_deg: float | None = None
    roll_deg: float | None = None
    h_fov_deg: float | None = None
    straight: bool = True
    """The lens bends no lines; False: its radial coefficient is asked for."""


def held_values(known: Known, frame: LocalFrame) -> Floats:
    """(8,), NaN where a parameter is asked for. Raises BadInput for what no straight picture can have."""
    held = np.full(PARAMETERS, np.nan)
    if known.position is not None:
        held[X], held[Y] = frame.to_xy(known.position)
    if known.mount_height_m is not None:
        if known.mount_height_m < 0.5:
            raise BadInput("a camera hangs at least 0.5 m high", where="mount_height_m")
        held[LOG_H] = math.log(known.mount_height_m)
    for parameter, value_deg in ((BEARING, known.bearing_deg), (TILT, known.tilt_deg), (ROLL, known.roll_deg)):
        if value_deg is not None:
            held[parameter] = math.radians(value_deg)
    if known.h_fov_deg is not None:
        if not 2.0 <= known.h_fov_deg <= WIDEST_DEG:
            raise BadInput(
                "points cannot be fitted to a fisheye picture: its field of view must lie between 2° and 150°",
                where="h_fov_deg",
                code="pose_fisheye",
            )
        held[LOG_TAN] = math.log(math.tan(math.radians(known.h_fov_deg) / 2.0))
    if known.straight:
        held[K] = 0.0
    return held


def check_points(sights: Sequence[Sight], size: PictureSize, held: Floats, frame: LocalFrame) -> Floats:
    """The points in metres (n, 3). Raises BadInput that says why they cannot tell the pose."""
    asked = int(np.isnan(held).sum()) - int(np.isnan(held[ROLL]))
    least = LEAST_FOR_A_POSITION if np.isnan(held[X]) else max(LEAST_POINTS, math.ceil(asked / 2))
    given = len(set(sights))
    if given < least:
        raise BadInput(
            f"at least {least} points are needed for what is asked, {given} are given",
            where="points",
            code="pose_too_few",
        )
    if len(sights) > MOST_POINTS:
        raise BadInput(f"at most {MOST_POINTS} points are taken", where="points")
    for number, sight in enumerate(sights, 1):
        if not (0.0 <= sight.x_px <= size.width_px and 0.0 <= sight.y_px <= size.height_px):
            raise BadInput(f"point {number} lies outside of the picture", where="points", code="pose_outside")
    if any(abs(sight.position.lat) > MOST_LAT_DEG for sight in sights):
        raise BadInput("metres cannot be counted so near to a pole", where="points")
    clicks = np.array([(sight.x_px, sight.y_px) for sight in sights])
    if float(np.hypot(*np.ptp(clicks, axis=0))) < _APART_SHARE * size.width_px:
        raise BadInput("all points are too near together in the picture", where="points", code="pose_too_near")
    flat = frame.to_xy_array(np.array([(sight.position.lon, sight.position.lat) for sight in sights]))
    points = np.column_stack([flat, [sight.height_m for sight in sights]])
    if float(np.hypot(*np.ptp(flat, axis=0))) > FARTHEST_M:
        raise BadInput("the points lie kilometres apart on the map", where="points", code="pose_far_apart")
    spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    if spread[0] < _SAME_SPOT_M:
        raise BadInput("all points are at the same spot of the map", where="points", code="pose_too_near")
    if np.isnan(held[X]) and spread[1] < _ON_A_LINE_SHARE * spread[0]:
        raise BadInput(
            "all points lie on one line of the map: add one beside it, or hold the camera's position",
            where="points",
            code="pose_one_line",
        )
    return points
