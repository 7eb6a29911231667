"""The walls of a town in metres: footprints merged into what light cannot pass, each wall with its height."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.core.errors import BadInput
from vms.core.geo import LocalFrame, Wgs84
from vms.coverage.footprints import packed_footprints, plain_footprints
from vms.coverage.merged_footprints import merge_footprints
from vms.coverage.wall_grid import CELL_M, WallGrid, hang, inside_each, is_inside
from vms.places.packed import PackedBuildings, to_degrees
from vms.places.town import Town

Floats = NDArray[np.float64]
MAX_SPAN_M = 100_000.0
"""A town is smaller; a building on the other side of the globe is a broken map."""
_JUST_INSIDE_M = 0.02
_BEHIND_AT = (0.5, 0.25, 0.75)
_OUTWARD_M = 1.0


@dataclass(frozen=True, slots=True)
class Walls:
    """Built with `Walls.of_town` or `Walls.of_segments`; never changes."""

    frame: LocalFrame
    grid: WallGrid

    @property
    def height_m(self) -> NDArray[np.float32]:
        """Per wall; NaN where nobody said."""
        return self.grid.height_m

    @classmethod
    def of_town(cls, town: Town, *, cell_m: float = CELL_M, frame: LocalFrame | None = None) -> "Walls":
        """Merging takes seconds for a large town. Raises BadInput for a map that spans more than `MAX_SPAN_M`."""
        frame = frame or LocalFrame(middle_of(town))
        houses = town.buildings
        if isinstance(houses, PackedBuildings):
            footprints, heights = packed_footprints(houses, frame), houses.height_m
        else:
            footprints = plain_footprints(houses, frame)
            heights = np.array([np.nan if b.height_m is None else b.height_m for b in houses], dtype=np.float64)
        return cls.of_footprints(frame, footprints, heights, where=town.name, cell_m=cell_m)

    @classmethod
    def of_footprints(
        cls,
        frame: LocalFrame,
        footprints: NDArray[np.object_],
        height_m: Floats,
        *,
        where: str = "",
        cell_m: float = CELL_M,
    ) -> "Walls":
        """Of valid polygons in metres of the frame and the height of each (NaN: nobody said)."""
        if len(footprints) == 0:
            return cls(frame, hang(np.zeros((0, 4)), cell_m))
        bounds = shapely.total_bounds(footprints)
        if max(bounds[2] - bounds[0], bounds[3] - bounds[1]) > MAX_SPAN_M:
            raise BadInput(f"the buildings lie more than {MAX_SPAN_M / 1000:.0f} km apart", where=where)
        merged = merge_footprints(footprints, height_m)
        grid = hang(
            merged.segments,
            cell_m,
            height_m=_wall_heights(merged.segments, footprints, height_m),
            screens=merged.screens,
            screen_height_m=merged.screen_height_m,
        )
        return cls(frame, grid)

    @classmethod
    def of_segments(
        cls, frame: LocalFrame, segments: Floats, *, height_m: Floats | None = None, cell_m: float = CELL_M
    ) -> "Walls":
        """(n, 4) metres, closed rings with the building on the left of x1, y1 → x2, y2; none cross."""
        segments = np.asarray(segments, dtype=np.float64).reshape(-1, 4)
        if len(segments) and float(np.ptp(segments)) > MAX_SPAN_M:
            raise BadInput(f"the walls lie more than {MAX_SPAN_M / 1000:.0f} km apart")
        return cls(frame, hang(segments, cell_m, height_m=height_m))

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


def middle_of(town: Town) -> Wgs84:
    """Of its buildings, or of its roads where it has none; where there is nothing at all, of nowhere."""
    houses, roads = town.buildings, town.roads
    if isinstance(houses, PackedBuildings) and len(houses):
        corners = to_degrees(houses.outlines.rings.corners)
    elif lines := [building.outline for building in houses] or [road.line for road in roads]:
        corners = np.concatenate(lines)
    else:
        return Wgs84(0.0, 0.0)
    lon, lat = ((corners.min(axis=0) + corners.max(axis=0)) / 2.0).tolist()
    return Wgs84(lon, lat)


def _wall_heights(segments: Floats, footprints: NDArray[np.object_], heights: Floats) -> Floats:
    """The height of the building just behind the middle of each wall; of several, the tallest. Where a court touches
    the wall from behind in its very middle, aside of that."""
    along = segments[:, 2:] - segments[:, :2]
    inward = np.column_stack([-along[:, 1], along[:, 0]]) / np.hypot(along[:, 0], along[:, 1])[:, None]
    tree = shapely.STRtree(footprints)
    tallest = np.full(len(segments), -np.inf)
    left = np.arange(len(segments))
    for share in _BEHIND_AT:
        behind = segments[left, :2] + share * along[left] + _JUST_INSIDE_M * inward[left]
        wall, building = tree.query(shapely.points(behind), predicate="intersects")
        np.fmax.at(tallest, left[wall], heights[building])
        left = np.setdiff1d(left, left[wall])
    return np.where(np.isfinite(tallest), tallest, np.nan)
