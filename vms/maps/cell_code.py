"""A cell of a map as bytes and back: arrays one after the other, made small.

Corners are kept as steps from one to the next, and numbers of four bytes with equal bytes side by side: neighbours are
near each other, so most of these bytes are zero, and zlib at its lowest level leaves about a quarter.
"""

import struct
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vms.places.land_area import PackedLandAreas
from vms.places.packed import Lines, Outlines, PackedBuildings, PackedPlaces, PackedRoads
from vms.places.texts import Texts, starts_of

Packed = PackedBuildings | PackedRoads | PackedPlaces | PackedLandAreas
BUILDING, ROAD, RAILWAY, PLACE = "building", "road", "railway", "place"
LAND, WATERWAY = "land", "waterway"
FAR_ROAD, FAR_LAND = "far_road", "far_land"
TOWN_LAYERS = (BUILDING, ROAD, RAILWAY, PLACE)
"""What a town is made of; the others are drawn and nothing else."""
LAYERS = (*TOWN_LAYERS, LAND, WATERWAY)
DRAWN_LAYERS = (FAR_ROAD, FAR_LAND)
"""Made of the others, for small scales."""
_LEVEL = 1


def encode(items: Packed) -> bytes:
    parts = _written(items)
    head = struct.pack(f"<{1 + len(parts)}I", len(parts), *(len(part) for part in parts))
    return head + b"".join(parts)


def packed_bytes(plain: bytes) -> bytes:
    return zlib.compress(plain, _LEVEL)


def decode(layer: str, content: bytes) -> Packed:
    plain = memoryview(zlib.decompress(content))
    (count,) = struct.unpack_from("<I", plain)
    at = 4 + 4 * count
    parts: list[memoryview] = []
    for size in struct.unpack_from(f"<{count}I", plain, 4):
        parts.append(plain[at : at + size])
        at += size
    items: Packed = _READERS[layer](parts)
    return items


def _written(items: Packed) -> list[bytes]:
    match items:
        case PackedBuildings():
            lines, own = items.outlines.rings, [_lengths(items.outlines.ends), items.height_m.tobytes()]
            texts: Sequence[Texts] = (items.names, items.source_ids)
        case PackedLandAreas():
            lines, own, texts = items.outlines.rings, [_lengths(items.outlines.ends)], items.texts()
        case PackedRoads():
            lines, own = items.lines, [items.flags.tobytes(), items.speed_km_h.tobytes()]
            texts = items.texts()
        case PackedPlaces():
            return [_steps(items.points), *_texts(items.texts())]
    return [_steps(lines.corners), _lengths(lines.ends), *own, *_texts(texts)]


def _buildings(parts: list[memoryview]) -> PackedBuildings:
    return PackedBuildings(_outlines(parts), np.frombuffer(parts[3], np.float64), *_texts_of(parts[4:]))


def _roads(parts: list[memoryview]) -> PackedRoads:
    return PackedRoads(
        Lines(_corners(parts[0]), _ends(parts[1])),
        np.frombuffer(parts[2], np.uint8),
        np.frombuffer(parts[3], np.float64),
        *_texts_of(parts[4:]),
    )


def _land(parts: list[memoryview]) -> PackedLandAreas:
    return PackedLandAreas(_outlines(parts), *_texts_of(parts[3:]))


def _outlines(parts: list[memoryview]) -> Outlines:
    return Outlines(Lines(_corners(parts[0]), _ends(parts[1])), _ends(parts[2]))


def _places(parts: list[memoryview]) -> PackedPlaces:
    return PackedPlaces(_corners(parts[0]), *_texts_of(parts[1:]))


_READERS: dict[str, Callable[[list[memoryview]], Any]] = {
    BUILDING: _buildings,
    ROAD: _roads,
    RAILWAY: _roads,
    WATERWAY: _roads,
    FAR_ROAD: _roads,
    LAND: _land,
    FAR_LAND: _land,
    PLACE: _places,
}


def _steps(corners: NDArray[np.int32]) -> bytes:
    steps = np.diff(corners, axis=0, prepend=np.zeros((1, 2), np.int32))
    return _shuffled(np.ascontiguousarray(steps.T.astype(np.int32)))


def _corners(part: memoryview) -> NDArray[np.int32]:
    steps = _unshuffled(part, np.int32).reshape(2, -1)
    return np.ascontiguousarray(np.cumsum(steps, axis=1, dtype=np.int32).T)


def _lengths(ends: NDArray[np.int64]) -> bytes:
    return _shuffled((ends - starts_of(ends)).astype(np.uint32))


def _ends(part: memoryview) -> NDArray[np.int64]:
    return np.cumsum(_unshuffled(part, np.uint32), dtype=np.int64)


def _texts(texts: Sequence[Texts]) -> list[bytes]:
    return [part for one in texts for part in (one.letters.tobytes(), _lengths(one.ends))]


def _texts_of(parts: list[memoryview]) -> list[Texts]:
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return [Texts(np.frombuffer(letters, np.uint8), _ends(lengths)) for letters, lengths in pairs]


def _shuffled(numbers: NDArray[Any]) -> bytes:
    return np.ascontiguousarray(numbers.reshape(-1).view(np.uint8).reshape(-1, numbers.itemsize).T).tobytes()


def _unshuffled(part: memoryview, kind: type[np.generic]) -> NDArray[Any]:
    size = np.dtype(kind).itemsize
    return np.ascontiguousarray(np.frombuffer(part, np.uint8).reshape(size, -1).T).reshape(-1).view(kind)


def joined(layer: str, parts: Sequence[Any]) -> Any:
    """All items of these cells of one layer."""
    if layer == BUILDING:
        return PackedBuildings.joined(parts)
    if layer in (LAND, FAR_LAND):
        return PackedLandAreas.joined(parts)
    return PackedPlaces.joined(parts) if layer == PLACE else PackedRoads.joined(parts)
