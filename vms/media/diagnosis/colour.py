"""Colour of a still in CIELAB, on a small copy: tint, its evenness, and whether all is one colour."""

from dataclasses import dataclass

import cv2
import numpy as np

from vms.media.diagnosis.decode import Picture

WIDTH_PX = 32
"""The picture is halved until it is at most twice as wide; halving is what costs least and keeps noise out."""
NEAR = 5
"""CIELAB steps within which two cells are the same colour."""
COLOURED_FROM = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour:
    tint_a: float
    tint_b: float
    chroma: float
    grey_tint: float
    same_hue: float
    one_colour_share: float


def measure_colour(image: Picture) -> Colour:
    small = image
    while min(small.shape[:2]) >= 16 and small.shape[1] >= 2 * WIDTH_PX:
        half = (small.shape[1] // 2, small.shape[0] // 2)
        even = small[: 2 * half[1], : 2 * half[0]]
        small = np.asarray(cv2.resize(even, half, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    lab = np.ascontiguousarray(cv2.cvtColor(small, cv2.COLOR_BGR2LAB).reshape(-1, 3).T, dtype=np.float32)
    light, a, b = lab[0], lab[1] - 128.0, lab[2] - 128.0
    away = np.sqrt(a * a + b * b)
    chroma = float(away.mean())
    tint_a, tint_b = float(a.mean()), float(b.mean())
    toned = away[(light > 40) & (light < 235)]
    grey_tint = float(np.partition(toned, toned.size // 10)[toned.size // 10]) if toned.size >= 100 else 0.0
    towards = float(np.hypot(tint_a, tint_b))
    half = lab.shape[1] // 2
    commonest = np.partition(lab, half, axis=1)[:, half, None]
    near = np.abs(lab - commonest).max(axis=0) <= NEAR
    return Colour(
        tint_a=tint_a,
        tint_b=tint_b,
        chroma=chroma,
        grey_tint=grey_tint,
        same_hue=towards / chroma if chroma >= COLOURED_FROM else 0.0,
        one_colour_share=float(np.count_nonzero(near)) / near.size,
    )
