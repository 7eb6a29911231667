"""The walls of a town in metres: footprints merged into what light cannot pass, each wall with its height."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.core.errors import BadInput
from vms.core.geo import LocalFrame, Wgs84
from vms.coverage.wall_grid import CELL_M, WallGrid, hang, inside_each, is_inside
from vms.places.town import Building, Town

Floats = NDArray[np.float64]
MAX_SPAN_M = 100_000.0
"""A town is smaller; a building on the other side of the globe is a broken map."""
_JUST_INSIDE_M = 0.02
_OUTWARD_M = 1.0


@dataclass(frozen=True, slots=True)
class Walls:
    """Built with `Walls.of_town` or `Walls.of_segments`; never changes."""

    frame: LocalFrame
    grid: WallGrid
    height_m: Floats
    """Per wall; NaN where nobody said."""

    @classmethod
    def of_town(cls, town: Town, *, cell_m: float = CELL_M) -> "Walls":
        """Merging takes seconds for a large town. Raises BadInput for a map that spans more than `MAX_SPAN_M`."""
        frame = LocalFrame(_middle(town))
        if not town.buildings:
            return cls(frame, hang(np.zeros((0, 4)), cell_m), np.zeros(0))
        footprints = _footprints(town.buildings, frame)
        bounds = shapely.total_bounds(footprints)
        if max(bounds[2] - bounds[0], bounds[3] - bounds[1]) > MAX_SPAN_M:
            raise BadInput(f"the buildings lie more than {MAX_SPAN_M / 1000:.0f} km apart", where=town.name)
        segments = _outline_segments(footprints)
        heights = np.array([np.nan if b.height_m is None else b.height_m for b in town.buildings])
        return cls(frame, hang(segments, cell_m), _wall_heights(segments, footprints, heights))

    @classmethod
    def of_segments(cls, frame: LocalFrame, segments: Floats, *, cell_m: float = CELL_M) -> "Walls":
        """(n, 4) metres, closed rings with the building on the left of x1, y1 → x2, y2; none cross."""
        segments = np.asarray(segments, dtype=np.float64).reshape(-1, 4)
        if len(segments) and float(np.ptp(segments)) > MAX_SPAN_M:
            raise BadInput(f"the walls lie more than {MAX_SPAN_M / 1000:.0f} km apart")
        return cls(frame, hang(segments, cell_m), np.full(len(segments), np.nan))

    def __len__(self) -> int:
        return len(self.grid.segments)

    def covers(self, point: Wgs84) -> bool:
        """Does the point lie inside a building?"""
        return bool(is_inside(self.grid, *self.frame.to_xy(point)))

    def inside(self, xy_m: Floats) -> NDArray[np.bool_]:
        """Per (n, 2) metres: inside a building?"""
        return inside_each(self.grid, np.ascontiguousarray(xy_m, dtype=np.float64).reshape(-1, 2))

    def outdoors(self, point: Wgs84) -> Wgs84:
        """The point itself, or, inside a building, a spot 1 m before its nearest wall."""
        if not self.covers(point):
            return point
        x, y = self.frame.to_xy(point)
        segments = self.grid.segments
        start, along = segments[:, :2], segments[:, 2:] - segments[:, :2]
        length_m = np.hypot(along[:, 0], along[:, 1])
        t = ((np.array([x, y]) - start) * along).sum(axis=1) / np.maximum(length_m, 1e-9) ** 2
        feet = start + np.clip(t, 0.0, 1.0)[:, None] * along
        order = np.argsort(np.hypot(*(feet - [x, y]).T), kind="stable")
        for i in order[:16]:
            outward = np.array([along[i, 1], -along[i, 0]]) / max(length_m[i], 1e-9)
            before = feet[i] + _OUTWARD_M * outward
            if not is_inside(self.grid, float(before[0]), float(before[1])):
                return self.frame.to_wgs84(float(before[0]), float(before[1]))
        return point


def _middle(town: Town) -> Wgs84:
    lines = [building.outline for building in town.buildings] or [road.line for road in town.roads]
    if not lines:
        return Wgs84(0.0, 0.0)
    corners = np.concatenate(lines)
    lon, lat = ((corners.min(axis=0) + corners.max(axis=0)) / 2.0).tolist()
    return Wgs84(lon, lat)


def _footprints(buildings: Sequence[Building], frame: LocalFrame) -> NDArray[np.object_]:
    shapes = []
    for building in buildings:
        holes = [frame.to_xy_array(hole) for hole in building.holes if len(hole) >= 3]
        outline = frame.to_xy_array(building.outline)
        shapes.append(shapely.Polygon(outline, holes) if len(outline) >= 3 else shapely.Polygon())
    polygons: NDArray[np.object_] = np.array(shapes, dtype=object)
    broken = ~shapely.is_valid(polygons)
    polygons[broken] = shapely.make_valid(polygons[broken])
    return polygons


def _outline_segments(footprints: NDArray[np.object_]) -> Floats:
    merged = shapely.get_parts(shapely.union_all(footprints))
    solid = shapely.orient_polygons(merged[shapely.get_type_id(merged) == 3])
    rings = shapely.get_rings(solid)
    parts = [shapely.get_coordinates(ring) for ring in rings]
    if not parts:
        return np.zeros((0, 4))
    segments = np.concatenate([np.hstack([ring[:-1], ring[1:]]) for ring in parts])
    lengths = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    kept: Floats = segments[lengths > 0.0]
    return kept


def _wall_heights(segments: Floats, footprints: NDArray[np.object_], heights: Floats) -> Floats:
    """The height of the building just behind the middle of each wall; of several, the tallest."""
    along = segments[:, 2:] - segments[:, :2]
    inward = np.column_stack([-along[:, 1], along[:, 0]]) / np.hypot(along[:, 0], along[:, 1])[:, None]
    behind = (segments[:, :2] + segments[:, 2:]) / 2.0 + _JUST_INSIDE_M * inward
    tree = shapely.STRtree(footprints)
    wall, building = tree.query(shapely.points(behind), predicate="intersects")
    tallest = np.full(len(segments), -np.inf)
    np.fmax.at(tallest, wall, heights[building])
    return np.where(np.isfinite(tallest), tallest, np.nan)
