"""Which cameras to buy: lazy greedy under a budget, with an upper bound on what anybody could reach.

Sites are compared by what their best bundle of cameras adds per cost (so that a pole is shared before another one is
planted), the other walk by gain alone; the better of both walks and of the best single site is taken, then cameras are
taken out one by one and their money is spent anew while that helps. Where every camera costs the same this is at least
1 - 1/e of the optimum (Nemhauser, Wolsey, Fisher 1978), with differing costs at least half of that (Khuller, Moss, Naor
1999: the better of greedy by density and the best single one), where each site's bundle is one camera; the bound that
comes with every result is usually far better than both.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.planning.bound import upper_bound
from vms.planning.kernels import BY_DENSITY, BY_GAIN, Numbers, Walk, best_bundle, go_on, take_bundle
from vms.planning.problem import HAIR, Problem

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

BOUNDS = 12
"""So many moments of the walk are bounded, the tightest counts."""
MOST_EXCHANGES = 60
"""Choices of more cameras are not exchanged one by one."""
MOST_LOOKS = 4_000_000
"""Entries looked at times cameras, above which nothing is exchanged."""
SAME_COST_GUARANTEE = 1.0 - 1.0 / math.e
ANY_COST_GUARANTEE = 0.5 * (1.0 - 1.0 / math.e)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    chosen: Longs
    """Candidates, the best first."""
    worth: float
    cost: float
    bound: float
    """No choice within the budget is worth more."""
    guarantee: float
    """Of the optimum, whatever the ground is like."""

    @property
    def share_of_bound(self) -> float:
        return self.worth / self.bound if self.bound > HAIR else 1.0


def choose(problem: Problem, *, exchange: bool = True) -> Choice:
    numbers = numbers_of(problem)
    by_density, bound = _walk_with_bound(problem, numbers)
    rivals = [by_density, _walked(problem, numbers, BY_GAIN), _best_single(problem, numbers)]
    best = max(rivals, key=lambda rival: rival[1])
    if exchange:
        best = _exchanged(problem, numbers, best)
    chosen, worth = _in_order(problem, numbers, best[0])
    return Choice(
        chosen=chosen,
        worth=worth,
        cost=problem.cost_of(chosen),
        bound=max(bound, worth),
        guarantee=guarantee_of(problem),
    )


def choose_plainly(problem: Problem, *, lazy: bool) -> Choice:
    """One walk by density, nothing else: for comparison."""
    numbers = numbers_of(problem)
    chosen, worth = _walked(problem, numbers, BY_DENSITY, lazy=lazy)
    return Choice(
        chosen=chosen,
        worth=worth,
        cost=problem.cost_of(chosen),
        bound=problem.most,
        guarantee=guarantee_of(problem),
    )


def guarantee_of(problem: Problem) -> float:
    """Of the optimum."""
    same = problem.candidates == 0 or (float(np.ptp(problem.cost)) <= HAIR and float(np.ptp(problem.site_cost)) <= HAIR)
    return SAME_COST_GUARANTEE if same and problem.per_site == 1 else ANY_COST_GUARANTEE


def numbers_of(problem: Problem) -> Numbers:
    return Numbers(
        problem.site,
        problem.first_of_site,
        problem.cost,
        problem.site_cost,
        problem.first,
        problem.spot,
        problem.per_view,
        problem.per_site,
    )


def begin(problem: Problem) -> Walk:
    return Walk(
        problem.missing.copy(),
        np.zeros(problem.sites, np.int32),
        np.full(max(1, problem.sites * problem.per_site), -1, np.int64),
        np.zeros(len(problem.missing), np.int32),
        np.zeros(1, np.int32),
        np.full(max(1, problem.per_site), -1, np.int64),
    )


def _worth(problem: Problem, walk: Walk) -> float:
    return float((problem.per_view * (problem.missing - walk.left)).sum())


def _looks(problem: Problem) -> tuple[Floats, NDArray[np.int32]]:
    return np.full(problem.sites, np.inf), np.full(problem.sites, -1, np.int32)


def _walk_with_bound(problem: Problem, numbers: Numbers) -> tuple[tuple[Longs, float], float]:
    walk, (key, fresh) = begin(problem), _looks(problem)
    bound = upper_bound(numbers, walk, 0.0, problem.budget, problem.most)
    count, money, steps, rounds = 0, problem.budget, 1, 0
    while True:
        count, money, taken = go_on(numbers, walk, count, money, BY_DENSITY, True, steps, key, fresh)
        if taken and rounds < BOUNDS:
            bound = min(bound, upper_bound(numbers, walk, _worth(problem, walk), problem.budget, problem.most))
        if taken < steps:
            break
        rounds, steps = rounds + 1, steps * 2 if rounds > 2 else steps
    bound = min(bound, upper_bound(numbers, walk, _worth(problem, walk), problem.budget, problem.most))
    return (walk.chosen[:count].copy(), _worth(problem, walk)), bound


def _walked(
    problem: Problem, numbers: Numbers, rule: int, *, lazy: bool = True, kept: Longs | None = None
) -> tuple[Longs, float]:
    """From nothing, or from what is kept, until the money is spent."""
    walk, (key, fresh) = begin(problem), _looks(problem)
    count, money = 0, problem.budget
    if kept is not None:
        count = _put(numbers, walk, kept)
        money -= problem.cost_of(kept)
    count, _, _ = go_on(numbers, walk, count, money, rule, lazy, problem.sites * problem.per_site, key, fresh)
    return walk.chosen[:count].copy(), _worth(problem, walk)


def _put(numbers: Numbers, walk: Walk, kept: Longs) -> int:
    count = 0
    for candidate in kept.tolist():
        walk.bundle[0] = candidate
        count = take_bundle(numbers, walk, int(numbers.site[candidate]), count, 1)
    return count


def _best_single(problem: Problem, numbers: Numbers) -> tuple[Longs, float]:
    walk = begin(problem)
    best, best_gain = np.zeros(0, np.int64), 0.0
    for site in range(problem.sites):
        _, gain, _, cameras = best_bundle(numbers, walk, site, 0, problem.budget, BY_GAIN)
        if gain > best_gain:
            best, best_gain = walk.bundle[:cameras].copy(), gain
    return best, best_gain


def _exchanged(problem: Problem, numbers: Numbers, best: tuple[Longs, float]) -> tuple[Longs, float]:
    """Takes one camera out and spends its money anew, as long as that helps."""
    better = True
    looks = len(problem.spot) * max(1, len(best[0]))
    if len(best[0]) > MOST_EXCHANGES or looks > MOST_LOOKS * 10:
        return best
    rounds = max(1, MOST_LOOKS * 10 // max(1, looks))
    while better and rounds > 0:
        better, rounds = False, rounds - 1
        for camera in best[0].tolist():
            kept = best[0][best[0] != camera]
            found = max(
                (_walked(problem, numbers, rule, kept=kept) for rule in (BY_DENSITY, BY_GAIN)), key=lambda one: one[1]
            )
            if found[1] > best[1] * (1.0 + 1e-7):
                best, better = found, True
                break
    return best


def _in_order(problem: Problem, numbers: Numbers, chosen: Longs) -> tuple[Longs, float]:
    """The same cameras, the most worth for the money first: what to build if the money comes in parts."""
    walk = begin(problem)
    waiting, order, count = set(chosen.tolist()), [], 0
    while waiting:
        best, best_key = -1, -1.0
        for candidate in sorted(waiting):
            before = _worth_of_one(numbers, walk, candidate, count)
            site = int(problem.site[candidate])
            cost = float(problem.cost[candidate]) + (float(problem.site_cost[site]) if walk.used[site] == 0 else 0.0)
            if before / max(cost, HAIR) > best_key:
                best, best_key = candidate, before / max(cost, HAIR)
        walk.bundle[0] = best
        count = take_bundle(numbers, walk, int(problem.site[best]), count, 1)
        waiting.discard(best)
        order.append(best)
    return np.array(order, dtype=np.int64), _worth(problem, walk)


def _worth_of_one(numbers: Numbers, walk: Walk, candidate: int, count: int) -> float:
    spots = np.unique(numbers.spot[numbers.first[candidate] : numbers.first[candidate + 1]])
    others = walk.chosen[:count][numbers.site[walk.chosen[:count]] == numbers.site[candidate]]
    seen = [numbers.spot[numbers.first[one] : numbers.first[one + 1]] for one in others.tolist()]
    if seen:
        spots = np.setdiff1d(spots, np.concatenate(seen))
    return float(numbers.per_view[spots[walk.left[spots] > 0]].sum())
