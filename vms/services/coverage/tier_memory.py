"""Rates by tier, counted from the coverage in memory when somebody asks."""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from vms.core.ids import CameraId
from vms.coverage.tally import Tally
from vms.coverage.tally_rows import DAY, NIGHT
from vms.inventory.tier import Tier
from vms.places.land import Land
from vms.services.coverage.memory import CoverageMemory
from vms.services.coverage.tier_rates import Part, TierRate, TierRates

AT_A_TIME = 1000
"""Cameras between which others get their answers: some ten milliseconds."""
QUICKLY_COUNTED = 5000
"""Cameras; with more, what was counted holds for a while after a change."""
HOLDS_FOR = timedelta(seconds=30)
_COVERS = 0
Views = NDArray[np.uint16]


class TierMemory:
    """For many threads. Counted when somebody asks, of a large town at most once in half a minute, in short pieces."""

    def __init__(self, memory: CoverageMemory) -> None:
        self._memory = memory
        self._lock = threading.Lock()
        self._counted: tuple[Tally, int, datetime, dict[Tier, Views], Views] | None = None

    def rates(self, land: Land, region: str, *, by_night: bool) -> TierRates:
        """Within a region and all below it; empty: everywhere."""
        with self._lock:
            tally, _, as_of, of_tier, everybody = self._now()
        light, demand, samples = NIGHT if by_night else DAY, tally.demand, tally.samples
        inside = np.array([land.holds(region, code) for code in demand.regions], dtype=bool)
        rows = np.flatnonzero((samples.asked[:, light] > 0) & inside[demand.region])
        length_mm, places = samples.length_mm[rows], samples.is_place[rows].astype(np.int64)
        need, whole = samples.need_views[rows].astype(np.int64), everybody[rows, light].astype(np.int64)

        def part(seen: NDArray[np.bool_]) -> Part:
            return Part(road=_share(length_mm, seen), places=_share(places, seen))

        tiers = []
        for tier, views in of_tier.items():
            own = views[rows, light].astype(np.int64)
            tiers.append(
                TierRate(tier=tier, alone=part(own >= need), only=part((whole >= need) & (whole - own < need)))
            )
        return TierRates(
            as_of=as_of,
            road_m=float(length_mm.sum()) / 1000.0,
            places=int(places.sum()),
            tiers=tuple(tiers),
            together=part(whole >= need),
        )

    def _now(self) -> tuple[Tally, int, datetime, dict[Tier, Views], Views]:
        memory = self._memory
        memory.catch_up()
        now = memory.clock()
        with memory.lock:
            tally, version, cameras = memory.tally, memory.tally.version, len(memory.index)
        kept = self._counted
        old = kept is not None and (cameras <= QUICKLY_COUNTED or now - kept[2] >= HOLDS_FOR)
        if kept is None or kept[0] is not tally or (old and kept[1] != version):
            of_tier = self._count(tally)
            everybody: Views = np.zeros((len(tally.demand), 2), np.uint16)
            for views in of_tier.values():
                everybody += views
            kept = self._counted = (tally, version, now, of_tier, everybody)
        return kept

    def _count(self, tally: Tally) -> dict[Tier, Views]:
        """Per tier (n, 2): how many of its usable cameras see each sample well enough, by day and by night."""
        memory = self._memory
        with memory.lock:
            by_tier: Mapping[Tier, list[CameraId]] = memory.facts.by_tier()
        found: dict[Tier, Views] = {}
        for tier, ids in by_tier.items():
            views = np.zeros((len(tally.demand), 2, 5), np.uint16)
            for begin in range(0, len(ids), AT_A_TIME):
                with memory.lock:
                    tally.views_of(ids[begin : begin + AT_A_TIME], views)
            found[tier] = views[:, :, _COVERS].copy()
        return found


def _share(weights: NDArray[np.int64], chosen: NDArray[np.bool_]) -> float | None:
    whole = int(weights.sum())
    return int(weights[chosen].sum()) / whole if whole else None
