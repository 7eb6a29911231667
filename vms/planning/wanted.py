"""What a plan is to cover: the demand inside its area as spots in cells, and the targets that they are wanted for.

A stretch of road or a place is one target; two, half its worth each, where it is asked for by day and by night and some
camera sees nothing by night. An entrance is asked for with several cameras that see the road beside it: its worth lies
in equal parts on the views, those of one side apart from those of the other, so that the first of two cameras brings
its half and the sum only ever grows slower: what greedy choice and its bounds live on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.coverage.demand import ALONE, Demand
from vms.coverage.packed import PackedViews
from vms.coverage.rows_see import Seen, Spots, rows_see, spots_of
from vms.coverage.walls import Walls
from vms.planning.entrance_sides import sides_of
from vms.planning.links import NO_CHOICE, Links, links_of, targets_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]

PLACE_WEIGHT_M = 50.0
"""A key place that no rule weighs counts as so many metres of road."""
_LIGHTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One row per target."""

    spots: Spots
    """In the order of the cells."""
    links: Links
    row: Longs
    """Of the demand."""
    worth: Floats
    """Metres of road that the target stands for, times its weight; of a place the weight alone."""
    views: Ints
    """How many different points must see it."""
    have: Ints
    """How many do."""

    def __len__(self) -> int:
        return len(self.row)

    @property
    def missing(self) -> Ints:
        """How many more are wanted."""
        missing: Ints = np.maximum(self.views - self.have, 0).astype(np.int32)
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
        """Worth of what is seen: of a target that wants two views and has one, the half."""
        return float((self.per_view * np.minimum(self.have, self.views)).sum())

    @property
    def missing_xy_m(self) -> Floats:
        """Spots that something is still wanted for."""
        spot = np.repeat(np.arange(len(self.spots.xy_m)), np.diff(self.links.first))
        found: Floats = self.spots.xy_m[np.unique(spot[self.missing[self.links.target] > 0])]
        return found

    def served_by(self, walls: Walls, views: PackedViews, sees_by_night: Flags) -> Seen:
        """Per view the targets that it serves."""
        return targets_of(self.links, rows_see(walls, views, self.spots), sees_by_night)

    def seen_by(self, have: Ints) -> "Wanted":
        """`have`: as counted. Cameras too many on one side of an entrance stand for those that the other wants."""
        have = have.copy()
        for one, other in ((0, 1), (1, 0)):
            pairs = self._pairs
            spare = np.minimum(
                np.maximum(have[pairs[one]] - self.views[pairs[one]], 0),
                np.maximum(self.views[pairs[other]] - have[pairs[other]], 0),
            )
            have[pairs[one]] -= spare
            have[pairs[other]] += spare
        return replace(self, have=have.astype(np.int32))

    @property
    def _pairs(self) -> tuple[Longs, Longs]:
        """The two sides of each entrance that has two."""
        choice = self.links.choice
        found = np.flatnonzero(choice != NO_CHOICE)
        found = found[np.argsort(choice[found], kind="stable")]
        twins = np.flatnonzero(choice[found][1:] == choice[found][:-1])
        return found[twins], found[twins + 1]


def wanted_in(
    demand: Demand,
    area: shapely.Geometry,
    *,
    finer_px_per_m: float = 0.0,
    views: int = 1,
    night_apart: bool = False,
) -> Wanted:
    """Samples inside the area (metres of the walls' frame). `finer_px_per_m`: nothing is asked for less than that;
    `views`: nothing for fewer (back-up cover); `night_apart`: somebody sees nothing by night."""
    inside = shapely.contains_xy(area, demand.xy_m[:, 0], demand.xy_m[:, 1])
    grouped = demand.group != ALONE
    is_gate = grouped & demand.is_place
    gates = np.flatnonzero(inside & is_gate)
    beside = grouped & ~demand.is_place & np.isin(demand.group, gates)
    samples = np.flatnonzero((inside & ~is_gate) | beside)
    order, spots = spots_of(demand.xy_m[samples], np.maximum(demand.need_px_per_m[samples], finer_px_per_m))
    of_spot = samples[order]
    asked = np.maximum(demand.need_views, views)
    worth = np.where(
        demand.is_place, np.where(demand.weight == 1.0, PLACE_WEIGHT_M, demand.weight), demand.length_m * demand.weight
    )
    targets = _Targets()
    own = np.flatnonzero(inside[of_spot])
    for asks, share, night in _lights(demand, of_spot[own], night_apart):
        spot = own[asks]
        row = of_spot[spot]
        number = targets.add(row, worth[row] * share[asks], asked[row], np.full(len(row), NO_CHOICE))
        targets.link(spot, number, night)
    if len(gates):
        _add_gates(targets, demand, gates, of_spot, asked, worth, night_apart)
    return targets.wanted(spots)


def _lights(demand: Demand, rows: Longs, night_apart: bool) -> Iterator[tuple[Flags, Floats, bool]]:
    """(which rows ask, what share of their worth, by night) for each light that is told apart."""
    by_day, by_night = demand.by_day[rows], demand.by_night[rows]
    if not night_apart:
        yield by_day | by_night, np.ones(len(rows)), False
        return
    share = np.where(by_day & by_night, 0.5, 1.0)
    yield by_day, share, False
    yield by_night, share, True


def _add_gates(
    targets: "_Targets",
    demand: Demand,
    gates: Longs,
    of_spot: Longs,
    asked: Longs,
    worth: Floats,
    night_apart: bool,
) -> None:
    """Where only one view is asked for, or only one side has road, all views are of one target."""
    spot = np.flatnonzero(np.isin(demand.group[of_spot], gates))
    gate = np.searchsorted(gates, demand.group[of_spot[spot]])
    side = sides_of(demand.xy_m[of_spot[spot]], gate, demand.xy_m[gates]).astype(np.int64)
    there = np.zeros((len(gates), 2), bool)
    there[gate, side] = True
    wants = asked[gates]
    in_one = (wants < 2) | ~there.all(axis=1)
    side[in_one[gate]] = 0
    views = np.column_stack([np.where(in_one, wants, (wants + 1) // 2), np.where(in_one, 0, wants // 2)])
    for light, (asks, share, night) in enumerate(_lights(demand, gates, night_apart)):
        whose, which = np.nonzero((views > 0) & asks[:, None])
        part = views[whose, which]
        number = np.full((len(gates), 2), -1, np.int64)
        number[whose, which] = targets.add(
            gates[whose],
            worth[gates[whose]] * share[whose] * part / np.maximum(wants[whose], 1),
            part,
            whose * _LIGHTS + light,
        )
        linked = number[gate, side] >= 0
        targets.link(spot[linked], number[gate, side][linked], night)


class _Targets:
    """Gathered part by part."""

    def __init__(self) -> None:
        self._count = 0
        self._rows: list[tuple[Longs, Floats, Longs, Longs]] = []
        self._links: list[tuple[Longs, Longs, Flags]] = []

    def add(self, row: Longs, worth: Floats, views: Longs, choice: Longs) -> Longs:
        """Their numbers."""
        self._rows.append((row, worth, views, choice))
        self._count += len(row)
        return np.arange(self._count - len(row), self._count)

    def link(self, spot: Longs, target: Longs, night: bool) -> None:
        self._links.append((spot, target, np.full(len(spot), night)))

    def wanted(self, spots: Spots) -> Wanted:
        row, worth, views, choice = (np.concatenate(column) for column in zip(*self._rows, strict=True))
        spot, target, night = (np.concatenate(column) for column in zip(*self._links, strict=True))
        links = links_of(spot, target, night, spots=len(spots.xy_m), choice=choice.astype(np.int32))
        return Wanted(
            spots=spots,
            links=links,
            row=row,
            worth=worth,
            views=views.astype(np.int32),
            have=np.zeros(len(row), np.int32),
        )
