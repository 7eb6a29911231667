"""Faults of pictures made by arithmetic, in strengths; from the marked strength on they must be found."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Chance = np.random.Generator
Make = Callable[[Picture, float, Chance], Picture]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    kind: str
    strengths: tuple[float, ...]
    marked: float
    unit: str
    make: Make


def _clip(values: NDArray[np.floating]) -> Picture:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _signal_lost(image: Picture, strength: float, chance: Chance) -> Picture:
    colour = [(0, 0, 0), (200, 30, 10), (128, 128, 128)][int(strength) % 3]
    lost = np.full_like(image, colour)
    if strength >= 3:
        height, width = lost.shape[:2]
        cv2.putText(
            lost, "NO SIGNAL", (width // 3, height // 2), cv2.FONT_HERSHEY_SIMPLEX, width / 800, (240, 240, 240), 2
        )
    return lost


def _dark(image: Picture, strength: float, chance: Chance) -> Picture:
    return _clip(image * strength + chance.normal(0, 1.5, image.shape))


def _bright(image: Picture, strength: float, chance: Chance) -> Picture:
    return _clip(image.astype(np.float32) * strength + 30 * strength)


def _low_contrast(image: Picture, strength: float, chance: Chance) -> Picture:
    return _clip(140 + (image.astype(np.float32) - image.mean()) * strength)


def _blur(image: Picture, strength: float, chance: Chance) -> Picture:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), strength * image.shape[1] / 1000), dtype=np.uint8)


def _color_cast(image: Picture, strength: float, chance: Chance) -> Picture:
    gains = [
        (1 + strength, 1, 1 - strength / 2),
        (1 - strength, 1, 1 + strength),
        (1 - strength / 2, 1 + strength, 1 - strength / 2),
    ]
    return _clip(image * np.array(gains[int(chance.integers(3))]) + 40 * strength * (np.array(gains[0]) > 9))


def _mono(image: Picture, strength: float, chance: Chance) -> Picture:
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)[..., None]
    return _clip(image * (1 - strength) + grey * strength)


def _noise(image: Picture, strength: float, chance: Chance) -> Picture:
    return _clip(image + chance.normal(0, strength, image.shape))


def _snow(image: Picture, strength: float, chance: Chance) -> Picture:
    made = image.copy()
    size = (image.shape[0] // 2 + 1, image.shape[1] // 2 + 1)
    flakes = (chance.random(size) < strength).astype(np.uint8)
    mask = cv2.resize(flakes, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_NEAREST).astype(bool)
    white = cv2.resize(
        (chance.random(size) < 0.7).astype(np.uint8), (image.shape[1], image.shape[0]), interpolation=cv2.INTER_NEAREST
    )
    made[mask] = (white[mask] * 255)[:, None]
    return made


def _stripe(image: Picture, strength: float, chance: Chance) -> Picture:
    height, width = image.shape[:2]
    upright = bool(chance.integers(2))
    period = chance.uniform(0.012, 0.04) * (width if upright else height)
    wave = strength * np.sin(2 * np.pi * (np.arange(width if upright else height) / period + chance.random()))
    return _clip(image + (wave[None, :, None] if upright else wave[:, None, None]))


def _occlusion(image: Picture, strength: float, chance: Chance) -> Picture:
    made = image.copy()
    height, width = image.shape[:2]
    side = int(chance.integers(3))
    colour = chance.uniform(15, 160) * np.array([1.0, 1.0, 1.0]) + chance.uniform(-10, 10, 3)
    mask = np.zeros((height, width), np.float32)
    if side == 0:
        mask[:, : int(width * strength)] = 1
    elif side == 1:
        mask[:, width - int(width * strength) :] = 1
    else:
        mask[height - int(height * strength) :] = 1
    soft = cv2.GaussianBlur(mask, (0, 0), width / 100)[..., None]
    return _clip(made * (1 - soft) + soft * (colour + chance.normal(0, 1.5, made.shape)))


def _scene_change(image: Picture, strength: float, chance: Chance) -> Picture:
    width = image.shape[1]
    step = int(width * strength)
    return np.ascontiguousarray(cv2.copyMakeBorder(image[:, step:], 0, 0, 0, step, cv2.BORDER_REFLECT))


def _mosaic(image: Picture, strength: float, chance: Chance) -> Picture:
    height, width = image.shape[:2]
    made = image.copy()
    first, last = (0, height) if strength >= 24 else (height // 4, height)
    part = image[first:last]
    block = int(strength)
    small = cv2.resize(part, (max(1, width // block), max(1, part.shape[0] // block)), interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, (small.shape[1] * block, small.shape[0] * block), interpolation=cv2.INTER_NEAREST)
    made[first : first + large.shape[0], : large.shape[1]] = large[: made.shape[0] - first]
    return made


FAULTS = (
    Made(kind="signal_lost", strengths=(0, 1, 2, 3, 4), marked=0, unit="screen", make=_signal_lost),
    Made(kind="too_dark", strengths=(0.3, 0.15, 0.08), marked=0.15, unit="× light", make=_dark),
    Made(kind="too_bright", strengths=(1.8, 3.0, 4.5), marked=3.0, unit="× light", make=_bright),
    Made(kind="low_contrast", strengths=(0.4, 0.2, 0.1), marked=0.2, unit="× contrast", make=_low_contrast),
    Made(kind="blur", strengths=(2.5, 5, 8, 12), marked=5, unit="px at 1000 px width", make=_blur),
    Made(kind="color_cast", strengths=(0.2, 0.4, 0.7), marked=0.4, unit="gain", make=_color_cast),
    Made(kind="mono", strengths=(0.7, 1.0), marked=1.0, unit="share", make=_mono),
    Made(kind="noise", strengths=(12, 25, 45), marked=25, unit="levels", make=_noise),
    Made(kind="snow", strengths=(0.03, 0.1, 0.4), marked=0.1, unit="share", make=_snow),
    Made(kind="stripe", strengths=(6, 15, 30), marked=15, unit="levels", make=_stripe),
    Made(kind="occlusion", strengths=(0.2, 0.4, 0.7), marked=0.4, unit="share", make=_occlusion),
    Made(kind="scene_change", strengths=(0.1, 0.25, 0.5), marked=0.25, unit="of the width", make=_scene_change),
    Made(kind="mosaic", strengths=(8, 16, 24, 40), marked=16, unit="px", make=_mosaic),
)
