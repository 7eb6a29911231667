"""A made-up street or hall, painted once per camera: its colours and layout follow from a seed."""

import random
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Colour = tuple[int, int, int]
SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((235, 190, 130), (245, 225, 200)),
    ((200, 195, 190), (225, 222, 218)),
    ((190, 140, 110), (150, 190, 235)),
)
WALLS: tuple[Colour, ...] = (
    (120, 150, 190),
    (90, 110, 160),
    (160, 170, 175),
    (105, 130, 120),
    (140, 120, 110),
    (80, 95, 150),
)
SIGNS: tuple[Colour, ...] = ((40, 40, 200), (180, 90, 30), (40, 150, 60), (30, 170, 220), (150, 50, 140))
HORIZON = 0.38
"""Share of the height above which there is sky; the same for all, so that traffic fits every street."""


def vanishing_point(seed: int) -> float:
    """Where the street runs to, as a share of the width."""
    return random.Random(seed).uniform(0.35, 0.65)


def paint_scene(seed: int, width_px: int, height_px: int, *, indoor: bool) -> Image:
    """(height, width, 3) BGR. About 4 ms at 640 × 360."""
    rng = random.Random(seed)
    at = rng.uniform(0.35, 0.65)
    image = np.empty((height_px, width_px, 3), np.uint8)
    (_paint_hall if indoor else _paint_street)(image, at, rng)
    lighter, darker = _grain(height_px, width_px)
    return np.asarray(cv2.subtract(cv2.add(image, lighter), darker), np.uint8)


@cache
def _grain(height_px: int, width_px: int) -> tuple[Image, Image]:
    """Unevenness of walls and asphalt, the same for all scenes: what to add and what to take away."""
    grain = np.random.default_rng(1).normal(0.0, 4.0, (height_px, width_px, 1)).repeat(3, axis=2)
    return np.clip(grain, 0, 255).astype(np.uint8), np.clip(-grain, 0, 255).astype(np.uint8)


def _paint_street(image: Image, at: float, rng: random.Random) -> None:
    high, low = rng.choice(SKIES)
    _gradient(image, 0.0, HORIZON, high, low)
    _polygon(image, [(0, HORIZON), (1, HORIZON), (1, 1), (0, 1)], _shade((150, 155, 158), rng.uniform(0.75, 1.1)))
    _row_of_houses(image, at, 0.0, rng)
    _row_of_houses(image, at, 1.0, rng)
    road = _shade((92, 90, 88), rng.uniform(0.8, 1.2))
    _polygon(image, [(at - 0.03, HORIZON), (at + 0.03, HORIZON), (at + 0.62, 1), (at - 0.62, 1)], road)
    for step in range(12):
        near, far = ((step + 0.5) / 12) ** 2, (step / 12) ** 2
        top, bottom = HORIZON + (1 - HORIZON) * far, HORIZON + (1 - HORIZON) * near
        _polygon(
            image,
            [
                (at - 0.01 * far, top),
                (at + 0.01 * far, top),
                (at + 0.012 * near, bottom),
                (at - 0.012 * near, bottom),
            ],
            (225, 228, 230),
        )
    for side in (-1, 1):
        for _ in range(rng.randrange(1, 4)):
            _tree(image, at, side, rng.uniform(0.15, 0.75), rng)


def _row_of_houses(image: Image, at: float, edge: float, rng: random.Random) -> None:
    """House fronts from the picture's edge towards the vanishing point."""
    outer = edge
    reach = at - 0.06 if edge == 0.0 else at + 0.06
    top = rng.uniform(-0.25, 0.1)
    for _ in range(rng.randrange(2, 5)):
        inner = outer + (reach - outer) * rng.uniform(0.35, 0.6)
        colour = _shade(rng.choice(WALLS), rng.uniform(0.7, 1.25))

        def height(x: float, level: float) -> float:
            share = abs(x - reach) / max(1e-6, abs(edge - reach))
            return HORIZON + (level - HORIZON) * share

        inner_top = top + rng.uniform(-0.05, 0.15)
        bottom = 0.86
        _polygon(
            image,
            [
                (outer, height(outer, top)),
                (inner, height(inner, top)),
                (inner, height(inner, bottom)),
                (outer, height(outer, bottom)),
            ],
            colour,
        )
        floors, columns = rng.randrange(3, 7), rng.randrange(3, 6)
        for floor in range(floors):
            upper = top + (bottom - 0.14 - top) * (floor + 0.2) / floors
            lower = top + (bottom - 0.14 - top) * (floor + 0.75) / floors
            for column in range(columns):
                a = outer + (inner - outer) * (column + 0.15) / columns
                b = outer + (inner - outer) * (column + 0.75) / columns
                lit = (130, 215, 245) if rng.random() < 0.15 else (95, 75, 60)
                _polygon(
                    image,
                    [(a, height(a, upper)), (b, height(b, upper)), (b, height(b, lower)), (a, height(a, lower))],
                    lit,
                )
        sign = rng.choice(SIGNS)
        a, b = outer + (inner - outer) * 0.05, outer + (inner - outer) * 0.95
        _polygon(image, [(a, height(a, 0.66)), (b, height(b, 0.66)), (b, height(b, 0.73)), (a, height(a, 0.73))], sign)
        outer, top = inner, inner_top


def _tree(image: Image, at: float, side: int, near: float, rng: random.Random) -> None:
    foot = HORIZON + (1 - HORIZON) * near * 0.75
    x = at + side * (0.06 + 0.5 * near)
    size = 0.05 + 0.16 * near
    _polygon(image, [(x - size * 0.06, foot), (x + size * 0.06, foot), (x, foot - size * 2)], (40, 60, 80))
    green = _shade((60, 120, 70), rng.uniform(0.6, 1.2))
    for _ in range(14):
        spot = (x + rng.uniform(-size, size) * 0.7, foot - size * 2 + rng.uniform(-size, size) * 0.8)
        _disc(image, spot, size * rng.uniform(0.25, 0.5), _shade(green, rng.uniform(0.75, 1.25)))


def _paint_hall(image: Image, at: float, rng: random.Random) -> None:
    wall = _shade(rng.choice(WALLS), 1.15)
    _gradient(image, 0.0, 1.0, _shade(wall, 1.2), _shade(wall, 0.8))
    _polygon(image, [(0, 1), (0, 0.8), (at - 0.2, 0.5), (at + 0.2, 0.5), (1, 0.8), (1, 1)], (150, 165, 175))
    for line in range(9):
        _polygon(
            image, [(at - 0.2 + line * 0.05, 0.5), (-0.6 + line * 0.27, 1), (-0.597 + line * 0.27, 1)], (110, 120, 130)
        )
    _polygon(image, [(at - 0.2, 0.12), (at + 0.2, 0.12), (at + 0.2, 0.5), (at - 0.2, 0.5)], _shade(wall, 0.9))
    for shelf in range(5):
        for item in range(16):
            x, y = 0.02 + item * 0.018 * rng.uniform(0.9, 1.1), 0.15 + shelf * 0.13
            _polygon(image, [(x, y), (x + 0.014, y), (x + 0.014, y + 0.09), (x, y + 0.09)], rng.choice(SIGNS))
            x += 0.68
            _polygon(image, [(x, y), (x + 0.014, y), (x + 0.014, y + 0.09), (x, y + 0.09)], rng.choice(WALLS))
    _polygon(image, [(at - 0.1, 0.62), (at + 0.22, 0.62), (at + 0.26, 0.84), (at - 0.14, 0.84)], (70, 90, 130))
    for lamp in range(3):
        _disc(image, (0.25 + lamp * 0.25, 0.05), 0.02, (245, 250, 255))


def _gradient(image: Image, top: float, bottom: float, first: Colour, last: Colour) -> None:
    rows = image[int(top * len(image)) : int(np.ceil(bottom * len(image)))]
    share = np.linspace(0.0, 1.0, len(rows))[:, None, None]
    rows[:] = (np.array(first) * (1 - share) + np.array(last) * share).astype(np.uint8)


def _polygon(image: Image, corners: list[tuple[float, float]], colour: Colour) -> None:
    height_px, width_px = image.shape[:2]
    points = np.array([(x * width_px, y * height_px) for x, y in corners]).round().astype(np.int32)
    cv2.fillPoly(image, [points], colour)


def _disc(image: Image, middle: tuple[float, float], radius: float, colour: Colour) -> None:
    height_px, width_px = image.shape[:2]
    at = (round(middle[0] * width_px), round(middle[1] * height_px))
    cv2.circle(image, at, max(1, round(radius * height_px)), colour, thickness=-1)


def _shade(colour: Colour, factor: float) -> Colour:
    b, g, r = (min(255, int(part * factor)) for part in colour)
    return b, g, r
