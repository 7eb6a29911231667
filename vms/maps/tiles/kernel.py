"""Features of a vector tile as bytes: Mapbox Vector Tile 2.1, section 4.3, without a Python object for each corner."""

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]
POINT, LINE, POLYGON = 1, 2, 3
_MOVE, _DRAW, _CLOSE = 9, 2, 15
_FEATURE_TAG, _TAGS_TAG, _TYPE_TAG, _GEOMETRY_TAG = 18, 18, 24, 34


@compiled
def put_varint(out: Bytes, at: int, value: int) -> int:
    while value > 127:
        out[at] = (value & 127) | 128
        value >>= 7
        at += 1
    out[at] = value
    return at + 1


@compiled
def varint_size(value: int) -> int:
    size = 1
    while value > 127:
        value >>= 7
        size += 1
    return size


@compiled
def zigzag(value: int) -> int:
    return value << 1 if value >= 0 else ((-value) << 1) - 1


@compiled
def turned_area(xy: Ints, first: int, last: int) -> int:
    """Twice the area of the ring; positive: clockwise on the screen, whose y runs down."""
    area = 0
    for i in range(first, last):
        j = i + 1 if i + 1 < last else first
        area += xy[i, 0] * xy[j, 1] - xy[j, 0] * xy[i, 1]
    return area


@compiled
def put_part(out: Bytes, at: int, xy: Ints, first: int, last: int, step: int, kind: int, pen: Ints) -> int:
    """One ring or line, backwards where `step` is -1; corners that fall together are one. Nothing where too few are
    left: then `at` comes back."""
    begun, pen_x, pen_y = at, pen[0], pen[1]
    at = put_varint(out, at, _MOVE)
    i = first if step > 0 else last - 1
    x0, y0 = xy[i, 0], xy[i, 1]
    at = put_varint(out, at, zigzag(x0 - pen_x))
    at = put_varint(out, at, zigzag(y0 - pen_y))
    x, y = x0, y0
    count = 0
    for k in range(1, last - first):
        j = i + k * step
        if xy[j, 0] != x or xy[j, 1] != y:
            count += 1
            x, y = xy[j, 0], xy[j, 1]
    if kind == POLYGON and x == x0 and y == y0 and count > 0:
        count -= 1
    if count < kind - 1:
        return begun
    at = put_varint(out, at, count << 3 | _DRAW)
    x, y = x0, y0
    drawn = 0
    for k in range(1, last - first):
        j = i + k * step
        if (xy[j, 0] != x or xy[j, 1] != y) and drawn < count:
            at = put_varint(out, at, zigzag(xy[j, 0] - x))
            at = put_varint(out, at, zigzag(xy[j, 1] - y))
            x, y = xy[j, 0], xy[j, 1]
            drawn += 1
    if kind == POLYGON:
        at = put_varint(out, at, _CLOSE)
    pen[0], pen[1] = x, y
    return at


@compiled
def put_geometry(out: Bytes, xy: Ints, ends: Ints, first_part: int, last_part: int, kind: int) -> int:
    """How many bytes were written; 0: nothing of it is left at this scale. Outlines are turned clockwise, yards
    counter-clockwise, as the format wants it."""
    pen = np.zeros(2, np.int64)
    at = 0
    for part in range(first_part, last_part):
        first = ends[part - 1] if part else 0
        last = ends[part]
        step = 1
        if kind == POLYGON:
            area = turned_area(xy, first, last)
            if area == 0:
                if part == first_part:
                    return 0
                continue
            step = 1 if (area > 0) == (part == first_part) else -1
        before = at
        at = put_part(out, at, xy, first, last, step, kind, pen)
        if at == before and part == first_part and kind == POLYGON:
            return 0
    return at


@compiled
def put_features(
    xy: Ints, ends: Ints, part_ends: Ints, kind: int, tags: Ints, tag_ends: Ints, scratch: Bytes, out: Bytes
) -> int:
    """Feature `i` has the parts `part_ends[i - 1]:part_ends[i]` and the tags `tag_ends[i - 1]:tag_ends[i]` (numbers of
    key and value in turn). How many bytes were written."""
    at = 0
    for i in range(len(part_ends)):
        first_part = part_ends[i - 1] if i else 0
        geometry = put_geometry(scratch, xy, ends, first_part, part_ends[i], kind)
        if geometry == 0:
            continue
        first_tag = tag_ends[i - 1] if i else 0
        tags_size = 0
        for t in range(first_tag, tag_ends[i]):
            tags_size += varint_size(tags[t])
        size = 2 + 1 + varint_size(geometry) + geometry
        if tags_size:
            size += 1 + varint_size(tags_size) + tags_size
        at = put_varint(out, at, _FEATURE_TAG)
        at = put_varint(out, at, size)
        if tags_size:
            at = put_varint(out, at, _TAGS_TAG)
            at = put_varint(out, at, tags_size)
            for t in range(first_tag, tag_ends[i]):
                at = put_varint(out, at, tags[t])
        at = put_varint(out, at, _TYPE_TAG)
        at = put_varint(out, at, kind)
        at = put_varint(out, at, _GEOMETRY_TAG)
        at = put_varint(out, at, geometry)
        for g in range(geometry):
            out[at + g] = scratch[g]
        at += geometry
    return at
