"""What a camera sees: its sector, cut by buildings, graded in px/m.

Cameras that a map puts on or in a building are first moved to 0.5 m before the wall they look away from (`snapped`).
A camera that is indoor, by declaration or because it stands deep inside a building, covers no street: its view is
empty. A camera whose bearing nobody told is not `directional`: its shape shows what it could see, but it
does not count as seeing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.core.geo import Wgs84
from vms.coverage.confidence import PoseConfidence
from vms.coverage.density import DEFAULT_WIDTH_PX, DensityProfile, density_px_per_m
from vms.coverage.over_roofs import roof_scratch_for
from vms.coverage.packed import IN_SIGHT, PackedViews, area_of_row, areas, compute_rows, sight
from vms.coverage.poses import FULL_TURN, rows_of_poses
from vms.coverage.snap import SNAPPED
from vms.coverage.sweep_scratch import scratch_for
from vms.coverage.view_shape import ARC_STEP_DEG, shape_of_row, stretches_of_row
from vms.coverage.walls import Walls
from vms.inventory.camera import Pose

Floats = NDArray[np.float64]
_SCRATCH_INTERVALS = 4096
_A_FEW_INTERVALS, _A_FEW_ROWS = 512, 64
"""One changed camera shall not pay for room that a town needs."""


@dataclass(frozen=True, slots=True)
class ViewBand:
    """The part of a view that reaches one class of a density profile."""

    name: str
    least_px_per_m: float
    area_m2: float
    radius_m: float
    """On the ground."""


@dataclass(frozen=True, slots=True)
class View:
    """One row of `Views`."""

    walls: Walls
    packed: PackedViews
    row: int

    @property
    def position(self) -> Wgs84:
        """Where it was computed from: after snapping."""
        return self.walls.frame.to_wgs84(float(self.packed.x[self.row]), float(self.packed.y[self.row]))

    @property
    def snapped(self) -> bool:
        return bool(self.packed.situation[self.row] == SNAPPED)

    @property
    def indoor(self) -> bool:
        return bool(self.packed.indoor[self.row])

    @property
    def directional(self) -> bool:
        return bool(self.packed.directed[self.row])

    @property
    def full_turn(self) -> bool:
        return bool(self.packed.width_rad[self.row] >= FULL_TURN)

    @property
    def range_m(self) -> float:
        return float(self.packed.range_m[self.row])

    @property
    def near_m(self) -> float:
        """Radius of the dead zone below the camera."""
        return float(self.packed.near_m[self.row])

    @property
    def pieces(self) -> tuple[Floats, NDArray[np.int32]]:
        """Where each piece ends (radians from the sector's start) and the wall that bounds it (-1: the range)."""
        first = int(self.packed.first[self.row])
        last = first + int(self.packed.pieces[self.row])
        return self.packed.piece_end[first:last], self.packed.piece_wall[first:last]

    @property
    def confidence(self) -> PoseConfidence:
        """How sure it is where the camera looks."""
        return PoseConfidence(int(self.packed.confidence[self.row]))

    @property
    def over_roofs(self) -> bool:
        """It stands so high that walls lower than itself hide a part of what lies behind them only."""
        return bool(self.packed.lofty[self.row])

    @property
    def aim(self) -> tuple[float, float] | None:
        """(bearing of its middle, width), in degrees, of what a camera that can turn shows now; None: it does not turn,
        or nobody knows."""
        width = float(self.packed.aim_width_rad[self.row])
        if width <= 0.0:
            return None
        middle = float(self.packed.aim_start_rad[self.row]) + width / 2.0
        return (90.0 - float(np.degrees(middle))) % 360.0, float(np.degrees(width))

    @property
    def is_reach(self) -> bool:
        """All that a camera could be turned to, beside its view of now."""
        return not self.directional and float(self.packed.aim_width_rad[self.row]) >= 0.0

    @property
    def area_m2(self) -> float:
        return self.area_within_m2(self.range_m)

    @property
    def in_sight_m2(self) -> float:
        """As if there were no dead zone below the camera."""
        return self._area_within(self.range_m)

    def area_within_m2(self, radius_m: float) -> float:
        """What it sees up to this distance, without its dead zone."""
        radius_m = min(radius_m, self.range_m)
        return max(0.0, self._area_within(radius_m) - self._area_within(min(self.near_m, radius_m)))

    def density_px_per_m(self, distance_m: float) -> float:
        """On a target at this ground distance."""
        return density_px_per_m(float(self.packed.px_m[self.row]), distance_m, float(self.packed.height_m[self.row]))

    def distance_at_m(self, px_per_m: float) -> float:
        """The ground distance up to which the density is at least this; 0 where it never is."""
        slant = float(self.packed.px_m[self.row]) / px_per_m
        return float(np.sqrt(max(0.0, slant**2 - float(self.packed.height_m[self.row]) ** 2)))

    def bands(self, profile: DensityProfile) -> tuple[ViewBand, ...]:
        """Per class, the area with at least its density: the same pieces clipped at its radius."""
        result = []
        for density in profile.classes:
            radius_m = min(self.range_m, self.distance_at_m(density.least_px_per_m))
            result.append(ViewBand(density.name, density.least_px_per_m, self.area_within_m2(radius_m), radius_m))
        return tuple(result)

    def sees(self, point: Wgs84) -> bool:
        """Is the point in sight? Never for a camera whose direction is unknown; ask `could_see`."""
        return self.directional and self.could_see(point)

    def could_see(self, point: Wgs84) -> bool:
        x, y = self.walls.frame.to_xy(point)
        relation, _ = sight(self.walls.grid.segments, self.packed, self.row, x, y)
        return relation == IN_SIGHT

    def polygon_lonlat(self, *, radius_m: float | None = None) -> Floats:
        """(n, 2) degrees, a closed ring (first = last), without regard to the dead zone and to what walls hide before
        the farthest ground in sight; empty where nothing is seen.

        `radius_m` clips it, for bands. Arcs become corners every 6°; a 360° view does not touch its apex.
        """
        ring = stretches_of_row(self.walls.grid.segments, self.packed, self.row, self._radius(radius_m)).outer_ring()
        return self.walls.frame.to_lonlat_array(ring) if len(ring) else ring

    def shape_xy(self, *, radius_m: float | None = None, arc_step_deg: float = ARC_STEP_DEG) -> shapely.Geometry:
        """In metres of the walls' frame, with the dead zone and every hidden part cut out. Arcs become corners."""
        segments, radius = self.walls.grid.segments, self._radius(radius_m)
        return shape_of_row(segments, self.packed, self.row, radius, arc_step_deg=arc_step_deg)

    def geometry(self, *, radius_m: float | None = None, arc_step_deg: float = ARC_STEP_DEG) -> dict[str, object]:
        """GeoJSON (Polygon or MultiPolygon) of `shape_xy`; for drawing."""
        return self.geometry_of(self.shape_xy(radius_m=radius_m, arc_step_deg=arc_step_deg))

    def geometry_of(self, shape_xy: shapely.Geometry) -> dict[str, object]:
        """Of a shape in metres of the walls' frame."""
        parts = [part for part in shapely.get_parts(shape_xy) if part.geom_type == "Polygon"]
        polygons = [[self._rounded(r) for r in (part.exterior, *part.interiors)] for part in parts if not part.is_empty]
        if len(polygons) == 1:
            return {"type": "Polygon", "coordinates": polygons[0]}
        return {"type": "MultiPolygon", "coordinates": polygons}

    def _radius(self, radius_m: float | None) -> float:
        return self.range_m if radius_m is None else min(self.range_m, radius_m)

    def _rounded(self, ring: shapely.LinearRing) -> list[list[float]]:
        lonlat = self.walls.frame.to_lonlat_array(shapely.get_coordinates(ring))
        rounded: list[list[float]] = lonlat.round(7).tolist()
        return rounded

    def _area_within(self, radius_m: float) -> float:
        if radius_m <= 0.0:
            return 0.0
        return float(area_of_row(self.walls.grid.segments, self.packed, self.row, radius_m))


def geometry_together(views: Sequence[View]) -> dict[str, object]:
    """GeoJSON of what views of one housing see together; for drawing."""
    if len(views) == 1:
        return views[0].geometry()
    return views[0].geometry_of(shapely.union_all([view.shape_xy() for view in views]))


@dataclass(frozen=True, slots=True)
class Views:
    """Many views over the same walls, packed. About 150 bytes a camera."""

    walls: Walls
    packed: PackedViews

    def __len__(self) -> int:
        return self.packed.rows

    def __getitem__(self, row: int) -> View:
        return View(self.walls, self.packed, range(len(self))[row])

    def __iter__(self) -> Iterator[View]:
        return (View(self.walls, self.packed, row) for row in range(len(self)))

    def areas_m2(self) -> Floats:
        return areas(self.walls.grid.segments, self.packed)


def compute_view(
    pose: Pose,
    walls: Walls,
    *,
    width_px: int = DEFAULT_WIDTH_PX,
    indoor: bool = False,
    ptz: bool = False,
    known: int = 0,
    snapping: bool = True,
) -> View:
    views = compute_views([pose], walls, width_px=width_px, indoor=indoor, ptz=ptz, known=known, snapping=snapping)
    return views[0]


def compute_views(
    poses: Sequence[Pose],
    walls: Walls,
    *,
    width_px: int | Sequence[int] | NDArray[np.int64] = DEFAULT_WIDTH_PX,
    indoor: bool | Sequence[bool] | NDArray[np.bool_] = False,
    ptz: bool | Sequence[bool] | NDArray[np.bool_] = False,
    known: int | Sequence[int] | NDArray[np.uint8] = 0,
    snapping: bool = True,
) -> Views:
    """One call for all cameras; one value or one per pose for the options.

    Without `snapping` a camera that the map puts inside a building is computed from there.
    """
    rows = rows_of_poses(poses, walls.frame, width_px=width_px, indoor=indoor, ptz=ptz, known=known)
    return Views(walls, sweep_rows(rows, walls, snapping=snapping))


def sweep_rows(rows: PackedViews, walls: Walls, *, snapping: bool = True) -> PackedViews:
    """Fill the pieces of prepared rows (in place but for the pieces' arrays, which grow)."""
    intervals = _A_FEW_INTERVALS if rows.rows <= _A_FEW_ROWS else _SCRATCH_INTERVALS
    scratch, roof = scratch_for(intervals), roof_scratch_for(intervals)
    done, used = 0, 0
    while True:
        stopped, used = compute_rows(walls.grid, rows, done, used, scratch, roof, snapping)
        if stopped == rows.rows:
            return rows._replace(piece_end=rows.piece_end[:used], piece_wall=rows.piece_wall[:used])
        room = len(rows.piece_end)
        if used + len(roof.piece_end) > room:
            grown = 2 * room + len(roof.piece_end)
            ends, walls_of = np.empty(grown), np.empty(grown, np.int32)
            ends[:used], walls_of[:used] = rows.piece_end[:used], rows.piece_wall[:used]
            rows = rows._replace(piece_end=ends, piece_wall=walls_of)
        else:
            intervals *= 4
            scratch, roof = scratch_for(intervals), roof_scratch_for(intervals)
        done = stopped
