"""JPEG files as functions of bytes: what the header says, checked before anything is decoded."""

from dataclasses import dataclass

import numpy as np

from vms.media.trouble import PictureFailed, Trouble

MAX_SIDE_PX = 16_384
MAX_PIXELS = 64_000_000
MAX_SCANS = 64
"""A progressive picture has about ten; each costs a pass over all pixels."""
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
_FRAME_HEADERS = frozenset({0xC0, 0xC1, 0xC2})
_QUANTISATION = 0xDB
_COARSE_OF = 10
"""So many of the first steps of a table, of the coarse shapes of a block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JpegFacts:
    width: int
    height: int
    coding_step: float = 0.0
    """Levels by which brightness was rounded when it was coded: 3 at quality 90, 132 at 5; 0: not told."""


def read_facts(data: bytes) -> JpegFacts:
    """Raises `PictureFailed(not_a_picture)` where decoding would fail or would cost too much."""
    if data[:2] != b"\xff\xd8":
        raise _not_one("it does not begin like a JPEG")
    at, coding_step = 2, 0.0
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise _not_one("its header is damaged")
        kind = data[at + 1]
        if kind == 0xFF:
            at += 1
            continue
        if kind in _WITHOUT_LENGTH:
            at += 2
            continue
        length = data[at + 2] << 8 | data[at + 3]
        if kind in _FRAME_HEADERS and at + 9 <= len(data):
            width, height = data[at + 7] << 8 | data[at + 8], data[at + 5] << 8 | data[at + 6]
            return _checked(data, JpegFacts(width=width, height=height, coding_step=coding_step))
        if kind == _QUANTISATION and not coding_step:
            coding_step = _step_of(data[at + 4 : at + 2 + length])
        if length < 2 or kind in (0xD9, 0xDA):
            break
        at += 2 + length
    raise _not_one("its header names no size")


def _step_of(tables: bytes) -> float:
    """Of the first table, which is that of brightness; 0 where it is cut short."""
    each = 2 if tables[:1] and tables[0] >> 4 else 1
    steps = tables[1 : 1 + each * _COARSE_OF]
    if len(steps) < each * _COARSE_OF or tables[0] & 0x0F:
        return 0.0
    return (
        sum(steps[at] << 8 | steps[at + 1] if each == 2 else steps[at] for at in range(0, len(steps), each))
        / _COARSE_OF
    )


def _checked(data: bytes, facts: JpegFacts) -> JpegFacts:
    width, height = facts.width, facts.height
    if not (0 < width <= MAX_SIDE_PX and 0 < height <= MAX_SIDE_PX and width * height <= MAX_PIXELS):
        raise _not_one(f"a picture of {width} × {height} is not taken")
    scans, last_scan = count_scans(data)
    if scans > MAX_SCANS:
        raise _not_one("it has too many scans")
    if data.rfind(b"\xff\xd9") < last_scan:
        raise _not_one("it is cut short")
    return facts


def count_scans(data: bytes) -> tuple[int, int]:
    """How many begin, and where the last one does; -1: none. Ten times as quick as `bytes.count`, which counts here."""
    values = np.frombuffer(data, dtype=np.uint8)
    begins = (values[:-1] == 0xFF) & (values[1:] == 0xDA)
    count = int(np.count_nonzero(begins))
    return count, len(begins) - 1 - int(begins[::-1].argmax()) if count else -1


def _not_one(why: str) -> PictureFailed:
    return PictureFailed(Trouble.NOT_A_PICTURE, f"what came is not a usable JPEG: {why}")
