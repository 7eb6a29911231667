"""A picture's bytes decoded small: JPEG, PNG and WebP, the size read from the header before anything is decoded."""

import struct
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vms.media.jpeg import MAX_PIXELS, MAX_SIDE_PX, JpegFacts, read_facts
from vms.media.trouble import PictureFailed, Trouble

MEASURED_WIDTH_PX, LEAST_WIDTH_PX = 640, 480
"""A quarter of 1080p is enough; less would pass over fine blur and noise."""
MAX_FILE_BYTES = 64 << 20
MIN_SIDE_PX = 16
"""Below there is nothing to diagnose."""
CODED_BLOCK_PX = 8
MIN_ASPECT, MAX_ASPECT = 1 / 8, 8.0

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    picture: Picture
    """Blue, green, red; at most 640 px wide."""
    coding_step: float
    """`JpegFacts.coding_step`."""
    coding_grid_px: float
    """How far apart the borders of the file's own blocks are in this picture; 0: it is no JPEG."""
    unscaled: Picture
    """As it came from the decoder, before it was scaled."""
    block_px: int
    """How wide the file's own blocks are in that one; 0: it is no JPEG."""


def size_of(data: bytes) -> JpegFacts:
    """Raises `PictureFailed(not_a_picture)` for what is no picture or would cost too much."""
    if len(data) > MAX_FILE_BYTES:
        raise _refused(f"it has {len(data)} bytes, {MAX_FILE_BYTES} are taken")
    for begins, read in _HEADERS:
        if data.startswith(begins):
            facts = read(data)
            _check(facts)
            return facts
    raise _refused("it is neither JPEG nor PNG nor WebP")


def decode(data: bytes) -> Picture:
    """Blue, green, red; at most 640 px wide."""
    return decode_still(data).picture


def decode_still(data: bytes) -> Decoded:
    """JPEG is decoded to a half, quarter or eighth, which costs least."""
    facts = size_of(data)
    cv2.setNumThreads(1)
    reduction = next((factor for factor in (8, 4, 2) if facts.width >= LEAST_WIDTH_PX * factor), 1)
    flag = _REDUCED[reduction] | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        image = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), flag)
    except cv2.error as problem:
        raise _refused("it does not decode") from problem
    if image is None or image.ndim != 3 or image.dtype != np.uint8:
        raise _refused("it does not decode")
    unscaled = np.asarray(image, dtype=np.uint8)
    height, width = image.shape[:2]
    if width > MEASURED_WIDTH_PX:
        target = (MEASURED_WIDTH_PX, max(1, round(height * MEASURED_WIDTH_PX / width)))
        image = cv2.resize(image, target, interpolation=cv2.INTER_AREA)
    block_px = CODED_BLOCK_PX if data.startswith(b"\xff\xd8") else 0
    return Decoded(
        picture=np.asarray(image, dtype=np.uint8),
        coding_step=facts.coding_step,
        coding_grid_px=block_px * image.shape[1] / facts.width,
        unscaled=unscaled,
        block_px=block_px // reduction,
    )


def _check(facts: JpegFacts) -> None:
    width, height = facts.width, facts.height
    if not (MIN_SIDE_PX <= width <= MAX_SIDE_PX and MIN_SIDE_PX <= height <= MAX_SIDE_PX):
        raise _refused(f"a picture of {width} × {height} is not taken")
    if width * height > MAX_PIXELS or not MIN_ASPECT <= width / height <= MAX_ASPECT:
        raise _refused(f"a picture of {width} × {height} is not taken")


def _png(data: bytes) -> JpegFacts:
    if len(data) < 33 or data[12:16] != b"IHDR":
        raise _refused("its header is damaged")
    width, height = struct.unpack(">II", data[16:24])
    return JpegFacts(width=width, height=height)


def _webp(data: bytes) -> JpegFacts:
    kind = data[12:16]
    if data[8:12] != b"WEBP" or len(data) < 30:
        raise _refused("its header is damaged")
    if kind == b"VP8X":
        return JpegFacts(
            width=1 + int.from_bytes(data[24:27], "little"), height=1 + int.from_bytes(data[27:30], "little")
        )
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return JpegFacts(width=1 + (bits & 0x3FFF), height=1 + (bits >> 14 & 0x3FFF))
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return JpegFacts(width=width & 0x3FFF, height=height & 0x3FFF)
    raise _refused("its header is damaged")


def _refused(why: str) -> PictureFailed:
    return PictureFailed(Trouble.NOT_A_PICTURE, f"this is not a usable picture: {why}")


_HEADERS: tuple[tuple[bytes, Callable[[bytes], JpegFacts]], ...] = (
    (b"\xff\xd8", read_facts),
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"RIFF", _webp),
)
_REDUCED = {
    1: int(cv2.IMREAD_COLOR),
    2: int(cv2.IMREAD_REDUCED_COLOR_2),
    4: int(cv2.IMREAD_REDUCED_COLOR_4),
    8: int(cv2.IMREAD_REDUCED_COLOR_8),
}
