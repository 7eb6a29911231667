"""Positions that two poles claim: the same spot, other pole codes."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from vms.core.geo import M_PER_DEG

SAME_SPOT_M = 0.5


def doubled_places(ids: Sequence[int], lonlat: NDArray[np.float64], poles: Sequence[str]) -> frozenset[int]:
    """Ids of those that stand within SAME_SPOT_M of one with another pole code. `lonlat`: (n, 2) degrees. A town of
    100,000 in a fraction of a second: sorted by latitude, only close neighbours are compared."""
    order = np.argsort(lonlat[:, 1], kind="stable")
    lon, lat = lonlat[order, 0], lonlat[order, 1]
    step_deg = SAME_SPOT_M / M_PER_DEG
    ends = np.searchsorted(lat, lat + step_deg, side="right")
    found: set[int] = set()
    for ahead in range(1, int((ends - np.arange(len(ends))).max(initial=0))):
        left = np.nonzero(ends > np.arange(len(ends)) + ahead)[0]
        apart_m = np.hypot(
            (lon[left + ahead] - lon[left]) * np.cos(np.radians(lat[left])), lat[left + ahead] - lat[left]
        ) * M_PER_DEG  # fmt: skip
        near = left[apart_m <= SAME_SPOT_M]
        found.update(_other_poles(((int(order[i]), int(order[i + ahead])) for i in near), ids, poles))
    return frozenset(found)


def _other_poles(pairs: Iterable[tuple[int, int]], ids: Sequence[int], poles: Sequence[str]) -> Iterable[int]:
    for one, other in pairs:
        if poles[one] != poles[other]:
            yield ids[one]
            yield ids[other]


def spot_box(lon: float, lat: float) -> tuple[float, float, float, float]:
    """West, south, east, north around a position: whatever is on the same spot lies inside."""
    up_deg = SAME_SPOT_M / M_PER_DEG
    side_deg = up_deg / max(0.01, math.cos(math.radians(lat)))
    return (lon - side_deg, lat - up_deg, lon + side_deg, lat + up_deg)
