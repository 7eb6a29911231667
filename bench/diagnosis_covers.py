"""What gets before a lens, as a fourth hand would make it: fingers, leaves, webs, bags, tape, cloth."""

import math

import cv2
import numpy as np
from diagnosis_made import GONE, Chance, Made, Picture, clip, covered, px
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def _texture(image: Picture, grain_px: float, chance: Chance) -> Floats:
    """Smooth random values of about ±1, as large as the picture."""
    height, width = image.shape[:2]
    side = max(1.0, px(image, grain_px))
    small = chance.normal(0, 1, (max(2, round(height / side)), max(2, round(width / side)))).astype(np.float32)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def _shaded(image: Picture, colour: Floats, spread: float, grain_px: float, chance: Chance) -> Floats:
    """One colour with folds and grain of so many levels."""
    fine = _texture(image, grain_px, chance) + 1.5 * _texture(image, 12 * grain_px, chance)
    return np.asarray(colour + (spread * fine + chance.normal(0, 1.5, image.shape[:2]))[..., None], dtype=np.float32)


def _fingers(image: Picture, strength: float, chance: Chance) -> Picture:
    """From one side, thick and soft, until so great a share is hidden."""
    height, width = image.shape[:2]
    mask = np.zeros((height, width), np.float32)
    thick = int(px(image, chance.uniform(70, 110)))
    slope = chance.uniform(-0.35, 0.35)
    for number in range(8):
        if mask.mean() >= strength:
            break
        tip = int(width * chance.uniform(0.5, 0.8) * min(1.0, 0.7 + strength))
        row = int(height * 0.15 + number * thick * 1.05)
        cv2.line(mask, (-thick, row), (tip, row + int(slope * tip)), 1.0, thick)
    if chance.random() < 0.5:
        mask = np.ascontiguousarray(mask[:, ::-1])
    soft = cv2.GaussianBlur(mask, (0, 0), px(image, 10))
    skin = np.array((105, 135, 190)) * chance.uniform(0.35, 1.05)
    return covered(image, soft, _shaded(image, skin, 5, 14, chance))


def _leaves(image: Picture, strength: float, chance: Chance) -> Picture:
    """Out of focus, of several greens, until so great a share is hidden."""
    height, width = image.shape[:2]
    mask, leaves = np.zeros((height, width), np.float32), np.zeros((height, width, 3), np.float32)
    middle = chance.uniform(0.2, 0.8, 2)
    for _ in range(300):
        if mask.mean() >= strength:
            break
        where = (int(chance.normal(middle[0], 0.25) * width), int(chance.normal(middle[1], 0.25) * height))
        size = (int(px(image, chance.uniform(50, 110))), int(px(image, chance.uniform(18, 40))))
        angle = chance.uniform(0, 180)
        green = np.array((30, 95, 45)) * chance.uniform(0.4, 1.6) + chance.uniform(-10, 10, 3)
        cv2.ellipse(mask, where, size, angle, 0, 360, 1.0, -1)
        cv2.ellipse(leaves, where, size, angle, 0, 360, green.tolist(), -1)
    sigma = px(image, chance.uniform(3, 8))
    soft = cv2.GaussianBlur(mask, (0, 0), sigma)
    return covered(image, soft, cv2.GaussianBlur(leaves, (0, 0), sigma) / np.maximum(soft, 0.05)[..., None])


def _web(image: Picture, strength: float, chance: Chance) -> Picture:
    """Bright strands, thick and soft by their nearness, and a haze between them: the infrared lamp lights them."""
    height, width = image.shape[:2]
    strands = np.zeros((height, width), np.float32)
    where = (int(width * chance.uniform(0.2, 0.8)), int(height * chance.uniform(0.2, 0.8)))
    angles = np.sort(chance.uniform(0, 2 * math.pi, 14))
    thick = max(1, round(px(image, 5)))
    for angle in angles:
        end = (int(where[0] + width * math.cos(angle)), int(where[1] + width * math.sin(angle)))
        cv2.line(strands, where, end, 1.0, thick)
    for ring in range(1, 12):
        reach = ring * px(image, 34)
        points = [(int(where[0] + reach * math.cos(a)), int(where[1] + reach * math.sin(a))) for a in angles]
        cv2.polylines(strands, [np.array(points, dtype=np.int32)], True, 1.0, thick)
    soft = np.clip(cv2.GaussianBlur(strands, (0, 0), px(image, 4)) * 1.6, 0, 1)
    haze = cv2.GaussianBlur(strands, (0, 0), px(image, 25))
    return clip(image + strength * (170 * soft + 60 * haze)[..., None])


def _tape(image: Picture, strength: float, chance: Chance) -> Picture:
    """All of it, of one colour, with a gradient of the light that comes through at a side."""
    colour = np.array([(12, 12, 12), (60, 62, 66), (120, 150, 165), (150, 60, 40)][int(strength)], dtype=np.float32)
    return _of_one_colour(image, colour, chance)


def _black_tape(image: Picture, strength: float, chance: Chance) -> Picture:
    return _tape(image, 0, chance)


def _of_one_colour(image: Picture, colour: Floats, chance: Chance) -> Picture:
    height, width = image.shape[:2]
    along = np.linspace(0, 1, width)[None, :, None] * np.ones((height, 1, 1))
    light = colour * (1 + 0.35 * along) + chance.normal(0, 1.5, image.shape)
    return clip(light)


def _bag(image: Picture, strength: float, chance: Chance) -> Picture:
    """All of it behind wrinkled plastic: so much of the light behind comes through, blurred."""
    behind = cv2.GaussianBlur(image, (0, 0), px(image, 22))
    folds = _shaded(image, np.array((175.0, 178.0, 180.0)) * chance.uniform(0.5, 1), 14, 30, chance)
    return clip(behind * (1 - strength) + folds * strength)


def _coarse_cloth(image: Picture, strength: float, chance: Chance) -> Picture:
    """A garment with folds and a coarse weave over so great a share, from above."""
    height, width = image.shape[:2]
    mask = np.zeros((height, width), np.float32)
    edge = height * strength + px(image, 25) * np.sin(np.arange(width) / px(image, 90) + chance.uniform(0, 6))
    mask[np.arange(height)[:, None] < edge[None, :]] = 1
    weave = (
        12 * np.sin(np.arange(width) / px(image, 2.2))[None, :] + 9 * np.sin(np.arange(height) / px(image, 2))[:, None]
    )
    cloth = _shaded(image, chance.uniform(30, 170, 3), 9, 40, chance) + weave[..., None]
    return covered(image, cv2.GaussianBlur(mask, (0, 0), px(image, 6)), cloth)


_BLACK, _FROSTED = frozenset({"too_dark", "signal_lost"}), frozenset({"blur"})
"""What tape that lets no light through, and plastic that lets some, may as rightly be called."""
COVERS = tuple(
    Made(
        kind="occlusion",
        way=way,
        strengths=strengths,
        marked=marked,
        make=make,
        also=GONE | {"too_bright"},
        same=same,
        alone=False,
    )
    for way, strengths, marked, make, same in (
        ("fingers", (0.2, 0.35, 0.6), 0.35, _fingers, frozenset[str]()),
        ("leaves", (0.2, 0.35, 0.6), 0.35, _leaves, frozenset[str]()),
        ("web", (0.5, 0.8, 1.0), 1.0, _web, frozenset[str]()),
        ("black tape", (1,), 1, _black_tape, _BLACK),
        ("tape", (1, 2, 3), 1, _tape, frozenset[str]()),
        ("bag", (0.5, 0.7, 0.9), 0.7, _bag, _FROSTED),
        ("coarse cloth", (0.25, 0.4, 0.7, 1.0), 0.4, _coarse_cloth, frozenset[str]()),
    )
)
