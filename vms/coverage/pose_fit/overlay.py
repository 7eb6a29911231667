"""What a pose claims about its picture, to be drawn over it: the horizon and the ground at even distances."""

from dataclasses import dataclass

import numpy as np

from vms.core.geo import LocalFrame
from vms.coverage.pose_fit.fit import FittedPose, row_of_pose
from vms.coverage.pose_fit.model import Floats, PictureSize, project

DISTANCES_M = (5.0, 10.0, 20.0, 40.0, 80.0, 160.0)
SPOKES_DEG = 15.0
_HORIZON_M = 1e6
_SAMPLES = 49
_NEAREST_M, _FARTHEST_M = 1.0, 200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLine:
    kind: str
    """`horizon`, `distance` (as far as `value` metres), `direction` (at the bearing `value`)."""
    value: float
    pixels: tuple[tuple[float, float], ...]


def lines_over_picture(pose: FittedPose, size: PictureSize) -> tuple[DrawnLine, ...]:
    """Lines in pixels of the picture, cut off at its edges."""
    frame = LocalFrame(pose.position)
    row = row_of_pose(pose, frame)
    half = min(pose.h_fov_deg / 2.0 + 15.0, 85.0)
    bearings = np.radians(pose.bearing_deg + np.linspace(-half, half, _SAMPLES))
    around = np.column_stack([np.sin(bearings), np.cos(bearings), np.zeros(_SAMPLES)])
    level = around * _HORIZON_M + [0.0, 0.0, pose.mount_height_m]
    lines = _drawn("horizon", 0.0, level, row, size)
    for distance_m in DISTANCES_M:
        lines += _drawn("distance", distance_m, around * distance_m, row, size)
    away = np.geomspace(_NEAREST_M, _FARTHEST_M, _SAMPLES)[:, None]
    first = np.ceil((pose.bearing_deg - half) / SPOKES_DEG) * SPOKES_DEG
    for bearing_deg in np.arange(first, pose.bearing_deg + half, SPOKES_DEG).tolist():
        toward = np.radians(bearing_deg)
        spoke = np.array([[np.sin(toward), np.cos(toward), 0.0]]) * away
        lines += _drawn("direction", bearing_deg % 360.0, spoke, row, size)
    return tuple(lines)


def _drawn(kind: str, value: float, points: Floats, row: Floats, size: PictureSize) -> list[DrawnLine]:
    pixels, depth = project(row, points, size)
    inside = (depth > 0.1) & (np.abs(pixels / [size.width_px, size.height_px] - 0.5) <= 0.5 + 0.02).all(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inside.astype(np.int8), [0]])))
    lines = []
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if last - first >= 2:
            corners = tuple((round(x, 1), round(y, 1)) for x, y in pixels[first:last].tolist())
            lines.append(DrawnLine(kind=kind, value=value, pixels=corners))
    return lines
