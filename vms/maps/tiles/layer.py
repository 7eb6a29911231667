"""A layer of a vector tile: features with their tags, put together to bytes."""

import struct
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from vms.maps.tiles.kernel import put_features

EXTENT = 4096
Ints = NDArray[np.int64]
Value = str | int | bool


def encode_layer(
    name: str, kind: int, xy: Ints, ends: Ints, part_ends: Ints, tags: Sequence[Mapping[str, Value]]
) -> bytes:
    """`xy`: corners in units of 1/4096 of the tile; `ends` of the parts, `part_ends` of the features. `tags`: one
    mapping a feature, or none at all. Empty where nothing of it is left at this scale."""
    if not len(part_ends):
        return b""
    keys: dict[str, int] = {}
    values: dict[tuple[type, Value], int] = {}
    numbers: list[int] = []
    tag_ends = np.zeros(len(part_ends), np.int64)
    for at, said in enumerate(tags):
        for key, value in said.items():
            numbers.append(keys.setdefault(key, len(keys)))
            numbers.append(values.setdefault((type(value), value), len(values)))
        tag_ends[at] = len(numbers)
    room = 10 * len(xy) + 12 * len(ends) + 40 * len(part_ends) + 5 * len(numbers) + 64
    scratch, out = np.empty(room, np.uint8), np.empty(room, np.uint8)
    size = put_features(xy, ends, part_ends, kind, np.array(numbers, dtype=np.int64), tag_ends, scratch, out)
    if not size:
        return b""
    parts = [b"\x78\x02", _text(1, name), out[:size].tobytes()]
    parts += [_text(3, key) for key in keys]
    parts += [_value(value) for _, value in values]
    parts.append(b"\x28" + _varint(EXTENT))
    content = b"".join(parts)
    return b"\x1a" + _varint(len(content)) + content


def _value(value: Value) -> bytes:
    if isinstance(value, bool):
        told = b"\x38" + _varint(int(value))
    elif isinstance(value, int):
        told = b"\x28" + _varint(value) if value >= 0 else b"\x19" + struct.pack("<d", value)
    else:
        told = _text(1, value)
    return b"\x22" + _varint(len(told)) + told


def _text(field: int, text: str) -> bytes:
    coded = text.encode()
    return _varint(field << 3 | 2) + _varint(len(coded)) + coded


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append((value & 127) | 128)
        value >>= 7
    out.append(value)
    return bytes(out)
