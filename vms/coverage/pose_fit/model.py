"""How a camera over the ground makes its picture: a pinhole with square pixels and one radial coefficient.

A pose is a row of eight numbers, so that many can be tried at once: `X`, `Y` metres east and north, `LOG_H` the
logarithm of its height in metres, `BEARING`, `TILT`, `ROLL` in radians (clockwise from north, below the horizon,
clockwise), `LOG_TAN` the logarithm of tan(h_fov / 2), `K` the radial coefficient: what is drawn r half widths from the
picture's middle would be drawn r · (1 + K r²) from it by a straight lens. Above zero: lines bend like a barrel.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

X, Y, LOG_H, BEARING, TILT, ROLL, LOG_TAN, K = range(8)
PARAMETERS = 8
_NEAREST_M = 0.05
"""What lies behind the picture's plane is taken to lie this far before it: its residual is large, and finite."""
_ROUNDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSize:
    width_px: int
    height_px: int

    @property
    def half_px(self) -> float:
        return self.width_px / 2.0


def project(poses: Floats, points: Floats, size: PictureSize) -> tuple[Floats, Floats]:
    """Poses (…, 8) and points (n, 3) in metres: pixels (…, n, 2) from the upper left corner, depths (…, n) in metres.

    A point whose depth is not positive lies behind the camera; its pixels mean nothing.
    """
    sin_b, cos_b = np.sin(poses[..., BEARING]), np.cos(poses[..., BEARING])
    sin_t, cos_t = np.sin(poses[..., TILT]), np.cos(poses[..., TILT])
    east = points[:, 0] - poses[..., X, None]
    north = points[:, 1] - poses[..., Y, None]
    up = points[:, 2] - np.exp(poses[..., LOG_H, None])
    ahead = east * sin_b[..., None] + north * cos_b[..., None]
    right = east * cos_b[..., None] - north * sin_b[..., None]
    depth = ahead * cos_t[..., None] - up * sin_t[..., None]
    down = -ahead * sin_t[..., None] - up * cos_t[..., None]
    sin_r, cos_r = np.sin(poses[..., ROLL])[..., None], np.cos(poses[..., ROLL])[..., None]
    before = np.maximum(depth, _NEAREST_M)
    scale = ((1.0 + poses[..., K]) / np.exp(poses[..., LOG_TAN]))[..., None] / before
    across = (right * cos_r + down * sin_r) * scale
    along = (down * cos_r - right * sin_r) * scale
    if poses[..., K].any():
        straight = np.hypot(across, along)
        shrunk = bent(straight, poses[..., K, None]) / np.maximum(straight, 1e-12)
        across, along = across * shrunk, along * shrunk
    pixels = np.stack([across, along], axis=-1) * size.half_px
    return pixels + np.array([size.width_px / 2.0, size.height_px / 2.0]), depth


def bent(straight: Floats, k: Floats) -> Floats:
    """Where a lens of this coefficient draws what a straight one draws so far from the middle; in half widths."""
    most = np.where(k < 0.0, np.sqrt(1.0 / np.maximum(-3.0 * k, 1e-12)) * 0.98, np.inf)
    drawn = np.minimum(np.minimum(straight, np.cbrt(straight / np.maximum(k, 1e-12))), most)
    for _ in range(_ROUNDS):
        slope = np.maximum(1.0 + 3.0 * k * drawn**2, 0.02)
        drawn = np.clip(drawn - (drawn * (1.0 + k * drawn**2) - straight) / slope, 0.0, most)
    return drawn


def v_fov_deg(pose: Floats, size: PictureSize) -> float:
    """Of one pose: from the middle of the upper edge to the middle of the lower one."""
    edge = size.height_px / size.width_px
    share = edge * (1.0 + pose[K] * edge**2) / (1.0 + pose[K])
    return math.degrees(2.0 * math.atan(share * math.exp(pose[LOG_TAN])))
