"""Is there writing in a known region: strokes of strong contrast, neither none nor all over."""

from dataclasses import dataclass

import cv2
import numpy as np

from vms.media.diagnosis.decode import Picture

STROKE_STEP = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Shares of the picture's width and height, from the upper left corner."""

    left: float
    top: float
    width: float
    height: float

    def __post_init__(self) -> None:
        if not (0 <= self.left < 1 and 0 <= self.top < 1 and 0 < self.width <= 1 and 0 < self.height <= 1):
            raise ValueError("a region is given in shares of the picture, 0 … 1")


def share_of_strokes(luma: Picture, region: Region) -> float:
    height, width = luma.shape
    top, left = int(region.top * height), int(region.left * width)
    bottom, right = (
        int(np.ceil((region.top + region.height) * height)),
        int(np.ceil((region.left + region.width) * width)),
    )
    part = luma[top:bottom, left:right]
    if min(part.shape) < 5:
        return 0.0
    size = (5, 5)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, size)
    thin = np.maximum(
        cv2.morphologyEx(part, cv2.MORPH_TOPHAT, kernel), cv2.morphologyEx(part, cv2.MORPH_BLACKHAT, kernel)
    )
    return float(np.count_nonzero(thin > STROKE_STEP)) / thin.size
