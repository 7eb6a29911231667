"""Bounds and proofs for small areas: the same choice as a linear programme for HiGHS, with a limit on time.

max Σ worth·y   y ≤ Σ x of those who see the spot (or Σ z of the sites where two views are wanted), y ≤ missing
                Σ cost·x + Σ site cost·p ≤ budget,  x ≤ p,  Σ x of a site ≤ per_site·p
"""

import importlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vms.planning.problem import Problem

if TYPE_CHECKING:
    from scipy.optimize import LinearConstraint
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

MOST_CANDIDATES = 10_000
_SOLVED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    chosen: Longs
    """Empty where the solver found none in time."""
    worth: float
    bound: float
    """No choice is worth more."""
    proven: bool
    """`chosen` is the optimum, within 0.01 %."""
    candidates: int
    """That were left after those were struck out that others on the same site stand for."""

    @property
    def gap(self) -> float:
        """Between what was found and the bound, as a share of the bound."""
        return max(0.0, 1.0 - self.worth / self.bound) if self.bound > 0.0 else 0.0


@cache
def _optimize() -> Any:
    """Takes most of a second to load, which only whoever works a plan out shall wait for."""
    return importlib.import_module("scipy.optimize")


@dataclass(frozen=True, slots=True)
class _Rows:
    """Entries of the constraint matrix."""

    row: list[int]
    column: list[int]
    value: list[float]
    low: list[float]
    high: list[float]

    def add(self, entries: list[tuple[int, float]], low: float, high: float) -> None:
        self.row.extend([len(self.low)] * len(entries))
        self.column.extend(column for column, _ in entries)
        self.value.extend(value for _, value in entries)
        self.low.append(low)
        self.high.append(high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The programme: columns are the cameras of `kept`, their sites, the spots, and helpers of spots that want more
    than one view."""

    kept: Longs
    price: Floats
    high: Floats
    matrix: "csr_array"
    row_low: Floats
    row_high: Floats

    @property
    def rows(self) -> "LinearConstraint":
        return _optimize().LinearConstraint(self.matrix, self.row_low, self.row_high)


def model_of(problem: Problem) -> Model | None:
    """None: there are too many candidates."""
    kept = not_dominated(problem)
    if len(kept) > MOST_CANDIDATES:
        return None
    groups = _alike(problem, kept)
    sites = np.unique(problem.site[kept])
    n, m, g = len(kept), len(sites), len(groups)
    column_of_site = {int(site): n + at for at, site in enumerate(sites.tolist())}
    rows = _Rows([], [], [], [], [])
    money = [(at, float(problem.cost[c])) for at, c in enumerate(kept.tolist())]
    money += [(column_of_site[int(site)], float(problem.site_cost[site])) for site in sites.tolist()]
    rows.add(money, -np.inf, problem.budget)
    site_of = problem.site[kept]
    for at in range(n):
        rows.add([(at, 1.0), (column_of_site[int(site_of[at])], -1.0)], -np.inf, 0.0)
    for site in sites.tolist():
        here = np.flatnonzero(site_of == site).tolist()
        if len(here) > problem.per_site:
            rows.add([(at, 1.0) for at in here] + [(column_of_site[site], -float(problem.per_site))], -np.inf, 0.0)
    helpers = _add_spots(rows, groups, site_of, n + m)
    columns = n + m + g + helpers
    price, high = np.zeros(columns), np.ones(columns)
    price[n + m : n + m + g] = [-worth for _, _, worth in groups]
    high[n + m : n + m + g] = [missing for _, missing, _ in groups]
    matrix = importlib.import_module("scipy.sparse").csr_array(
        (rows.value, (rows.row, rows.column)), shape=(len(rows.low), columns)
    )
    return Model(
        kept=kept, price=price, high=high, matrix=matrix, row_low=np.array(rows.low), row_high=np.array(rows.high)
    )


def relaxed_bound(problem: Problem, *, limit_s: float) -> float | None:
    """What fractions of cameras could reach, which no choice of whole ones exceeds. None: too many candidates, or too
    little time."""
    model = model_of(problem)
    if model is None:
        return None
    if len(model.kept) == 0:
        return 0.0
    solver = _optimize()
    bounds, within = solver.Bounds(0.0, model.high), {"time_limit": limit_s}
    found = solver.milp(model.price, constraints=model.rows, bounds=bounds, options=within)
    return min(problem.most, -float(found.fun)) if found.status == _SOLVED else None


def prove(problem: Problem, *, limit_s: float, worth_known: float = 0.0) -> Proof | None:
    """None: there are too many candidates. `worth_known`: of a choice that is known already."""
    model = model_of(problem)
    if model is None:
        return None
    n = len(model.kept)
    if n == 0:
        return Proof(chosen=np.zeros(0, np.int64), worth=0.0, bound=0.0, proven=True, candidates=0)
    whole = np.zeros(len(model.price))
    whole[:n] = 1
    solver = _optimize()
    found = solver.milp(
        model.price,
        constraints=model.rows,
        integrality=whole,
        bounds=solver.Bounds(0.0, model.high),
        options={"time_limit": limit_s, "mip_rel_gap": 1e-4},
    )
    chosen = np.zeros(0, np.int64) if found.x is None else model.kept[np.flatnonzero(found.x[:n] > 0.5)]
    worth = problem.worth_of(chosen)
    dual = getattr(found, "mip_dual_bound", None)
    bound = problem.most if dual is None or not np.isfinite(dual) else min(problem.most, -float(dual))
    return Proof(
        chosen=chosen,
        worth=worth,
        bound=max(bound, worth, worth_known),
        proven=found.status == _SOLVED,
        candidates=n,
    )


def _add_spots(rows: _Rows, groups: list[tuple[list[int], int, float]], site_of: Ints, first: int) -> int:
    """What limits each spot, whose columns begin at `first`; answers how many helpers follow them."""
    first_helper, helpers = first + len(groups), 0
    for number, (seers, missing, _) in enumerate(groups):
        if missing == 1:
            rows.add([(first + number, 1.0)] + [(at, -1.0) for at in seers], -np.inf, 0.0)
            continue
        by_site: dict[int, list[int]] = {}
        for at in seers:
            by_site.setdefault(int(site_of[at]), []).append(at)
        mine = list(range(first_helper + helpers, first_helper + helpers + len(by_site)))
        for helper, here in zip(mine, by_site.values(), strict=True):
            rows.add([(helper, 1.0)] + [(at, -1.0) for at in here], -np.inf, 0.0)
        rows.add([(first + number, 1.0)] + [(at, -1.0) for at in mine], -np.inf, 0.0)
        helpers += len(by_site)
    return helpers


def not_dominated(problem: Problem) -> Longs:
    """Without those that see nothing that is wanted, or nothing that a camera on the same site at no higher cost does
    not see too."""
    kept: list[int] = []
    for site in range(problem.sites):
        begin, end = int(problem.first_of_site[site]), int(problem.first_of_site[site + 1])
        here = []
        for number in range(begin, end):
            spots = problem.spot[problem.first[number] : problem.first[number + 1]]
            wanted = frozenset(spots[problem.missing[spots] > 0].tolist())
            if wanted:
                here.append((wanted, float(problem.cost[number]), number))
        here.sort(key=lambda one: (-len(one[0]), one[1], one[2]))
        best: list[tuple[frozenset[int], float]] = []
        for wanted, cost, number in here:
            if not any(wanted <= other and cost >= price for other, price in best):
                best.append((wanted, cost))
                kept.append(number)
    return np.array(sorted(kept), dtype=np.int64)


def _alike(problem: Problem, kept: Longs) -> list[tuple[list[int], int, float]]:
    """Spots that the same candidates see and that want as many views, as one: (candidates by place in `kept`, missing,
    worth of one view of all)."""
    seers: dict[int, list[int]] = {}
    for at, number in enumerate(kept.tolist()):
        for spot in problem.spot[problem.first[number] : problem.first[number + 1]].tolist():
            if problem.missing[spot] > 0:
                seers.setdefault(spot, []).append(at)
    groups: dict[tuple[tuple[int, ...], int], float] = {}
    for spot, who in seers.items():
        alike = (tuple(who), int(problem.missing[spot]))
        groups[alike] = groups.get(alike, 0.0) + float(problem.per_view[spot])
    return [(list(who), missing, worth) for (who, missing), worth in groups.items()]
