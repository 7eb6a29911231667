"""Lines and outlines in units of a tile, cut where they reach too far beyond its edge."""

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.maps.tiles.layer import EXTENT
from vms.places.packed import Lines
from vms.places.texts import starts_of, taken_items

Ints = NDArray[np.int64]


def polygons_within(rings: Lines, ring_ends: Ints) -> tuple[Lines, Ints, Ints]:
    """Rings, where each polygon ends among them, and which one each is of. What reaches more than a tile beyond the
    edge is cut, into several or none, and comes last: renderers count in 16 bits."""
    outlines = rings.boxes()[starts_of(ring_ends)] if len(ring_ends) else np.zeros((0, 4), np.int32)
    is_large = (outlines[:, :2] < -EXTENT).any(axis=1) | (outlines[:, 2:] > 2 * EXTENT).any(axis=1)
    large, small = np.flatnonzero(is_large), np.flatnonzero(~is_large)
    if not len(large):
        return rings, ring_ends, small
    chosen, ends = taken_items(small, ring_ends)
    kept, counts, owners = [rings.taken(chosen)], [np.diff(ends, prepend=0)], [small]
    for at in large.tolist():
        own = np.arange(ring_ends[at - 1] if at else 0, ring_ends[at])
        parts = _cut(rings.taken(own))
        kept += parts
        counts.append(np.array([len(part) for part in parts], dtype=np.int64))
        owners.append(np.full(len(parts), at, np.int64))
    return Lines.joined(kept), np.cumsum(np.concatenate(counts)), np.concatenate(owners)


def lines_within(xy: Ints, ends: Ints, beyond: float) -> tuple[Lines, Ints]:
    """Cut at the margin around the tile, and which line each piece is of."""
    if not len(ends):
        return Lines(np.zeros((0, 2), np.int32), ends), np.zeros(0, np.int64)
    of_line = np.repeat(np.arange(len(ends)), ends - starts_of(ends))
    shapes = shapely.linestrings(xy.astype(np.float64), indices=of_line)
    cut = shapely.clip_by_rect(shapes, -beyond, -beyond, EXTENT + beyond, EXTENT + beyond)
    pieces, owner = shapely.get_parts(cut, return_index=True)
    is_line = (shapely.get_type_id(pieces) == 1) & ~shapely.is_empty(pieces)
    pieces, owner = pieces[is_line], owner[is_line]
    corners, of_piece = shapely.get_coordinates(pieces, return_index=True)
    piece_ends = np.cumsum(np.bincount(of_piece, minlength=len(pieces))).astype(np.int64)
    return Lines(np.rint(corners).astype(np.int32), piece_ends), owner


def _cut(rings: Lines) -> list[Lines]:
    shells = np.split(rings.corners.astype(np.float64), rings.ends[:-1])
    shells = [shell for shell in shells if len(shell) >= 3]
    if not shells:
        return []
    shape = shapely.make_valid(shapely.Polygon(shells[0], shells[1:]))
    cut = shapely.clip_by_rect(shape, -EXTENT, -EXTENT, 2 * EXTENT, 2 * EXTENT)
    found = [one for one in shapely.get_parts(cut) if isinstance(one, shapely.Polygon) and not one.is_empty]
    return [_rings_of(polygon) for polygon in found]


def _rings_of(polygon: shapely.Polygon) -> Lines:
    corners = [shapely.get_coordinates(ring)[:-1] for ring in (polygon.exterior, *polygon.interiors)]
    ends = np.cumsum(np.array([len(ring) for ring in corners], dtype=np.int64))
    return Lines(np.rint(np.concatenate(corners)).astype(np.int32), ends)
