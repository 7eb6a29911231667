"""Faults as a third hand would make them in an afternoon: pictures rolled, parts pixelated, lines dropped, paint."""

import math

import cv2
import numpy as np
from diagnosis_made import GONE, Chance, Made, Picture, about, clip, coded, covered, in_blocks, on_every, px, turned


def _dark_and_grainy(image: Picture, strength: float, chance: Chance) -> Picture:
    return clip(image * strength + chance.normal(0, 2.5, image.shape))


def _dark_curve(image: Picture, strength: float, chance: Chance) -> Picture:
    return clip(0.7 * 255 * (image.astype(np.float32) / 255) ** strength)


def _bright_line(image: Picture, strength: float, chance: Chance) -> Picture:
    """`convertScaleAbs` as everybody writes it: so many times, and 60 levels more."""
    return np.asarray(cv2.convertScaleAbs(image, alpha=strength, beta=60), dtype=np.uint8)


def _about_grey(image: Picture, strength: float, chance: Chance) -> Picture:
    return about(image, 128, strength)


def _motion_across(image: Picture, strength: float, chance: Chance) -> Picture:
    side = max(3, round(px(image, strength)) | 1)
    kernel = np.full((1, side), 1 / side) if chance.random() < 0.5 else np.full((side, 1), 1 / side)
    return np.asarray(cv2.filter2D(image, -1, kernel), dtype=np.uint8)


def _disc(image: Picture, strength: float, chance: Chance) -> Picture:
    """Out of focus as a lens is: a disc of so great a radius."""
    radius = px(image, strength)
    side = int(radius) + 1
    rows, columns = np.mgrid[-side : side + 1, -side : side + 1]
    kernel = np.clip(radius + 0.5 - np.hypot(rows, columns), 0, 1)
    return np.asarray(cv2.filter2D(image, -1, kernel / kernel.sum()), dtype=np.uint8)


def _tinted(image: Picture, strength: float, chance: Chance) -> Picture:
    colour = np.array([(0, 0, 255), (0, 255, 0), (255, 0, 0), (0, 220, 255), (255, 0, 200)][int(chance.integers(5))])
    return clip(image * (1 - strength) + colour * strength)


def _random_pixels(image: Picture, strength: float, chance: Chance) -> Picture:
    made, hit = image.copy(), chance.random(image.shape[:2]) < strength
    made[hit] = chance.integers(0, 256, (int(hit.sum()), 1)).astype(np.uint8)
    return made


def _dark_lines(image: Picture, strength: float, chance: Chance) -> Picture:
    """Lines of a few rows every so many, times something."""
    made = image.astype(np.float32)
    spacing, thick = max(6, round(px(image, chance.uniform(10, 24)))), max(2, round(px(image, 4)))
    made[on_every(spacing, thick, image.shape[0])] *= strength
    return clip(made)


def rectangle(image: Picture, share: float, chance: Chance) -> tuple[slice, slice]:
    height, width = image.shape[:2]
    aspect = chance.uniform(0.75, 1.3)
    wide = min(width, int(width * math.sqrt(share) * aspect))
    tall = min(height, int(share * width * height / wide))
    left, top = int(chance.integers(width - wide + 1)), int(chance.integers(height - tall + 1))
    return slice(top, top + tall), slice(left, left + wide)


def _box(image: Picture, strength: float, chance: Chance) -> Picture:
    """Anywhere, of any colour."""
    made = image.copy()
    made[rectangle(image, strength, chance)] = chance.integers(0, 200, 3)
    return made


def _hand(image: Picture, strength: float, chance: Chance) -> Picture:
    height, width = image.shape[:2]
    mask = np.zeros((height, width), np.float32)
    middle = (int(width * chance.uniform(0.3, 0.7)), int(height * chance.uniform(0.3, 0.7)))
    radius = math.sqrt(strength * width * height / math.pi)
    axes = (int(radius * 1.25), int(radius / 1.1))
    cv2.ellipse(mask, middle, axes, chance.uniform(0, 180), 0, 360, 1.0, -1)
    soft = cv2.GaussianBlur(mask, (0, 0), px(image, 20))
    return covered(image, soft, np.array((110, 140, 190)) * chance.uniform(0.4, 1))


def _paint(image: Picture, strength: float, chance: Chance) -> Picture:
    """Sprayed in the middle and thinner outwards; with drops."""
    height, width = image.shape[:2]
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    reach = math.sqrt(strength * width * height / math.pi)
    away = np.hypot(rows - height * chance.uniform(0.4, 0.6), columns - width * chance.uniform(0.4, 0.6)) / reach
    paint = 1 / (1 + np.exp((away - 1) * 10))
    for _ in range(60):
        spot = (int(chance.integers(width)), int(chance.integers(height)))
        cv2.circle(paint, spot, max(1, int(px(image, chance.uniform(1, 6)))), 1.0, -1)
    colour = [(0, 0, 0), (20, 20, 180), (240, 240, 240), (60, 120, 30)][int(chance.integers(4))]
    return covered(image, paint, np.array(colour))


def _cloth(image: Picture, strength: float, chance: Chance) -> Picture:
    """Something with a fine weave hangs before one side."""
    made = image.astype(np.float32)
    height, width = image.shape[:2]
    wide = int(width * strength)
    weave = chance.normal(0, 6, (height, wide, 1)) + 5 * np.sin(np.arange(wide) / 2)[None, :, None]
    first = 0 if chance.random() < 0.5 else width - wide
    made[:, first : first + wide] = np.array(chance.uniform(30, 170, 3)) + weave
    return clip(made)


def _rolled(image: Picture, strength: float, chance: Chance) -> Picture:
    axis = int(chance.integers(2))
    return np.ascontiguousarray(np.roll(image, int(image.shape[1 - axis] * strength), axis=1 - axis))


def _turned_black(image: Picture, strength: float, chance: Chance) -> Picture:
    return turned(image, strength, cv2.BORDER_CONSTANT, chance)


def _part_of_it(image: Picture, strength: float, chance: Chance) -> Picture:
    """A corner of so great a side, enlarged."""
    height, width = image.shape[:2]
    wide, tall = int(width * strength), int(height * strength)
    left, top = [(0, 0), (width - wide, 0), (0, height - tall), (width - wide, height - tall)][int(chance.integers(4))]
    return np.asarray(cv2.resize(image[top : top + tall, left : left + wide], (width, height)), dtype=np.uint8)


def _part_pixelated(image: Picture, strength: float, chance: Chance) -> Picture:
    """Blocks of 12 … 28 px in so great a share."""
    made, block = image.copy(), max(4, round(px(image, chance.uniform(12, 28))))
    rows, columns = rectangle(image, strength, chance)
    made[rows, columns] = in_blocks(made[rows, columns], block)
    return made


def _wrong_blocks(image: Picture, strength: float, chance: Chance) -> Picture:
    """Of one even colour each, on a grid: so great a share."""
    made, side = image.copy(), max(8, round(px(image, 20)))
    for top in range(0, image.shape[0], side):
        for left in range(0, image.shape[1], side):
            if chance.random() < strength:
                made[top : top + side, left : left + side] = chance.integers(0, 256, 3)
    return made


def _moved_blocks(image: Picture, strength: float, chance: Chance) -> Picture:
    """So many squares of 32 px, each from another place of the picture."""
    made, side = image.copy(), max(8, round(px(image, 32)))
    height, width = image.shape[0] - side, image.shape[1] - side
    for _ in range(int(strength)):
        top, left = int(chance.integers(height)) // side * side, int(chance.integers(width)) // side * side
        whence, where = int(chance.integers(height)), int(chance.integers(width))
        made[top : top + side, left : left + side] = image[whence : whence + side, where : where + side]
    return made


def _own_jpeg(image: Picture, strength: float, chance: Chance) -> Picture:
    """At the picture's own size, and coded once more by whoever sends it."""
    return coded(image, int(strength))


STRANGERS = (
    Made(kind="too_dark", way="grainy", strengths=(0.25, 0.15, 0.08), marked=0.15, make=_dark_and_grainy),
    Made(
        kind="too_dark",
        way="curve",
        strengths=(3, 4, 6),
        marked=4,
        make=_dark_curve,
        also=frozenset({"low_contrast"}),
    ),
    Made(
        kind="too_bright",
        way="line",
        strengths=(1.5, 2.2, 3),
        marked=2.2,
        make=_bright_line,
        also=frozenset({"low_contrast"}),
    ),
    Made(kind="low_contrast", way="about grey", strengths=(0.35, 0.25, 0.15), marked=0.25, make=_about_grey),
    Made(kind="blur", way="motion across", strengths=(9, 15, 25), marked=15, make=_motion_across),
    Made(kind="blur", way="disc", strengths=(3, 5, 8), marked=5, make=_disc),
    Made(kind="color_cast", way="tinted", strengths=(0.2, 0.3, 0.5), marked=0.3, make=_tinted, alone=False),
    Made(
        kind="snow",
        way="random pixels",
        strengths=(0.1, 0.3, 0.6),
        marked=0.1,
        make=_random_pixels,
        same=frozenset({"noise"}),
    ),
    Made(kind="stripe", way="dark lines", strengths=(0.8, 0.6, 0.3), marked=0.6, make=_dark_lines),
    Made(kind="occlusion", way="box", strengths=(0.2, 0.3, 0.45, 0.6), marked=0.3, make=_box, also=GONE, alone=False),
    Made(kind="occlusion", way="hand", strengths=(0.2, 0.35, 0.6), marked=0.35, make=_hand, also=GONE, alone=False),
    Made(kind="occlusion", way="paint", strengths=(0.2, 0.35, 0.6), marked=0.35, make=_paint, also=GONE, alone=False),
    Made(kind="occlusion", way="cloth", strengths=(0.2, 0.35, 0.6), marked=0.35, make=_cloth, also=GONE, alone=False),
    Made(kind="scene_change", way="rolled", strengths=(0.1, 0.2, 0.33, 0.5), marked=0.2, make=_rolled, alone=False),
    Made(kind="scene_change", way="turned, black", strengths=(8, 15, 30), marked=15, make=_turned_black, alone=False),
    Made(kind="scene_change", way="a part", strengths=(0.8, 0.66, 0.5), marked=0.66, make=_part_of_it, alone=False),
    Made(kind="mosaic", way="a part", strengths=(0.2, 0.35, 0.5), marked=0.35, make=_part_pixelated),
    Made(kind="mosaic", way="wrong blocks", strengths=(0.05, 0.15, 0.3), marked=0.15, make=_wrong_blocks),
    Made(
        kind="mosaic",
        way="moved blocks",
        strengths=(20, 50, 100),
        marked=50,
        make=_moved_blocks,
        also=frozenset({"scene_change", "occlusion"}),
    ),
    Made(
        kind="mosaic",
        way="own jpeg",
        strengths=(10, 5, 2),
        marked=5,
        make=_own_jpeg,
        also=frozenset({"color_cast", "low_contrast"}),
    ),
)
