"""Which gaps a planned camera closes, in whole or in part: those on whose stretch it covers a spot."""

from collections.abc import Iterable, Sequence

from vms.coverage.demand import Demand
from vms.store.plan_gaps import GapStretch

HAIR_M = 1.0


class GapsCovered:
    """Asked per planned camera."""

    def __init__(self, demand: Demand, gaps: Iterable[GapStretch]) -> None:
        self._demand = demand
        self._at: dict[tuple[str, int], list[GapStretch]] = {}
        for gap in gaps:
            self._at.setdefault((gap.place_key, gap.side), []).append(gap)

    def of(self, rows: Sequence[int]) -> tuple[int, ...]:
        """Gap ids of these rows of the demand, ascending."""
        found: set[int] = set()
        for row in rows:
            along = float(self._demand.along_m[row])
            for gap in self._at.get((self._demand.key(row), int(self._demand.side[row])), ()):
                if gap.from_m - HAIR_M <= along <= gap.to_m + HAIR_M:
                    found.add(gap.gap_id)
        return tuple(sorted(found))
