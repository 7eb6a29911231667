"""Points along roads: the middles of equal stretches, in the middle of the road or beside it, all roads at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.core.geo import LocalFrame
from vms.places.town import Road

Floats = NDArray[np.float64]

SIDE_OFFSET_M = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadSamples:
    """Part after part, along each."""

    xy_m: Floats
    length_m: Floats
    """Of the stretch, whichever side."""
    along_m: Floats
    """From the road's begin to the sample."""
    road: NDArray[np.int64]
    side: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class RoadLines:
    """Corners of all roads in one array, measured along."""

    corners: Floats
    first: NDArray[np.int64]
    """Per road its first corner; one more at the end."""
    along: Floats
    """Per corner: metres along all roads, end to end."""

    @classmethod
    def of(cls, roads: Sequence[Road], frame: LocalFrame) -> "RoadLines":
        counts = np.array([len(road.line) for road in roads], dtype=np.int64)
        first = np.concatenate([[0], np.cumsum(counts)])
        if not len(roads) or not first[-1]:
            return cls(np.zeros((0, 2)), first, np.zeros(0))
        corners = frame.to_xy_array(np.concatenate([road.line for road in roads if len(road.line)]))
        steps = np.hypot(*np.diff(corners, axis=0).T)
        steps[first[1:-1][(first[1:-1] > 0) & (first[1:-1] < len(corners))] - 1] = 0.0
        return cls(corners, first, np.concatenate([[0.0], np.cumsum(steps)]))

    def lengths_m(self) -> Floats:
        if not len(self.along):
            return np.zeros(len(self.first) - 1)
        last = np.maximum(self.first[1:] - 1, self.first[:-1])
        limit = len(self.along) - 1
        return np.asarray(self.along[np.minimum(last, limit)] - self.along[np.minimum(self.first[:-1], limit)])

    def at(self, road: NDArray[np.int64], along_m: Floats, offset_m: Floats) -> Floats:
        """Points so far along these roads, and so far to the left of them."""
        begin, end = self.first[road], self.first[road + 1] - 1
        wanted = self.along[begin] + along_m
        piece = np.clip(np.searchsorted(self.along, wanted, side="right") - 1, begin, np.maximum(end - 1, begin))
        step = self.corners[np.minimum(piece + 1, len(self.corners) - 1)] - self.corners[piece]
        length = np.maximum(np.hypot(step[:, 0], step[:, 1]), 1e-9)
        unit = step / length[:, None]
        from_corner = np.clip(wanted - self.along[piece], 0.0, length)
        left = np.column_stack([-unit[:, 1], unit[:, 0]])
        points: Floats = self.corners[piece] + from_corner[:, None] * unit + offset_m[:, None] * left
        return points


def sample_roads(
    roads: Sequence[Road], frame: LocalFrame, parts: Sequence[tuple[int, int]], step_m: float
) -> RoadSamples:
    """`parts`: (number of the road, side); stretches are `step_m` long at most."""
    lines = RoadLines.of(roads, frame)
    wanted = np.array(parts, dtype=np.int64).reshape(-1, 2)
    wanted = wanted[lines.lengths_m()[wanted[:, 0]] > 0.0]
    whole_m = lines.lengths_m()[wanted[:, 0]]
    counts = np.maximum(1, np.ceil(whole_m / step_m)).astype(np.int64)
    part = np.repeat(np.arange(len(wanted)), counts)
    number = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    length = (whole_m / counts)[part]
    along = (number + 0.5) * length
    road, side = wanted[part, 0], wanted[part, 1]
    xy = lines.at(road, along, SIDE_OFFSET_M * side) if len(road) else np.zeros((0, 2))
    return RoadSamples(xy_m=xy, length_m=length, along_m=along, road=road, side=side.astype(np.int8))
