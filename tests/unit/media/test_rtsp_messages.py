"""Bytes in, answers and packets out, however the bytes are cut."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vms.media.rtsp.messages import Answer, RtspReader, write_request
from vms.media.trouble import PictureFailed, Trouble

STREAM = (
    b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 4\r\n\r\nv=0\n"
    b"$\x00\x00\x03abc"
    b"\r\nRTSP/1.0 401 Unauthorized\nCSeq: 2\nWWW-Authenticate: Basic realm=a\nWWW-Authenticate: Digest x=1\n\n"
    b"$\x01\x00\x00"
    b"OPTIONS rtsp://x/ RTSP/1.0\r\nCSeq: 9\r\n\r\n"
    b"$\x00\x00\x01z"
)


def summary(found: list[Answer | tuple[int, bytes]]) -> list[object]:
    return [(item.status, item.body, item.challenges) if isinstance(item, Answer) else item for item in found]


EXPECTED = [
    (200, b"v=0\n", ()),
    (0, b"abc"),
    (401, b"", ("Basic realm=a", "Digest x=1")),
    (1, b""),
    (0, b"", ()),
    (0, b"z"),
]


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_it_does_not_matter_where_the_bytes_are_cut(cuts: list[int]) -> None:
    reader = RtspReader()
    found: list[Answer | tuple[int, bytes]] = []
    edges = sorted({0, len(STREAM), *cuts})
    for begin, end in itertools.pairwise(edges):
        found += reader.feed(STREAM[begin:end])
    assert summary(found) == EXPECTED


@settings(max_examples=200)
@given(st.lists(st.binary(max_size=400), max_size=8), st.booleans())
def test_rubbish_ends_in_a_named_trouble_or_in_nothing(pieces: list[bytes], playing: bool) -> None:
    reader = RtspReader()
    if playing:
        reader.channels = frozenset({0, 1})
    try:
        for piece in pieces:
            reader.feed(piece)
    except PictureFailed as failure:
        assert failure.trouble in (Trouble.MALFORMED, Trouble.TOO_LARGE)


@given(st.binary(min_size=1, max_size=3000))
def test_after_rubbish_the_next_packets_are_found(rubbish: bytes) -> None:
    reader = RtspReader()
    reader.channels = frozenset({0, 1})
    packet = b"$\x00\x00\x10\x80" + bytes(15)
    rubbish = b"\x00" + rubbish.replace(b"$", b"").replace(b"RTSP", b"")
    found = reader.feed(rubbish + packet * 3)
    assert (0, packet[4:]) in found


def test_endless_rubbish_is_given_up() -> None:
    reader = RtspReader()
    reader.channels = frozenset({0, 1})
    with pytest.raises(PictureFailed, match="not made of RTSP packets"):
        for _ in range(10):
            reader.feed(bytes(50_000))


def test_a_request_names_its_number_and_headers() -> None:
    assert write_request("PLAY", "rtsp://h/a", 7, {"Session": "1"}) == (
        b"PLAY rtsp://h/a RTSP/1.0\r\nCSeq: 7\r\nUser-Agent: vms\r\nSession: 1\r\n\r\n"
    )
