"""Marked windows and yards that nobody shall see into: as points that are held against every view."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.coverage.packed import PackedViews
from vms.coverage.rows_see import Spots, rows_see, spots_of
from vms.coverage.walls import Walls

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

LEAST_PX_PER_M = 62.5
"""From observation on (2014 edition) a person is more than a figure; coarser pictures may touch a marked area."""
STEP_M = 1.5
BEHIND_GLASS_M = 3.0
"""What is marked inside a building this near to its wall is a window: it is looked for before the wall."""
_BEFORE_THE_WALL_M = 0.3
_MOST_POINTS = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivatePoints:
    spots: Spots
    area: Ints
    """Per spot: the number of its area."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Onlooker:
    """A view that enters a marked area."""

    row: int
    area: int
    points: int
    """Of the area that it sees; out of `of`."""
    of: int
    px_per_m: float
    """At the point seen best."""


def private_points(areas: Sequence[shapely.Geometry], walls: Walls, *, least_px_per_m: float) -> PrivatePoints:
    """The areas in metres of the walls' frame; a grid over each and along its edge."""
    parts = [_points(area, walls) for area in areas]
    xy = np.concatenate([np.zeros((0, 2)), *parts])
    area = np.concatenate([np.zeros(0, np.int32), *(np.full(len(p), n, np.int32) for n, p in enumerate(parts))])
    order, spots = spots_of(xy, np.full(len(xy), least_px_per_m))
    return PrivatePoints(spots=spots, area=area[order].astype(np.int32))


def onlookers(walls: Walls, views: PackedViews, points: PrivatePoints) -> tuple[Onlooker, ...]:
    """Per row and area, whoever sees into one."""
    seen = rows_see(walls, views, points.spots)
    sizes = np.bincount(points.area) if len(points.area) else np.zeros(0, np.int64)
    found = []
    for row in np.flatnonzero(np.diff(seen.first)).tolist():
        spots = seen.spot[seen.first[row] : seen.first[row + 1]]
        for area in np.unique(points.area[spots]).tolist():
            here = spots[points.area[spots] == area]
            away = np.hypot(*(points.spots.xy_m[here] - [views.x[row], views.y[row]]).T)
            slant = np.maximum(np.hypot(away, views.height_m[row]), 0.1)
            found.append(
                Onlooker(
                    row=row,
                    area=area,
                    points=len(here),
                    of=int(sizes[area]),
                    px_per_m=float((views.px_m[row] / slant).max()),
                )
            )
    return tuple(found)


def _points(area: shapely.Geometry, walls: Walls) -> Floats:
    west, south, east, north = shapely.bounds(area)
    step = max(STEP_M, float(np.sqrt(max((east - west) * (north - south), 0.0) / _MOST_POINTS)))
    x, y = np.meshgrid(np.arange(west + step / 2, east, step), np.arange(south + step / 2, north, step))
    inner = np.column_stack([x.ravel(), y.ravel()])
    inner = inner[shapely.contains_xy(area, inner[:, 0], inner[:, 1])]
    edge = shapely.get_coordinates(shapely.segmentize(shapely.boundary(area), step))
    points = np.concatenate([inner, edge, shapely.get_coordinates(shapely.point_on_surface(area))])
    indoors = walls.inside(points)
    windows = _before_the_wall(points[indoors], walls)
    kept: Floats = np.concatenate([points[~indoors], windows])
    return kept


def _before_the_wall(points: Floats, walls: Walls) -> Floats:
    if len(points) == 0:
        return points
    segments = walls.grid.segments
    west, south = points.min(axis=0) - BEHIND_GLASS_M
    east, north = points.max(axis=0) + BEHIND_GLASS_M
    near = (
        (np.minimum(segments[:, 0], segments[:, 2]) <= east)
        & (np.maximum(segments[:, 0], segments[:, 2]) >= west)
        & (np.minimum(segments[:, 1], segments[:, 3]) <= north)
        & (np.maximum(segments[:, 1], segments[:, 3]) >= south)
    )
    walls_here = segments[near]
    if len(walls_here) == 0:
        return np.zeros((0, 2))
    start, along = walls_here[:, :2], walls_here[:, 2:] - walls_here[:, :2]
    length = np.hypot(along[:, 0], along[:, 1])
    outward = np.column_stack([along[:, 1], -along[:, 0]]) / length[:, None]
    found = []
    for point in points:
        t = np.clip(((point - start) * along).sum(axis=1) / length**2, 0.0, 1.0)
        feet = start + t[:, None] * along
        away = np.hypot(*(feet - point).T)
        nearest = int(np.argmin(away))
        if away[nearest] <= BEHIND_GLASS_M:
            found.append(feet[nearest] + _BEFORE_THE_WALL_M * outward[nearest])
    return np.array(found, dtype=np.float64).reshape(-1, 2)
