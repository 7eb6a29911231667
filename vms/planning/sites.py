"""Where cameras could hang: poles, lamps, corners and walls of buildings that face a road, crossings, cameras' poles.

Sites stand outdoors, off the walls, apart from each other, the cheapest kind first; the same town gives the same sites.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.coverage.demand import STREETS
from vms.coverage.snap import STAYED, snap
from vms.coverage.walls import Walls
from vms.places.town import PlaceKind, Town
from vms.planning.catalogue import Choices, SiteKind

Floats = NDArray[np.float64]

OFF_THE_WALL_M = 0.5
FACES_WITHIN_M = 25.0
"""A corner or a wall this near to a road faces it."""
LONG_WALL_M = 12.0
"""A wall as long as this carries a camera in its middle too."""
ASIDE_M = 5.0
"""How far from the middle of a crossing its pole stands."""
_TOUCHES_M = 0.31
"""Cameras nearer to a wall are moved off it, each as it looks (see `snap`); a site has one place for all."""
_STRAIGHT = 0.17
"""Corners that turn less than 10° are none."""
_KINDS = tuple(SiteKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    xy_m: Floats
    kind: tuple[SiteKind, ...]
    label: tuple[str, ...]
    """A pole's number, a crossing's name; empty where there is none."""
    dropped: int
    """How many stood too near to another one."""

    def __len__(self) -> int:
        return len(self.kind)


_Found = list[tuple[float, float, SiteKind, str]]


def find_sites(
    town: Town, walls: Walls, area: shapely.Geometry, cameras_m: Floats, spots_m: Floats, choices: Choices
) -> Sites:
    """In the area (metres of the walls' frame). `cameras_m`: where outdoor cameras stand; `spots_m`: what is wanted."""
    found: _Found = [(x, y, SiteKind.CAMERA_POLE, "") for x, y in _within(area, cameras_m).tolist()]
    found += _poles(town, walls, area)
    if len(spots_m):
        near = shapely.STRtree(shapely.points(spots_m))
        found += _beside_buildings(walls, area, near)
    found += _crossings(town, walls, area)
    return _apart(found, walls, choices)


def _within(area: shapely.Geometry, xy_m: Floats) -> Floats:
    xy = np.asarray(xy_m, dtype=np.float64).reshape(-1, 2)
    kept: Floats = xy[shapely.contains_xy(area, xy[:, 0], xy[:, 1])]
    return kept


def _poles(town: Town, walls: Walls, area: shapely.Geometry) -> _Found:
    poles = [place for place in town.places if place.kind is PlaceKind.POLE]
    if not poles:
        return []
    xy = walls.frame.to_xy_array(np.array([(p.position.lon, p.position.lat) for p in poles]))
    inside = shapely.contains_xy(area, xy[:, 0], xy[:, 1])
    return [
        (float(x), float(y), SiteKind.POLE, pole.name)
        for (x, y), pole, kept in zip(xy, poles, inside, strict=True)
        if kept
    ]


def _beside_buildings(walls: Walls, area: shapely.Geometry, near: shapely.STRtree) -> _Found:
    """Corners that stick out and the middles of long walls, half a metre before them."""
    west, south, east, north = shapely.bounds(area)
    segments = walls.grid.segments
    if len(segments) == 0:
        return []
    x, y = segments[:, 0], segments[:, 1]
    window = segments[(x >= west) & (x <= east) & (y >= south) & (y <= north)]
    following = {(float(x1), float(y1)): number for number, (x1, y1, _, _) in enumerate(window)}
    corners: list[tuple[float, float]] = []
    middles: list[tuple[float, float]] = []
    for x1, y1, x2, y2 in window.tolist():
        length = float(np.hypot(x2 - x1, y2 - y1))
        ux, uy = (x2 - x1) / length, (y2 - y1) / length
        if length >= LONG_WALL_M:
            middles.append(((x1 + x2) / 2.0 + OFF_THE_WALL_M * uy, (y1 + y2) / 2.0 - OFF_THE_WALL_M * ux))
        after = following.get((x2, y2))
        if after is None:
            continue
        _, _, x3, y3 = window[after].tolist()
        further = float(np.hypot(x3 - x2, y3 - y2))
        vx, vy = (x3 - x2) / further, (y3 - y2) / further
        if ux * vy - uy * vx < _STRAIGHT:
            continue
        out_x, out_y = uy + vy, -ux - vx
        size = max(float(np.hypot(out_x, out_y)), 1e-9)
        corners.append((x2 + OFF_THE_WALL_M * out_x / size, y2 + OFF_THE_WALL_M * out_y / size))
    found: _Found = []
    for kind, points in ((SiteKind.CORNER, corners), (SiteKind.WALL, middles)):
        kept = _within(area, np.array(points, dtype=np.float64).reshape(-1, 2))
        if len(kept) == 0:
            continue
        _, distance = near.query_nearest(
            shapely.points(kept), max_distance=FACES_WITHIN_M, return_distance=True, all_matches=False
        )
        rows = near.query_nearest(shapely.points(kept), max_distance=FACES_WITHIN_M, all_matches=False)[0]
        order = rows[np.argsort(distance, kind="stable")]
        found += [(px, py, kind, "") for px, py in kept[order].tolist()]
    return found


def _crossings(town: Town, walls: Walls, area: shapely.Geometry) -> _Found:
    """A pole in the widest gap between the arms of each crossing of streets."""
    west, south, east, north = shapely.bounds(area)
    arms: dict[tuple[float, float], list[tuple[float, float]]] = defaultdict(list)
    names: dict[tuple[float, float], set[str]] = defaultdict(set)
    for road in town.roads:
        if road.tunnel or road.bridge or road.kind not in STREETS:
            continue
        line = walls.frame.to_xy_array(road.line).round(2)
        low, high = line.min(axis=0), line.max(axis=0)
        if high[0] < west or low[0] > east or high[1] < south or low[1] > north:
            continue
        corners = [(float(x), float(y)) for x, y in line]
        for number, corner in enumerate(corners):
            arms[corner] += [corners[k] for k in (number - 1, number + 1) if 0 <= k < len(corners)]
            if road.name:
                names[corner].add(road.name)
    found: _Found = []
    for (x, y), ends in sorted(arms.items()):
        if len(ends) < 3 or not shapely.contains_xy(area, x, y):
            continue
        angles = np.sort([np.arctan2(ey - y, ex - x) for ex, ey in ends])
        gaps = np.diff(np.concatenate([angles, angles[:1] + 2.0 * np.pi]))
        widest = int(np.argmax(gaps))
        toward = float(angles[widest] + gaps[widest] / 2.0)
        label = " / ".join(sorted(names[(x, y)])[:3])
        found.append(
            (x + ASIDE_M * float(np.cos(toward)), y + ASIDE_M * float(np.sin(toward)), SiteKind.CROSSING, label)
        )
    return found


def _apart(found: Sequence[tuple[float, float, SiteKind, str]], walls: Walls, choices: Choices) -> Sites:
    """The cheapest first; whoever stands too near to one that is kept is left out."""
    if not found:
        return Sites(xy_m=np.zeros((0, 2)), kind=(), label=(), dropped=0)
    xy = np.array([(x, y) for x, y, _, _ in found])
    stands = ~walls.inside(xy)
    _move_off_walls(xy, stands, walls)
    order = sorted(
        np.flatnonzero(stands).tolist(), key=lambda n: (choices.site_cost[found[n][2]], _KINDS.index(found[n][2]))
    )
    taken: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    kept: list[int] = []
    step = max(choices.spacing_m, 0.1)
    for number in order:
        x, y = xy[number].tolist()
        column, row = int(x // step), int(y // step)
        if any((x - ox) ** 2 + (y - oy) ** 2 < choices.spacing_m**2 for ox, oy in _neighbours(taken, column, row)):
            continue
        taken[column, row].append((x, y))
        kept.append(number)
    return Sites(
        xy_m=xy[kept].reshape(-1, 2),
        kind=tuple(found[number][2] for number in kept),
        label=tuple(found[number][3] for number in kept),
        dropped=len(order) - len(kept),
    )


def _move_off_walls(xy: Floats, stands: NDArray[np.bool_], walls: Walls) -> None:
    """In place; whoever stands too narrowly between walls does not stand."""
    (west, south), (east, north) = xy.min(axis=0) - _TOUCHES_M, xy.max(axis=0) + _TOUCHES_M
    segments = walls.grid.segments
    x, y = segments[:, 0::2], segments[:, 1::2]
    near = (x.min(axis=1) <= east) & (x.max(axis=1) >= west) & (y.min(axis=1) <= north) & (y.max(axis=1) >= south)
    if not near.any():
        return
    tree = shapely.STRtree(shapely.linestrings(segments[near].reshape(-1, 2, 2)))
    touching = np.unique(tree.query(shapely.points(xy), predicate="dwithin", distance=_TOUCHES_M)[0])
    for number in touching[stands[touching]].tolist():
        px, py, _ = snap(walls.grid, float(xy[number, 0]), float(xy[number, 1]), math.nan)
        stands[number] = snap(walls.grid, px, py, math.nan)[2] == STAYED
        xy[number] = px, py


def _neighbours(
    taken: dict[tuple[int, int], list[tuple[float, float]]], column: int, row: int
) -> Iterable[tuple[float, float]]:
    for near_column in range(column - 1, column + 2):
        for near_row in range(row - 1, row + 2):
            yield from taken.get((near_column, near_row), ())
