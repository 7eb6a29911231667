"""Where more cameras see than anybody asked for (防止重复建设): metres by number of views, spots, cameras to spare."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.coverage.demand import DemandKind
from vms.coverage.ground import Ground
from vms.coverage.stretches import line_of, runs_of
from vms.coverage.tally import Tally

MOST_COUNTED = 8
"""Views on one spot; more are counted as so many."""
SPARE_VIEWS = 3
"""A spot is over-covered with so many more than asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverCovered:
    """A stretch of one side of a road, or a place, that many usable views see well enough."""

    kind: DemandKind
    ground: Ground
    name: str
    region: str
    length_m: float
    line: tuple[Wgs84, ...]
    views: int
    """At least, on all of it."""
    need_views: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpareCamera:
    camera_id: CameraId
    covers_m: float
    """Of road that it covers, all of which enough others cover as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redundancy:
    """By day."""

    by_views_m: tuple[float, ...]
    """Metres of road seen by 0, 1, … usable views; the last: by so many or more."""
    spots: tuple[OverCovered, ...]
    """The longest first."""
    cameras: tuple[SpareCamera, ...]
    """Each by itself could go and nothing would be lost; what covers most first."""


def redundancy_of(
    tally: Tally, box: tuple[float, float, float, float] | None, limit: int, *, spare: int = SPARE_VIEWS
) -> Redundancy:
    """`box`: west, south, east, north in degrees; `limit`: so many spots and cameras at most. About 0.1 s for half a
    million samples, and some 10 µs a camera."""
    demand, seen = tally.demand, np.minimum(tally.seen_by, MOST_COUNTED)
    chosen = _inside(tally, box)
    metres = np.bincount(seen[chosen], weights=tally.road_mm[chosen] / 1000.0, minlength=MOST_COUNTED + 1)
    over = chosen & (tally.seen_by >= demand.need_views + spare) & demand.by_day
    first, end = runs_of(demand, over)
    spots = [_spot(tally, a, b) for a, b in zip(first.tolist(), end.tolist(), strict=True)]
    spots.sort(key=lambda spot: (-spot.length_m, spot.kind is not DemandKind.PLACE, -spot.views, spot.name))
    return Redundancy(
        by_views_m=tuple(metres.round(3).tolist()),
        spots=tuple(spots[:limit]),
        cameras=_spare_cameras(tally, box, limit),
    )


def _spare_cameras(tally: Tally, box: tuple[float, float, float, float] | None, limit: int) -> tuple[SpareCamera, ...]:
    index = tally.index
    alive = np.flatnonzero(index.buckets.alive)
    xy = np.column_stack([index.packed.x[alive], index.packed.y[alive]])
    near = alive[_in_box(tally, xy, box)]
    ids = [CameraId(camera_id) for camera_id in np.unique(index.buckets.ids[near]).tolist()]
    found = [
        SpareCamera(camera_id=camera_id, covers_m=price.covers_m)
        for camera_id, price in tally.price_of(ids).items()
        if price.covers_m > 0.0 and price.weighted_m == 0.0
    ]
    found.sort(key=lambda one: (-one.covers_m, one.camera_id))
    return tuple(found[:limit])


def _spot(tally: Tally, first: int, end: int) -> OverCovered:
    demand = tally.demand
    corners = tally.index.walls.frame.to_lonlat_array(line_of(demand, first, end)).tolist()
    return OverCovered(
        kind=demand.kind(first),
        ground=demand.ground_of(first),
        name=demand.name(first),
        region=demand.region_of(first),
        length_m=float(demand.length_m[first:end].sum()),
        line=tuple(Wgs84(lon, lat) for lon, lat in corners),
        views=int(tally.seen_by[first:end].min()),
        need_views=int(demand.need_views[first:end].max()),
    )


def _inside(tally: Tally, box: tuple[float, float, float, float] | None) -> NDArray[np.bool_]:
    return _in_box(tally, tally.demand.xy_m, box)


def _in_box(
    tally: Tally, xy_m: NDArray[np.float64], box: tuple[float, float, float, float] | None
) -> NDArray[np.bool_]:
    if box is None:
        return np.ones(len(xy_m), bool)
    west, south, east, north = box
    (x0, y0), (x1, y1) = tally.index.walls.frame.to_xy_array(np.array([[west, south], [east, north]])).tolist()
    x, y = xy_m[:, 0], xy_m[:, 1]
    inside: NDArray[np.bool_] = (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
    return inside
