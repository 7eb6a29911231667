"""The ground that an outage covers: a polygon around its cameras."""

import math
from collections.abc import Sequence

from vms.core.geo import LocalFrame, Wgs84

AROUND_M = 60.0
"""So far the area reaches beyond the outermost cameras."""
_CORNERS = 12

Point = tuple[float, float]


def area_around(places: Sequence[Wgs84], around_m: float = AROUND_M) -> list[Wgs84]:
    """A closed ring, counter-clockwise: the convex hull of circles around the places. Needs one place at least."""
    frame = LocalFrame(places[0])
    turns = [2.0 * math.pi * corner / _CORNERS for corner in range(_CORNERS)]
    hull = convex_hull([frame.to_xy(place) for place in places])
    rim = [(x + around_m * math.cos(turn), y + around_m * math.sin(turn)) for x, y in hull for turn in turns]
    ring = convex_hull(rim)
    return [frame.to_wgs84(x, y) for x, y in (*ring, ring[0])]


def convex_hull(points: Sequence[Point]) -> list[Point]:
    """Counter-clockwise, without corners on straight sides (Andrew's monotone chain)."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    return _chain(ordered)[:-1] + _chain(ordered[::-1])[:-1]


def _chain(points: Sequence[Point]) -> list[Point]:
    chain: list[Point] = []
    for point in points:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0.0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
