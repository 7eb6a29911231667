"""HTTP and RTSP requests out of bytes."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vms.sim.request_message import MAX_BODY_BYTES, MAX_HEAD_BYTES, Malformed, Request, RequestReader

POST = b"POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
OPTIONS = b"OPTIONS rtsp://x/y RTSP/1.0\r\nCSeq: 2\r\n\r\n"
INTERLEAVED = b"$\x01\x00\x04abcd"


def read(*pieces: bytes) -> list[Request]:
    reader = RequestReader()
    return [request for piece in pieces for request in reader.feed(piece)]


def test_a_request_with_a_body() -> None:
    [request] = read(POST)
    assert (request.method, request.target, request.path, request.body) == ("POST", "/a?b=c", "/a", b"hello")
    assert request.headers == {"host": "x", "content-length": "5"}


@given(st.lists(st.integers(1, len(POST + OPTIONS + INTERLEAVED + POST) - 1), max_size=12))
def test_it_does_not_matter_how_the_bytes_are_cut(cuts: list[int]) -> None:
    whole = POST + OPTIONS + INTERLEAVED + POST
    edges = [0, *sorted(set(cuts)), len(whole)]
    pieces = [whole[a:b] for a, b in itertools.pairwise(edges)]
    assert [request.method for request in read(*pieces)] == ["POST", "OPTIONS", "POST"]


@given(st.binary(max_size=400))
def test_noise_is_refused_or_waited_for_but_never_crashes(noise: bytes) -> None:
    try:
        read(noise)
    except Malformed as error:
        assert 400 <= error.status <= 501


@pytest.mark.parametrize(
    ("head", "keeps"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nConnection: Close\r\n\r\n", False),
        (b"GET / HTTP/1.0\r\n\r\n", False),
        (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", True),
    ],
)
def test_who_wants_to_keep_the_connection(head: bytes, keeps: bool) -> None:
    assert read(head)[0].keep_alive is keeps


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET /\r\n\r\n", 400),
        (b"G\xc3T / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: 1e3\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY_BYTES + 1), 413),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 501),
        (b"x" * (MAX_HEAD_BYTES + 1), 431),
    ],
)
def test_what_is_refused(data: bytes, status: int) -> None:
    with pytest.raises(Malformed) as caught:
        read(data)
    assert caught.value.status == status
