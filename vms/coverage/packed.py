"""Many views as arrays: the form in which they are computed, kept and asked. One row per camera, pieces end to end."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.coverage.over_roofs import ENTRIES, NEAR_FROM_SHADOW, RoofScratch, sweep_over
from vms.coverage.snap import DEEP_INSIDE, STAYED, snap
from vms.coverage.sweep import ray_length, sweep
from vms.coverage.sweep_scratch import Scratch
from vms.coverage.wall_grid import WallGrid, is_inside

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Singles = NDArray[np.float32]

OUT_OF_REACH, BLOCKED, IN_SIGHT = 0, 1, 2
_TOUCHING_M = 1e-6


class PackedViews(NamedTuple):
    """Angles in radians counter-clockwise from east; lengths in metres of the walls' frame."""

    x: Floats
    y: Floats
    range_m: Floats
    near_m: Floats
    start_rad: Floats
    width_rad: Floats
    px_m: Singles
    """Pixels per metre at 1 m along the slant."""
    height_m: Singles
    """0 where unknown."""
    directed: NDArray[np.uint8]
    """0: nobody said where it looks; the pieces are what it could see."""
    indoor: NDArray[np.uint8]
    situation: NDArray[np.uint8]
    """As `snap` answers."""
    confidence: NDArray[np.uint8]
    """Of the direction: number of a `PoseConfidence`."""
    lofty: NDArray[np.uint8]
    """1: it looks over roofs; its pieces are stretches, as `over_roofs` says."""
    aim_start_rad: Singles
    aim_width_rad: Singles
    """Where a camera that can turn looks now; -1: nobody knows, or it does not turn."""
    first: NDArray[np.int64]
    pieces: Ints
    """Pieces `first … first + pieces`; none for indoor cameras."""
    piece_end: Floats
    piece_wall: Ints

    @property
    def rows(self) -> int:
        return len(self.x)


@compiled
def compute_rows(
    grid: WallGrid, views: PackedViews, begin: int, used: int, scratch: Scratch, roof: RoofScratch, snapping: bool
) -> tuple[int, int]:
    """Snap and sweep the rows from `begin` on, appending pieces from `used` on.

    Answers (rows done, pieces used). Fewer rows than there are: the scratch or the room for pieces was too
    small; the row where it stopped is untouched, so call again with more.
    """
    for i in range(begin, len(views.x)):
        views.first[i], views.pieces[i], views.situation[i] = used, 0, 0
        if views.indoor[i]:
            continue
        x, y = views.x[i], views.y[i]
        full = views.width_rad[i] >= 2.0 * math.pi
        bearing = math.nan if full else views.start_rad[i] + 0.5 * views.width_rad[i]
        snapped_x, snapped_y, situation = x, y, STAYED
        if snapping:
            snapped_x, snapped_y, situation = snap(grid, x, y, bearing)
        if situation != DEEP_INSIDE and views.near_m[i] < views.range_m[i]:
            if views.lofty[i]:
                n = sweep_over(
                    grid, snapped_x, snapped_y, float(views.height_m[i]), views.range_m[i], views.start_rad[i],
                    views.width_rad[i], scratch, roof,
                )  # fmt: skip
            else:
                outside = snapping or not is_inside(grid, x, y)
                n = sweep(
                    grid, snapped_x, snapped_y, views.range_m[i], views.start_rad[i], views.width_rad[i], outside,
                    scratch,
                )  # fmt: skip
            if n < 0 or used + n > len(views.piece_end):
                return i, used
            ends, walls = (roof.piece_end, roof.piece_wall) if views.lofty[i] else (
                scratch.piece_end, scratch.piece_wall)  # fmt: skip
            for k in range(n):
                views.piece_end[used + k] = ends[k]
                views.piece_wall[used + k] = walls[k]
            views.pieces[i] = n
            used += n
        views.x[i], views.y[i], views.situation[i] = snapped_x, snapped_y, situation
        if situation == DEEP_INSIDE:
            views.indoor[i] = 1
    return len(views.x), used


@compiled
def sight(segments: Floats, views: PackedViews, i: int, x: float, y: float) -> tuple[int, float]:
    """Does row `i` see the point? Answers (IN_SIGHT | BLOCKED | OUT_OF_REACH, ground distance)."""
    return sight_from(
        segments, views.piece_end, views.piece_wall, views.x[i], views.y[i], views.range_m[i], views.near_m[i],
        views.start_rad[i], views.width_rad[i], views.lofty[i], views.first[i], views.pieces[i], x, y,
    )  # fmt: skip


@compiled
def sight_from(
    segments: Floats,
    piece_end: Floats,
    piece_wall: Ints,
    from_x: float,
    from_y: float,
    range_m: float,
    near_m: float,
    start_rad: float,
    width_rad: float,
    lofty: int,
    first: int,
    pieces: int,
    x: float,
    y: float,
) -> tuple[int, float]:
    """As `sight`, of a row whose numbers are told."""
    dx, dy = x - from_x, y - from_y
    distance = math.sqrt(dx * dx + dy * dy)
    if distance > range_m or distance < near_m or pieces == 0:
        return OUT_OF_REACH, distance
    angle = (math.atan2(dy, dx) - start_rad) % (2.0 * math.pi)
    if angle > width_rad:
        return OUT_OF_REACH, distance
    step = ENTRIES if lofty else 1
    low, high = 0, pieces // step - 1
    while low < high:
        middle = (low + high) // 2
        if piece_end[first + middle * step] < angle:
            low = middle + 1
        else:
            high = middle
    if distance < 1e-9:
        return IN_SIGHT, distance
    at = first + low * step
    ux, uy = dx / distance, dy / distance
    if lofty:
        last = first + pieces
        return sight_over_roofs(
            segments, piece_end, piece_wall, at, last, from_x, from_y, ux, uy, distance
        ), distance  # fmt: skip
    wall = piece_wall[at]
    if wall < 0:
        return IN_SIGHT, distance
    clear = ray_length(segments, wall, from_x, from_y, ux, uy)
    return (IN_SIGHT if distance <= clear + _TOUCHING_M else BLOCKED), distance


@compiled
def sight_over_roofs(
    segments: Floats,
    piece_end: Floats,
    piece_wall: Ints,
    at: int,
    last: int,
    x: float,
    y: float,
    ux: float,
    uy: float,
    distance: float,
) -> int:
    """IN_SIGHT where one of the stretches that begin at piece `at` holds the distance, else BLOCKED."""
    end = piece_end[at]
    while at < last and piece_end[at] == end:
        near = 0.0
        if piece_wall[at + 2] == NEAR_FROM_SHADOW:
            reciprocal = piece_end[at + 1] * ux + piece_end[at + 2] * uy
            near = 1.0 / reciprocal if reciprocal > 0.0 else math.inf
        if distance < near - _TOUCHING_M:
            return BLOCKED
        wall = piece_wall[at]
        if wall < 0 or distance <= ray_length(segments, wall, x, y, ux, uy) + _TOUCHING_M:
            return IN_SIGHT
        at += ENTRIES
    return BLOCKED


@compiled
def aims_at(views: PackedViews, i: int, x: float, y: float) -> bool:
    """Does row `i` look there at this moment, walls apart? One that does not turn looks into its whole sector."""
    if views.aim_width_rad[i] < 0.0:
        return True
    angle = math.atan2(y - views.y[i], x - views.x[i]) - views.aim_start_rad[i]
    return bool(angle % (2.0 * math.pi) <= views.aim_width_rad[i])


@compiled
def area_below(away: float, foot_rad: float, begin_rad: float, end_rad: float, radius_m: float) -> float:
    """Square metres between the viewpoint and the nearer of a line and a circle, between two directions. The line
    passes at `away` in the direction `foot_rad`; both directions lie within 90° of that."""
    from_foot = (0.5 * (begin_rad + end_rad) - foot_rad + math.pi) % (2.0 * math.pi) - math.pi
    a, b = from_foot - 0.5 * (end_rad - begin_rad), from_foot + 0.5 * (end_rad - begin_rad)
    reach = math.acos(away / radius_m) if away < radius_m else 0.0
    inner_a, inner_b = min(max(a, -reach), reach), min(max(b, -reach), reach)
    line = 0.5 * away * away * (math.tan(inner_b) - math.tan(inner_a))
    return line + 0.5 * radius_m * radius_m * ((b - a) - (inner_b - inner_a))


@compiled
def area_to_wall(
    segments: Floats, wall: int, x: float, y: float, begin_rad: float, end_rad: float, radius_m: float
) -> float:
    """To the wall, or the circle where it is nearer; -1: no wall."""
    if wall < 0:
        return 0.5 * radius_m * radius_m * (end_rad - begin_rad)
    ex, ey = segments[wall, 2] - segments[wall, 0], segments[wall, 3] - segments[wall, 1]
    across = ((segments[wall, 0] - x) * ey - (segments[wall, 1] - y) * ex) / math.hypot(ex, ey)
    foot = math.atan2(-ex, ey) if across >= 0.0 else math.atan2(ex, -ey)
    return area_below(max(abs(across), 1e-12), foot, begin_rad, end_rad, radius_m)


@compiled
def area_of_row(segments: Floats, views: PackedViews, i: int, radius_m: float) -> float:
    """Square metres seen within this radius: under each piece the integral of min(wall, radius)² / 2."""
    if radius_m <= 0.0:
        return 0.0
    area, begin = 0.0, views.start_rad[i]
    first, last = views.first[i], views.first[i] + views.pieces[i]
    if not views.lofty[i]:
        for k in range(first, last):
            end = views.start_rad[i] + views.piece_end[k]
            area += area_to_wall(segments, views.piece_wall[k], views.x[i], views.y[i], begin, end, radius_m)
            begin = end
        return area
    for k in range(first, last, ENTRIES):
        end = views.start_rad[i] + views.piece_end[k]
        area += area_to_wall(segments, views.piece_wall[k], views.x[i], views.y[i], begin, end, radius_m)
        if views.piece_wall[k + 2] == NEAR_FROM_SHADOW:
            a, b = views.piece_end[k + 1], views.piece_end[k + 2]
            area -= area_below(1.0 / math.hypot(a, b), math.atan2(b, a), begin, end, radius_m)
        if k + ENTRIES < last and views.piece_end[k + ENTRIES] != views.piece_end[k]:
            begin = end
    return area


@compiled
def areas(segments: Floats, views: PackedViews) -> Floats:
    """Square metres that each row sees between its dead zone and its range."""
    result = np.zeros(len(views.x))
    for i in range(len(views.x)):
        if views.pieces[i] > 0:
            result[i] = area_of_row(segments, views, i, views.range_m[i])
            if views.near_m[i] > 0.0:
                result[i] -= area_of_row(segments, views, i, views.near_m[i])
    return result
