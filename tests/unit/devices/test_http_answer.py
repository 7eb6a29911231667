"""The lenient reader of HTTP answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vms.devices.http_answer import AnswerReader, BadAnswer, HttpAnswer

BODY = b"<s:Envelope><s:Body>hello</s:Body></s:Envelope>"


def read(raw: bytes, *, piece: int = 0, reader: AnswerReader | None = None) -> tuple[HttpAnswer, bool]:
    """The answer, and whether the reader knew by itself that it was complete."""
    reader = reader or AnswerReader()
    step = piece or max(1, len(raw))
    for at in range(0, len(raw), step):
        if reader.feed(raw[at : at + step]):
            return reader.end(), True
    return reader.end(), False


@given(piece=st.integers(1, 40))
def test_an_answer_may_come_in_pieces_of_any_size(piece: int) -> None:
    raw = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nX-A: b\r\n\r\n%b" % (len(BODY), BODY)
    answer, known = read(raw, piece=piece)
    assert known
    assert (answer.status, answer.body, answer.header("x-a"), answer.oddities) == (200, BODY, "b", ())


@pytest.mark.parametrize("length", [3, len(BODY) - 1, len(BODY) + 1, 100_000])
@pytest.mark.parametrize("piece", [1, 7, 0])
def test_a_wrong_content_length_is_overlooked_and_named(length: int, piece: int) -> None:
    answer, known = read(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (length, BODY), piece=piece)
    assert known
    assert answer.body == BODY
    assert answer.oddities == ("content_length_wrong",)


def test_a_body_without_length_ends_with_its_envelope() -> None:
    answer, known = read(b"HTTP/1.0 200 OK\r\n\r\n" + BODY)
    assert known
    assert answer.body == BODY


def test_a_web_page_without_length_ends_when_the_other_side_closes() -> None:
    answer, known = read(b"HTTP/1.0 200 OK\r\n\r\n<html>no camera here</html>")
    assert not known
    assert answer.body == b"<html>no camera here</html>"


@pytest.mark.parametrize("piece", [1, 5, 0])
def test_chunks_are_put_together(piece: int) -> None:
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
    answer, known = read(raw, piece=piece)
    assert known
    assert answer.body == b"hello world"


def test_chunks_without_sizes_are_taken_as_they_come() -> None:
    answer, known = read(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + BODY)
    assert known
    assert answer.body == BODY
    assert "chunking_broken" in answer.oddities


def test_an_interim_answer_is_skipped() -> None:
    answer, _ = read(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")
    assert answer.status == 401


def test_lines_may_end_without_carriage_return() -> None:
    answer, known = read(b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok")
    assert known
    assert answer.body == b"ok"


def test_a_header_may_come_twice() -> None:
    raw = b"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\nWWW-Authenticate: Digest x\r\nContent-Length: 0\r\n\r\n"
    assert read(raw)[0].all_of("www-authenticate") == ("Basic", "Digest x")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "not_http"),
        (b"\x00\x01\x02" * 50, "not_http"),
        (b"RTSP/1.0 200 OK\r\n\r\n", "not_http"),
        (b"HTTP/1.1 200", "truncated"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nonly this", "truncated"),
        (b"HTTP/1.1 100 C\r\n\r\n" * 20, "not_http"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 40_000, "too_large"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"a" * 2_000_000, "too_large"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n", "too_large"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc", "too_large"),
    ],
)
def test_what_is_no_answer_is_named(raw: bytes, code: str) -> None:
    with pytest.raises(BadAnswer) as bad:
        read(raw, piece=4096)
    assert bad.value.code == code


@given(st.binary(max_size=400), st.integers(1, 50))
def test_no_bytes_whatever_upset_the_reader(noise: bytes, piece: int) -> None:
    for start in (b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"):
        try:
            answer, _ = read(start + noise, piece=piece)
        except BadAnswer:
            continue
        assert len(answer.body) <= len(noise)
