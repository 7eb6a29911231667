"""A camera over a street whose record tells its direction wrongly, with the picture that it really makes; beside it one
that turns and one of several sensors."""

import itertools
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np
from sqlalchemy import update

from tests.builders.clicked_points import FRAME, TrueCamera
from tests.builders.stored_cameras import store_camera
from vms.coverage.pose_fit.model import PictureSize
from vms.health.turning import Position, Preset
from vms.inventory.camera import Pose
from vms.services.poses.keep_heads import keep_heads
from vms.store import stills
from vms.store.database import Database
from vms.store.heads import HeadSeen
from vms.store.schema import cameras
from vms.store.stills import Still

NAME = "学府路口东"
TRULY = TrueCamera(
    height_m=6.0, bearing_deg=100.0, tilt_deg=18.0, h_fov_deg=80.0, size=PictureSize(width_px=1280, height_px=720)
)
SAID_BEARING_DEG = 90.0
DOME, ALL_ROUND = "北门球机", "广场全景"
PRESETS = (
    Preset(token="1", name="北门", at=Position(pan=0.0, tilt=0.0, zoom=0.0)),
    Preset(token="a/b", name="学府路", at=Position(pan=0.5, tilt=0.0, zoom=0.0)),
)
REACH_M = 70.0
MARKS = ((12.0, 3.0), (14.0, -7.0), (26.0, 6.0), (30.0, -15.0), (48.0, -4.0))
"""Painted on the ground, metres east and north of the camera's foot."""


def fill(database: Database, folder: Path, now: datetime) -> None:
    pose = Pose(position=TRULY.position, bearing_deg=SAID_BEARING_DEG, h_fov_deg=80.0, max_view_m=REACH_M)
    camera_id = store_camera(database, now, name=NAME, pose=pose)
    dome = store_camera(database, now, name=DOME, pose=Pose(position=FRAME.to_wgs84(300.0, 300.0)))
    store_camera(database, now, name=ALL_ROUND, pose=Pose(position=FRAME.to_wgs84(-300.0, 300.0)))
    cv2.imwrite(str(folder / "still.jpg"), picture())
    with database.writing() as tx:
        stills.put_many(tx, [Still(camera_id=camera_id, at=now, file="still.jpg", statistics={})])
        tx.execute(update(cameras).where(cameras.c.id == dome).values(ptz=True))
        seen = HeadSeen(camera_id=dome, at=now, position=PRESETS[1].at, moving=False, presets=PRESETS)
        keep_heads(tx, [seen], now)


def picture() -> np.ndarray:
    """Sky, ground with a grid of 10 m, a white cross at each mark."""
    size = TRULY.size
    image = np.full((size.height_px, size.width_px, 3), (88, 96, 92), np.uint8)
    horizon = TRULY.picture_of(np.array([[1e5 * np.sin(np.radians(100.0)), 1e5 * np.cos(np.radians(100.0)), 6.0]]))
    image[: max(0, int(horizon[0, 1]))] = (205, 180, 150)
    for metres in range(-60, 90, 10):
        _draw(image, [(metres, n) for n in range(-60, 61)], (130, 138, 134), 2)
        _draw(image, [(n, metres) for n in range(2, 91)], (130, 138, 134), 2)
    for east, north in MARKS:
        _draw(image, [(east - 0.8, north), (east + 0.8, north)], (255, 255, 255), 4)
        _draw(image, [(east, north - 0.8), (east, north + 0.8)], (255, 255, 255), 4)
    return image


def _draw(image: np.ndarray, ground: list[tuple[float, float]], colour: tuple[int, int, int], width: int) -> None:
    pixels = TRULY.picture_of(np.array([(x, y, 0.0) for x, y in ground], dtype=float))
    for a, b in itertools.pairwise(pixels):
        if not (np.isnan(a).any() or np.isnan(b).any()):
            cv2.line(image, (round(a[0]), round(a[1])), (round(b[0]), round(b[1])), colour, width, cv2.LINE_AA)


def marks_px() -> list[tuple[float, float]]:
    found = TRULY.picture_of(np.array([(x, y, 0.0) for x, y in MARKS]))
    return [(float(x), float(y)) for x, y in found]


def marks_lonlat() -> list[tuple[float, float]]:
    return [(p.lon, p.lat) for p in (FRAME.to_wgs84(x, y) for x, y in MARKS)]
