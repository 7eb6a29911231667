"""The outline of a packed view in metres, for drawing: its pieces as straight walls, shadows' ends and arcs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.coverage.over_roofs import ENTRIES, NEAR_FROM_SHADOW
from vms.coverage.packed import PackedViews
from vms.coverage.turns import FULL_TURN

Floats = NDArray[np.float64]
Corner = tuple[float, float]

ARC_STEP_DEG = 6.0
_AS_GOOD_AS_NOTHING_M2 = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Ground in sight between two directions: from a shadow's end (or the camera) to a wall (or the range)."""

    begin_rad: float
    end_rad: float
    far: tuple[Corner, ...]
    near: tuple[Corner, ...]
    """Two corners; none: it begins at the camera."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    apex: Corner
    full_turn: bool
    rows: tuple[Stretch, ...]

    def outer_ring(self) -> Floats:
        """Closed, around the farthest ground in sight; no row where there is nothing."""
        corners: list[Corner] = [] if self.full_turn else [self.apex]
        for row, stretch in enumerate(self.rows):
            if row + 1 == len(self.rows) or self.rows[row + 1].end_rad != stretch.end_rad:
                corners.extend(stretch.far)
        return np.array([*corners, corners[0]]) if len(corners) >= 3 else np.zeros((0, 2))


def stretches_of_row(
    segments: Floats, views: PackedViews, row: int, radius_m: float, *, arc_step_deg: float = ARC_STEP_DEG
) -> Stretches:
    """Its pieces, clipped at the radius, as corners."""
    x, y, start = float(views.x[row]), float(views.y[row]), float(views.start_rad[row])
    lofty = bool(views.lofty[row])
    first, last = int(views.first[row]), int(views.first[row]) + int(views.pieces[row])
    full_turn = bool(views.width_rad[row] >= FULL_TURN)
    whole = radius_m >= float(views.range_m[row])
    step = ENTRIES if lofty else 1

    def along(angle: float, radius_m: float, line: Sequence[float] | None = None) -> Corner:
        """Where the ray ends, at the wall's line at the latest; `sweep.ray_length`, called for each corner drawn."""
        ux, uy, length = math.cos(start + angle), math.sin(start + angle), radius_m
        if line is not None:
            x1, y1, x2, y2 = line[:4]
            across = ux * (y2 - y1) - uy * (x2 - x1)
            if across != 0.0:
                length = min(radius_m, ((x1 - x) * (y2 - y1) - (y1 - y) * (x2 - x1)) / across)
        return x + length * ux, y + length * uy

    rows: list[Stretch] = []
    begin, previous = 0.0, 0.0
    for at in range(first, last, step):
        end, wall = float(views.piece_end[at]), int(views.piece_wall[at])
        if end != previous:
            begin, previous = previous, end
        if wall < 0:
            far = [along(angle, radius_m) for angle in _arc_angles(begin, end, arc_step_deg)]
        else:
            line = segments[wall].tolist()
            angles = (begin, end) if whole else _arc_angles(begin, end, arc_step_deg)
            far = [along(angle, radius_m, line) for angle in angles]
        near: list[Corner] = []
        if lofty and views.piece_wall[at + 2] == NEAR_FROM_SHADOW:
            a, b = float(views.piece_end[at + 1]), float(views.piece_end[at + 2])
            for angle in (begin, end):
                ux, uy = math.cos(start + angle), math.sin(start + angle)
                length = 1.0 / max(a * ux + b * uy, 1e-9)
                near.append((x + length * ux, y + length * uy))
        rows.append(Stretch(begin_rad=begin, end_rad=end, far=tuple(far), near=tuple(near)))
    return Stretches(apex=(x, y), full_turn=full_turn, rows=tuple(rows))


def shape_of_row(
    segments: Floats, views: PackedViews, row: int, radius_m: float, *, arc_step_deg: float = ARC_STEP_DEG
) -> shapely.Geometry:
    """Polygons only, exterior rings counter-clockwise, the dead zone cut out; empty where nothing is seen."""
    stretches = stretches_of_row(segments, views, row, radius_m, arc_step_deg=arc_step_deg)
    if views.lofty[row]:
        shape = _over_roofs(stretches)
    else:
        ring = stretches.outer_ring()
        shape = shapely.Polygon(ring) if len(ring) else shapely.Polygon()
    near_m = float(views.near_m[row])
    if near_m > 0.0 and not shape.is_empty:
        shape = shape.difference(
            shapely.Point(stretches.apex).buffer(near_m, quad_segs=max(8, round(90.0 / arc_step_deg)))
        )
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and not part.is_empty]
    oriented = [shapely.geometry.polygon.orient(part) for part in parts]
    return oriented[0] if len(oriented) == 1 else shapely.MultiPolygon(oriented)


def _over_roofs(stretches: Stretches) -> shapely.Geometry:
    apex = stretches.apex
    wedges = [shapely.Polygon([apex, *stretch.far]) for stretch in stretches.rows]
    hidden = [shapely.Polygon([apex, *s.near]) if s.near else shapely.Polygon() for s in stretches.rows]
    seen = shapely.difference(np.array(wedges, dtype=object), np.array(hidden, dtype=object))
    parts = shapely.get_parts(seen)
    solid = parts[(shapely.get_type_id(parts) == 3) & (shapely.area(parts) > _AS_GOOD_AS_NOTHING_M2)]
    # wedges meet along rays: roundings must not leave hairs between them
    return shapely.union_all(solid, grid_size=1e-6) if len(solid) else shapely.Polygon()


def _arc_angles(begin: float, end: float, step_deg: float) -> list[float]:
    steps = max(1, math.ceil((end - begin) / math.radians(step_deg)))
    return [begin + (end - begin) * k / steps for k in range(steps + 1)]
