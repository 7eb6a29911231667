"""JPEG files as functions of bytes: what the header says, checked before anything is decoded."""

from dataclasses import dataclass

from vms.media.trouble import PictureFailed, Trouble

MAX_SIDE_PX = 16_384
MAX_PIXELS = 64_000_000
MAX_SCANS = 64
"""A progressive picture has about ten; each costs a pass over all pixels."""
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
_FRAME_HEADERS = frozenset({0xC0, 0xC1, 0xC2})


@dataclass(frozen=True, slots=True, kw_only=True)
class JpegFacts:
    width: int
    height: int


def read_facts(data: bytes) -> JpegFacts:
    """Raises `PictureFailed(not_a_picture)` where decoding would fail or would cost too much."""
    if data[:2] != b"\xff\xd8":
        raise _not_one("it does not begin like a JPEG")
    at = 2
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
            return _checked(data, width=data[at + 7] << 8 | data[at + 8], height=data[at + 5] << 8 | data[at + 6])
        if length < 2 or kind in (0xD9, 0xDA):
            break
        at += 2 + length
    raise _not_one("its header names no size")


def _checked(data: bytes, *, width: int, height: int) -> JpegFacts:
    if not (0 < width <= MAX_SIDE_PX and 0 < height <= MAX_SIDE_PX and width * height <= MAX_PIXELS):
        raise _not_one(f"a picture of {width} × {height} is not taken")
    if data.count(b"\xff\xda") > MAX_SCANS:
        raise _not_one("it has too many scans")
    if data.rfind(b"\xff\xd9") < data.rfind(b"\xff\xda"):
        raise _not_one("it is cut short")
    return JpegFacts(width=width, height=height)


def _not_one(why: str) -> PictureFailed:
    return PictureFailed(Trouble.NOT_A_PICTURE, f"what came is not a usable JPEG: {why}")
