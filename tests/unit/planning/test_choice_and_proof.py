"""The choice keeps its budget, is near the best there is, and no bound lies below that."""

from dataclasses import replace

import numpy as np
import pytest

from tests.builders.planning import a_problem, optimum
from vms.planning.choose import choose, choose_plainly
from vms.planning.prove import prove, relaxed_bound

SEEDS = range(12)


@pytest.mark.parametrize("views", [1, 2])
def test_choice_bounds_and_proof_agree_with_trying_every_set(views: int) -> None:
    shares = []
    for seed in SEEDS:
        problem = a_problem(seed, views=views)
        best = optimum(problem)
        choice, proof = choose(problem), prove(problem, limit_s=20.0)
        fractions = relaxed_bound(problem, limit_s=20.0)
        assert proof is not None and fractions is not None
        assert choice.worth == pytest.approx(problem.worth_of(choice.chosen))
        assert choice.cost <= problem.budget + 1e-9
        assert choice.worth <= best + 1e-9
        assert choice.bound >= best - 1e-9
        assert fractions >= best - 1e-6
        assert proof.proven
        assert proof.worth == pytest.approx(best, rel=2e-4)
        assert choice.worth >= choice.guarantee * best
        shares.append(choice.worth / best if best else 1.0)
    assert np.mean(shares) >= 0.97


def test_the_lazy_walk_chooses_what_the_patient_one_does() -> None:
    for seed in SEEDS:
        problem = a_problem(seed, sites=12, spots=60, budget=8.0)
        lazy, patient = choose_plainly(problem, lazy=True), choose_plainly(problem, lazy=False)
        assert lazy.chosen.tolist() == patient.chosen.tolist()


def test_two_cameras_on_one_pole_are_no_two_views() -> None:
    problem = replace(
        a_problem(0, sites=2, spots=4, views=2, budget=100.0), first=np.array([0, 4, 8, 12, 16], np.int64)
    )
    problem = replace(
        problem,
        site=np.array([0, 0, 1, 1], np.int32),
        first_of_site=np.array([0, 2, 4], np.int64),
        cost=np.ones(4),
        spot=np.tile(np.arange(4, dtype=np.int32), 4),
        per_view=np.ones(4),
    )
    choice = choose(problem)
    assert sorted(problem.site[choice.chosen].tolist()) == [0, 1]
    assert choice.worth == 8.0


def test_a_pole_is_paid_once() -> None:
    problem = replace(
        a_problem(1, sites=2), site_cost=np.array([5.0, 5.0]), cost=np.ones(a_problem(1, sites=2).candidates)
    )
    here = np.flatnonzero(problem.site == 0)[:2]
    assert problem.cost_of(here) == 7.0
    choice = choose(replace(problem, budget=7.0))
    assert len(set(problem.site[choice.chosen].tolist())) == 1 and choice.cost <= 7.0


def test_money_for_nothing_buys_nothing() -> None:
    choice = choose(a_problem(2, budget=0.1))
    assert (choice.chosen.tolist(), choice.worth, choice.cost) == ([], 0.0, 0.0)
