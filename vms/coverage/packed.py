"""Many views as arrays: the form in which they are computed, kept and asked. One row per camera, pieces end to end."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.coverage.snap import DEEP_INSIDE, snap
from vms.coverage.sweep import Scratch, ray_length, sweep
from vms.coverage.wall_grid import WallGrid

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

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
    px_m: Floats
    """Pixels per metre at 1 m along the slant."""
    height_m: Floats
    """0 where unknown."""
    directed: NDArray[np.uint8]
    """0: nobody said where it looks; the pieces are what it could see."""
    indoor: NDArray[np.uint8]
    situation: NDArray[np.uint8]
    """As `snap` answers."""
    first: NDArray[np.int64]
    pieces: Ints
    """Pieces `first … first + pieces`; none for indoor cameras."""
    piece_end: Floats
    piece_wall: Ints

    @property
    def rows(self) -> int:
        return len(self.x)


@compiled
def compute_rows(grid: WallGrid, views: PackedViews, begin: int, used: int, scratch: Scratch) -> tuple[int, int]:
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
        snapped_x, snapped_y, situation = snap(grid, x, y, bearing)
        if situation != DEEP_INSIDE and views.near_m[i] < views.range_m[i]:
            n = sweep(grid, snapped_x, snapped_y, views.range_m[i], views.start_rad[i], views.width_rad[i], scratch)
            if n < 0 or used + n > len(views.piece_end):
                return i, used
            for k in range(n):
                views.piece_end[used + k] = scratch.piece_end[k]
                views.piece_wall[used + k] = scratch.piece_wall[k]
            views.pieces[i] = n
            used += n
        views.x[i], views.y[i], views.situation[i] = snapped_x, snapped_y, situation
        if situation == DEEP_INSIDE:
            views.indoor[i] = 1
    return len(views.x), used


@compiled
def sight(segments: Floats, views: PackedViews, i: int, x: float, y: float) -> tuple[int, float]:
    """Does row `i` see the point? Answers (IN_SIGHT | BLOCKED | OUT_OF_REACH, ground distance)."""
    dx, dy = x - views.x[i], y - views.y[i]
    distance = math.hypot(dx, dy)
    if distance > views.range_m[i] or distance < views.near_m[i] or views.pieces[i] == 0:
        return OUT_OF_REACH, distance
    angle = (math.atan2(dy, dx) - views.start_rad[i]) % (2.0 * math.pi)
    if angle > views.width_rad[i]:
        return OUT_OF_REACH, distance
    low, high = views.first[i], views.first[i] + views.pieces[i] - 1
    while low < high:
        middle = (low + high) // 2
        if views.piece_end[middle] < angle:
            low = middle + 1
        else:
            high = middle
    wall = views.piece_wall[low]
    if wall < 0 or distance < 1e-9:
        return IN_SIGHT, distance
    clear = ray_length(segments, wall, views.x[i], views.y[i], dx / distance, dy / distance)
    return (IN_SIGHT if distance <= clear + _TOUCHING_M else BLOCKED), distance


@compiled
def area_of_row(segments: Floats, views: PackedViews, i: int, radius_m: float) -> float:
    """Square metres seen within this radius: under each piece the integral of min(wall, radius)² / 2."""
    area = 0.0
    begin = 0.0
    x, y = views.x[i], views.y[i]
    for k in range(views.first[i], views.first[i] + views.pieces[i]):
        end, wall = views.piece_end[k], views.piece_wall[k]
        if wall < 0:
            area += 0.5 * radius_m * radius_m * (end - begin)
        else:
            ex, ey = segments[wall, 2] - segments[wall, 0], segments[wall, 3] - segments[wall, 1]
            length = math.hypot(ex, ey)
            across = ((segments[wall, 0] - x) * ey - (segments[wall, 1] - y) * ex) / length
            foot = math.atan2(-ex, ey) if across >= 0.0 else math.atan2(ex, -ey)
            away = max(abs(across), 1e-12)
            # angles from the foot of the perpendicular, within ±π/2
            from_foot = (views.start_rad[i] + 0.5 * (begin + end) - foot + math.pi) % (2.0 * math.pi) - math.pi
            a, b = from_foot - 0.5 * (end - begin), from_foot + 0.5 * (end - begin)
            reach = math.acos(away / radius_m) if away < radius_m else 0.0
            inner_a, inner_b = min(max(a, -reach), reach), min(max(b, -reach), reach)
            area += 0.5 * away * away * (math.tan(inner_b) - math.tan(inner_a))
            area += 0.5 * radius_m * radius_m * ((b - a) - (inner_b - inner_a))
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
