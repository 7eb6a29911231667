"""Whatever a device writes, the readers answer with a value or a named trouble."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from vms.media.address import take_apart
from vms.media.jpeg import read_facts
from vms.media.login import Login
from vms.media.rtsp.digest import SignIn
from vms.media.rtsp.messages import parse_head
from vms.media.rtsp.sdp import find_video
from vms.media.trouble import PictureFailed

LINES = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(["m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000", "a=fmtp:96 sprop-parameter-sets=²,é"]),
        st.just("m=² ² ² ²"),
    )
)  # fmt: skip


@given(LINES, st.text(max_size=20))
def test_descriptions(lines: list[str], base: str) -> None:
    with contextlib.suppress(PictureFailed):
        find_video("\n".join(lines).encode("utf-8", "replace"), base)


@given(st.lists(st.one_of(st.text(max_size=60), st.text('Digest realmnonce="\\,²', max_size=60)), max_size=4))
def test_challenges(values: list[str]) -> None:
    sign_in = SignIn(Login("u", "p"))
    sign_in.learn(values)
    sign_in.header("PLAY", "rtsp://h/")


@given(st.text(max_size=60))
def test_heads(text: str) -> None:
    with contextlib.suppress(PictureFailed):
        answer = parse_head(("RTSP/1.0 200 OK\r\nCSeq: " + text).encode("utf-8", "replace"))
        assert answer is not None and (answer.cseq is None or answer.cseq >= 0)


@given(st.text(max_size=60))
def test_addresses(text: str) -> None:
    for uri in (text, "rtsp://" + text, "rtsp://user:pass@" + text):
        with contextlib.suppress(PictureFailed):
            assert take_apart(uri, schemes=("rtsp",)).host


@given(st.binary(max_size=200))
def test_pictures(data: bytes) -> None:
    with contextlib.suppress(PictureFailed):
        read_facts(b"\xff\xd8\xff" + data)
