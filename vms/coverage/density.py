"""Pixels per metre on the target: what a picture is good for at a distance.

A class of picture is a view of the number through a profile; profiles are data, since tenders name different editions.
"""

import math
from dataclasses import dataclass

from vms.core.compiled import compiled

DEFAULT_WIDTH_PX = 1920
DEFAULT_H_FOV_DEG = 90.0
DEFAULT_MAX_VIEW_M = 120.0
LONGEST_VIEW_M = 500.0
"""What anybody may declare; longer ones are cut to it."""
FAINTEST_PX_PER_M = 20.0
ASPECT = 9.0 / 16.0
FISHEYE_DEG = 160.0
LEAST_SLANT_M = 0.1
_WIDEST_STRAIGHT_DEG = 120.0


@dataclass(frozen=True, slots=True)
class DensityClass:
    name: str
    name_zh: str
    least_px_per_m: float


@dataclass(frozen=True, slots=True)
class DensityProfile:
    """Classes from coarse to fine."""

    edition: str
    classes: tuple[DensityClass, ...]

    def class_of(self, px_per_m: float) -> DensityClass | None:
        """The finest class reached, or None below the coarsest."""
        return next((c for c in reversed(self.classes) if px_per_m >= c.least_px_per_m), None)


IEC_62676_4_2014 = DensityProfile(
    "IEC 62676-4:2014",
    (
        DensityClass("detection", "探测", 25.0),
        DensityClass("observation", "观察", 62.5),
        DensityClass("recognition", "辨认", 125.0),
        DensityClass("identification", "识别", 250.0),
    ),
)
IEC_62676_4_2025 = DensityProfile(
    "IEC 62676-4:2025",
    (
        DensityClass("overview", "概览", 20.0),
        DensityClass("outline", "轮廓", 40.0),
        DensityClass("discern", "分辨", 80.0),
        DensityClass("perceive", "感知", 125.0),
        DensityClass("characterise", "特征", 250.0),
        DensityClass("validate", "核实", 500.0),
        DensityClass("scrutinise", "细察", 1500.0),
    ),
)
PROFILES = {profile.edition: profile for profile in (IEC_62676_4_2014, IEC_62676_4_2025)}


@compiled
def px_m(width_px: float, h_fov_deg: float) -> float:
    """Density times slant distance: px/m seen at 1 m. Above 120° lenses are taken as equidistant (fisheye)."""
    if h_fov_deg > _WIDEST_STRAIGHT_DEG:
        return width_px / math.radians(h_fov_deg)
    return width_px / (2.0 * math.tan(math.radians(h_fov_deg) / 2.0))


@compiled
def reach_m(px_m_at_1_m: float, height_m: float, max_view_m: float) -> float:
    """Ground distance where the density falls to `FAINTEST_PX_PER_M`, at most 120 m; declared where declared (≤ 500 m).

    `max_view_m` is NaN where nobody said. Height counts: density is measured along the slant.
    """
    if not math.isnan(max_view_m):
        return min(max(max_view_m, 0.0), LONGEST_VIEW_M)
    slant = px_m_at_1_m / FAINTEST_PX_PER_M
    return min(math.sqrt(max(slant * slant - height_m * height_m, 0.0)), DEFAULT_MAX_VIEW_M)


@compiled
def half_v_fov_deg(h_fov_deg: float, v_fov_deg: float) -> float:
    """Half the vertical field of view; of a picture of 16:9 where nobody said (NaN)."""
    if not math.isnan(v_fov_deg):
        return abs(v_fov_deg) / 2.0
    return math.degrees(math.atan(math.tan(math.radians(min(h_fov_deg, FISHEYE_DEG)) / 2.0) * ASPECT))


@compiled
def ground_at_m(height_m: float, below_horizon_deg: float) -> float:
    """Where a line of sight from this height meets the ground; infinite where it never does."""
    if below_horizon_deg <= 0.0:
        return math.inf
    return 0.0 if below_horizon_deg >= 90.0 else height_m / math.tan(math.radians(below_horizon_deg))


@compiled
def dead_zone_m(height_m: float, tilt_deg: float, h_fov_deg: float, v_fov_deg: float) -> float:
    """How far the ground below the camera stays out of the picture: height ÷ tan(tilt + v_fov/2).

    Zero where height or tilt is unknown (NaN), infinite where the lower edge of the picture looks above the horizon.
    """
    if math.isnan(height_m) or math.isnan(tilt_deg):
        return 0.0
    return ground_at_m(height_m, tilt_deg + half_v_fov_deg(h_fov_deg, v_fov_deg))


@compiled
def far_limit_m(height_m: float, tilt_deg: float, h_fov_deg: float, v_fov_deg: float) -> float:
    """Where the upper edge of the picture meets the ground: height ÷ tan(tilt - v_fov/2). Infinite where height or tilt
    is unknown (NaN), or that edge looks to the horizon or above."""
    if math.isnan(height_m) or math.isnan(tilt_deg):
        return math.inf
    return ground_at_m(height_m, tilt_deg - half_v_fov_deg(h_fov_deg, v_fov_deg))


@compiled
def fisheye_radius_m(height_m: float, v_fov_deg: float) -> float:
    """Of a lens that looks straight down: height × tan(v_fov/2). Beyond `FISHEYE_DEG` a picture is all rim."""
    if math.isnan(height_m):
        return math.inf
    half = FISHEYE_DEG / 2.0 if math.isnan(v_fov_deg) else min(abs(v_fov_deg), FISHEYE_DEG) / 2.0
    return height_m * math.tan(math.radians(half))


def density_px_per_m(px_m_at_1_m: float, distance_m: float, height_m: float) -> float:
    """On a target at this ground distance from a camera mounted this high (0 where unknown)."""
    return px_m_at_1_m / max(math.hypot(distance_m, height_m), LEAST_SLANT_M)
