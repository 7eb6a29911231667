"""Text on the picture: the place's name once, a running clock from ready-made figures (OpenCV's font knows Chinese)."""

from functools import cache

import cv2
import numpy as np

from vms.sim.scene import Image

FIGURES = "0123456789-: "
PAPER, INK = 30, 235
_FONT = "sans"


def text_strip(text: str, height_px: int) -> Image:
    """(height, width) luma, the width even: white text on a dark strip."""
    return _trimmed(_written(text, height_px, width_px=height_px * (len(text) + 2)))


def clock_strip(text: str, height_px: int) -> Image:
    """Like text_strip, for figures only; cheap enough for every second."""
    figures = _figures(height_px)
    return np.concatenate([figures[character] for character in text], axis=1)


@cache
def _figures(height_px: int) -> dict[str, Image]:
    """One width for all figures, so that the clock does not dance."""
    width_px = (height_px * 5 // 8) & ~1
    return {character: _written(character, height_px, width_px=width_px) for character in FIGURES}


def _written(text: str, height_px: int, *, width_px: int) -> Image:
    canvas = np.full((height_px, width_px & ~1, 3), PAPER, np.uint8)
    size_px = int(height_px * 0.8)
    cv2.putText(canvas, text, (2, int(height_px * 0.82)), (INK, INK, INK), cv2.FontFace(_FONT), size_px, 600)
    return np.ascontiguousarray(canvas[:, :, 0])


def _trimmed(strip: Image) -> Image:
    used = np.flatnonzero((strip != PAPER).any(axis=0))
    end = int(used[-1]) + 6 if len(used) else 2
    return np.ascontiguousarray(strip[:, : min(strip.shape[1], end) & ~1])
