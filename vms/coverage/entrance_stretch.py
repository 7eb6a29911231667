"""The road to the left and to the right of an entrance: so many metres along, over the ends of the map's ways."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.core.geo import LocalFrame
from vms.coverage.ground import Ground, ground_of_road
from vms.coverage.road_samples import SIDE_OFFSET_M, RoadLines
from vms.places.town import Road

Floats = NDArray[np.float64]

ROAD_WITHIN_M = 60.0
_SAME_CORNER_M = 0.05
_MOST_WAYS = 12
_STRAIGHT = math.cos(math.radians(60.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Samples beside one entrance."""

    xy_m: Floats
    along_m: Floats
    road: NDArray[np.int64]
    side: NDArray[np.int8]
    length_m: Floats


class EntranceRoads:
    """Finds the road that an entrance opens to, and walks along it."""

    def __init__(self, roads: Sequence[Road], frame: LocalFrame) -> None:
        self._lines = RoadLines.of(roads, frame)
        self._length_m = self._lines.lengths_m()
        self._names = [road.name for road in roads]
        self._usable = [
            i
            for i, road in enumerate(roads)
            if not road.tunnel
            and ground_of_road(road.kind) in (Ground.MAIN_ROAD, Ground.STREET)
            and self._length_m[i] > 0.0
        ]
        shapes = [self._shape(i) for i in self._usable]
        self._tree = shapely.STRtree(shapes)
        self._at_corner: dict[tuple[int, int], list[tuple[int, bool]]] = {}
        for i in self._usable:
            for begins in (True, False):
                self._at_corner.setdefault(self._corner(i, begins), []).append((i, begins))

    def beside(self, x: float, y: float, beside_m: float, step_m: float) -> Stretch | None:
        """None: no street is near enough."""
        found = self._tree.query_nearest(shapely.Point(x, y), max_distance=ROAD_WITHIN_M, all_matches=False)
        if not len(found):
            return None
        road = self._usable[int(found[0])]
        at_m = float(shapely.line_locate_point(self._shape(road), shapely.Point(x, y)))
        side = self._side_of(road, at_m, x, y)
        parts: list[tuple[int, float, float, int]] = []
        for forward in (True, False):
            parts.extend(self._walk(road, at_m, beside_m, forward, side))
        return self._sampled(parts, step_m)

    def _walk(
        self, road: int, at_m: float, left_m: float, forward: bool, side: int
    ) -> list[tuple[int, float, float, int]]:
        """(road, from, to, side) until so many metres are walked or no way goes on."""
        parts: list[tuple[int, float, float, int]] = []
        walked = {road}
        while left_m > 0.0 and len(parts) < _MOST_WAYS:
            end_m = min(at_m + left_m, self._length_m[road]) if forward else max(at_m - left_m, 0.0)
            if end_m != at_m:
                parts.append((road, min(at_m, end_m), max(at_m, end_m), side))
            left_m -= abs(end_m - at_m)
            following = self._goes_on(road, forward, walked) if left_m > 0.0 else None
            if following is None:
                break
            other, begins = following
            side = side if begins == forward else -side
            road, forward = other, begins
            at_m = 0.0 if begins else float(self._length_m[road])
            walked.add(road)
        return parts

    def _goes_on(self, road: int, forward: bool, walked: set[int]) -> tuple[int, bool] | None:
        """The way of the same name, else the straightest; nothing that turns by more than 60° without a name."""
        heading = self._heading(road, forward)
        best: tuple[float, int, bool] | None = None
        for other, begins in self._at_corner.get(self._corner(road, not forward), []):
            if other in walked:
                continue
            on = self._heading(other, begins)
            straight = heading[0] * on[0] + heading[1] * on[1]
            named = bool(self._names[road]) and self._names[other] == self._names[road]
            rank = straight + (2.0 if named else 0.0)
            if (named or straight >= _STRAIGHT) and (best is None or rank > best[0]):
                best = (rank, other, begins)
        return None if best is None else (best[1], best[2])

    def _heading(self, road: int, forward: bool) -> tuple[float, float]:
        """Of who walks: from the end that he enters by, or towards the end that he leaves by, over the whole way."""
        first, last = self._lines.first[road], self._lines.first[road + 1] - 1
        step = self._lines.corners[last] - self._lines.corners[first]
        length = max(math.hypot(step[0], step[1]), 1e-9)
        sign = 1.0 if forward else -1.0
        return sign * float(step[0]) / length, sign * float(step[1]) / length

    def _side_of(self, road: int, at_m: float, x: float, y: float) -> int:
        number = np.array([road, road])
        near = self._lines.at(number, np.array([at_m, at_m]), np.array([SIDE_OFFSET_M, -SIDE_OFFSET_M]))
        left, right = np.hypot(near[:, 0] - x, near[:, 1] - y)
        return 1 if left <= right else -1

    def _sampled(self, parts: Sequence[tuple[int, float, float, int]], step_m: float) -> Stretch | None:
        if not parts:
            return None
        road, along, side, length = [], [], [], []
        for number, begin_m, end_m, beside in sorted(parts):
            count = max(1, math.ceil((end_m - begin_m) / step_m))
            each = (end_m - begin_m) / count
            along.append(begin_m + (np.arange(count) + 0.5) * each)
            road.append(np.full(count, number, np.int64))
            side.append(np.full(count, beside, np.int8))
            length.append(np.full(count, each))
        roads, sides, alongs = np.concatenate(road), np.concatenate(side), np.concatenate(along)
        xy = self._lines.at(roads, alongs, SIDE_OFFSET_M * sides.astype(np.float64))
        return Stretch(xy_m=xy, along_m=alongs, road=roads, side=sides, length_m=np.concatenate(length))

    def _shape(self, road: int) -> shapely.LineString:
        first, last = self._lines.first[road], self._lines.first[road + 1]
        return shapely.LineString(self._lines.corners[first:last])

    def _corner(self, road: int, begins: bool) -> tuple[int, int]:
        at = self._lines.first[road] if begins else self._lines.first[road + 1] - 1
        x, y = self._lines.corners[at].tolist()
        return round(x / _SAME_CORNER_M), round(y / _SAME_CORNER_M)
