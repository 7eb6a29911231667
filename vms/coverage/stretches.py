"""Runs of samples that nobody sees for one cause: from samples to stretches of road, their lines and who is named."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.coverage.demand import ALONE, Demand
from vms.coverage.judge_demand import judge_samples
from vms.coverage.tally import Tally
from vms.coverage.tally_rows import DAY, NIGHT

Floats = NDArray[np.float64]

NIGHT_ONLY = 8
"""Added to the cause's number where the day is covered, or not asked for."""
_SIMPLER_M = 0.5


@dataclass(frozen=True, slots=True)
class Stretches:
    """Samples `first … end` of the demand, in order; `code` as `codes_of` answers."""

    first: NDArray[np.int64]
    end: NDArray[np.int64]
    code: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.first)


def codes_of(tally: Tally) -> NDArray[np.uint8]:
    """Per sample: 0 covered day and night, the day's cause, or NIGHT_ONLY + the night's cause."""
    day, night = tally.cause[:, DAY], tally.cause[:, NIGHT]
    codes: NDArray[np.uint8] = np.where(day != 0, day, np.where(night != 0, night + NIGHT_ONLY, 0)).astype(np.uint8)
    return codes


def stretches_of(demand: Demand, codes: NDArray[np.uint8]) -> Stretches:
    """Neighbours on the same side of the same road with the same code; each place alone."""
    n = len(demand)
    if n == 0:
        none = np.zeros(0, np.int64)
        return Stretches(none, none, np.zeros(0, np.uint8))
    joined = _joined(demand) & (codes[1:] == codes[:-1])
    starts = np.concatenate([[0], np.flatnonzero(~joined) + 1])
    ends = np.concatenate([starts[1:], [n]])
    uncovered = codes[starts] != 0
    return Stretches(starts[uncovered], ends[uncovered], codes[starts[uncovered]])


def runs_of(demand: Demand, chosen: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(first, end) of neighbours on one side of one road that are all chosen; each place alone."""
    found = stretches_of(demand, chosen.astype(np.uint8))
    return found.first, found.end


def _joined(demand: Demand) -> NDArray[np.bool_]:
    """Per sample but the last: does the next go on where it ends?"""
    spacing = np.hypot(*np.diff(demand.xy_m, axis=0).T)
    near = spacing <= 2.5 * np.maximum(demand.length_m[1:], demand.length_m[:-1]) * (1 + (demand.side[1:] != 0))
    joined: NDArray[np.bool_] = (
        (demand.source[1:] == demand.source[:-1])
        & (demand.side[1:] == demand.side[:-1])
        & (demand.group[1:] == demand.group[:-1])
        & (demand.ground[1:] == demand.ground[:-1])
        & (demand.region[1:] == demand.region[:-1])
        & near
        & ~demand.is_place[1:]
        & ~demand.is_place[:-1]
    )
    return joined


def line_of(demand: Demand, first: int, end: int) -> Floats:
    """In metres; lengthened by half a sample at both ends to be as long as it says; a place stays a point."""
    line = demand.xy_m[first:end]
    if demand.is_place[first]:
        return line
    half = _whole_m(demand, first) / 2.0
    if len(line) > 1:
        head, tail = line[1] - line[0], line[-1] - line[-2]
    elif end < len(demand) and demand.source[end] == demand.source[first]:
        head = tail = demand.xy_m[end] - line[0]
    elif first > 0 and demand.source[first - 1] == demand.source[first]:
        head = tail = line[0] - demand.xy_m[first - 1]
    else:
        head = tail = np.array([1.0, 0.0])
    before = line[0] - half * head / max(float(np.hypot(*head)), 1e-9)
    after = line[-1] + half * tail / max(float(np.hypot(*tail)), 1e-9)
    ended: Floats = np.vstack([before, line, after])
    if len(ended) > 2:
        ended = shapely.get_coordinates(shapely.simplify(shapely.LineString(ended), _SIMPLER_M))
    return ended


def between_m(demand: Demand, first: int, end: int) -> tuple[float, float]:
    """From where to where along its road."""
    half = _whole_m(demand, first) / 2.0
    return float(demand.along_m[first]) - half, float(demand.along_m[end - 1]) + half


def named_cameras(tally: Tally, rows: NDArray[np.int64], light: int) -> NDArray[np.int64]:
    """Per sample the camera that its cause names, -1: none. Of an entrance `named_beside` tells them."""
    _, ids = _judged(tally, rows, tally.demand.need_views[rows], light)
    ids[tally.demand.group[rows] == rows] = -1
    return ids


def rows_beside(demand: Demand, entrances: NDArray[np.int64]) -> dict[int, NDArray[np.int64]]:
    """Of each entrance, by its row, the samples of the road beside it."""
    rows = np.flatnonzero(np.isin(demand.group, entrances)).astype(np.int64)
    rows = rows[demand.group[rows] != rows]
    rows = rows[np.argsort(demand.group[rows], kind="stable")]
    of, first = np.unique(demand.group[rows], return_index=True)
    return dict(zip(of.tolist(), np.split(rows, first[1:]), strict=True)) if len(rows) else {}


def named_beside(
    tally: Tally, beside: Mapping[int, NDArray[np.int64]], cause: Mapping[int, int], light: int
) -> dict[int, list[int]]:
    """Of each entrance the cameras that its cause means: what they are to any of the road beside it, the best of which
    counts. One that spots beside it name while others cover them is found by asking each spot for fewer views."""
    found: dict[int, list[int]] = {}
    entrances = [entrance for entrance in beside if entrance in cause]
    if not entrances:
        return found
    rows = np.concatenate([beside[entrance] for entrance in entrances])
    of = np.repeat(np.array(entrances, np.int64), [len(beside[entrance]) for entrance in entrances])
    wanted = np.repeat(np.array([cause[entrance] for entrance in entrances]), [len(beside[one]) for one in entrances])
    needed = tally.demand.need_views[of]
    for views in range(1, int(needed.max()) + 1):
        causes, ids = _judged(tally, rows, np.minimum(views, needed), light)
        meant = (causes == wanted) & (ids >= 0)
        for entrance, camera_id in zip(of[meant].tolist(), ids[meant].tolist(), strict=True):
            found.setdefault(entrance, []).append(camera_id)
    return found


def _judged(
    tally: Tally, rows: NDArray[np.int64], need_views: NDArray[np.int64], light: int
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Per sample the cause, and the camera that it names, -1: none."""
    demand, index = tally.demand, tally.index
    state = np.ascontiguousarray(tally.counts.worth[:, light])
    buckets = index.buckets._replace(state=state)
    causes, _, _, named = judge_samples(
        index.walls.grid.segments,
        index.packed,
        buckets,
        np.ascontiguousarray(demand.xy_m[rows]),
        np.ascontiguousarray(demand.need_px_per_m[rows]),
        np.ascontiguousarray(need_views, dtype=demand.need_views.dtype),
    )
    ids: NDArray[np.int64] = np.where(named >= 0, index.buckets.ids[np.maximum(named, 0)], -1).astype(np.int64)
    return causes, ids


def _whole_m(demand: Demand, row: int) -> float:
    """Of road that one sample covers, whichever side; a side counts half of it."""
    halved = demand.side[row] != 0 and demand.group[row] == ALONE
    return float(demand.length_m[row]) * (2.0 if halved else 1.0)
