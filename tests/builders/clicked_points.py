"""Cameras that stand somewhere and the points that a person clicks in their pictures; OpenCV makes the picture."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from vms.core.geo import LocalFrame, Wgs84
from vms.coverage.pose_fit.asked import Sight
from vms.coverage.pose_fit.fit import FittedPose
from vms.coverage.pose_fit.model import PictureSize

FULL_HD = PictureSize(width_px=1920, height_px=1080)
HERE = Wgs84(126.535, 45.803)
FRAME = LocalFrame(HERE)
NEAR_M, FAR_M = 5.0, 80.0
CLICK_PX = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueCamera:
    x_m: float = 0.0
    y_m: float = 0.0
    height_m: float = 6.0
    bearing_deg: float = 90.0
    tilt_deg: float = 20.0
    roll_deg: float = 0.0
    h_fov_deg: float = 70.0
    size: PictureSize = FULL_HD

    @property
    def position(self) -> Wgs84:
        return FRAME.to_wgs84(self.x_m, self.y_m)

    def picture_of(self, points: np.ndarray) -> np.ndarray:
        """(n, 3) metres to (n, 2) pixels; NaN where a point is behind the camera or outside of the picture."""
        rotation = self._rotation()
        seen = (points - [self.x_m, self.y_m, self.height_m]) @ rotation.T
        focal = self.size.half_px / math.tan(math.radians(self.h_fov_deg) / 2.0)
        lens = np.array(
            [[focal, 0.0, self.size.width_px / 2.0], [0.0, focal, self.size.height_px / 2.0], [0.0, 0.0, 1.0]]
        )
        turn, _ = cv2.Rodrigues(rotation)
        shift = -rotation @ np.array([self.x_m, self.y_m, self.height_m])
        pixels = cv2.projectPoints(points.astype(float), turn, shift, lens, None)[0].reshape(-1, 2)
        outside = (pixels < 0).any(axis=1) | (pixels > [self.size.width_px, self.size.height_px]).any(axis=1)
        pixels[(seen[:, 2] <= 0.1) | outside] = np.nan
        return pixels

    def _rotation(self) -> np.ndarray:
        """From east, north, up to right, down, forward: turned by the bearing, nodded by the tilt, rolled."""
        b, t, r = (math.radians(a) for a in (self.bearing_deg, self.tilt_deg, self.roll_deg))
        level = np.array([[math.cos(b), -math.sin(b), 0.0], [0.0, 0.0, -1.0], [math.sin(b), math.cos(b), 0.0]])
        nod = np.array([[1.0, 0.0, 0.0], [0.0, math.cos(t), -math.sin(t)], [0.0, math.sin(t), math.cos(t)]])
        roll = np.array([[math.cos(r), math.sin(r), 0.0], [-math.sin(r), math.cos(r), 0.0], [0.0, 0.0, 1.0]])
        return roll @ nod @ level


def sights_of(camera: TrueCamera, points: list[tuple[float, ...]], moved_px: np.ndarray | None = None) -> list[Sight]:
    """Of points in metres east and north of `HERE` (and high), as they are clicked; all must be in the picture."""
    on_ground = np.array([(*point, 0.0)[:3] for point in points], dtype=float)
    pixels = camera.picture_of(on_ground)
    assert not np.isnan(pixels).any(), "a point lies outside of the picture"
    if moved_px is not None:
        pixels = np.clip(pixels + moved_px, 0.0, [camera.size.width_px, camera.size.height_px])
    return [
        Sight(x_px=float(u), y_px=float(v), position=FRAME.to_wgs84(float(x), float(y)), height_m=float(z))
        for (u, v), (x, y, z) in zip(pixels, on_ground, strict=True)
    ]


def a_random_camera(rng: np.random.Generator) -> tuple[TrueCamera, list[tuple[float, float]]]:
    """As they hang in towns, with 6 to 8 points of the ground that it sees between 5 and 80 m away."""
    while True:
        camera = TrueCamera(
            x_m=float(rng.uniform(-50, 50)),
            y_m=float(rng.uniform(-50, 50)),
            height_m=float(rng.uniform(3, 12)),
            bearing_deg=float(rng.uniform(0, 360)),
            tilt_deg=float(rng.uniform(5, 45)),
            roll_deg=float(rng.normal(0, 1)),
            h_fov_deg=float(rng.uniform(30, 110)),
        )
        away = rng.uniform(NEAR_M, FAR_M, 400)
        toward = np.radians(camera.bearing_deg + rng.uniform(-60, 60, 400))
        ground = np.column_stack(
            [camera.x_m + away * np.sin(toward), camera.y_m + away * np.cos(toward), np.zeros(400)]
        )
        pixels = camera.picture_of(ground)
        seen = np.flatnonzero(~np.isnan(pixels).any(axis=1))[: int(rng.integers(6, 9))]
        if len(seen) >= 6 and np.ptp(pixels[seen], axis=0).min() > 0.08 * camera.size.width_px:
            return camera, [(float(x), float(y)) for x, y, _ in ground[seen]]


def clicked(camera: TrueCamera, points: list[tuple[float, float]], rng: np.random.Generator) -> list[Sight]:
    """With the hand's error of 2 px in each direction."""
    return sights_of(camera, points, rng.normal(0.0, CLICK_PX, (len(points), 2)))


def bearing_error_deg(found: FittedPose, camera: TrueCamera) -> float:
    return abs((found.bearing_deg - camera.bearing_deg + 180.0) % 360.0 - 180.0)


def position_error_m(found: FittedPose, camera: TrueCamera) -> float:
    x_m, y_m = FRAME.to_xy(found.position)
    return math.hypot(x_m - camera.x_m, y_m - camera.y_m)
