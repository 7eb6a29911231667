"""Promise: placement of at least 0.97 of the proven optimum, in the time of a glance for a district.

Ground: squares cut out of the extract given with --map (default: the shared Munich fixture, else the generated town),
no camera there yet. Per piece the choice as shipped (lazy greedy with exchanges), the plain greedy walk that looks at
every site at every step, and HiGHS (scipy.optimize.milp) on the very same candidates. CPU seconds of one process.

    python bench/bench_plan.py [--pieces 2] [--side-m 200] [--budget 6] [--limit-s 20] [--district-m 1000] [--json]
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import shapely

from vms.coverage.demand import STREETS, demand_of_town
from vms.coverage.view import compute_views
from vms.coverage.walls import Walls
from vms.maps.osm import read_town
from vms.planning.candidates import make_candidates
from vms.planning.catalogue import Choices
from vms.planning.choose import choose, choose_plainly
from vms.planning.plan import Ground, Wish, make_plan
from vms.planning.private import private_points
from vms.planning.problem import Problem, problem_of
from vms.planning.prove import prove
from vms.planning.sites import find_sites
from vms.planning.wanted import wanted_in
from vms.sim.town import generated_town

ROOT = Path(__file__).resolve().parent.parent
T = TypeVar("T")


def default_map() -> Path | None:
    shared = Path(os.environ.get("VMS_SHARED_FIXTURES", ROOT.parent / "shared" / "fixtures"))
    munich = shared / "geo" / "munich.osm.pbf"
    return munich if munich.is_file() else None


def timed(work: Callable[[], T]) -> tuple[T, float]:
    begun = time.process_time()
    found = work()
    return found, time.process_time() - begun


def ground_of(path: Path | None) -> Ground:
    town = generated_town(1) if path is None else read_town(path)
    walls = Walls.of_town(town)
    nobody = compute_views([], walls).packed
    return Ground(
        town=town,
        walls=walls,
        demand=demand_of_town(town, walls, kinds=STREETS),
        views=nobody,
        counts=np.zeros(0, bool),
        may_turn=np.zeros(0, bool),
    )


def squares(ground: Ground, count: int, side_m: float) -> list[shapely.Geometry]:
    """The squares of a raster with the most demand."""
    xy = ground.demand.xy_m
    cell = np.floor(xy / side_m).astype(np.int64)
    cells, weights = np.unique(cell, axis=0, return_counts=True)
    best = cells[np.argsort(-weights, kind="stable")[:count]]
    return [shapely.box(x * side_m, y * side_m, (x + 1) * side_m, (y + 1) * side_m) for x, y in best.tolist()]


def problem_in(ground: Ground, area: shapely.Geometry, budget: float, choices: Choices) -> Problem:
    wanted = wanted_in(ground.demand, area)
    sites = find_sites(ground.town, ground.walls, area, np.zeros((0, 2)), wanted.spots.xy_m, choices)
    private = private_points((), ground.walls, least_px_per_m=62.5)
    candidates = make_candidates(sites, choices, ground.walls, wanted.spots, private.spots, private.area)
    costs = np.array([choices.site_cost[kind] for kind in sites.kind])
    return problem_of(candidates, costs, wanted.per_view, wanted.missing, budget=budget, per_site=choices.per_site)


def piece(ground: Ground, area: shapely.Geometry, budget: float, limit_s: float, choices: Choices) -> dict[str, object]:
    problem, made_s = timed(lambda: problem_in(ground, area, budget, choices))
    choose_plainly(problem, lazy=True)
    lazy, lazy_s = timed(lambda: choose_plainly(problem, lazy=True))
    plain, plain_s = timed(lambda: choose_plainly(problem, lazy=False))
    ours, ours_s = timed(lambda: choose(problem))
    begun = time.monotonic()
    proof = prove(problem, limit_s=limit_s, worth_known=ours.worth)
    proof_s = time.monotonic() - begun
    row: dict[str, object] = {
        "sites": problem.sites,
        "candidates": problem.candidates,
        "spots": len(problem.missing),
        "candidates_s": round(made_s, 3),
        "lazy_s": round(lazy_s, 5),
        "plain_s": round(plain_s, 5),
        "lazy_over_plain_worth": round(lazy.worth / plain.worth, 6),
        "ours_s": round(ours_s, 3),
        "share": round(ours.worth / problem.most, 4),
        "of_own_bound": round(ours.share_of_bound, 4),
    }
    if proof is not None:
        row |= {
            "highs_wall_s": round(proof_s, 1),
            "highs_candidates": proof.candidates,
            "proven": proof.proven,
            "of_optimum_at_least": round(ours.worth / proof.bound, 4),
            "lazy_of_optimum_at_least": round(lazy.worth / proof.bound, 4),
            "highs_found": round(proof.worth / proof.bound, 4),
        }
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pieces", type=int, default=2)
    parser.add_argument("--side-m", type=float, default=200.0)
    parser.add_argument("--budget", type=float, default=6.0)
    parser.add_argument("--limit-s", type=float, default=20.0)
    parser.add_argument("--district-m", type=float, default=0.0, help="side of one large square, planned as a whole")
    parser.add_argument("--district-budget", type=float, default=200.0)
    parser.add_argument("--map", type=Path, default=default_map())
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    ground = ground_of(asked.map)
    choices = Choices()
    found: dict[str, object] = {
        "load": round(os.getloadavg()[0], 2),
        "pieces": [
            piece(ground, area, asked.budget, asked.limit_s, choices)
            for area in squares(ground, asked.pieces, asked.side_m)
        ],
    }
    if asked.district_m > 0.0:
        area = squares(ground, 1, asked.district_m)[0]
        plan, plan_s = timed(lambda: make_plan(ground, Wish(area=area, budget=asked.district_budget)))
        problem = problem_in(ground, area, asked.district_budget, choices)
        lazy, lazy_s = timed(lambda: choose_plainly(problem, lazy=True))
        plain, plain_s = timed(lambda: choose_plainly(problem, lazy=False))
        found["district"] = {
            "lazy_s": round(lazy_s, 4),
            "plain_s": round(plain_s, 4),
            "same_choice": lazy.chosen.tolist() == plain.chosen.tolist(),
            "sites": plan.sites,
            "candidates": plan.candidates,
            "spots": plan.spots,
            "cameras": len(plan.cameras),
            "share": round(plan.share_after, 4),
            "of_own_bound": round(plan.of_bound, 4),
            "plan_s": round(plan_s, 2),
        }
    if asked.json:
        json.dump(found, sys.stdout, indent=2)
        print()
        return
    print(f"load {found['load']}")
    for row in found["pieces"]:  # type: ignore[attr-defined]
        print("  ".join(f"{name} {value}" for name, value in row.items()))
    if "district" in found:
        print("district", found["district"])


if __name__ == "__main__":
    main()
