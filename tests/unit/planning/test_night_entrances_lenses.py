"""What a plan knows of the night, of entrances that want two cameras, and of cameras with several lenses."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from tests.builders.coverage import a_pose, a_road, a_town
from tests.builders.planning import a_ground, around, optimum
from vms.coverage.demand import ALONE, Demand
from vms.coverage.ground import GROUNDS
from vms.coverage.ground import Ground as GroundClass
from vms.coverage.rows_see import Seen
from vms.planning.candidates import make_candidates, serving
from vms.planning.catalogue import CameraType, Choices
from vms.planning.choose import choose, choose_plainly
from vms.planning.entrances import EntranceCounts
from vms.planning.links import targets_of
from vms.planning.plan import Ground, Wish, make_plan
from vms.planning.private import private_points
from vms.planning.problem import Problem, problem_of
from vms.planning.sites import find_sites
from vms.planning.wanted import Wanted, wanted_in

WIDE = CameraType(name="wide", h_fov_deg=90.0, range_m=50.0, cost=1.0)
DARK = replace(WIDE, name="dark", sees_by_night=False, cost=0.5)
HOUSES = [(-100.0, 8.0, 100.0, 20.0), (-100.0, -20.0, 100.0, -8.0)]
GATE_WORTH = 60.0


def plain(ground: Ground, **wish: object) -> Wish:
    return Wish(area=around(), budget=30.0, **wish)  # type: ignore[arg-type]


def test_a_camera_without_light_counts_by_day_alone() -> None:
    ground = a_ground(blocks=HOUSES)
    dark = make_plan(ground, plain(ground, choices=Choices(types=(DARK,))))
    lit = make_plan(ground, plain(ground, choices=Choices(types=(WIDE,))))
    assert lit.share_after > 0.9
    assert dark.share_after == pytest.approx(0.5 * lit.share_after, abs=0.02)
    assert dark.cameras[0].road_m == 0.0, "no road is covered as wanted while it is dark at night"
    by_day = replace(ground, demand=replace(ground.demand, by_night=np.zeros(len(ground.demand), bool)))
    assert make_plan(by_day, plain(ground, choices=Choices(types=(DARK,)))).share_after == pytest.approx(
        lit.share_after
    )


def test_a_camera_that_stands_already_and_has_no_light_leaves_the_night_to_be_bought() -> None:
    watcher = a_pose(-100.0, 0.0, mount_height_m=4.0, tilt_deg=5.0, h_fov_deg=60.0, max_view_m=110.0)
    lit = a_ground(blocks=HOUSES, poses=[watcher])
    dark = replace(lit, sees_by_night=np.zeros(1, bool))
    with_light, without = (make_plan(one, plain(one)) for one in (lit, dark))
    assert without.share_before == pytest.approx(0.5 * with_light.share_before)
    bought = {row for one in without.cameras for row in one.covers}
    assert lit.demand.xy_m[sorted(bought), 0].min() < -60.0, "where it looks by day the night is still wanted"


def gated(views: int = 2, *, weight: float = GATE_WORTH) -> Ground:
    """A street of 200 m with a gate in its middle; the road 50 m to both sides is asked for with it."""
    ground = a_ground(blocks=HOUSES)
    beside = [(x, 0.0) for x in np.arange(-47.5, 50.0, 5.0).tolist()]
    n = len(beside)
    demand = Demand(
        xy_m=np.array([*beside, (0.0, 8.5)]),
        need_px_per_m=np.full(n + 1, 25.0),
        length_m=np.array([*[5.0] * n, 0.0]),
        source=np.zeros(n + 1, np.int64),
        is_place=np.arange(n + 1) == n,
        side=np.zeros(n + 1, np.int8),
        names=("street", "gate"),
        roads=1,
        need_views=np.array([*[1] * n, views]),
        weight=np.array([*[1.0] * n, weight]),
        ground=np.full(n + 1, GROUNDS.index(GroundClass.UNIT_ENTRANCE)),
        group=np.full(n + 1, n),
    )
    return replace(ground, demand=demand)


def as_problem(ground: Ground, budget: float, types: tuple[CameraType, ...] = (WIDE,)) -> tuple[Problem, Wanted]:
    choices = Choices(types=types, directions=8, spacing_m=40.0)
    wanted = wanted_in(ground.demand, around())
    sites = find_sites(ground.town, ground.walls, around(), np.zeros((0, 2)), wanted.missing_xy_m, choices)
    nobody = private_points((), ground.walls, least_px_per_m=62.5)
    found = make_candidates(sites, choices, ground.walls, wanted.spots, nobody.spots, nobody.area)
    found = serving(found, wanted.links, types)
    costs = np.array([choices.site_cost[kind] for kind in sites.kind])
    problem = problem_of(found, costs, wanted.per_view, wanted.missing, budget=budget, per_site=2)
    return problem, wanted


def test_the_first_of_two_cameras_at_an_entrance_brings_its_half_and_the_second_the_rest() -> None:
    plan = make_plan(gated(), Wish(area=around(), budget=30.0, choices=Choices(types=(WIDE,))))
    gate = len(gated().demand) - 1
    serving_it = [one for one in plan.cameras if gate in one.covers]
    assert len(serving_it) == 2
    assert [one.places for one in serving_it] == [(), ("gate",)], "covered with the second"
    assert [(one.half_entrances, one.whole_entrances) for one in serving_it] == [(1, 0), (0, 1)]
    assert plan.entrances == EntranceCounts(asked=1, whole=1)
    assert min(one.gain for one in serving_it) >= 0.5 * GATE_WORTH
    assert plan.share_after > 0.9


def test_an_entrance_that_the_money_or_the_cameras_there_leave_half_done_is_counted() -> None:
    wish = Wish(area=around(), budget=1.9, choices=Choices(types=(WIDE,)))
    assert make_plan(gated(), wish).entrances == EntranceCounts(asked=1, half=1)
    west = a_pose(-60.0, 0.0, mount_height_m=4.0, tilt_deg=5.0, h_fov_deg=50.0, max_view_m=50.0)
    there = replace(a_ground(blocks=HOUSES, poses=[west]), demand=gated().demand)
    plan = make_plan(there, replace(wish, budget=4.0))
    assert plan.entrances == EntranceCounts(asked=1, half_before=1, whole=1)
    assert sum(one.whole_entrances for one in plan.cameras) == 1
    assert make_plan(there, replace(wish, budget=0.1)).entrances == EntranceCounts(asked=1, half_before=1, half=1)


def test_greedy_buys_both_cameras_of_an_entrance_and_is_as_good_as_trying_every_set() -> None:
    for views, budget in ((2, 3.7), (2, 6.0), (3, 6.0), (1, 3.0)):
        problem, _ = as_problem(gated(views), budget)
        few = thinned(problem, 14)
        best = optimum(few)
        found = choose(few)
        assert found.worth >= 0.97 * best > 0.0
        assert found.bound >= best - 1e-9
        lazy, patient = choose_plainly(problem, lazy=True), choose_plainly(problem, lazy=False)
        assert lazy.chosen.tolist() == patient.chosen.tolist()


def thinned(problem: Problem, most: int) -> Problem:
    """Every so many candidates alone, so that every set can be tried."""
    kept = np.unique(np.linspace(0, problem.candidates - 1, most).astype(np.int64))
    counts = np.diff(problem.first)[kept]
    spot = np.concatenate([problem.spot[problem.first[k] : problem.first[k + 1]] for k in kept.tolist()])
    site = problem.site[kept]
    return replace(
        problem,
        site=site,
        first_of_site=np.concatenate([[0], np.cumsum(np.bincount(site, minlength=problem.sites))]).astype(np.int64),
        cost=problem.cost[kept],
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        spot=spot,
    )


def test_one_camera_serves_one_side_of_an_entrance_the_one_of_which_it_sees_more() -> None:
    wanted = wanted_in(gated().demand, around())
    at = {round(x): number for number, (x, _) in enumerate(wanted.spots.xy_m.tolist())}
    gates = np.flatnonzero(wanted.row == len(gated().demand) - 1)
    assert len(gates) == 2 and wanted.views[gates].tolist() == [1, 1]
    assert wanted.worth[gates].sum() == GATE_WORTH
    west, both = [at[-48], at[-42]], [at[-48], at[2], at[8]]
    seen = Seen(np.array([0, 2, 5], np.int64), np.array([*west, *both], np.int32), np.zeros(5, np.float32))
    served = targets_of(wanted.links, seen, np.ones(2, bool))
    of_gate = [set(served.spot[served.first[k] : served.first[k + 1]].tolist()) & set(gates.tolist()) for k in (0, 1)]
    assert len(of_gate[0]) == len(of_gate[1]) == 1 and of_gate[0] != of_gate[1]


def test_two_cameras_that_look_the_same_way_are_still_two_as_the_gap_map_counts_them() -> None:
    wanted = wanted_in(gated().demand, around())
    west, east = np.flatnonzero(wanted.row == len(gated().demand) - 1)
    for have in ((2, 0), (0, 2)):
        counted = np.zeros(len(wanted), np.int32)
        counted[[west, east]] = have
        assert wanted.seen_by(counted).missing[[west, east]].tolist() == [0, 0]
    counted[[west, east]] = (1, 0)
    assert wanted.seen_by(counted).missing[[west, east]].tolist() == [0, 1]


def test_an_entrance_at_the_areas_edge_is_asked_for_with_all_of_its_road_and_a_road_outside_for_nothing() -> None:
    demand = gated().demand
    wanted = wanted_in(demand, shapely.box(-5.0, -20.0, 5.0, 20.0))
    own = wanted.row[wanted.links.choice < 0]
    assert np.abs(demand.xy_m[own, 0]).max() <= 5.0
    assert len(wanted.spots.xy_m) == (demand.group != ALONE).sum() - 1


def test_turning_a_camera_to_an_entrance_counts_its_half_once() -> None:
    away = a_pose(-45.0, -5.0, bearing_deg=180.0, mount_height_m=4.0, tilt_deg=5.0, h_fov_deg=70.0, max_view_m=80.0)
    demand = gated().demand
    ground = replace(a_ground(blocks=[HOUSES[0]], poses=[away]), demand=demand)
    plan = make_plan(ground, Wish(area=around(), budget=1.0, choices=Choices(types=(WIDE,))))
    (turn,) = plan.turns
    road_m = float(demand.length_m.sum())
    assert 0.5 * GATE_WORTH < turn.gain <= 0.5 * GATE_WORTH + road_m
    turned = make_plan(ground, Wish(area=around(), budget=0.1, choices=Choices(types=(WIDE,)), turn_first=True))
    assert turned.share_after == pytest.approx(turn.gain / (road_m + GATE_WORTH), abs=1e-6)


def test_a_camera_with_two_lenses_sees_what_both_do_and_is_paid_once() -> None:
    town = a_town(roads=[a_road((-60.0, 0.0), (60.0, 0.0))])
    ground = a_ground(town, blocks=HOUSES)
    two = replace(WIDE, name="two", lenses_deg=(0.0, 180.0), cost=1.5)
    one_way, two_way = (
        make_plan(ground, Wish(area=around(), budget=2.4, choices=Choices(types=(kind,)))) for kind in (WIDE, two)
    )
    assert len(one_way.cameras) == len(two_way.cameras) == 1
    assert two_way.cost - one_way.cost == pytest.approx(0.5)
    assert len(two_way.cameras[0].covers) > 1.5 * len(one_way.cameras[0].covers)


def test_two_lenses_of_one_camera_are_one_of_the_two_views_that_a_spot_wants() -> None:
    looks = [a_pose(-60.0, 0.0, bearing_deg=90.0, h_fov_deg=50.0, max_view_m=80.0) for _ in range(2)]
    ground = a_ground(blocks=HOUSES, poses=looks)
    one, two = (
        make_plan(replace(ground, camera=np.array(camera)), plain(ground, views=2)) for camera in ((7, 7), (7, 8))
    )
    assert 0.0 < one.share_before == pytest.approx(0.5 * two.share_before)


def test_what_is_worked_out_part_by_part_is_the_same_as_at_once() -> None:
    wanted = wanted_in(gated().demand, around(), night_apart=True)
    draw = np.random.default_rng(5)
    counts = draw.integers(0, 9, 40)
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    spots = np.concatenate([draw.choice(len(wanted.spots.xy_m), n, replace=False) for n in counts]).astype(np.int32)
    seen = Seen(first, spots, np.zeros(len(spots), np.float32))
    night = draw.random(40) < 0.5
    whole, parts = (targets_of(wanted.links, seen, night, at_once=n) for n in (1_000_000, 7))
    assert len(whole.spot) > len(spots) / 2
    assert (whole.first.tolist(), whole.spot.tolist()) == (parts.first.tolist(), parts.spot.tolist())
