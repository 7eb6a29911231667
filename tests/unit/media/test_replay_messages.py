"""The instant of a recorded packet, and the range that is asked for and told."""

import struct
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vms.media.rtsp.replay import ReplayAsk, packet_instant, range_start

NTP_SINCE_1900_S = 2_208_988_800
AT = datetime(2026, 5, 4, 3, 2, 1, 250_000, tzinfo=UTC)


def a_packet(unix_s: float, *, profile: int = 0xABAC, words: int = 3) -> bytes:
    head = struct.pack(">BBHII", 0x90, 96, 7, 90_000, 1)
    whole = int(unix_s)
    extension = struct.pack(
        ">HHIIBBH", profile, words, whole + NTP_SINCE_1900_S, int((unix_s - whole) * 2**32), 0, 0, 0
    )
    return head + extension + b"\x65\x00"


def test_the_extension_tells_the_instant() -> None:
    assert packet_instant(a_packet(AT.timestamp())) == (90_000, AT.timestamp())


def test_packets_without_it_tell_none() -> None:
    plain = bytes((0x80,)) + a_packet(AT.timestamp())[1:]
    assert [packet_instant(one) for one in (plain, a_packet(0.0, profile=0xBEDE), a_packet(0.0, words=2), b"")] == [
        None
    ] * 4


@given(st.binary(max_size=64))
def test_no_bytes_break_it(data: bytes) -> None:
    packet_instant(data)


def test_the_range_is_asked_for_by_the_wall_clock() -> None:
    ask = ReplayAsk(start=AT, end=AT + timedelta(seconds=10), most_bytes=1)
    assert ask.play_headers["Range"] == "clock=20260504T030201.250Z-20260504T030211.250Z"
    assert range_start(ask.play_headers["Range"]) == AT
    assert range_start("clock=20260504T030201Z-") == AT.replace(microsecond=0)
    assert [range_start(told) for told in ("npt=0-", "clock=20261399T030201Z-", "")] == [None] * 3
