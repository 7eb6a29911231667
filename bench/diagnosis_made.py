"""A fault that a bench makes: its kind, a way to make it of a picture, in strengths, and what else may be said of it.

Lengths are pixels of a picture 640 px wide and grow with it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Chance = np.random.Generator
Make = Callable[[Picture, float, Chance], Picture]
GONE = frozenset({"signal_lost", "too_dark", "low_contrast", "blur", "mono"})
"""What may be said beside it of a picture of which something hides the most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    kind: str
    way: str
    strengths: tuple[float, ...]
    marked: float
    """From this strength on (to the right) it must be found."""
    make: Make
    also: frozenset[str] = frozenset()
    """What else may rightly be said of the same picture."""
    same: frozenset[str] = frozenset()
    """Names that are as right: grain of single pixels is noise once a large picture is scaled down."""
    alone: bool = True
    """A fault that shows without any picture to compare with."""

    def is_marked(self, strength: float) -> bool:
        return self.strengths.index(strength) >= self.strengths.index(self.marked)


def clip(values: NDArray[np.floating]) -> Picture:
    return np.asarray(np.clip(np.rint(values), 0, 255), dtype=np.uint8)


def px(image: Picture, length: float) -> float:
    return float(length * image.shape[1] / 640)


def about(image: Picture, middle: float, strength: float) -> Picture:
    """So much of the contrast is left around a level."""
    return clip((image.astype(np.float32) - middle) * strength + middle)


def covered(image: Picture, mask: NDArray[np.floating], by: NDArray[np.floating]) -> Picture:
    """`mask`: 1 where it is hidden."""
    hidden = mask[..., None]
    return clip(image * (1 - hidden) + hidden * by)


def in_blocks(image: Picture, block: int) -> Picture:
    size = (max(1, image.shape[1] // block), max(1, image.shape[0] // block))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, image.shape[1::-1], interpolation=cv2.INTER_NEAREST), dtype=np.uint8)


def on_every(spacing: int, thick: int, places: int) -> NDArray[np.bool_]:
    """True for the first few of every so many places."""
    return np.asarray(np.arange(places) % spacing < thick, dtype=np.bool_)


def as_jpeg(image: Picture, quality: int) -> bytes:
    return bytes(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes())


def coded(image: Picture, quality: int) -> Picture:
    """And decoded again."""
    whole = cv2.imdecode(np.frombuffer(as_jpeg(image, quality), dtype=np.uint8), cv2.IMREAD_COLOR)
    return np.asarray(whole, dtype=np.uint8)


def turned(image: Picture, degrees: float, border: int, chance: Chance) -> Picture:
    """One way or the other; `border`: what OpenCV shows where there is nothing."""
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees * (1 if chance.random() < 0.5 else -1), 1)
    return np.asarray(cv2.warpAffine(image, turn, (width, height), borderMode=border), dtype=np.uint8)
