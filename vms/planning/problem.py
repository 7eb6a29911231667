"""The choice as numbers: candidates that see spots, sites that cost, a budget that holds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.coverage.rows_see import Longs
from vms.planning.candidates import Candidates

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

HAIR = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Most worth for the budget: a spot gives `per_view` for each of the first `missing` *different sites* that see it.

    The worth of a set is monotone and submodular: what one more camera adds only shrinks as others are chosen.
    """

    site: Ints
    """Per candidate, ascending."""
    first_of_site: Longs
    """Candidates of site `j`: `first_of_site[j] … first_of_site[j + 1]`."""
    cost: Floats
    site_cost: Floats
    """Paid once, with the site's first camera."""
    first: Longs
    spot: Ints
    per_view: Floats
    missing: Ints
    budget: float
    per_site: int = 4

    @property
    def candidates(self) -> int:
        return len(self.site)

    @property
    def sites(self) -> int:
        return len(self.site_cost)

    @property
    def most(self) -> float:
        """Worth of everything that is still wanted."""
        return float((self.per_view * self.missing).sum())

    def cost_of(self, chosen: NDArray[np.int64]) -> float:
        return float(self.cost[chosen].sum() + self.site_cost[np.unique(self.site[chosen])].sum())

    def worth_of(self, chosen: NDArray[np.int64]) -> float:
        """Plainly counted: for tests, and to compare."""
        seen: set[tuple[int, int]] = set()
        for number in chosen.tolist():
            spots = self.spot[self.first[number] : self.first[number + 1]].tolist()
            seen.update((int(self.site[number]), spot) for spot in spots)
        sites = np.zeros(len(self.missing), np.int64)
        for _, spot in seen:
            sites[spot] += 1
        return float((self.per_view * np.minimum(sites, self.missing)).sum())


def problem_of(
    candidates: Candidates, site_cost: Floats, per_view: Floats, missing: Ints, *, budget: float, per_site: int
) -> Problem:
    counts = (
        np.bincount(candidates.site, minlength=len(site_cost)) if len(candidates) else np.zeros(len(site_cost), int)
    )
    return Problem(
        site=candidates.site,
        first_of_site=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        cost=candidates.cost,
        site_cost=np.asarray(site_cost, dtype=np.float64),
        first=candidates.first,
        spot=candidates.spot,
        per_view=np.asarray(per_view, dtype=np.float64),
        missing=missing.astype(np.int32),
        budget=budget,
        per_site=per_site,
    )
