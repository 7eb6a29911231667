"""What nobody sees any more when some cameras go blind: metres of road and key places that only they cover now."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.coverage.demand import Demand
from vms.coverage.index import CoverageIndex, ViewState
from vms.coverage.judge_demand import COVERED, judge_samples

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageLoss:
    placed: int
    """How many of them have a view at all; the others cost nobody knows what."""
    road_m: float
    places: tuple[str, ...]
    """By name, each once."""


def loss_without(
    demand: Demand, index: CoverageIndex, camera_ids: Collection[int], near: Rows | None = None
) -> CoverageLoss:
    """Against all of them healthy, and everybody else as they are now. `near`: of `samples_near`, where it was asked
    before; only these are judged: milliseconds for a switch, for a whole town about twice `measure_gaps`."""
    slots = _slots(index, camera_ids)
    rows = samples_near(demand, *whereabouts(index, camera_ids)) if near is None else near
    xy_m, need = demand.xy_m[rows], demand.need_px_per_m[rows]
    buckets, views = index.buckets, index.packed
    healthy, blind = buckets.state.copy(), buckets.state.copy()
    healthy[slots[healthy[slots] == ViewState.FAULTY]] = ViewState.USABLE
    blind[slots] = ViewState.FAULTY
    segments = index.walls.grid.segments
    before = judge_samples(segments, views, buckets._replace(state=healthy), xy_m, need)[0]
    after = judge_samples(segments, views, buckets._replace(state=blind), xy_m, need)[0]
    lost = rows[(before == COVERED) & (after != COVERED)]
    return CoverageLoss(
        placed=len(slots),
        road_m=float(demand.length_m[lost].sum()),
        places=tuple(sorted({demand.name(row) for row in lost[demand.is_place[lost]].tolist()})),
    )


def whereabouts(index: CoverageIndex, camera_ids: Collection[int]) -> tuple[Floats, float]:
    """(where those with a view stand, how far the farthest of them sees), in metres."""
    slots, views = _slots(index, camera_ids), index.packed
    reach_m = float(views.range_m[slots].max()) if len(slots) else 0.0
    return np.column_stack([views.x[slots], views.y[slots]]), reach_m


def samples_near(demand: Demand, centres_m: Floats, reach_m: float) -> Rows:
    """Rows of the demand that may be in their sight. Looks at every sample: 0.1 s for a million."""
    if len(centres_m) == 0 or len(demand) == 0:
        return np.zeros(0, np.int64)
    return np.flatnonzero(_in_reach(demand.xy_m, centres_m, max(reach_m, 1.0)))


def _slots(index: CoverageIndex, camera_ids: Collection[int]) -> Rows:
    wanted = np.isin(index.buckets.ids, np.fromiter(camera_ids, dtype=np.int64))
    return np.flatnonzero(index.buckets.alive.astype(bool) & wanted)


def _in_reach(points_m: Floats, centres_m: Floats, reach_m: float) -> NDArray[np.bool_]:
    """Generously: whoever is in the square cell of a centre, or in one beside it. O(points + centres)."""
    cells = np.floor(centres_m / reach_m).astype(np.int64)
    around = np.array([(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)], dtype=np.int64)
    wanted = np.unique((cells[:, None, :] + around[None, :, :]).reshape(-1, 2), axis=0)
    mine = np.floor(points_m / reach_m).astype(np.int64)
    return np.isin(_code(mine), _code(wanted))


def _code(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    found: NDArray[np.int64] = (cells[:, 0] << 32) + cells[:, 1]
    return found
