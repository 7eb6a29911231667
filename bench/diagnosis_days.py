"""What a fixed camera shows of one photograph through days: noise, passers-by, dusk, infrared nights, rain, fog."""

from enum import StrEnum

import cv2
import numpy as np
from diagnosis_made import Chance, Picture, as_jpeg, clip
from numpy.typing import NDArray


class Hour(StrEnum):
    DAY = "day"
    DUSK = "dusk"
    NIGHT = "night"
    RAIN = "rain"
    FOG = "fog"


def render(scene: Picture, hour: Hour, chance: Chance, patch: Picture | None = None) -> Picture:
    """One frame before its encoding."""
    height, width = scene.shape[:2]
    image = scene.astype(np.float32)
    if patch is not None and chance.random() < 0.6:
        _pass_by(image, patch, chance)
    move = np.array([[1, 0, chance.normal(0, 0.5)], [0, 1, chance.normal(0, 0.5)]], dtype=np.float32)
    image = np.asarray(cv2.warpAffine(image, move, (width, height), borderMode=cv2.BORDER_REFLECT), dtype=np.float32)
    sun = cv2.resize(
        chance.uniform(0.85, 1.12, (3, 4)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC
    )
    image *= sun[..., None]
    if hour is Hour.DAY:
        image = image * chance.uniform(0.8, 1.15) * chance.normal(1, 0.02, 3)
        noise = chance.uniform(1, 2.5)
    elif hour is Hour.DUSK:
        image = image * chance.uniform(0.4, 0.6) * np.array([0.9, 1.0, 1.08])
        noise = 4.0
    elif hour is Hour.NIGHT:
        grey = image.mean(axis=2, keepdims=True)
        across, down = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
        image = np.repeat(grey * (0.75 - 0.3 * (across**2 + down**2) / 2)[..., None], 3, axis=2) * chance.uniform(
            0.8, 1.0
        )
        noise = chance.uniform(4, 6)
    elif hour is Hour.RAIN:
        image = 110 + (image * 0.85 - 110) * 0.75
        _rain(image, chance)
        noise = 2.5
    else:
        depth = np.linspace(1, 0.55, height, dtype=np.float32)[:, None, None] * chance.uniform(0.4, 0.6)
        image = image * (1 - depth) + 185 * depth
        noise = 2.0
    grain = chance.normal(0, noise, image.shape[:2] if hour is Hour.NIGHT else image.shape)
    return clip(image + (grain[..., None] if hour is Hour.NIGHT else grain))


def _pass_by(image: NDArray[np.float32], patch: Picture, chance: Chance) -> None:
    height, width = image.shape[:2]
    tall, wide = int(height * chance.uniform(0.1, 0.35)), int(width * chance.uniform(0.05, 0.2))
    part = cv2.resize(patch, (wide, tall), interpolation=cv2.INTER_AREA)
    top, left = int(chance.integers(height // 4, height - tall)), int(chance.integers(0, width - wide))
    image[top : top + tall, left : left + wide] = part


def _rain(image: NDArray[np.float32], chance: Chance) -> None:
    height, width = image.shape[:2]
    streaks = np.zeros((height, width), np.uint8)
    for _ in range(250):
        x, y, long = int(chance.integers(width)), int(chance.integers(height)), int(chance.integers(10, 30))
        cv2.line(streaks, (x, y), (x + long // 6, y + long), int(chance.integers(20, 60)), 1)
    image += cv2.GaussianBlur(streaks, (0, 0), 0.7)[..., None]


def encode(image: Picture, chance: Chance) -> bytes:
    return as_jpeg(image, int(chance.integers(60, 88)))
