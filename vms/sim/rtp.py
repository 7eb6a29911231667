"""RTP and RTCP as bytes for RTSP's interleaved channels (RFC 3550, 6184, 7798, and 2326 section 10.12)."""

import struct
from collections.abc import Sequence

from vms.sim.personality import Codec

PAYLOAD_TYPE = 96
CLOCK_RATE = 90_000
MAX_PAYLOAD_BYTES = 1_400
NTP_SINCE_1900_S = 2_208_988_800
_HEAD = struct.Struct(">BBHBBHII")
_REPORT = struct.Struct(">BBHBBHIIIIII")


def interleaved(
    nals: Sequence[bytes], *, codec: Codec, sequence: int, timestamp: int, ssrc: int, channel: int
) -> tuple[bytes, int, int]:
    """One picture as packets ready for the socket; returns them, their number and the payload's bytes."""
    pieces = [piece for nal in nals for piece in payloads(nal, codec)]
    parts = []
    for at, payload in enumerate(pieces):
        marker = 0x80 if at == len(pieces) - 1 else 0
        parts.append(
            _HEAD.pack(
                0x24,
                channel,
                12 + len(payload),
                0x80,
                PAYLOAD_TYPE | marker,
                sequence + at & 0xFFFF,
                timestamp & 0xFFFFFFFF,
                ssrc,
            )
        )
        parts.append(payload)
    return b"".join(parts), len(pieces), sum(map(len, pieces))


def payloads(nal: bytes, codec: Codec) -> list[bytes]:
    """The NAL unit itself, or its pieces: FU-A of RFC 6184, FU of RFC 7798."""
    if len(nal) <= MAX_PAYLOAD_BYTES:
        return [nal]
    if codec is Codec.H264:
        head, kind, body = bytes((nal[0] & 0xE0 | 28,)), nal[0] & 31, memoryview(nal)[1:]
    else:
        head, kind, body = bytes((nal[0] & 0x81 | 49 << 1, nal[1])), nal[0] >> 1 & 63, memoryview(nal)[2:]
    step = MAX_PAYLOAD_BYTES - len(head) - 1
    pieces = [body[at : at + step] for at in range(0, len(body), step)]
    last = len(pieces) - 1
    return [
        head + bytes((kind | (0x80 if at == 0 else 0) | (0x40 if at == last else 0),)) + piece
        for at, piece in enumerate(pieces)
    ]


def sender_report(*, ssrc: int, unix_s: float, timestamp: int, packets: int, payload_bytes: int, channel: int) -> bytes:
    """An RTCP sender report: which instant the RTP time stamp stands for."""
    whole = int(unix_s)
    return _REPORT.pack(
        0x24,
        channel,
        28,
        0x80,
        200,
        6,
        ssrc,
        whole + NTP_SINCE_1900_S & 0xFFFFFFFF,
        int((unix_s - whole) * (1 << 32)) & 0xFFFFFFFF,
        timestamp & 0xFFFFFFFF,
        packets & 0xFFFFFFFF,
        payload_bytes & 0xFFFFFFFF,
    )
