"""One stream of one channel while somebody watches: painted, encoded once and handed to all its viewers."""

import asyncio
import logging
import random
from concurrent.futures import Executor
from typing import Protocol

from vms.inventory.camera import StreamRole
from vms.sim.device import LiveDevice
from vms.sim.faults import Fault
from vms.sim.live_encoder import LiveEncoder
from vms.sim.picture import Picture
from vms.sim.plan import FRAMES_PER_S, GOP_S, SIZES
from vms.sim.rtp import CLOCK_RATE, interleaved, sender_report

REPORT_EVERY_S = 5.0

log = logging.getLogger(__name__)


class Viewer(Protocol):
    rtp_channel: int

    def take(self, packets: bytes, *, key: bool) -> None: ...
    def report(self, packet: bytes) -> None: ...


class Footage:
    """The encoder is closed when the last viewer has gone.

    A camera encodes day and night; this one only while it is watched. So that a viewer still meets it in the middle of
    a group of pictures, key frames lie on a fixed grid of GOP_S, and the first frame of a new encoder, which has to be
    a key frame, is kept back where the camera does not send one on PLAY.
    """

    def __init__(self, device: LiveDevice, channel: int, role: StreamRole, executor: Executor) -> None:
        self._device, self._channel = device, channel
        self._executor = executor
        self._loop = asyncio.get_running_loop()
        self._size = SIZES[role]
        self._codec = device.plan.personality.codec(role)
        self._picture = picture_of(device, channel, self._size)
        self._encoder: LiveEncoder | None = None
        self._viewers: set[Viewer] = set()
        self._timer: asyncio.Handle | None = None
        self._preparing: asyncio.Future[None] | None = None
        self._key_wanted = False
        self._hide_first = False
        self._gop = 0
        self._next_s = 0.0
        self._report_s = 0.0
        self._packets = self._payload_bytes = 0
        self._phase_s = (device.plan.index * 0.377 + channel * 0.61) % GOP_S
        self.ssrc = random.getrandbits(32)
        self.sequence = random.getrandbits(16)
        self._timestamp_0 = random.getrandbits(32)

    @property
    def viewers(self) -> int:
        return len(self._viewers)

    def timestamp(self) -> int:
        """RTP time of this instant."""
        return int(self._timestamp_0 + self._loop.time() * CLOCK_RATE) & 0xFFFFFFFF

    def prepare(self) -> None:
        """Begins to paint the backdrop in the painter's thread, if that is needed."""
        faults = self._device.faults_of(self._channel)
        if self._preparing is None and not (self._encoder and self._picture.ready(faults)):
            self._preparing = self._loop.run_in_executor(self._executor, self._paint_backdrop, faults)
            self._preparing.add_done_callback(self._prepared)

    def join(self, viewer: Viewer) -> None:
        on_play = self._device.plan.personality.key_frame_on_play
        if not self._viewers:
            self._hide_first = not on_play
        self._viewers.add(viewer)
        self._key_wanted |= on_play
        self._report_s = 0.0
        if self._encoder is None or self._preparing is not None:
            self.prepare()
        elif self._timer is None:
            self._start()

    def leave(self, viewer: Viewer) -> None:
        self._viewers.discard(viewer)
        if not self._viewers:
            self.stop()

    def stop(self) -> None:
        """Closes the encoder; joining starts anew."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._encoder = None

    def force_key_frame(self) -> None:
        self._key_wanted = True

    def _paint_backdrop(self, faults: frozenset[Fault]) -> None:
        self._picture.prepare(faults)
        if self._encoder is None:
            self._encoder = LiveEncoder(self._codec, *self._size)

    def _prepared(self, done: "asyncio.Future[None]") -> None:
        self._preparing = None
        if done.cancelled():
            return
        if (error := done.exception()) is not None:
            log.error("the picture of %s could not be painted: %s", self._device.plan.address, error)
        elif self._viewers and self._timer is None:
            self._start()

    def _start(self) -> None:
        self._next_s = self._loop.time()
        self._gop = self._gop_now()
        self._tick()

    def _gop_now(self) -> int:
        return int((self._loop.time() + self._phase_s) / GOP_S)

    def _tick(self) -> None:
        now_s = self._loop.time()
        self._next_s += 1 / FRAMES_PER_S
        if self._next_s < now_s:  # a busy machine loses pictures; hurrying after them would make it busier
            self._next_s = now_s + 1 / FRAMES_PER_S
        self._timer = self._loop.call_at(self._next_s, self._tick)
        encoder, faults = self._encoder, self._device.faults_of(self._channel)
        if encoder is None or Fault.STALLS_IN_MEDIA in self._device.faults:
            return
        if not self._picture.ready(faults):
            self.prepare()
        shown, true_s = self._device.picture_time(self._channel)
        pan = self._device.panned(self._channel)
        self._picture.paint(encoder.planes, device_time=shown, true_time_s=true_s, pan=pan)
        gop = self._gop_now()
        key = self._key_wanted or gop != self._gop
        self._key_wanted, self._gop = False, gop
        nals = encoder.encode(key=key)
        if self._hide_first:
            self._hide_first = False
            return
        self._hand_out(nals, key=encoder.holds_key_frame(nals))

    def _hand_out(self, nals: list[bytes], *, key: bool) -> None:
        timestamp = self.timestamp()
        made: dict[int, bytes] = {}
        count = size = 0
        for viewer in tuple(self._viewers):
            channel = viewer.rtp_channel
            if channel not in made:
                made[channel], count, size = interleaved(
                    nals,
                    codec=self._codec,
                    sequence=self.sequence,
                    timestamp=timestamp,
                    ssrc=self.ssrc,
                    channel=channel,
                )
            viewer.take(made[channel], key=key)
        self.sequence = self.sequence + count & 0xFFFF
        self._packets += count
        self._payload_bytes += size
        if self._loop.time() >= self._report_s:
            self._report_s = self._loop.time() + REPORT_EVERY_S
            self._send_reports(timestamp)

    def _send_reports(self, timestamp: int) -> None:
        unix_s = self._device.now().timestamp()
        for viewer in tuple(self._viewers):
            viewer.report(
                sender_report(
                    ssrc=self.ssrc,
                    unix_s=unix_s,
                    timestamp=timestamp,
                    packets=self._packets,
                    payload_bytes=self._payload_bytes,
                    channel=viewer.rtp_channel + 1,
                )
            )


def picture_of(device: LiveDevice, channel: int, size: tuple[int, int]) -> Picture:
    plan = device.channel(channel)
    return Picture(
        seed=device.plan.index * 16 + channel,
        name=plan.name,
        indoor=plan.indoor,
        width_px=size[0],
        height_px=size[1],
    )
