"""How much any choice at all could be worth: the online bound of submodular greedy, per site and under the budget.

Given a set S, every choice T within the budget has worth(T) ≤ worth(S) + Σ of what its cameras would add to S. Per site
that sum is at most what all of the site's cameras add together; as a function of the money spent at the site it lies
below a concave line of pieces (pole and first cameras, then camera by camera). Filling the budget with the steepest
pieces of all sites, the last one in part, bounds every T.
"""

import numpy as np
from numpy.typing import NDArray

from vms.planning.kernels import Numbers, Walk, gains_left

Floats = NDArray[np.float64]


def upper_bound(numbers: Numbers, walk: Walk, worth: float, budget: float, most: float) -> float:
    """`worth`: of what the walk has chosen; `most`: of everything that is wanted."""
    gains, together = gains_left(numbers, walk)
    slopes, widths = _pieces(numbers, gains, together)
    order = np.argsort(-slopes, kind="stable")
    slope, width = slopes[order], widths[order]
    spent = np.cumsum(width)
    full = int(np.searchsorted(spent, budget, side="right"))
    more = float((slope[:full] * width[:full]).sum())
    if full < len(slope):
        more += float(slope[full]) * (budget - (float(spent[full - 1]) if full else 0.0))
    return min(worth + more, most)


def _pieces(numbers: Numbers, gains: Floats, together: Floats) -> tuple[Floats, Floats]:
    slopes: list[Floats] = [np.zeros(0)]
    widths: list[Floats] = [np.zeros(0)]
    for site in np.flatnonzero(together > 0.0).tolist():
        rows = slice(int(numbers.first_of_site[site]), int(numbers.first_of_site[site + 1]))
        gain, cost = gains[rows], np.maximum(numbers.cost[rows], 1e-9)
        several = np.sort(gain)[::-1][: numbers.per_site]
        cap = min(float(together[site]), float(several.sum()))
        order = np.argsort(-gain / cost, kind="stable")
        value, money = np.cumsum(gain[order]), np.cumsum(cost[order])
        last = int(np.searchsorted(value, cap, side="left"))
        if last < len(value):
            before, paid = (value[last - 1], money[last - 1]) if last else (0.0, 0.0)
            part = (cap - before) / max(value[last] - before, 1e-12)
            value = np.append(value[:last], cap)
            money = np.append(money[:last], paid + part * (money[last] - paid))
        steep = value / (money + numbers.site_cost[site])
        knee = int(np.argmax(steep))
        slopes += [steep[knee : knee + 1], np.diff(value[knee:]) / np.maximum(np.diff(money[knee:]), 1e-12)]
        widths += [money[knee : knee + 1] + numbers.site_cost[site], np.diff(money[knee:])]
    return np.concatenate(slopes), np.concatenate(widths)
