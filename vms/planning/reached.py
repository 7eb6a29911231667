"""How near a choice is to what no choice can exceed; the last digits of sums do not count."""

import math
from dataclasses import dataclass

_DIGITS = 1e-9
"""Sums in another order differ by less, as a part of themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    worth: float
    bound: float
    """Never less than the worth."""
    of_bound: float
    proven: bool
    """Nothing is better: the bound is reached."""


def measured(worth: float, bound: float) -> Reached:
    if math.isclose(worth, bound, rel_tol=_DIGITS, abs_tol=_DIGITS):
        return Reached(worth=bound, bound=bound, of_bound=1.0, proven=True)
    bound = max(worth, bound)
    return Reached(worth=worth, bound=bound, of_bound=worth / bound, proven=False)
