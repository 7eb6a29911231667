"""A vector tile of cameras' views: near by the outlines of all, far out squares that tell how many there are."""

import numpy as np
from numpy.typing import NDArray

from vms.maps.cells import mercator
from vms.maps.tiles.clip import polygons_within
from vms.maps.tiles.kernel import POLYGON
from vms.maps.tiles.layer import EXTENT, Value, encode_layer
from vms.places.packed import Lines
from vms.places.texts import starts_of, taken_items

SECTORS_FROM = 14
"""Below this zoom, and where more than `MOST_SECTORS` would be in one tile, there are squares."""
LEAST_ZOOM, MAX_ZOOM = 8, 16
MOST_SECTORS = {14: 1_500, 15: 2_500, MAX_ZOOM: 6_000}
"""By zoom: a dozen tiles are on a screen, and outlines of a few pixels tell no more than squares do."""
SQUARES = 32
"""Across a tile."""
A_PIXEL = EXTENT // 512
"""On the screen, at the tile's own zoom; the nearest tiles are also drawn larger than that."""
_FAR_BEYOND = 100 * EXTENT
_MARGIN = EXTENT // 64
"""So far beyond its edge a tile draws, that strokes meet there."""
_EQUATOR_KM = 40_075.0
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def sectors(
    zoom: int,
    column: int,
    row: int,
    lonlat: Floats,
    ends: Ints,
    shape_ends: Ints,
    camera_ids: Ints,
    *,
    undirected: Flags,
    behind: Flags,
) -> bytes:
    """Layer `view`: shape `s` is of `camera_ids[s]`; `reach` where nobody told its direction, `behind` where it lies
    behind a roof. `ends` of the rings, `shape_ends` of the shapes."""
    xy = np.clip(_projected(lonlat, zoom, column, row), -_FAR_BEYOND, _FAR_BEYOND)
    rings = Lines(xy.astype(np.int32), ends)
    boxes = rings.boxes()[starts_of(shape_ends)] if len(shape_ends) else np.zeros((0, 4), np.int32)
    touches = (boxes[:, 2:] >= -_MARGIN).all(axis=1) & (boxes[:, :2] <= EXTENT + _MARGIN).all(axis=1)
    inside = np.flatnonzero(touches)
    kept, kept_ends = taken_items(inside, shape_ends)
    drawn = rings.taken(kept)
    lines, part_ends, owner = polygons_within(drawn if zoom == MAX_ZOOM else without_jitter(drawn), kept_ends)
    of_shape = inside[owner]
    tags = [
        _tags(camera_id, is_reach, is_behind)
        for camera_id, is_reach, is_behind in zip(
            camera_ids[of_shape].tolist(), undirected[of_shape].tolist(), behind[of_shape].tolist(), strict=True
        )
    ]
    return encode_layer("view", POLYGON, lines.corners.astype(np.int64), lines.ends, part_ends, tags)


def without_jitter(rings: Lines) -> Lines:
    """Without corners that lie in the same pixel as the one before; what has less than three left stays as it was."""
    starts, counts = starts_of(rings.ends), np.diff(rings.ends, prepend=0)
    filled = counts > 0
    pixel = rings.corners // A_PIXEL
    before = np.roll(pixel, 1, axis=0)
    before[starts[filled]] = pixel[rings.ends[filled] - 1]
    keep = (pixel != before).any(axis=1)
    left = np.concatenate([np.zeros(1, np.int64), np.cumsum(keep)])
    keep |= np.repeat(left[rings.ends] - left[starts] < 3, counts)
    return Lines(rings.corners[keep], np.concatenate([np.zeros(1, np.int64), np.cumsum(keep)])[rings.ends])


def squares(zoom: int, column: int, row: int, lonlat: Floats) -> bytes:
    """Layer `density`: how many cameras stand in each 32nd of the tile, as `views` and `per_km2`."""
    across = _projected(lonlat, zoom, column, row) * SQUARES // EXTENT
    across = across[((across >= 0) & (across < SQUARES)).all(axis=1)]
    counts = np.bincount(across[:, 1] * SQUARES + across[:, 0], minlength=SQUARES * SQUARES)
    filled = np.flatnonzero(counts)
    size = EXTENT // SQUARES
    corner = np.column_stack([filled % SQUARES, filled // SQUARES]) * size
    around = np.array([[0, 0], [size, 0], [size, size], [0, size]])
    xy = (corner[:, None, :] + around).reshape(-1, 2)
    area_km2 = _square_km2(zoom, row)
    tags: list[dict[str, Value]] = [
        {"views": count, "per_km2": round(float(f"{count / area_km2:.2g}"))} for count in counts[filled].tolist()
    ]
    each = np.arange(1, len(filled) + 1, dtype=np.int64)
    return encode_layer("density", POLYGON, xy.astype(np.int64), 4 * each, each, tags)


def _tags(camera_id: int, is_reach: bool, is_behind: bool) -> dict[str, Value]:
    said: dict[str, Value] = {"camera_id": camera_id}
    if is_reach:
        said["reach"] = True
    if is_behind:
        said["behind"] = True
    return said


def _square_km2(zoom: int, row: int) -> float:
    """Of a square in the middle of the tile."""
    latitude = np.arctan(np.sinh(np.pi * (1.0 - 2.0 * (row + 0.5) / (1 << zoom))))
    side_km = _EQUATOR_KM * float(np.cos(latitude)) / (1 << zoom) / SQUARES
    return side_km**2


def _projected(lonlat: Floats, zoom: int, column: int, row: int) -> Ints:
    x, y = mercator(lonlat[:, 0], lonlat[:, 1])
    count = 1 << zoom
    return np.rint(np.column_stack([(x * count - column) * EXTENT, (y * count - row) * EXTENT])).astype(np.int64)
