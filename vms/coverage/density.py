"""Pixels per metre on the target: what a picture is good for at a distance.

A class of picture is a view of the number through a profile; profiles are data, since tenders name different editions.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DEFAULT_WIDTH_PX = 1920
DEFAULT_H_FOV_DEG = 90.0
DEFAULT_MAX_VIEW_M = 120.0
LONGEST_VIEW_M = 500.0
"""What anybody may declare; longer ones are cut to it."""
FAINTEST_PX_PER_M = 20.0
ASPECT = 9.0 / 16.0
FISHEYE_DEG = 160.0
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


def px_m(width_px: Floats, h_fov_deg: Floats) -> Floats:
    """Density times slant distance: px/m seen at 1 m. Above 120° lenses are taken as equidistant (fisheye)."""
    straight = 2.0 * np.tan(np.radians(np.minimum(h_fov_deg, _WIDEST_STRAIGHT_DEG)) / 2.0)
    spread = np.where(h_fov_deg <= _WIDEST_STRAIGHT_DEG, straight, np.radians(h_fov_deg))
    result: Floats = width_px / spread
    return result


def reach_m(px_m_at_1_m: Floats, height_m: Floats, max_view_m: Floats) -> Floats:
    """Ground distance where the density falls to `FAINTEST_PX_PER_M`, at most 120 m; declared where declared (≤ 500 m).

    `max_view_m` is NaN where nobody said. Height counts: density is measured along the slant.
    """
    slant = px_m_at_1_m / FAINTEST_PX_PER_M
    ground = np.sqrt(np.maximum(slant**2 - height_m**2, 0.0))
    declared = np.clip(np.nan_to_num(max_view_m), 0.0, LONGEST_VIEW_M)
    return np.where(np.isnan(max_view_m), np.minimum(ground, DEFAULT_MAX_VIEW_M), declared)


def half_v_fov_deg(h_fov_deg: Floats, v_fov_deg: Floats | float = math.nan) -> Floats:
    """Half the vertical field of view; of a picture of 16:9 where nobody said (NaN)."""
    half = np.radians(np.minimum(h_fov_deg, 160.0)) / 2.0
    return np.where(np.isnan(v_fov_deg), np.degrees(np.arctan(np.tan(half) * ASPECT)), np.abs(v_fov_deg) / 2.0)


def dead_zone_m(height_m: Floats, tilt_deg: Floats, h_fov_deg: Floats, v_fov_deg: Floats | float = math.nan) -> Floats:
    """How far the ground below the camera stays out of the picture: height ÷ tan(tilt + v_fov/2).

    Zero where height or tilt is unknown (NaN), infinite where the lower edge of the picture looks above the horizon.
    """
    ground = _ground_at_m(height_m, tilt_deg + half_v_fov_deg(h_fov_deg, v_fov_deg))
    return np.where(np.isnan(height_m) | np.isnan(tilt_deg), 0.0, ground)


def far_limit_m(height_m: Floats, tilt_deg: Floats, h_fov_deg: Floats, v_fov_deg: Floats | float = math.nan) -> Floats:
    """Where the upper edge of the picture meets the ground: height ÷ tan(tilt - v_fov/2). Infinite where height or tilt
    is unknown (NaN), or that edge looks to the horizon or above."""
    ground = _ground_at_m(height_m, tilt_deg - half_v_fov_deg(h_fov_deg, v_fov_deg))
    return np.where(np.isnan(height_m) | np.isnan(tilt_deg), np.inf, ground)


def fisheye_radius_m(height_m: Floats, v_fov_deg: Floats) -> Floats:
    """Of a lens that looks straight down: height × tan(v_fov/2). Beyond `FISHEYE_DEG` a picture is all rim."""
    half = np.minimum(np.where(np.isnan(v_fov_deg), FISHEYE_DEG, np.abs(v_fov_deg)), FISHEYE_DEG) / 2.0
    return np.where(np.isnan(height_m), np.inf, height_m * np.tan(np.radians(half)))


def _ground_at_m(height_m: Floats, below_horizon_deg: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        ground = np.where(below_horizon_deg >= 90.0, 0.0, height_m / np.tan(np.radians(below_horizon_deg)))
    return np.where(below_horizon_deg <= 0.0, np.inf, ground)


def density_px_per_m(px_m_at_1_m: float, distance_m: float, height_m: float) -> float:
    """On a target at this ground distance from a camera mounted this high (0 where unknown)."""
    return px_m_at_1_m / max(math.hypot(distance_m, height_m), 0.1)
