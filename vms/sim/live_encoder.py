"""Video made live: one small encoder whose input is planes to paint into and whose key frames come when asked."""

from fractions import Fraction
from functools import cache
from typing import cast

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from vms.sim.backdrop import Planes
from vms.sim.personality import Codec

_ENCODERS = {Codec.H264: "libx264", Codec.H265: "libx265"}
_COMMON = {"preset": "ultrafast", "tune": "zerolatency", "forced-idr": "1"}
_OPTIONS = {
    Codec.H264: {
        "profile": "baseline",
        "qp": "28",
        "x264-params": "no-deblock=1:me=dia:subme=0:rc-lookahead=0:aq-mode=0:weightp=0:scenecut=0:keyint=infinite",
    },
    Codec.H265: {
        "x265-params": "log-level=none:info=0:repeat-headers=1:keyint=-1:scenecut=0:open-gop=0:bframes=0:"
        "rc-lookahead=0:frame-threads=1:pools=none:wpp=0:qp=30:no-sao=1:no-deblock=1",
    },
}
_PARAMETER_SETS = {Codec.H264: (7, 8), Codec.H265: (32, 33, 34)}
_KEY_FRAMES = {Codec.H264: frozenset({5}), Codec.H265: frozenset(range(16, 22))}
_LEFT_OUT = {Codec.H264: frozenset({6, 9}), Codec.H265: frozenset({35, 39, 40})}
"""Access unit delimiters and supplemental information."""


def nal_type(codec: Codec, nal: bytes) -> int:
    return nal[0] & 31 if codec is Codec.H264 else nal[0] >> 1 & 63


class LiveEncoder:
    """Constant quantiser, one slice, one thread.

    H.264 (constrained baseline): 0.5 ms a picture at 640 × 360, 1.5 ms at 1280 × 720; H.265: 5 and 15 ms.
    """

    __slots__ = ("_context", "_frame", "_pts", "codec", "planes")

    def __init__(self, codec: Codec, width_px: int, height_px: int) -> None:
        self.codec = codec
        self._context = cast(VideoCodecContext, av.CodecContext.create(_ENCODERS[codec], "w"))
        self._context.width, self._context.height = width_px, height_px
        self._context.pix_fmt = "yuv420p"
        self._context.time_base = Fraction(1, 12)
        self._context.thread_count = 1
        self._context.options = _COMMON | _OPTIONS[codec]
        self._frame = av.VideoFrame(width_px, height_px, "yuv420p")
        self._pts = 0
        y, u, v = (
            np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
            for plane in self._frame.planes
        )
        self.planes = Planes(y, u, v)
        """Paint here, then encode."""
        self._context.open()

    def encode(self, *, key: bool) -> list[bytes]:
        """The NAL units of what was painted, without start codes; parameter sets precede a key frame."""
        self._frame.pts = self._pts
        self._frame.pict_type = PictureType.I if key else PictureType.NONE
        self._pts += 1
        stream = b"".join(bytes(packet) for packet in self._context.encode(self._frame))
        return [nal for nal in split_annex_b(stream) if nal_type(self.codec, nal) not in _LEFT_OUT[self.codec]]

    def holds_key_frame(self, nals: list[bytes]) -> bool:
        return any(nal_type(self.codec, nal) in _KEY_FRAMES[self.codec] for nal in nals)


def split_annex_b(stream: bytes) -> list[bytes]:
    """NAL units between start codes of three or four bytes."""
    return [nal for part in stream.split(b"\x00\x00\x01") if (nal := part.rstrip(b"\x00"))]


@cache
def parameter_sets(codec: Codec, width_px: int, height_px: int) -> tuple[bytes, ...]:
    """(VPS of H.265,) SPS and PPS, the same for every stream of that codec and size."""
    encoder = LiveEncoder(codec, width_px, height_px)
    for plane in (encoder.planes.y, encoder.planes.u, encoder.planes.v):
        plane[:] = 128
    nals = {nal_type(codec, nal): nal for nal in encoder.encode(key=True)}
    return tuple(nals[kind] for kind in _PARAMETER_SETS[codec])
