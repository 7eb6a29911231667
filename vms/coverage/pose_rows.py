"""What is told of a camera, as a row ready for the sweep: metres, sector, range and dead zone."""

import math

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.coverage.confidence import EIGHTH_DEG, PoseConfidence
from vms.coverage.density import DEFAULT_H_FOV_DEG, dead_zone_m, far_limit_m, fisheye_radius_m, px_m, reach_m
from vms.coverage.over_roofs import LOFTY_M
from vms.coverage.packed import PackedViews
from vms.coverage.turns import FULL_TURN

Floats = NDArray[np.float64]

_UNKNOWN, _EIGHT_WAY, _DECLARED = (
    int(one) for one in (PoseConfidence.UNKNOWN, PoseConfidence.EIGHT_WAY, PoseConfidence.DECLARED)
)


@compiled
def confidence_number(bearing_deg: float, known: int) -> int:
    """`confidence_of` of a pose: NaN where nobody said, 0 where nothing is known of it."""
    if math.isnan(bearing_deg):
        return _UNKNOWN
    if known > 0:
        return known
    return _EIGHT_WAY if bearing_deg % EIGHTH_DEG == 0.0 else _DECLARED


@compiled
def fill_rows(
    told: Floats, lon: float, lat: float, m_per_deg_lon: float, m_per_deg_lat: float, views: PackedViews
) -> None:
    """`told` as `rows_of_told` has it, about an origin. The rows come with the pixels across as `px_m`, with 1 as
    `situation` for a camera that turns, with 1 as `directed` for a row of what it could be turned to, and with what is
    known of the direction as `confidence`."""
    for i in range(len(told)):
        bearing, tilt, fov, v_fov = told[i, 2], told[i, 3], told[i, 4], told[i, 5]
        height, longest = told[i, 6], told[i, 7]
        fov = 360.0 if fov > 360.0 else (max(fov, 0.1) if fov > 0.0 else DEFAULT_H_FOV_DEG)
        if height < 0.0:
            height = math.nan
        if not v_fov > 0.0:
            v_fov = math.nan
        turns, never = views.situation[i] != 0, views.directed[i] != 0
        fisheye = fov >= 360.0 and not turns
        around, unknown = turns or fisheye, math.isnan(bearing)
        directed = (around or not unknown) and not never
        looks = 0.0 if unknown else math.radians(90.0 - bearing)
        half = math.radians(fov) / 2.0
        width = FULL_TURN if around or not directed else 2.0 * half
        at_1_m = px_m(max(views.px_m[i], 1.0), fov)
        high = 0.0 if math.isnan(height) else height
        reach, near = reach_m(at_1_m, high, longest), 0.0
        if not around:
            reach = min(reach, far_limit_m(height, tilt, fov, v_fov))
            near = dead_zone_m(height, tilt, fov, v_fov)
        elif fisheye and math.isnan(longest):
            reach = min(reach, fisheye_radius_m(height, v_fov))
        aimed = turns and not unknown and fov < 360.0
        views.x[i], views.y[i] = (told[i, 0] - lon) * m_per_deg_lon, (told[i, 1] - lat) * m_per_deg_lat
        views.range_m[i], views.near_m[i] = reach, min(near, reach)
        views.start_rad[i], views.width_rad[i] = 0.0 if width >= FULL_TURN else looks - half, width
        views.px_m[i], views.height_m[i] = at_1_m, high
        views.directed[i] = 1 if directed else 0
        views.situation[i] = 0
        views.confidence[i] = confidence_number(1.0 if fisheye else bearing, views.confidence[i])
        views.lofty[i] = 1 if height > LOFTY_M else 0
        if aimed:
            views.aim_start_rad[i], views.aim_width_rad[i] = looks - half, 2.0 * half
        elif never:
            views.aim_start_rad[i], views.aim_width_rad[i] = math.nan, 0.0
        else:
            views.aim_start_rad[i], views.aim_width_rad[i] = 0.0, -1.0
