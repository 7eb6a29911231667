"""A screen without a scene: one flat tone and a line of letters, as devices send it for want of a signal."""

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from vms.media.diagnosis.decode import Picture

SAME_TONE = 2
"""Levels of coding noise around the flat tone."""
LEAST_FLAT, FLAT_BESIDE = 0.5, 0.99
"""Of all pixels; and of those that do not lie near writing, where letters ring."""
INK_LEVELS, INK_SHARE = 24, 0.45
"""How far from the tone ink is at least, and against the strongest of it: thin strokes are half background."""
RINGS_PX = 12
LEAST_LETTER_PX, LEAST_LETTERS = 4, 4
AS_TALL, MOST_AS_TALL, ALL_INK = 0.55, 0.5, 0.9
"""Letters are as tall as their line, but for dots and dashes; and hardly anything else stands out."""
Mask = NDArray[np.bool_]


def flat_beside_letters(scene: Picture, counts: NDArray[np.float64]) -> float:
    """Share of the scene that is one flat tone where all the rest is written on it; else 0. `counts`: pixels of each
    level. What is not flat costs nothing."""
    tone = int(np.argmax(counts))
    near = counts[max(0, tone - SAME_TONE) : tone + SAME_TONE + 1].sum()
    if near < LEAST_FLAT * counts.sum():
        return 0.0
    away = cv2.absdiff(scene, np.full_like(scene, tone))
    strongest = int(away.max())
    if strongest <= INK_LEVELS:
        return 0.0
    ink = away > max(INK_LEVELS, INK_SHARE * strongest)
    around = np.ones((2 * RINGS_PX + 1, 2 * RINGS_PX + 1), dtype=np.uint8)
    beside = cv2.dilate(ink.astype(np.uint8), around) == 0
    flat = away <= SAME_TONE
    if np.count_nonzero(flat & beside) < FLAT_BESIDE * np.count_nonzero(beside):
        return 0.0
    lines = (ink[top:end] for top, end in _runs(ink, across=1))
    written = sum(int(np.count_nonzero(line)) for line in lines if _is_line(line))
    return float(np.mean(flat)) if written >= ALL_INK * np.count_nonzero(ink) else 0.0


def _is_line(ink: Mask) -> bool:
    """Enough pieces side by side, most of them as tall as the line."""
    tall = ink.shape[0]
    heights = [int(np.ptp(np.flatnonzero(ink[:, left:end].any(axis=1)))) + 1 for left, end in _runs(ink, across=0)]
    as_tall = sum(bool(height >= AS_TALL * tall) for height in heights)
    return tall >= LEAST_LETTER_PX and as_tall >= max(LEAST_LETTERS, MOST_AS_TALL * len(heights))


def _runs(ink: Mask, across: int) -> list[tuple[int, int]]:
    """First and one past the last of each run of rows (`across` 1) or columns (0) with ink."""
    there = np.any(ink, axis=across)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], there, [False]))))
    return [(int(first), int(end)) for first, end in pairwise(edges.tolist())][::2]
