"""Colour of a still in CIELAB, on a small copy: tint, its evenness, and whether all is one colour."""

from dataclasses import dataclass

import cv2
import numpy as np

from vms.media.diagnosis.decode import Picture

WIDTH_PX, HEIGHT_PX = 96, 48
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
    small = np.ascontiguousarray(image[:: max(1, image.shape[0] // HEIGHT_PX), :: max(1, image.shape[1] // WIDTH_PX)])
    lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2LAB), dtype=np.float32).reshape(-1, 3)
    light, a, b = lab[:, 0], lab[:, 1] - 128.0, lab[:, 2] - 128.0
    away = np.sqrt(a * a + b * b)
    chroma = float(away.mean())
    tint_a, tint_b = float(a.mean()), float(b.mean())
    toned = away[(light > 40) & (light < 235)]
    grey_tint = float(np.percentile(toned, 10)) if toned.size >= 100 else 0.0
    towards = float(np.hypot(tint_a, tint_b))
    commonest = np.median(lab, axis=0)
    near = np.abs(lab - commonest).max(axis=1) <= NEAR
    return Colour(
        tint_a=tint_a,
        tint_b=tint_b,
        chroma=chroma,
        grey_tint=grey_tint,
        same_hue=towards / chroma if chroma >= COLOURED_FROM else 0.0,
        one_colour_share=float(np.count_nonzero(near)) / near.size,
    )
