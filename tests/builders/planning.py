"""Small grounds and problems to plan on."""

import itertools
from collections.abc import Sequence

import numpy as np
import shapely

from tests.builders.coverage import a_road, a_town, walls_of
from vms.coverage.demand import demand_of_town
from vms.coverage.view import compute_views
from vms.coverage.walls import Walls
from vms.inventory.camera import Pose
from vms.places.town import Town
from vms.planning.plan import Ground
from vms.planning.problem import Problem

Blocks = Sequence[tuple[float, float, float, float]]


def a_ground(town: Town | None = None, blocks: Blocks = (), poses: Sequence[Pose] = ()) -> Ground:
    """A road of 200 m from west to east unless told otherwise; all cameras count and may be turned."""
    town = town or a_town(roads=[a_road((-100.0, 0.0), (100.0, 0.0), name="High Street")])
    walls: Walls = walls_of(*blocks)
    return Ground(
        town=town,
        walls=walls,
        demand=demand_of_town(town, walls),
        views=compute_views(poses, walls).packed,
        counts=np.ones(len(poses), bool),
        may_turn=np.ones(len(poses), bool),
    )


def around(half_m: float = 150.0) -> shapely.Polygon:
    return shapely.box(-half_m, -half_m, half_m, half_m)


def a_problem(seed: int, *, sites: int = 4, spots: int = 12, views: int = 1, budget: float = 3.0) -> Problem:
    """Two or three cameras a site, each of some spots; costs differ."""
    draw = np.random.default_rng(seed)
    site, first, spot, cost = [], [0], [], []
    for number in range(sites):
        for _ in range(int(draw.integers(2, 4))):
            seen = np.flatnonzero(draw.random(spots) < 0.35)
            site.append(number)
            spot += seen.tolist()
            first.append(len(spot))
            cost.append(float(draw.choice([0.5, 1.0, 1.5])))
    counts = np.bincount(site, minlength=sites)
    return Problem(
        site=np.array(site, np.int32),
        first_of_site=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        cost=np.array(cost),
        site_cost=draw.choice([0.2, 0.8], sites),
        first=np.array(first, np.int64),
        spot=np.array(spot, np.int32),
        per_view=draw.uniform(0.5, 5.0, spots),
        missing=np.full(spots, views, np.int32),
        budget=budget,
        per_site=2,
    )


def optimum(problem: Problem) -> float:
    """By trying every set."""
    best = 0.0
    everyone = range(problem.candidates)
    for size in range(1, problem.candidates + 1):
        for some in itertools.combinations(everyone, size):
            chosen = np.array(some, np.int64)
            if problem.cost_of(chosen) > problem.budget + 1e-9:
                continue
            if np.bincount(problem.site[chosen]).max() <= problem.per_site:
                best = max(best, problem.worth_of(chosen))
    return best
