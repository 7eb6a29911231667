"""Pictures of a pretend street, whole and faulty, made by arithmetic."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from vms.health.picture.baseline import Baseline, learn_all
from vms.health.picture.statistics import PictureStatistics
from vms.media.diagnosis.measure import measure_still

Picture = NDArray[np.uint8]
WIDTH_PX, HEIGHT_PX = 960, 540


def a_street(seed: int = 0, street: int = 0, width_px: int = WIDTH_PX, height_px: int = HEIGHT_PX) -> Picture:
    """`street` chooses the scene, `seed` the moment: light, sensor noise and who walks by."""
    scene = np.random.default_rng(1000 + street)
    image = np.zeros((HEIGHT_PX, WIDTH_PX, 3), np.float32)
    image[: HEIGHT_PX // 3] = (205, 190, 170)
    image[HEIGHT_PX // 3 :] = (95, 100, 105)
    for _ in range(26):
        _house(image, scene)
    moment = np.random.default_rng(seed)
    left, top = int(moment.integers(WIDTH_PX - 40)), int(moment.integers(HEIGHT_PX // 2, HEIGHT_PX - 100))
    image[top : top + 90, left : left + 30] = moment.uniform(20, 220, 3)
    image = cv2.GaussianBlur(image, (0, 0), 0.7) * moment.uniform(0.92, 1.06)
    return sized(image + moment.normal(0, 2, image.shape), width_px, height_px)


def _house(image: NDArray[np.float32], scene: np.random.Generator) -> None:
    left, wide = int(scene.integers(0, WIDTH_PX - 60)), int(scene.integers(60, 200))
    top, tall = int(scene.integers(HEIGHT_PX // 5, HEIGHT_PX - 80)), int(scene.integers(60, 260))
    wall = scene.uniform(50, 200) + scene.uniform(-35, 35, 3)
    image[top : top + tall, left : left + wide] = wall
    for _ in range(9):
        x, y = left + int(scene.integers(0, wide)), top + int(scene.integers(0, tall))
        image[y : y + int(scene.integers(8, 40)), x : x + int(scene.integers(6, 30))] = scene.uniform(10, 240, 3)


def sized(image: NDArray[np.floating], width_px: int, height_px: int) -> Picture:
    clipped = np.clip(np.rint(image), 0, 255).astype(np.uint8)
    if (width_px, height_px) == (WIDTH_PX, HEIGHT_PX):
        return clipped
    return np.asarray(cv2.resize(clipped, (width_px, height_px), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def by_night(image: Picture) -> Picture:
    """Infrared: grey, dim, grainy."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)[..., None] * 0.6
    grain = np.random.default_rng(5).normal(0, 4, grey.shape)
    return sized(np.repeat(grey + grain, 3, axis=2), WIDTH_PX, HEIGHT_PX)


def faded(image: Picture, share: float) -> Picture:
    return sized(140 + (image - image.mean()) * share, WIDTH_PX, HEIGHT_PX)


def with_caption(image: Picture) -> Picture:
    written = image.copy()
    cv2.putText(
        written, "Harbour Street 2026-03-01 12:00:00", (20, 45), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (255, 255, 255), 3
    )
    return written


def jpeg(image: Picture, quality: int = 85) -> bytes:
    return bytes(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes())


def statistics_of(image: Picture, quality: int = 85) -> PictureStatistics:
    return measure_still(jpeg(image, quality)).statistics


def a_baseline(pictures: int = 4) -> Baseline:
    return learn_all(statistics_of(a_street(seed)) for seed in range(100, 100 + pictures))


def _noisy(image: Picture) -> Picture:
    return sized(image + np.random.default_rng(1).normal(0, 35, image.shape), WIDTH_PX, HEIGHT_PX)


def _snowed(image: Picture) -> Picture:
    made, chance = image.copy(), np.random.default_rng(2)
    flakes = cv2.resize((chance.random((270, 480)) < 0.15).astype(np.uint8), (WIDTH_PX, HEIGHT_PX), interpolation=0)
    made[flakes > 0] = 255
    return made


def _striped(image: Picture) -> Picture:
    wave = 25 * np.sin(2 * np.pi * np.arange(HEIGHT_PX) / 14)
    return sized(image + wave[:, None, None], WIDTH_PX, HEIGHT_PX)


def _pixelated(image: Picture) -> Picture:
    small = cv2.resize(image, (WIDTH_PX // 24, HEIGHT_PX // 24), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_NEAREST), dtype=np.uint8)


def _covered(image: Picture) -> Picture:
    made = image.copy()
    made[:, : WIDTH_PX // 2] = (60, 62, 58)
    return made


def _turned(image: Picture) -> Picture:
    return np.ascontiguousarray(np.roll(image, WIDTH_PX // 3, axis=1))


def _grey(image: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR), dtype=np.uint8)


FAULTY: dict[str, Callable[[Picture], Picture]] = {
    "signal_lost": lambda image: np.full_like(image, (200, 30, 10)),
    "too_dark": lambda image: sized(image * 0.1, WIDTH_PX, HEIGHT_PX),
    "too_bright": lambda image: sized(image * 3.0 + 90, WIDTH_PX, HEIGHT_PX),
    "low_contrast": lambda image: faded(image, 0.12),
    "blur": lambda image: np.asarray(cv2.GaussianBlur(image, (0, 0), 6), dtype=np.uint8),
    "noise": _noisy,
    "snow": _snowed,
    "stripe": _striped,
    "mosaic": _pixelated,
    "color_cast": lambda image: sized(image * np.array([0.5, 0.9, 1.5]), WIDTH_PX, HEIGHT_PX),
    "mono": _grey,
    "occlusion": _covered,
    "scene_change": _turned,
}
"""What the fault of each kind does to a picture."""
WITHOUT_NORMAL = ("signal_lost", "too_dark", "too_bright", "low_contrast", "blur", "noise", "snow", "stripe", "mosaic")
"""Kinds that show in a picture of which nothing else is known."""
