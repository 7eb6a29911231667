"""One replay of a pretend recorder's footage: pictures of the past, each with its instant in the RTP extension, as fast
as they go; with the ways in which recorders get it wrong."""

import asyncio
import random
import struct
from datetime import datetime, timedelta
from typing import Protocol

from vms.inventory.camera import StreamRole
from vms.sim.device import LiveDevice
from vms.sim.footage import picture_of
from vms.sim.footage_kept import ReplayHabit
from vms.sim.live_encoder import LiveEncoder
from vms.sim.plan import FRAMES_PER_S, SIZES
from vms.sim.rtp import CLOCK_RATE, NTP_SINCE_1900_S, PAYLOAD_TYPE, payloads

ROLE = StreamRole.SUB
PATH = "/replay/Recording_"
_HEAD = struct.Struct(">BBHBBHIIHHIIBBH")
_PLAIN_HEAD = struct.Struct(">BBHBBHII")
_AT_ONCE = 4
_ENDLESS_BYTES = 60_000


class Viewer(Protocol):
    rtp_channel: int

    def take(self, packets: bytes, *, key: bool) -> None: ...
    def report(self, packet: bytes) -> None: ...


class Replay:
    """Of one channel, for one connection; the same face as live footage."""

    def __init__(self, device: LiveDevice, channel: int) -> None:
        self._device, self._channel = device, channel
        self._picture = picture_of(device, channel, SIZES[ROLE])
        self._encoder: LiveEncoder | None = None
        self._start = self._end = device.now()
        self._timer: asyncio.Handle | None = None
        self.ssrc = random.getrandbits(32)
        self.sequence = random.getrandbits(16)
        self._timestamp_0 = random.getrandbits(32)
        self._sent = 0

    def timestamp(self) -> int:
        return self._timestamp_0

    def prepare(self) -> None:
        """Painted when it plays: a replay is short."""

    def begin(self, start: datetime, end: datetime) -> bool:
        """By the device's clock. False: nothing is kept of that time."""
        if not self._device.footage_of(self._channel).holds(start, self._device.now()):
            return False
        self._device.rare.replayed.append(start)
        habit = self._device.rare.replay
        self._start = start - timedelta(hours=1) if habit is ReplayHabit.ANOTHER_TIME else start
        self._end = self._start + min(end - start, timedelta(seconds=60))
        return True

    @property
    def told_start(self) -> datetime:
        return self._start

    def join(self, viewer: Viewer) -> None:
        habit = self._device.rare.replay
        if habit is ReplayHabit.SENDS_NOTHING:
            return
        self._picture.prepare(self._device.faults_of(self._channel))
        self._encoder = LiveEncoder(self._device.plan.personality.codec(ROLE), *SIZES[ROLE])
        self._next(viewer)

    def leave(self, viewer: Viewer) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _next(self, viewer: Viewer) -> None:
        habit = self._device.rare.replay
        endless = habit is ReplayHabit.ENDLESS
        for _ in range(_AT_ONCE):
            at = self._start + timedelta(seconds=self._sent / FRAMES_PER_S)
            if at >= self._end and not endless:
                return
            viewer.take(self._endless() if endless else self._paint(at, viewer.rtp_channel), key=not endless)
            self._sent += 1
        self._timer = asyncio.get_running_loop().call_later(0.001 if endless else 0.02, self._next, viewer)

    def _endless(self) -> bytes:
        """Pictures that refer to a key frame that never comes."""
        body = bytes((0x41,)) + bytes(1000)
        packets = []
        for _ in range(_ENDLESS_BYTES // 1000):
            self.sequence = self.sequence + 1 & 0xFFFF
            stamp = self._timestamp_0 + self._sent & 0xFFFFFFFF
            head = (0x24, 0, 12 + len(body), 0x80, PAYLOAD_TYPE | 0x80, self.sequence, stamp, self.ssrc)
            packets.append(_PLAIN_HEAD.pack(*head) + body)
        return b"".join(packets)

    def _paint(self, at: datetime, rtp_channel: int) -> bytes:
        encoder, device = self._encoder, self._device
        if encoder is None:
            raise RuntimeError("the replay was not begun")
        shown = device.shown_at(at)
        self._picture.paint(encoder.planes, device_time=shown, true_time_s=at.timestamp() - device.clock_offset_s)
        nals = encoder.encode(key=self._sent == 0)
        if device.rare.replay is ReplayHabit.RUBBISH:
            nals = [nal if nal[0] & 31 in (7, 8) else nal[:1] + bytes(len(nal) - 1) for nal in nals]
        pieces = [piece for nal in nals for piece in payloads(nal, encoder.codec)]
        packets = []
        stamp = int(self._timestamp_0 + self._sent * CLOCK_RATE / FRAMES_PER_S) & 0xFFFFFFFF
        unix_s = at.timestamp()
        whole = int(unix_s)
        for number, piece in enumerate(pieces):
            self.sequence = self.sequence + 1 & 0xFFFF
            marker = 0x80 if number == len(pieces) - 1 else 0
            told = device.rare.replay is not ReplayHabit.TELLS_NO_TIME
            head = (0x24, rtp_channel, 12 + 16 * told + len(piece), 0x90 if told else 0x80, PAYLOAD_TYPE | marker)
            common = (*head, self.sequence, stamp, self.ssrc)
            if told:
                fraction = int((unix_s - whole) * (1 << 32)) & 0xFFFFFFFF
                extension = (0xABAC, 3, whole + NTP_SINCE_1900_S & 0xFFFFFFFF, fraction, 0x80, self._sent & 0xFF, 0)
                packets.append(_HEAD.pack(*common, *extension) + piece)
            else:
                packets.append(_PLAIN_HEAD.pack(*common) + piece)
        return b"".join(packets)
