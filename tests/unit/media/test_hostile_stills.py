"""Stills that are none, or too much of one, are refused before they are decoded."""

import numpy as np
import pytest

from tests.builders.media_http import a_jpeg
from vms.media.diagnosis.measure import measure_still
from vms.media.jpeg import read_facts
from vms.media.trouble import PictureFailed, Trouble


def with_size(width: int, height: int) -> bytes:
    """A JPEG whose header claims another size."""
    data = bytearray(a_jpeg())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8" + b"\xff" * 1000,
        b"\xff\xd8\xff\xe0\x00\x00" * 50,
        b"<html></html>",
        with_size(65_000, 65_000),
        with_size(16_000, 16_000),
        with_size(0, 360),
        a_jpeg()[:-500],
        a_jpeg().replace(b"\xff\xd9", b"") + b"\xff\xda" * 100 + b"\xff\xd9",
        a_jpeg(np.full((8, 640), 77, np.uint8)),
        a_jpeg(np.full((700, 20), 77, np.uint8)),
    ],
)
def test_what_is_no_picture_or_too_much_of_one_is_refused_before_decoding(data: bytes) -> None:
    with pytest.raises(PictureFailed) as failure:
        measure_still(data)
    assert failure.value.trouble == Trouble.NOT_A_PICTURE


def test_the_header_tells_the_size_also_behind_other_segments() -> None:
    data = b"\xff\xd8" + b"\xff\xe1\x00\x10" + bytes(14) + b"\xff\xff" + a_jpeg()[3:]
    facts = read_facts(data)
    assert (facts.width, facts.height) == (640, 360)
