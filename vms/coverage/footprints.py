"""Houses of a map as valid polygons in metres, one per house; empty where an outline has no three corners."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.core.geo import LocalFrame
from vms.places.packed import PackedBuildings, to_degrees
from vms.places.town import Building

Shapes = NDArray[np.object_]

_FEWEST_CORNERS = 3


def plain_footprints(buildings: Sequence[Building], frame: LocalFrame) -> Shapes:
    """One by one, for a town of values."""
    footprints: Shapes = np.empty(len(buildings), dtype=object)
    for row, building in enumerate(buildings):
        holes = [frame.to_xy_array(hole) for hole in building.holes if len(hole) >= _FEWEST_CORNERS]
        outline = frame.to_xy_array(building.outline)
        footprints[row] = shapely.Polygon(outline, holes) if len(outline) >= _FEWEST_CORNERS else shapely.Polygon()
    return _made_valid(footprints)


def packed_footprints(buildings: PackedBuildings, frame: LocalFrame) -> Shapes:
    """A million at once, without a value for each."""
    rings, ends = buildings.outlines.rings, buildings.outlines.ends
    sizes = np.diff(rings.ends, prepend=0)
    counts = np.diff(ends, prepend=0)
    owner = np.repeat(np.arange(len(buildings)), counts)
    first = np.zeros(len(sizes), bool)
    first[(ends - counts)[counts > 0]] = True
    drawn = np.zeros(len(buildings), bool)
    drawn[owner[first & (sizes >= _FEWEST_CORNERS)]] = True
    kept = (sizes >= _FEWEST_CORNERS) & drawn[owner]
    footprints: Shapes = np.full(len(buildings), shapely.Polygon(), dtype=object)
    if not kept.any():
        return footprints
    ring_of_corner = np.repeat(np.arange(len(sizes)), sizes)
    of_kept = kept[ring_of_corner]
    xy = frame.to_xy_array(to_degrees(rings.corners[of_kept]))
    number = np.cumsum(kept) - 1
    loops = shapely.linearrings(xy, indices=number[ring_of_corner[of_kept]])
    place = np.cumsum(drawn) - 1
    footprints[drawn] = shapely.polygons(loops, indices=place[owner[kept]])
    return _made_valid(footprints)


def _made_valid(footprints: Shapes) -> Shapes:
    broken = ~shapely.is_valid(footprints)
    footprints[broken] = shapely.make_valid(footprints[broken])
    return footprints
