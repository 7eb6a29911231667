"""Where pretend cameras hang in a town and which way they look: on poles along roads, on walls of buildings."""

import itertools
import math
import random
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.core.geo import LocalFrame, Wgs84
from vms.inventory.camera import Pose
from vms.inventory.tier import Tier
from vms.places.town import Town

M2_PER_CAMERA = 2_500.0
"""Cameras fill a disc around the town's middle, so that several of them see the same spot."""
TRIES = 40
WALKABLE = {"footway", "path", "steps", "cycleway", "track", "corridor", "elevator", "proposed", "construction"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    pose: Pose
    street: str
    number: int
    indoor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mounting:
    """How a tier hangs its cameras: ranges low … high."""

    on_wall_share: float
    height_m: tuple[float, float]
    h_fov_deg: tuple[float, float]
    max_view_m: tuple[float, float]
    indoor_share: float = 0.0


MOUNTINGS = {
    Tier.GOVERNMENT: Mounting(on_wall_share=0.1, height_m=(5, 8), h_fov_deg=(60, 90), max_view_m=(80, 120)),
    Tier.UNIT: Mounting(
        on_wall_share=0.9, height_m=(3, 5), h_fov_deg=(75, 105), max_view_m=(40, 70), indoor_share=0.06
    ),
    Tier.COMMUNITY: Mounting(on_wall_share=0.6, height_m=(3, 5), h_fov_deg=(80, 105), max_view_m=(35, 60)),
    Tier.HOUSEHOLD: Mounting(
        on_wall_share=1.0, height_m=(2.5, 3.2), h_fov_deg=(90, 110), max_view_m=(18, 30), indoor_share=0.08
    ),
}


@dataclass(frozen=True, slots=True)
class _Wall:
    a: tuple[float, float]
    b: tuple[float, float]
    length_m: float


class Placer:
    """Draws spots in one town. Metres inside, WGS-84 outside."""

    def __init__(self, town: Town, cameras: int, rng: random.Random) -> None:
        self._rng = rng
        corners = [b.outline for b in town.buildings] + [r.line for r in town.roads]
        if not corners:
            raise ValueError(f"the town {town.name!r} has neither buildings nor roads to hang cameras on")
        middle = np.median(np.vstack(corners), axis=0)
        self._frame = LocalFrame(Wgs84(float(middle[0]), float(middle[1])))
        self._radius_m = max(150.0, math.sqrt(cameras * M2_PER_CAMERA / math.pi))
        outlines = [self._frame.to_xy_array(b.outline) for b in town.buildings]
        roads = [
            (self._frame.to_xy_array(r.line), r.name) for r in town.roads if r.kind not in WALKABLE and not r.tunnel
        ]
        self._buildings = [shapely.Polygon(o) for o in outlines if len(o) >= 3]
        self._inside = shapely.STRtree(self._buildings)
        self._pieces = self._near([(a, b, name) for line, name in roads for a, b in _pairs(line)])
        self._streets = shapely.STRtree([shapely.LineString([a, b]) for a, b, _ in self._pieces])
        self._walls = self._walls_near(outlines)
        self._piece_ends = np.cumsum([math.dist(a, b) for a, b, _ in self._pieces]).tolist()
        self._wall_ends = np.cumsum([w.length_m for w in self._walls]).tolist()

    def spot(self, tier: Tier) -> Spot:
        """A free spot for a camera of that tier, outside every building (unless indoors)."""
        mounting = MOUNTINGS[tier]
        on_wall = bool(self._walls) and (self._rng.random() < mounting.on_wall_share or not self._pieces)
        for _ in range(TRIES):
            x_m, y_m, bearing_deg = self._at_wall() if on_wall else self._at_road()
            if not len(self._inside.query(shapely.Point(x_m, y_m), predicate="intersects")):
                break
        rng = self._rng
        indoor = rng.random() < mounting.indoor_share
        height_m = round(rng.uniform(*mounting.height_m), 1)
        max_view_m = round(rng.uniform(*mounting.max_view_m))
        street, number = self._address(x_m, y_m)
        pose = Pose(
            position=self._rounded(x_m, y_m),
            mount_height_m=height_m,
            bearing_deg=round(bearing_deg, 1) % 360.0,
            tilt_deg=round(math.degrees(math.atan2(height_m, max_view_m * 0.5)), 1),
            h_fov_deg=round(rng.uniform(*mounting.h_fov_deg)),
            max_view_m=min(max_view_m, 12) if indoor else max_view_m,
        )
        return Spot(pose=pose, street=street, number=number, indoor=indoor)

    def _rounded(self, x_m: float, y_m: float) -> Wgs84:
        at = self._frame.to_wgs84(x_m, y_m)
        return Wgs84(round(at.lon, 7), round(at.lat, 7))

    def _at_road(self) -> tuple[float, float, float]:
        (ax, ay), (bx, by), _ = self._pieces[self._draw(self._piece_ends)]
        share, side = self._rng.random(), self._rng.choice((-1.0, 1.0))
        length = math.dist((ax, ay), (bx, by)) or 1.0
        ux, uy = (bx - ax) / length, (by - ay) / length
        off_m = side * self._rng.uniform(4.0, 6.0)
        along = math.degrees(math.atan2(ux, uy)) + self._rng.choice((0.0, 180.0)) + self._rng.uniform(-12, 12)
        if self._rng.random() < 0.15:
            along = math.degrees(math.atan2(-uy * side, ux * side))
        return ax + share * (bx - ax) + uy * off_m, ay + share * (by - ay) - ux * off_m, along

    def _at_wall(self) -> tuple[float, float, float]:
        wall = self._walls[self._draw(self._wall_ends)]
        (ax, ay), (bx, by) = wall.a, wall.b
        ux, uy = (bx - ax) / wall.length_m, (by - ay) / wall.length_m
        share = self._rng.uniform(0.1, 0.9)
        outward = math.degrees(math.atan2(uy, -ux))
        return (
            ax + share * (bx - ax) + uy * 0.6,
            ay + share * (by - ay) - ux * 0.6,
            outward + self._rng.uniform(-50, 50),
        )

    def _draw(self, ends: list[float]) -> int:
        return int(np.searchsorted(ends, self._rng.random() * ends[-1]))

    def _address(self, x_m: float, y_m: float) -> tuple[str, int]:
        if not self._pieces:
            return "无名路", 1
        nearest = int(self._streets.nearest(shapely.Point(x_m, y_m)))
        (ax, ay), _, name = self._pieces[nearest]
        return name or "无名路", 1 + int(math.hypot(x_m - ax, y_m - ay) / 6.0)

    def _near(
        self, pieces: list[tuple[tuple[float, float], tuple[float, float], str]]
    ) -> list[tuple[tuple[float, float], tuple[float, float], str]]:
        inside = [p for p in pieces if _middle_from_origin(p[0], p[1]) <= self._radius_m]
        return inside or pieces

    def _walls_near(self, outlines: list[NDArray[np.float64]]) -> list[_Wall]:
        """Walls longer than 4 m near the middle, the inside on their left; those at a road where there are any."""
        walls = []
        for outline in outlines:
            ring = outline if _signed_area(outline) > 0 else outline[::-1]
            for a, b in _pairs(np.vstack([ring, ring[:1]])):
                length = math.dist(a, b)
                if length > 4.0 and _middle_from_origin(a, b) <= self._radius_m:
                    walls.append(_Wall(a, b, length))
        if not walls or not self._pieces:
            return walls
        middles = shapely.points([((w.a[0] + w.b[0]) / 2, (w.a[1] + w.b[1]) / 2) for w in walls])
        close = set(self._streets.query(middles, predicate="dwithin", distance=25.0)[0].tolist())
        return [wall for at, wall in enumerate(walls) if at in close] or walls


def _pairs(line: NDArray[np.float64]) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    points: list[tuple[float, float]] = [(float(x), float(y)) for x, y in line]
    return list(itertools.pairwise(points))


def _middle_from_origin(a: tuple[float, float], b: tuple[float, float]) -> float:
    return math.hypot((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)


def _signed_area(ring: NDArray[np.float64]) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
