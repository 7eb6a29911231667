"""What goes over the gateway's socket comes out the same."""

from dataclasses import replace

import pytest

from vms.core.errors import BadInput
from vms.inventory.camera import StreamRole
from vms.media.live import (
    GatewayStatus,
    InitSegment,
    LiveMessage,
    LiveNews,
    LiveSource,
    MediaFragment,
    NewsKind,
    UpstreamStatus,
)
from vms.media.live_wire import (
    HEAD_BYTES,
    Close,
    ForgetRefusals,
    Open,
    Request,
    Status,
    Warm,
    frame_of,
    message_of,
    news_json,
    read_head,
    read_request,
    read_status,
    status_json,
    write_request,
)
from vms.media.login import Login
from vms.media.tls import TlsTrust

SOURCE = LiveSource(camera="人民路 12", role=StreamRole.MAIN, uri="rtsp://h/a", login=Login("操作员", "密 码\n"))


@pytest.mark.parametrize(
    "request_",
    [
        Open(source=SOURCE),
        Open(source=LiveSource(camera="1", role=StreamRole.SUB, uri="rtsp://h/b")),
        Warm(source=SOURCE, seconds=12.5),
        Close(camera="1", because="withdrawn", message="撤回"),
        ForgetRefusals(host="127.0.0.1"),
        Status(),
    ],
)
def test_requests(request_: Request) -> None:
    line = write_request(request_)
    assert line.count(b"\n") == 1
    assert read_request(line) == request_


def test_what_does_not_tell_sources_apart_goes_along_too() -> None:
    login = Login("a", "b", digest_only=True)
    trust = TlsTrust(pinned_sha256="ab" * 32, stream_sha256="cd" * 32, allow_legacy=True)
    source = LiveSource(camera="1", role=StreamRole.SUB, uri="rtsps://h/b", login=login, trust=trust, session_limit=3)
    read = read_request(write_request(Open(source=source)))
    assert isinstance(read, Open)
    assert (read.source.session_limit, read.source.trust) == (3, trust)
    assert read.source.login is not None and read.source.login.digest_only
    assert read.source == replace(source, session_limit=0, login=Login("a", "b")), "viewers share one pull all the same"


@pytest.mark.parametrize(
    "message",
    [
        MediaFragment(b"abc", True),
        MediaFragment(b"", False),
        InitSegment(b"init"),
        LiveNews(kind=NewsKind.INIT, codec="avc1.64001f", width=640, height=360),
        LiveNews(kind=NewsKind.STALLED, because="no_frame", message="3 秒没有画面"),
        LiveNews(kind=NewsKind.STALLED, because="busy", message="the device is busy", sessions=2),
    ],
)
def test_messages(message: LiveMessage) -> None:
    head, payload = frame_of(message)
    length, kind, flags = read_head(head)
    assert len(head) == HEAD_BYTES and length == len(payload)
    assert message_of(kind, flags, payload) == message


def test_news_are_short() -> None:
    assert news_json(LiveNews(kind=NewsKind.COLD)) == b'{"kind": "cold"}'


def test_status() -> None:
    upstream = UpstreamStatus(
        camera="1", role="sub", host="h", state="playing", because="", viewers=2, warm=False, codec="avc1.64001f",
        width=640, height=360, pictures=9, bitrate_bps=400_000, lost_packets=0, reconnects=0, dropped_fragments=0,
        last_picture_age_s=0.1, capture_delay_s=None,
    )  # fmt: skip
    status = GatewayStatus(upstreams=(upstream,), viewers=2, cpu_s=1.5, refused_logins=0)
    assert read_status(status_json(status)) == status


def test_an_error_never_shows_the_password() -> None:
    with pytest.raises(BadInput) as problem:
        read_request(b'{"op": "open", "camera": "1", "username": "u", "password": "hidden", "uri": 3}')
    assert "hidden" not in str(problem.value)
    assert "密" not in repr(SOURCE)
