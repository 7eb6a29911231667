"""Footprints of many buildings as polygons in metres, without a value for each building."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.core.geo import LocalFrame
from vms.places.packed import PackedBuildings, to_degrees
from vms.places.texts import starts_of
from vms.places.town import Building


def footprint_polygons(
    buildings: Sequence[Building], frame: LocalFrame
) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """Per building its polygon, made valid where it crosses itself (empty where it has no area), and its height (NaN:
    nobody said)."""
    packed = PackedBuildings.of(buildings)
    if not len(packed):
        return np.zeros(0, dtype=object), np.zeros(0)
    lengths = packed.rings.ends - starts_of(packed.rings.ends)
    ring_count = packed.ring_ends - starts_of(packed.ring_ends)
    owner = np.repeat(np.arange(len(packed)), ring_count)
    outline_length = lengths[starts_of(packed.ring_ends)]
    kept = (outline_length[owner] >= 3) & (lengths >= 3)
    polygons: NDArray[np.object_] = np.full(len(packed), shapely.Polygon(), dtype=object)
    rings = packed.rings.taken(np.flatnonzero(kept))
    if not len(rings):
        return polygons, packed.height_m
    of_ring = np.repeat(np.arange(len(rings)), lengths[kept])
    metres = frame.to_xy_array(to_degrees(rings.corners))
    drawn = shapely.polygons(shapely.linearrings(metres, indices=of_ring), indices=_in_a_row(owner[kept]))
    polygons[np.unique(owner[kept])] = drawn
    broken = ~shapely.is_valid(polygons)
    polygons[broken] = shapely.make_valid(polygons[broken])
    return polygons, packed.height_m


def _in_a_row(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Counted from 0 without holes, in their order."""
    return np.cumsum(np.concatenate([[0], np.diff(numbers) > 0])).astype(np.int64)
