"""H.264 and H.265 NAL units: kinds, parameter sets, the picture's size (ITU-T H.264 7.3.2.1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

SLICE, IDR, SEI, SPS, PPS, DELIMITER, FILLER = 1, 5, 6, 7, 8, 9, 12
MAX_PARAMETER_SET_BYTES = 4096
MAX_SIDE_PX = 16_384
START_CODE = b"\x00\x00\x00\x01"
_PROFILES_WITH_CHROMA = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessUnit:
    """One coded picture."""

    nals: tuple[bytes, ...] = field(repr=False)
    """Without start codes, in-band parameter sets included."""
    key: bool
    time_90k: int
    """The camera's media clock in 1/90000 s, never wrapping; only differences mean anything."""
    captured_at_s: float | None = None
    """Unix time by the camera's own clock, where its RTCP sender reports told it."""

    @property
    def size_bytes(self) -> int:
        return sum(map(len, self.nals))


@dataclass(frozen=True, slots=True, kw_only=True)
class SpsFacts:
    width: int
    height: int
    profile: int
    level: int
    codec: str
    """As a browser wants it: `avc1.64001f`."""


class _Bits:
    """Big-endian bits of a NAL unit's payload, emulation prevention removed. Running out raises ValueError."""

    def __init__(self, nal: bytes) -> None:
        data = nal.replace(b"\x00\x00\x03", b"\x00\x00")
        self._value = int.from_bytes(data, "big")
        self._left = len(data) * 8

    def take(self, count: int) -> int:
        if count > self._left:
            raise ValueError("the parameter set is cut short")
        self._left -= count
        return (self._value >> self._left) & ((1 << count) - 1)

    def unsigned(self) -> int:
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > 32:
                raise ValueError("the parameter set holds an endless number")
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        value = self.unsigned()
        return (value + 1) // 2 if value % 2 else -(value // 2)


def read_sps(nal: bytes) -> SpsFacts:
    """Raises ValueError where it is not a usable sequence parameter set."""
    if len(nal) < 4 or nal[0] & 0x1F != SPS or len(nal) > MAX_PARAMETER_SET_BYTES:
        raise ValueError("not a sequence parameter set")
    profile, constraints, level = nal[1], nal[2], nal[3]
    bits = _Bits(nal[4:])
    bits.unsigned()
    chroma = 1
    separate_planes = 0
    if profile in _PROFILES_WITH_CHROMA:
        chroma = bits.unsigned()
        if chroma == 3:
            separate_planes = bits.take(1)
        bits.unsigned()
        bits.unsigned()
        bits.take(1)
        if bits.take(1):
            for index in range(8 if chroma != 3 else 12):
                if bits.take(1):
                    _skip_scaling_list(bits, 16 if index < 6 else 64)
    bits.unsigned()
    order = bits.unsigned()
    if order == 0:
        bits.unsigned()
    elif order == 1:
        bits.take(1)
        bits.signed()
        bits.signed()
        for _ in range(min(bits.unsigned(), 256)):
            bits.signed()
    bits.unsigned()
    bits.take(1)
    width_mbs = bits.unsigned() + 1
    height_units = bits.unsigned() + 1
    frames_only = bits.take(1)
    if not frames_only:
        bits.take(1)
    bits.take(1)
    left = right = top = bottom = 0
    if bits.take(1):
        left, right, top, bottom = (bits.unsigned() for _ in range(4))
    sub_width = 1 if chroma in (0, 3) or separate_planes else 2
    sub_height = (2 if chroma == 1 else 1) * (2 - frames_only)
    width = width_mbs * 16 - sub_width * (left + right)
    height = height_units * 16 * (2 - frames_only) - sub_height * (top + bottom)
    if not (0 < width <= MAX_SIDE_PX and 0 < height <= MAX_SIDE_PX):
        raise ValueError(f"a picture of {width} × {height} is not believable")
    return SpsFacts(
        width=width,
        height=height,
        profile=profile,
        level=level,
        codec=f"avc1.{profile:02x}{constraints:02x}{level:02x}",
    )


def _skip_scaling_list(bits: _Bits, size: int) -> None:
    last, following = 8, 8
    for _ in range(size):
        if following:
            following = (last + bits.signed()) % 256
        last = following or last


def _id_of(nal: bytes) -> int:
    skip = 4 if nal[0] & 0x1F == SPS else 1
    return _Bits(nal[skip : skip + 8]).unsigned()


@dataclass(slots=True)
class ParameterSets:
    """The H.264 parameter sets in force, by their ids."""

    sps: dict[int, bytes] = field(default_factory=dict)
    pps: dict[int, bytes] = field(default_factory=dict)

    def update(self, nals: Iterable[bytes]) -> bool:
        """True where something changed. Unreadable and oversized sets are passed over."""
        changed = False
        for nal in nals:
            kind = nal[0] & 0x1F if nal else 0
            if kind not in (SPS, PPS) or len(nal) > MAX_PARAMETER_SET_BYTES:
                continue
            try:
                if kind == SPS:
                    read_sps(nal)
                number = _id_of(nal)
            except ValueError:
                continue
            held, limit = (self.sps, 32) if kind == SPS else (self.pps, 256)
            if number < limit and held.get(number) != nal:
                held[number] = nal
                changed = True
        return changed

    @property
    def complete(self) -> bool:
        return bool(self.sps and self.pps)

    def facts(self) -> SpsFacts:
        return read_sps(next(iter(self.sps.values())))


def is_h264_key(nals: Sequence[bytes]) -> bool:
    """An IDR picture, or an I picture that brings its parameter sets (cameras that never send IDR)."""
    has_sps = False
    for nal in nals:
        kind = nal[0] & 0x1F
        if kind == IDR:
            return True
        if kind == SPS:
            has_sps = True
        elif kind == SLICE and has_sps:
            try:
                bits = _Bits(nal[1:12])
                bits.unsigned()
                return bits.unsigned() in (2, 7)
            except ValueError:
                return False
    return False


def is_h265_key(nals: Sequence[bytes]) -> bool:
    """BLA, IDR or CRA."""
    return any(16 <= (nal[0] >> 1 & 0x3F) <= 21 for nal in nals)


def annex_b(nals: Iterable[bytes]) -> bytes:
    """As decoders and ffmpeg read them: each behind a start code."""
    return b"".join(START_CODE + nal for nal in nals)
