"""Fragmented MP4 for MediaSource: the init segment and fragments as functions of bytes (ISO/IEC 14496-12 and -15)."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

from vms.media.h264 import ParameterSets, SpsFacts

TIMESCALE_HZ = 90_000
_UNITY_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_KEY_FLAGS = 0x02000000
_DEPENDENT_FLAGS = 0x01010000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One picture as MP4 stores it: NAL units behind 4-byte lengths."""

    data: bytes = field(repr=False)
    key: bool
    at_90k: int
    duration_90k: int


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _full_box(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags), *parts)


def write_init(sets: ParameterSets, facts: SpsFacts) -> bytes:
    """`ftyp` and `moov` of one H.264 track."""
    return _box(b"ftyp", b"iso6", struct.pack(">I", 1), b"iso6mp41avc1") + _box(
        b"moov",
        _full_box(
            b"mvhd", 0, 0, struct.pack(">IIIIIH10x", 0, 0, TIMESCALE_HZ, 0, 0x10000, 0x0100), _UNITY_MATRIX,
            bytes(24), struct.pack(">I", 2),
        ),
        _track(sets, facts),
        _box(b"mvex", _full_box(b"trex", 0, 0, struct.pack(">IIIII", 1, 1, 0, 0, 0))),
    )  # fmt: skip


def _track(sets: ParameterSets, facts: SpsFacts) -> bytes:
    header = _full_box(
        b"tkhd", 0, 3, struct.pack(">IIIII8xhhhH", 0, 0, 1, 0, 0, 0, 0, 0, 0), _UNITY_MATRIX,
        struct.pack(">II", facts.width << 16, facts.height << 16),
    )  # fmt: skip
    data_in_this_file = _box(b"dinf", _full_box(b"dref", 0, 0, struct.pack(">I", 1), _full_box(b"url ", 0, 1)))
    tables = _box(
        b"stbl",
        _full_box(b"stsd", 0, 0, struct.pack(">I", 1), _avc1(sets, facts)),
        _full_box(b"stts", 0, 0, bytes(4)),
        _full_box(b"stsc", 0, 0, bytes(4)),
        _full_box(b"stsz", 0, 0, bytes(8)),
        _full_box(b"stco", 0, 0, bytes(4)),
    )
    media = _box(
        b"mdia",
        _full_box(b"mdhd", 0, 0, struct.pack(">IIIIHH", 0, 0, TIMESCALE_HZ, 0, 0x55C4, 0)),
        _full_box(b"hdlr", 0, 0, struct.pack(">I4s12x", 0, b"vide"), b"camera\0"),
        _box(b"minf", _full_box(b"vmhd", 0, 1, bytes(8)), data_in_this_file, tables),
    )
    return _box(b"trak", header, media)


def _avc1(sets: ParameterSets, facts: SpsFacts) -> bytes:
    entry = struct.pack(">6xH16xHHIIIH32xHh", 1, facts.width, facts.height, 0x480000, 0x480000, 0, 1, 24, -1)
    return _box(b"avc1", entry, _box(b"avcC", _avc_configuration(sets)))


def _avc_configuration(sets: ParameterSets) -> bytes:
    """At most 31 SPS and 255 PPS fit. The high profiles' appendix is left out, as the SPS says the same."""
    all_sps, all_pps = list(sets.sps.values())[:31], list(sets.pps.values())[:255]
    head = bytes((1, *all_sps[0][1:4], 0xFF, 0xE0 | len(all_sps)))
    sps = b"".join(struct.pack(">H", len(nal)) + nal for nal in all_sps)
    pps = b"".join(struct.pack(">H", len(nal)) + nal for nal in all_pps)
    return head + sps + bytes((len(all_pps),)) + pps


def write_fragment(samples: Sequence[Sample], *, sequence: int) -> bytes:
    """`moof` and `mdat` of one or more samples that follow one another without a hole."""
    rows = b"".join(
        struct.pack(">III", sample.duration_90k, len(sample.data), _KEY_FLAGS if sample.key else _DEPENDENT_FLAGS)
        for sample in samples
    )
    # 16 mfhd + 8 traf + 16 tfhd + 20 tfdt + 20 trun head, inside 8 of moof; the data begins 8 bytes behind it
    moof_bytes = 8 + 16 + 8 + 16 + 20 + 20 + len(rows)
    moof = _box(
        b"moof",
        _full_box(b"mfhd", 0, 0, struct.pack(">I", sequence & 0xFFFFFFFF)),
        _box(
            b"traf",
            _full_box(b"tfhd", 0, 0x020000, struct.pack(">I", 1)),
            _full_box(b"tfdt", 1, 0, struct.pack(">Q", samples[0].at_90k)),
            _full_box(b"trun", 0, 0x000701, struct.pack(">Ii", len(samples), moof_bytes + 8), rows),
        ),
    )
    return b"".join(
        (moof, struct.pack(">I4s", 8 + sum(len(sample.data) for sample in samples), b"mdat"),
         *(sample.data for sample in samples))
    )  # fmt: skip
