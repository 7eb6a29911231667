"""What a plan is to cover: the demand inside its area, sorted into cells, and how many views each spot still wants."""

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.coverage.demand import Demand
from vms.coverage.rows_see import Spots, spots_of

Floats = NDArray[np.float64]

PLACE_WEIGHT_M = 50.0
"""A key place that no rule weighs counts as so many metres of road."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One row per spot, in the order of the cells."""

    spots: Spots
    row: NDArray[np.int64]
    """Of the demand."""
    worth: Floats
    """Metres of road that the spot stands for, times its weight; of a place the weight alone."""
    views: NDArray[np.int32]
    """How many different points must see it."""
    have: NDArray[np.int32]
    """How many do."""

    def __len__(self) -> int:
        return len(self.row)

    @property
    def missing(self) -> NDArray[np.int32]:
        """How many more are wanted."""
        missing: NDArray[np.int32] = np.maximum(self.views - self.have, 0).astype(np.int32)
        return missing

    @property
    def per_view(self) -> Floats:
        """What one more view is worth where one is wanted."""
        return self.worth / np.maximum(self.views, 1)

    @property
    def total(self) -> float:
        return float(self.worth.sum())

    @property
    def covered(self) -> float:
        """Worth of what is seen: of a spot that wants two views and has one, the half."""
        return float((self.per_view * np.minimum(self.have, self.views)).sum())

    def seen_by(self, have: NDArray[np.int32]) -> "Wanted":
        return replace(self, have=have)


def wanted_in(demand: Demand, area: shapely.Geometry, *, finer_px_per_m: float = 0.0, views: int = 1) -> Wanted:
    """Samples inside the area (metres of the walls' frame). `finer_px_per_m`: nothing is asked for less than that;
    `views`: nothing for fewer (back-up cover)."""
    inside = np.flatnonzero(shapely.contains_xy(area, demand.xy_m[:, 0], demand.xy_m[:, 1]))
    need = np.maximum(demand.need_px_per_m[inside], finer_px_per_m)
    length, place = demand.length_m[inside], demand.is_place[inside]
    weight = _told(demand, "weight", inside, 1.0)
    asked = _told(demand, "need_views", inside, 1.0)
    order, spots = spots_of(demand.xy_m[inside], need)
    return Wanted(
        spots=spots,
        row=inside[order],
        worth=np.where(place, np.where(weight == 1.0, PLACE_WEIGHT_M, weight), length * weight)[order],
        views=np.maximum(asked, views).astype(np.int32)[order],
        have=np.zeros(len(inside), np.int32),
    )


def _told(demand: Demand, name: str, rows: NDArray[np.int64], default: float) -> Floats:
    told = getattr(demand, name, None)
    return np.full(len(rows), default) if told is None else np.asarray(told, dtype=np.float64)[rows]
