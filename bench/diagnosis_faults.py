"""Faults of pictures made by arithmetic, in strengths; from the marked strength on they must be found."""

import cv2
import numpy as np
from diagnosis_made import GONE, Chance, Made, Picture, clip, covered


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
    return clip(image * strength + chance.normal(0, 1.5, image.shape))


def _bright(image: Picture, strength: float, chance: Chance) -> Picture:
    return clip(image.astype(np.float32) * strength + 30 * strength)


def _low_contrast(image: Picture, strength: float, chance: Chance) -> Picture:
    return clip(140 + (image.astype(np.float32) - image.mean()) * strength)


def _blur(image: Picture, strength: float, chance: Chance) -> Picture:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), strength * image.shape[1] / 1000), dtype=np.uint8)


def _color_cast(image: Picture, strength: float, chance: Chance) -> Picture:
    gains = [
        (1 + strength, 1, 1 - strength / 2),
        (1 - strength, 1, 1 + strength),
        (1 - strength / 2, 1 + strength, 1 - strength / 2),
    ]
    return clip(image * np.array(gains[int(chance.integers(3))]) + 40 * strength * (np.array(gains[0]) > 9))


def _mono(image: Picture, strength: float, chance: Chance) -> Picture:
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)[..., None]
    return clip(image * (1 - strength) + grey * strength)


def _noise(image: Picture, strength: float, chance: Chance) -> Picture:
    return clip(image + chance.normal(0, strength, image.shape))


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
    return clip(image + (wave[None, :, None] if upright else wave[:, None, None]))


def _occlusion(image: Picture, strength: float, chance: Chance) -> Picture:
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
    soft = cv2.GaussianBlur(mask, (0, 0), width / 100)
    return covered(image, soft, colour + chance.normal(0, 1.5, image.shape))


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
    Made(
        kind="signal_lost",
        way="first hand",
        strengths=(0, 1, 2, 3, 4),
        marked=0,
        make=_signal_lost,
        also=GONE | {"occlusion"},
    ),
    Made(kind="too_dark", way="first hand", strengths=(0.3, 0.15, 0.08), marked=0.15, make=_dark),
    Made(kind="too_bright", way="first hand", strengths=(1.8, 3.0, 4.5), marked=3.0, make=_bright),
    Made(kind="low_contrast", way="first hand", strengths=(0.4, 0.2, 0.1), marked=0.2, make=_low_contrast),
    Made(kind="blur", way="first hand", strengths=(2.5, 5, 8, 12), marked=5, make=_blur),
    Made(kind="color_cast", way="first hand", strengths=(0.2, 0.4, 0.7), marked=0.4, make=_color_cast, alone=False),
    Made(kind="mono", way="first hand", strengths=(0.7, 1.0), marked=1.0, make=_mono, alone=False),
    Made(kind="noise", way="first hand", strengths=(12, 25, 45), marked=25, make=_noise),
    Made(kind="snow", way="first hand", strengths=(0.03, 0.1, 0.4), marked=0.1, make=_snow),
    Made(kind="stripe", way="first hand", strengths=(6, 15, 30), marked=15, make=_stripe),
    Made(
        kind="occlusion",
        way="first hand",
        strengths=(0.2, 0.4, 0.7),
        marked=0.4,
        make=_occlusion,
        also=GONE,
        alone=False,
    ),
    Made(
        kind="scene_change", way="first hand", strengths=(0.1, 0.25, 0.5), marked=0.25, make=_scene_change, alone=False
    ),
    Made(kind="mosaic", way="first hand", strengths=(8, 16, 24, 40), marked=16, make=_mosaic),
)
