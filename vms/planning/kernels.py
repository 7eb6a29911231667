"""Kernels of the choice: what a site's best bundle of cameras adds, the greedy walk, what is left to gain."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

HAIR = 1e-9
BY_DENSITY, BY_GAIN = 0, 1


class Numbers(NamedTuple):
    """The fields of `Problem` that the kernels read."""

    site: Ints
    first_of_site: Longs
    cost: Floats
    site_cost: Floats
    first: Longs
    spot: Ints
    per_view: Floats
    per_site: int


class Walk(NamedTuple):
    """What is chosen so far; changed in place."""

    left: Ints
    """Per spot: how many more sites are wanted."""
    used: Ints
    """Per site: how many cameras it has."""
    chosen: Longs
    """Candidates in the order of choice, -1 behind them."""
    stamp: Ints
    """Per spot: the mark under which the site in hand sees it already."""
    mark: Ints
    """The mark in use."""
    bundle: Longs
    """Room for one bundle."""


@compiled
def gain_of(numbers: Numbers, walk: Walk, candidate: int) -> float:
    gain = 0.0
    mark = walk.mark[0]
    for e in range(numbers.first[candidate], numbers.first[candidate + 1]):
        s = numbers.spot[e]
        if walk.left[s] > 0 and walk.stamp[s] != mark:
            gain += numbers.per_view[s]
    return gain


@compiled
def stamp_spots(numbers: Numbers, walk: Walk, candidate: int) -> None:
    for e in range(numbers.first[candidate], numbers.first[candidate + 1]):
        walk.stamp[numbers.spot[e]] = walk.mark[0]


@compiled
def begin_site(numbers: Numbers, walk: Walk, site: int, count: int) -> None:
    """A new mark, on what the site's chosen cameras see."""
    walk.mark[0] += 1
    if walk.used[site] > 0:
        for k in range(count):
            if numbers.site[walk.chosen[k]] == site:
                stamp_spots(numbers, walk, walk.chosen[k])


@compiled
def best_bundle(
    numbers: Numbers, walk: Walk, site: int, count: int, money: float, rule: int
) -> tuple[float, float, float, int]:
    """(key, gain, cost, cameras) of the best run of cameras here, found one by one; they stand in `walk.bundle`.

    The key is gain ÷ cost, or the gain alone. 0 cameras: nothing is affordable or adds anything.
    """
    begin_site(numbers, walk, site, count)
    opening = numbers.site_cost[site] if walk.used[site] == 0 else 0.0
    cost, gain = opening, 0.0
    best_key, best_gain, best_cost, best_count = 0.0, 0.0, 0.0, 0
    room = min(numbers.per_site - walk.used[site], len(walk.bundle))
    for k in range(room):
        top, top_ratio, top_gain = -1, 0.0, 0.0
        for c in range(numbers.first_of_site[site], numbers.first_of_site[site + 1]):
            if cost + numbers.cost[c] > money + HAIR:
                continue
            added = gain_of(numbers, walk, c)
            ratio = (gain + added) / max(cost + numbers.cost[c], HAIR) if rule == BY_DENSITY else added
            if added > HAIR and ratio > top_ratio:
                top, top_ratio, top_gain = c, ratio, added
        if top < 0:
            break
        gain += top_gain
        cost += numbers.cost[top]
        stamp_spots(numbers, walk, top)
        walk.bundle[k] = top
        key = gain / max(cost, HAIR) if rule == BY_DENSITY else gain
        if key > best_key * (1.0 + HAIR):
            best_key, best_gain, best_cost, best_count = key, gain, cost, k + 1
    return best_key, best_gain, best_cost, best_count


@compiled
def take_bundle(numbers: Numbers, walk: Walk, site: int, count: int, cameras: int) -> int:
    begin_site(numbers, walk, site, count)
    for k in range(cameras):
        c = walk.bundle[k]
        for e in range(numbers.first[c], numbers.first[c + 1]):
            s = numbers.spot[e]
            if walk.stamp[s] != walk.mark[0]:
                walk.stamp[s] = walk.mark[0]
                if walk.left[s] > 0:
                    walk.left[s] -= 1
        walk.chosen[count] = c
        count += 1
    walk.used[site] += cameras
    return count


@compiled
def go_on(
    numbers: Numbers, walk: Walk, count: int, money: float, rule: int, lazy: bool, steps: int, key: Floats, fresh: Ints
) -> tuple[int, float, int]:
    """At most `steps` bundles more: (chosen, money left, bundles taken). `key`: per site, what it was worth when last
    looked at, infinite at first; only a site whose old key is the largest is looked at again (lazy)."""
    sites = len(numbers.site_cost)
    taken = 0
    while taken < steps:
        if not lazy:
            for j in range(sites):
                if key[j] > 0.0:
                    key[j] = best_bundle(numbers, walk, j, count, money, rule)[0]
                    fresh[j] = count
        top = -1
        for j in range(sites):
            if key[j] > 0.0 and (top < 0 or key[j] > key[top]):
                top = j
        if top < 0:
            break
        if fresh[top] != count:
            key[top] = best_bundle(numbers, walk, top, count, money, rule)[0]
            fresh[top] = count
            continue
        found, _, cost, cameras = best_bundle(numbers, walk, top, count, money, rule)
        key[top] = found
        if cameras == 0:
            continue
        count = take_bundle(numbers, walk, top, count, cameras)
        money -= cost
        key[top] = np.inf  # its pole is paid for: what it offers may be worth more than before
        taken += 1
    return count, money, taken


@compiled
def gains_left(numbers: Numbers, walk: Walk) -> tuple[Floats, Floats]:
    """Per candidate what it alone would add, per site what all of it together would, as things stand."""
    gains = np.zeros(len(numbers.site))
    together = np.zeros(len(numbers.site_cost))
    for j in range(len(numbers.site_cost)):
        walk.mark[0] += 1
        for c in range(numbers.first_of_site[j], numbers.first_of_site[j + 1]):
            for e in range(numbers.first[c], numbers.first[c + 1]):
                s = numbers.spot[e]
                if walk.left[s] > 0:
                    gains[c] += numbers.per_view[s]
                    if walk.stamp[s] != walk.mark[0]:
                        walk.stamp[s] = walk.mark[0]
                        together[j] += numbers.per_view[s]
    return gains, together
