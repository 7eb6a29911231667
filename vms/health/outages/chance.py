"""How much likelier one cause is than chance, in powers of ten."""

from collections.abc import Sequence
from math import inf, lgamma, log, log10

_LN10 = log(10.0)
_DAY_S = 86_400.0


def surprise(falls_per_day: float, window_s: float) -> float:
    """Of one fall within the window: −log10 of its probability at this rate. At least 0.3: a coin's."""
    return max(0.3, -log10(min(0.5, falls_per_day * window_s / _DAY_S)))


def log10_choose(of: int, chosen: int) -> float:
    """log10 of the number of ways to choose; what it costs to say which ones fell."""
    if not 0 <= chosen <= of:
        return -inf
    return (lgamma(of + 1) - lgamma(chosen + 1) - lgamma(of - chosen + 1)) / _LN10


def densest(times_s: Sequence[float], window_s: float) -> tuple[int, int]:
    """The stretch [first, last) of sorted times with the most of them within the window; the earliest of equals."""
    best, first = (0, 0), 0
    for last, time_s in enumerate(times_s):
        while time_s - times_s[first] > window_s:
            first += 1
        if last + 1 - first > best[1] - best[0]:
            best = (first, last + 1)
    return best
