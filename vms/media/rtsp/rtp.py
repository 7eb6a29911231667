"""RTP packets to coded pictures (RFC 3550, RFC 6184, RFC 7798); sender reports to the camera's wall time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from vms.media.h264 import AccessUnit, is_h264_key, is_h265_key

MAX_PICTURE_BYTES = 8 * 1024 * 1024
MAX_NALS = 1024
NTP_TO_UNIX_S = 2_208_988_800
_PICTURE_CLOCK_HZ = 90_000
_HEAD, _FIRST_SLICE, _SLICE, _MIDDLE = "head", "first slice", "slice", "middle"


class RtpPacket(NamedTuple):
    sequence: int
    timestamp: int
    source: int
    payload_type: int
    marker: bool
    payload: bytes


def parse_rtp(data: bytes) -> RtpPacket | None:
    """None where it is not RTP version 2 or is cut short."""
    size = len(data)
    if size < 12 or data[0] >> 6 != 2:
        return None
    start = 12 + 4 * (data[0] & 0x0F)
    if data[0] & 0x10:
        if size < start + 4:
            return None
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    end = size - data[-1] if data[0] & 0x20 else size
    if start > end:
        return None
    return RtpPacket(
        int.from_bytes(data[2:4], "big"),
        int.from_bytes(data[4:8], "big"),
        int.from_bytes(data[8:12], "big"),
        data[1] & 0x7F,
        data[1] >= 0x80,
        data[start:end],
    )


@dataclass(frozen=True, slots=True)
class SenderReport:
    unix_s: float
    timestamp: int


def parse_sender_report(data: bytes) -> SenderReport | None:
    """The first sender report of a compound RTCP packet."""
    at = 0
    while at + 8 <= len(data) and data[at] >> 6 == 2:
        length = 4 + 4 * int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] == 200 and at + 20 <= len(data):
            seconds = int.from_bytes(data[at + 8 : at + 12], "big")
            fraction = int.from_bytes(data[at + 12 : at + 16], "big")
            if seconds == 0:
                return None
            return SenderReport(
                seconds - NTP_TO_UNIX_S + fraction / 2**32, int.from_bytes(data[at + 16 : at + 20], "big")
            )
        at += length
    return None


class Pictures:
    """Packets of one video track in, whole pictures out.

    Nothing comes out before a key frame. A gap in the sequence numbers costs every picture up to the next key frame;
    `lost_packets` counts what was missing.
    """

    def __init__(self, codec: str, *, clock_rate_hz: int = _PICTURE_CLOCK_HZ, payload_type: int | None = None) -> None:
        self._h265 = codec == "H265"
        self._is_key = is_h265_key if self._h265 else is_h264_key
        self._clock_rate_hz = clock_rate_hz
        self._payload_type = payload_type
        self._source: int | None = None
        self._sequence = -1
        self._timestamp: int | None = None
        self._unwrapped = 0
        self._nals: list[bytes] = []
        self._parts: list[bytes] = []
        self._size = 0
        self._has_picture = False
        self._broken = True
        self._spoilt = False
        self._handed_over: int | None = None
        self._markers_lie = False
        self._report: tuple[float, int] | None = None
        self.packets = 0
        self.lost_packets = 0
        self.pictures = 0

    def take_report(self, data: bytes) -> None:
        """An RTCP packet."""
        report = parse_sender_report(data)
        if report is not None and self._timestamp is not None:
            self.note_instant(report.timestamp, report.unix_s)

    def note_instant(self, timestamp: int, unix_s: float) -> None:
        """Which instant of the camera's clock an RTP time stamp stands for."""
        before = timestamp if self._timestamp is None else self._timestamp
        offset = (timestamp - before + 0x8000_0000) % 0x1_0000_0000 - 0x8000_0000
        self._report = (unix_s, self._unwrapped + offset)

    def take(self, data: bytes) -> Sequence[AccessUnit]:
        """An RTP packet; gives the pictures that it completes, mostly none or one."""
        packet = parse_rtp(data)
        if packet is None or not packet.payload:
            return ()
        if self._payload_type is not None and packet.payload_type != self._payload_type:
            return ()
        self.packets += 1
        finished: list[AccessUnit] = []
        whole = self._follows(packet)
        if not whole:
            self._break()
        if packet.timestamp != self._timestamp:
            self._finish(finished)
            self._start(packet.timestamp)
            self._spoilt = not whole and not self._begins_picture(packet.payload)
        elif self._handed_over == packet.timestamp and self._kind_of_start(packet.payload) == _SLICE:
            self._markers_lie = True
        if self._spoilt:
            return finished
        self._unpack(packet.payload)
        if packet.marker and not self._markers_lie and self._has_picture and not self._parts:
            self._finish(finished)
        return finished

    def _follows(self, packet: RtpPacket) -> bool:
        if self._source != packet.source:
            self._source, self._sequence = packet.source, packet.sequence
            return False
        missing = (packet.sequence - self._sequence - 1) & 0xFFFF
        self._sequence = packet.sequence
        self.lost_packets += missing if missing < 0x8000 else 1
        return missing == 0

    def _break(self) -> None:
        """What is being put together is incomplete, and so is all that refers to it."""
        self._broken = self._spoilt = True
        self._clear()

    def _clear(self) -> None:
        self._nals, self._parts, self._size, self._has_picture = [], [], 0, False

    def _start(self, timestamp: int) -> None:
        if self._timestamp is not None:
            self._unwrapped += (timestamp - self._timestamp + 0x8000_0000) % 0x1_0000_0000 - 0x8000_0000
        self._timestamp = timestamp

    def _finish(self, finished: list[AccessUnit]) -> None:
        nals, has_picture = self._nals, self._has_picture and not self._parts
        if not has_picture:
            if self._parts:
                self._break()
            return
        self._clear()
        self._handed_over = self._timestamp
        key = self._is_key(nals)
        if self._broken and not key:
            return
        self._broken = False
        self.pictures += 1
        finished.append(
            AccessUnit(
                nals=tuple(nals),
                key=key,
                time_90k=self._unwrapped
                if self._clock_rate_hz == _PICTURE_CLOCK_HZ
                else self._unwrapped * _PICTURE_CLOCK_HZ // self._clock_rate_hz,
                captured_at_s=self._captured_at_s(),
            )
        )

    def _captured_at_s(self) -> float | None:
        if self._report is None:
            return None
        unix_s, at = self._report
        return unix_s + (self._unwrapped - at) / self._clock_rate_hz

    def _kind_of_start(self, payload: bytes) -> str:
        """What a packet begins with."""
        if self._h265:
            kind, body = (payload[0] >> 1 & 0x3F), payload[2:]
            if kind == 49 and len(body) > 1:
                kind, body = (body[0] & 0x3F if body[0] & 0x80 else -1), body[1:]
            picture = 0 <= kind < 32
        else:
            kind, body = payload[0] & 0x1F, payload[1:]
            if kind == 28 and len(body) > 1:
                kind, body = (body[0] & 0x1F if body[0] & 0x80 else -1), body[1:]
            picture = 1 <= kind <= 5
        if kind < 0:
            return _MIDDLE
        if not picture:
            return _HEAD
        return _FIRST_SLICE if body and body[0] & 0x80 else _SLICE

    def _begins_picture(self, payload: bytes) -> bool:
        return self._kind_of_start(payload) in (_HEAD, _FIRST_SLICE)

    def _unpack(self, payload: bytes) -> None:
        self._size += len(payload)
        if self._size > MAX_PICTURE_BYTES or len(self._nals) > MAX_NALS:
            self._break()
            return
        if self._h265:
            self._unpack_h265(payload)
        else:
            self._unpack_h264(payload)

    def _unpack_h264(self, payload: bytes) -> None:
        kind = payload[0] & 0x1F
        if 1 <= kind <= 23:
            self._add(payload)
        elif kind == 28 and len(payload) > 2:
            self._part(payload[1], bytes((payload[0] & 0xE0 | payload[1] & 0x1F,)), payload[2:])
        elif kind == 24:
            self._aggregate(payload, 1)
        else:
            self._break()

    def _unpack_h265(self, payload: bytes) -> None:
        if len(payload) < 3:
            return
        kind = payload[0] >> 1 & 0x3F
        if kind < 48:
            self._add(payload)
        elif kind == 49:
            header = bytes((payload[0] & 0x81 | (payload[2] & 0x3F) << 1, payload[1]))
            self._part(payload[2], header, payload[3:])
        elif kind == 48:
            self._aggregate(payload, 2)
        else:
            self._break()

    def _part(self, flags: int, header: bytes, data: bytes) -> None:
        if flags & 0x80:
            self._parts = [header, data]
        elif self._parts:
            self._parts.append(data)
        else:
            self._break()
            return
        if flags & 0x40:
            nal = b"".join(self._parts)
            self._parts = []
            self._add(nal)

    def _aggregate(self, payload: bytes, at: int) -> None:
        while at + 2 < len(payload):
            length = payload[at] << 8 | payload[at + 1]
            nal = payload[at + 2 : at + 2 + length]
            if length == 0 or len(nal) < length or len(self._nals) > MAX_NALS:
                self._break()
                return
            self._add(nal)
            at += 2 + length

    def _add(self, nal: bytes) -> None:
        if self._h265:
            if len(nal) < 3:
                return
            self._has_picture = self._has_picture or (nal[0] >> 1 & 0x3F) < 32
        else:
            self._has_picture = self._has_picture or 1 <= nal[0] & 0x1F <= 5
        self._nals.append(nal)
