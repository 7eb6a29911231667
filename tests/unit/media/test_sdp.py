"""Descriptions as cameras write them."""

import pytest

from vms.media.rtsp.sdp import find_video
from vms.media.trouble import PictureFailed, Trouble

BASE = "rtsp://10.0.0.9:554/live/1"
TWO = (
    b"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\na=control:*\r\n"
    b"m=audio 0 RTP/AVP 0\r\na=control:trackID=1\r\n"
    b"m=video 0 RTP/AVP 98\r\na=rtpmap:98 H265/90000\r\na=control:trackID=2\r\n"
    b"m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:%s\r\n"
    b"a=fmtp:96 packetization-mode=1; sprop-parameter-sets=Z00AH5pmAoAt/4C3AQEBQAAA+gAAMDhA,aO48gA==;"
    b"profile-level-id=4D001F\r\n"
)


def test_h264_is_preferred_and_its_parameter_sets_are_read() -> None:
    track, aggregate = find_video(TWO % b"trackID=3", BASE + "/")
    assert (track.codec, track.payload_type, track.clock_rate_hz) == ("H264", 96, 90_000)
    assert track.control == BASE + "/trackID=3"
    assert aggregate == BASE + "/"
    assert [nal[0] & 0x1F for nal in track.parameter_sets] == [7, 8]


@pytest.mark.parametrize(
    ("control", "resolved"),
    [
        (b"rtsp://192.168.1.5/other/track", "rtsp://192.168.1.5/other/track"),
        (b"/root/track", "rtsp://10.0.0.9:554/root/track"),
        (b"track", "rtsp://10.0.0.9:554/live/1/track"),
        (b"", "rtsp://10.0.0.9:554/live/1"),
    ],
)
def test_control_addresses(control: bytes, resolved: str) -> None:
    assert find_video(TWO % control, BASE)[0].control == resolved


def test_a_camera_with_h265_only_is_recognised() -> None:
    body = b"m=video 0 RTP/AVP 98\na=rtpmap:98 HEVC/90000\na=fmtp:98 sprop-vps=QAE=; sprop-sps=QgE=; sprop-pps=RAE="
    track, _ = find_video(body, BASE)
    assert track.codec == "H265"
    assert len(track.parameter_sets) == 3


def test_broken_parameter_sets_are_passed_over() -> None:
    body = b"m=video 0 RTP/AVP 96\na=rtpmap:96 h264/90000\na=fmtp:96 sprop-parameter-sets=%%%,,\xff\xfe"
    assert find_video(body, BASE)[0].codec == "H264"


@pytest.mark.parametrize("body", [b"", b"\x00" * 1000, b"m=video", b"m=video 0 RTP/AVP", "视频".encode("gbk")])
def test_no_video(body: bytes) -> None:
    with pytest.raises(PictureFailed) as failure:
        find_video(body, BASE)
    assert failure.value.trouble == Trouble.NO_VIDEO
