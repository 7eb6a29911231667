"""Statistics of a still, measured at most 640 px wide: what tells black, bright, blurred and frozen pictures."""

import asyncio
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from vms.health.reading import PictureReading
from vms.media.diagnosis.strips import BOTTOM_STRIP_SHARE, SMALL_HEIGHT_PX, SMALL_WIDTH_PX, TOP_STRIP_SHARE
from vms.media.jpeg import JpegFacts, read_facts
from vms.media.trouble import PictureFailed, Trouble

MEASURED_WIDTH_PX = 640
DARK_BELOW, BRIGHT_ABOVE = 24, 235
EDGE_ABOVE = 60.0
"""Gradient (Sobel, 3 × 3, L1) that counts as an edge."""
CODING_NOISE = 8
"""Levels by which a cell of a re-encoded, otherwise equal picture may differ."""
SAME_SHARE = 0.0004
"""Cells that may differ by more; a person 40 m away covers more than that."""
SAME_MEAN = 0.9


@dataclass(frozen=True, slots=True)
class SmallFrame:
    """Luma of a still in 160 × 90 cells, row by row, to compare the next still with."""

    luma: bytes = field(repr=False)

    def array(self) -> NDArray[np.uint8]:
        return np.frombuffer(self.luma, dtype=np.uint8).reshape(SMALL_HEIGHT_PX, SMALL_WIDTH_PX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    reading: PictureReading
    small: SmallFrame


def read_luma(jpeg: bytes) -> NDArray[np.uint8]:
    """Grey, at most 640 px wide. Raises `PictureFailed(not_a_picture)`. The size is checked before decoding."""
    facts = read_facts(jpeg)
    cv2.setNumThreads(1)
    try:
        image = cv2.imdecode(np.frombuffer(jpeg, dtype=np.uint8), _reduction(facts) | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as problem:
        raise PictureFailed(Trouble.NOT_A_PICTURE, "the still does not decode") from problem
    if image is None:
        raise PictureFailed(Trouble.NOT_A_PICTURE, "the still does not decode")
    height, width = image.shape
    if width > MEASURED_WIDTH_PX:
        target = (MEASURED_WIDTH_PX, max(1, round(height * MEASURED_WIDTH_PX / width)))
        image = cv2.resize(image, target, interpolation=cv2.INTER_AREA)
    return np.asarray(image, dtype=np.uint8)


def _reduction(facts: JpegFacts) -> int:
    """Decoding to a half, quarter or eighth is cheap and exact enough, as long as 640 px remain."""
    for factor, flag in (
        (8, cv2.IMREAD_REDUCED_GRAYSCALE_8),
        (4, cv2.IMREAD_REDUCED_GRAYSCALE_4),
        (2, cv2.IMREAD_REDUCED_GRAYSCALE_2),
    ):
        if facts.width >= MEASURED_WIDTH_PX * factor:
            return int(flag)
    return int(cv2.IMREAD_GRAYSCALE)


def measure(jpeg: bytes, before: SmallFrame | None = None) -> Measured:
    """Costs a few milliseconds of one core. Raises `PictureFailed(not_a_picture)`."""
    luma = read_luma(jpeg)
    cells = cv2.resize(luma, (SMALL_WIDTH_PX, SMALL_HEIGHT_PX), interpolation=cv2.INTER_AREA)
    small = SmallFrame(np.ascontiguousarray(cells, dtype=np.uint8).tobytes())
    luma = _between_the_strips(luma)
    mean, deviation = cv2.meanStdDev(luma)
    sharpness = float(cv2.meanStdDev(cv2.Laplacian(luma, cv2.CV_32F))[1][0, 0]) ** 2
    across, down = cv2.spatialGradient(luma)
    gradient = np.abs(across).astype(np.int32) + np.abs(down)
    pixels = luma.size
    reading = PictureReading(
        fetched=True,
        mean_luma=float(mean[0, 0]),
        std_luma=float(deviation[0, 0]),
        sharpness=sharpness,
        edge_density=float(np.count_nonzero(gradient > EDGE_ABOVE)) / pixels,
        dark_share=float(np.count_nonzero(luma < DARK_BELOW)) / pixels,
        bright_share=float(np.count_nonzero(luma > BRIGHT_ABOVE)) / pixels,
        same_as_before=before is not None and same(before, small),
    )
    return Measured(reading=reading, small=small)


def _between_the_strips(luma: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height = luma.shape[0]
    first, last = round(height * TOP_STRIP_SHARE), height - round(height * BOTTOM_STRIP_SHARE)
    return np.ascontiguousarray(luma[first:last])


def same(before: SmallFrame, now: SmallFrame) -> bool:
    """Equal within coding noise, the clock's strip left out."""
    first_row = round(SMALL_HEIGHT_PX * TOP_STRIP_SHARE)
    difference = np.abs(before.array()[first_row:].astype(np.int16) - now.array()[first_row:])
    changed_share = np.count_nonzero(difference > CODING_NOISE) / difference.size
    return bool(changed_share <= SAME_SHARE and difference.mean() <= SAME_MEAN)


async def measure_picture(jpeg: bytes, before: SmallFrame | None = None) -> Measured:
    """`measure` in a thread, so that the loop goes on."""
    return await asyncio.to_thread(measure, jpeg, before)


def no_picture(failure: PictureFailed) -> PictureReading:
    """The reading where no still was to be had."""
    return PictureReading(fetched=False, because=failure.trouble.value)
