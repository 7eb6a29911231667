"""A photograph as somebody hands it in, made safe to keep: decoded under limits, small enough, without what cameras
and telephones write into it (place, owner, time)."""

import threading
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from vms.core.errors import BadInput
from vms.media.jpeg import read_facts
from vms.media.trouble import PictureFailed

MAX_BYTES = 12_000_000
MAX_PIXELS = 50_000_000
MAX_SIDE_PX = 16_384
KEPT_SIDE_PX = 2560
THUMBNAIL_SIDE_PX = 320
QUALITY = 88
_PNG = b"\x89PNG\r\n\x1a\n"
_ONE_AT_A_TIME = threading.Lock()
"""A large one takes 150 MB while it is decoded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TidyPhotograph:
    width: int
    height: int
    jpeg: bytes = field(repr=False)
    thumbnail: bytes = field(repr=False)
    """At most 320 px on the longer side."""


def tidy_photograph(data: bytes) -> TidyPhotograph:
    """JPEG or PNG in, turned as its camera was held. Up to half a second of one core. Raises BadInput."""
    if len(data) > MAX_BYTES:
        raise BadInput(f"at most {MAX_BYTES // 1_000_000} MB is taken", where="photograph")
    width, height = _size(data)
    if not (0 < width <= MAX_SIDE_PX and 0 < height <= MAX_SIDE_PX and width * height <= MAX_PIXELS):
        most = MAX_PIXELS // 1_000_000
        raise BadInput(f"a picture of {width} × {height} is not taken, at most {most} megapixels", where="photograph")
    with _ONE_AT_A_TIME:
        image = _decoded(data)
        kept = _at_most(image, KEPT_SIDE_PX)
        del image
    return TidyPhotograph(
        width=kept.shape[1],
        height=kept.shape[0],
        jpeg=_jpeg(kept),
        thumbnail=_jpeg(_at_most(kept, THUMBNAIL_SIDE_PX)),
    )


def _size(data: bytes) -> tuple[int, int]:
    """As the header says, before anything is decoded."""
    if data.startswith(_PNG):
        if len(data) < 33 or data[12:16] != b"IHDR":
            raise BadInput("what came is not a usable PNG: its header is damaged", where="photograph")
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    try:
        facts = read_facts(data)
    except PictureFailed as problem:
        raise BadInput(f"neither a usable JPEG nor PNG ({problem.message})", where="photograph") from None
    return facts.width, facts.height


def _decoded(data: bytes) -> NDArray[np.uint8]:
    cv2.setNumThreads(1)
    try:
        image = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        image = None
    if image is None:
        raise BadInput("the picture does not decode", where="photograph")
    return np.asarray(image, dtype=np.uint8)


def _at_most(image: NDArray[np.uint8], side_px: int) -> NDArray[np.uint8]:
    height, width = image.shape[:2]
    share = side_px / max(height, width)
    if share >= 1.0:
        return image
    target = (max(1, round(width * share)), max(1, round(height * share)))
    return np.asarray(cv2.resize(image, target, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _jpeg(image: NDArray[np.uint8]) -> bytes:
    done, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        raise BadInput("the picture cannot be kept as JPEG", where="photograph")
    return bytes(coded.tobytes())
