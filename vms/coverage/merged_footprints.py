"""Footprints that touch become one solid; where one house rises above its neighbour inside it, a screen remains.

Neighbours are merged group by group, not all at once: memory stays that of the largest block of houses.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.core.compiled import compiled

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Shapes = NDArray[np.object_]

_POLYGON = 3
_SHORTEST_M = 0.01
_LARGEST_CLASS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedFootprints:
    segments: Floats
    """(n, 4): x1, y1, x2, y2 of the solids' rings, the solid on the left."""
    screens: Floats
    """(m, 4): walls inside a solid, of a house that is higher than another of its block."""
    screen_height_m: Floats


def merge_footprints(footprints: Shapes, height_m: Floats) -> MergedFootprints:
    """Of valid polygons; empty ones are left out."""
    block = _blocks(footprints)
    sizes = np.bincount(block, minlength=len(footprints))
    alone = sizes[block] == 1
    merged_blocks = np.flatnonzero(sizes > 1)
    solids = _unions(footprints, block, sizes, merged_blocks)
    screens, heights = _screens(footprints, height_m, block, merged_blocks, solids)
    segments = _ring_segments(np.concatenate([footprints[alone], solids]))
    return MergedFootprints(segments=segments, screens=screens, screen_height_m=heights)


def _blocks(footprints: Shapes) -> Longs:
    """Per footprint the lowest number of those that hang together with it."""
    one, other = shapely.STRtree(footprints).query(footprints, predicate="intersects")
    apart = one < other
    return joined(len(footprints), one[apart].astype(np.int64), other[apart].astype(np.int64))


@compiled
def joined(n: int, one: Longs, other: Longs) -> Longs:
    """Union-find: per item the lowest number of its set."""
    parent = np.arange(n)
    for k in range(len(one)):
        a, b = one[k], other[k]
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        while parent[b] != b:
            parent[b] = parent[parent[b]]
            b = parent[b]
        parent[max(a, b)] = min(a, b)
    for i in range(n):
        parent[i] = parent[parent[i]]
    return parent


def _unions(footprints: Shapes, block: Longs, sizes: Longs, wanted: Longs) -> Shapes:
    """One solid per wanted block. Blocks of about one size go in one call."""
    order = np.argsort(block, kind="stable")
    first = np.searchsorted(block[order], wanted)
    count = sizes[wanted]
    solids: Shapes = np.empty(len(wanted), dtype=object)
    width = 2
    while width <= _LARGEST_CLASS:
        rows = np.flatnonzero((count <= width) & (count > width // 2))
        if len(rows):
            table: Shapes = np.full((len(rows), width), None, dtype=object)
            at = np.arange(width)[None, :]
            filled = at < count[rows][:, None]
            table[filled] = footprints[order[(first[rows][:, None] + at)[filled]]]
            solids[rows] = shapely.union_all(table, axis=1)
        width *= 2
    for row in np.flatnonzero(count > _LARGEST_CLASS).tolist():
        solids[row] = shapely.union_all(footprints[order[first[row] : first[row] + count[row]]])
    return solids


def _screens(
    footprints: Shapes, height_m: Floats, block: Longs, wanted: Longs, solids: Shapes
) -> tuple[Floats, Floats]:
    """What of a house's outline lies inside its block's solid, for houses above the lowest of the block.

    The lowest house's shadow ends within that of the neighbour behind it, so its screens would hide nothing more.
    """
    heights = np.where(np.isnan(height_m), np.inf, height_m)
    lowest = np.full(len(footprints), np.inf)
    np.minimum.at(lowest, block, heights)
    higher = np.flatnonzero(heights > lowest[block])
    if len(higher) == 0:
        return np.zeros((0, 4)), np.zeros(0)
    solid = solids[np.searchsorted(wanted, block[higher])]
    inner = shapely.difference(shapely.boundary(footprints[higher]), shapely.boundary(solid))
    lines, owner = shapely.get_parts(inner, return_index=True)
    corners, line = shapely.get_coordinates(lines, return_index=True)
    along = line[1:] == line[:-1]
    segments = np.hstack([corners[:-1][along], corners[1:][along]])
    kept = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1]) > _SHORTEST_M
    return segments[kept], height_m[higher[owner[line[:-1][along]]]][kept]


def _ring_segments(solids: Shapes) -> Floats:
    parts = shapely.get_parts(solids)
    polygons = shapely.orient_polygons(parts[shapely.get_type_id(parts) == _POLYGON])
    corners, ring = shapely.get_coordinates(shapely.get_rings(polygons), return_index=True)
    if len(corners) == 0:
        return np.zeros((0, 4))
    along = ring[1:] == ring[:-1]
    segments = np.hstack([corners[:-1][along], corners[1:][along]])
    kept: Floats = segments[np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1]) > 0.0]
    return kept
