"""Who sees this point, then who is nearest."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.builders.coverage import FRAME, a_pose, at, walls_of
from vms.core.geo import Wgs84
from vms.coverage.index import CoverageIndex
from vms.coverage.sightings import Sight, ViewState
from vms.coverage.view import compute_view, compute_views

TOWN = walls_of(*((x, y, x + 30.0, y + 22.0) for x in range(-200, 200, 45) for y in range(-200, 200, 40)))
TOWN_IN_THE_OPEN = walls_of((900, 900, 910, 910))


def a_random_city(cameras: int, seed: int, span_m: float = 220.0) -> tuple[list[int], list]:
    rng = np.random.default_rng(seed)
    poses = [
        a_pose(
            float(rng.uniform(-span_m, span_m)),
            float(rng.uniform(-span_m, span_m)),
            bearing_deg=None if i % 9 == 0 else float(rng.uniform(0.0, 360.0)),
            h_fov_deg=float(rng.choice([60.0, 90.0, 360.0])),
            mount_height_m=float(rng.uniform(3.0, 8.0)),
            tilt_deg=float(rng.uniform(0.0, 40.0)),
        )
        for i in range(cameras)
    ]
    return [int(i) for i in rng.permutation(cameras) + 1], poses


class BruteForce:
    """Asks every view in turn."""

    def __init__(self, views: dict) -> None:
        self.views = views

    def distance_m(self, camera_id: int, point: Wgs84) -> float:
        view = self.views[camera_id]
        x, y = FRAME.to_xy(point)
        return math.hypot(x - float(view.packed.x[view.row]), y - float(view.packed.y[view.row]))

    def who_sees(self, point: Wgs84) -> list[int]:
        distances = {i: self.distance_m(i, point) for i in self.views}
        seers = [i for i, view in self.views.items() if distances[i] <= view.range_m and view.could_see(point)]
        return sorted(seers, key=lambda i: (not self.views[i].directional, distances[i], i))

    def nearest(self, point: Wgs84, k: int) -> list[int]:
        distances = {i: self.distance_m(i, point) for i in self.views}
        return sorted(self.views, key=lambda i: (distances[i], i))[:k]

    def candidates(self, point: Wgs84, k: int) -> list[int]:
        seers = self.who_sees(point)
        others = [i for i in self.nearest(point, len(self.views)) if i not in set(seers)]
        return seers + others[: max(0, k - len(seers))]


def test_a_thousand_points_are_answered_as_by_brute_force():
    ids, poses = a_random_city(300, seed=1)
    index = CoverageIndex.build(ids, poses, TOWN)
    brute = BruteForce(dict(zip(ids, compute_views(poses, TOWN), strict=True)))
    rng = np.random.default_rng(2)
    seen = 0
    for _ in range(1_000):
        point = at(float(rng.uniform(-250, 250)), float(rng.uniform(-250, 250)))
        candidates = index.candidates(point, 16)
        assert [s.camera_id for s in candidates] == brute.candidates(point, 16)
        for sighting in candidates:
            view = brute.views[sighting.camera_id]
            assert sighting.distance_m == pytest.approx(brute.distance_m(sighting.camera_id, point), abs=1e-9)
            assert sighting.density_px_per_m == pytest.approx(view.density_px_per_m(sighting.distance_m))
            assert sighting.sees == view.sees(point)
        seen += sum(s.sees for s in candidates)
    assert seen > 500


def test_who_is_behind_the_building_does_not_see_and_is_told_so():
    walls = walls_of((20, -50, 30, 50))
    index = CoverageIndex.build(
        [1, 2, 3, 4],
        [
            a_pose(40, 0, bearing_deg=270.0),
            a_pose(-20, 0),
            a_pose(39, 9, bearing_deg=90.0),
            a_pose(45, 0, bearing_deg=None),
        ],
        walls,
    )
    spot = at(10, 0)
    sights = {s.camera_id: s.sight for s in index.candidates(spot, 4)}
    assert sights == {1: Sight.BLOCKED, 2: Sight.SEES, 3: Sight.ELSEWHERE, 4: Sight.BLOCKED}
    assert [s.camera_id for s in index.candidates(spot, 4)] == [2, 1, 3, 4]
    assert [s.camera_id for s in index.who_sees(spot)] == [2]
    assert [s.sight for s in index.who_sees(at(50, 0)) if s.camera_id == 4] == [Sight.COULD_SEE]


def test_everybody_who_sees_is_a_candidate_however_few_were_asked_for():
    index = CoverageIndex.build(range(1, 31), [a_pose(-i) for i in range(30)], TOWN_IN_THE_OPEN)
    assert len(index.candidates(at(5, 0), 4)) == 30


def test_in_a_dark_district_usable_cameras_farther_off_are_still_found():
    index = CoverageIndex.build(range(1, 41), [a_pose(100.0 * i) for i in range(40)], TOWN_IN_THE_OPEN)
    index.set_states((i, ViewState.FAULTY) for i in range(1, 31))
    assert all(s.state is ViewState.FAULTY for s in index.candidates(at(-10, 0), 8))
    lit = index.candidates(at(-10, 0), 8, least_usable=3)
    assert [s.camera_id for s in lit if s.state is ViewState.USABLE] == [31, 32, 33]
    assert len(lit) == 11
    assert [s.camera_id for s in index.nearest(at(-10, 0), 2, only_usable=True)] == [31, 32]


def test_cameras_on_one_spot_come_in_the_order_of_their_ids():
    index = CoverageIndex.build([5, 3, 9, 1], [a_pose()] * 4, TOWN_IN_THE_OPEN)
    assert [s.camera_id for s in index.candidates(at(5, 0), 4)] == [1, 3, 5, 9]
    assert [s.camera_id for s in index.nearest(at(-5, 0), 3)] == [1, 3, 5]


@pytest.mark.parametrize("point", [Wgs84(-170.0, -80.0), Wgs84(24.94, 61.5), Wgs84(0.0, 0.0)])
def test_a_point_far_away_still_has_a_nearest_camera(point):
    ids, poses = a_random_city(100, seed=3)
    index = CoverageIndex.build(ids, poses, TOWN)
    brute = BruteForce(dict(zip(ids, compute_views(poses, TOWN), strict=True)))
    assert [s.camera_id for s in index.nearest(point, 5)] == brute.nearest(point, 5)
    assert index.who_sees(point) == ()


def test_one_camera_on_the_other_side_of_the_globe_does_not_slow_or_spoil_the_answer():
    ids, poses = a_random_city(50, seed=4)
    poses.append(a_pose(-2_000_000.0, 1_000_000.0))
    index = CoverageIndex.build([*ids, 999], poses, TOWN)
    brute = BruteForce(dict(zip([*ids, 999], compute_views(poses, TOWN), strict=True)))
    assert [s.camera_id for s in index.nearest(at(0, 0), 51)] == brute.nearest(at(0, 0), 51)


def test_an_empty_index_answers_with_nobody():
    index = CoverageIndex(TOWN)
    assert index.candidates(at(0, 0), 16) == ()
    assert len(index) == 0
    index.remove(7)
    index.set_state(7, ViewState.FAULTY)


def test_a_camera_that_turns_away_is_found_no_more():
    index = CoverageIndex.build([1], [a_pose()], TOWN_IN_THE_OPEN)
    assert [s.camera_id for s in index.who_sees(at(10, 0))] == [1]
    index.put(1, compute_view(a_pose(bearing_deg=270.0), TOWN_IN_THE_OPEN))
    assert index.who_sees(at(10, 0)) == ()
    assert [s.camera_id for s in index.who_sees(at(-10, 0))] == [1]
    assert len(index) == 1


def test_a_changed_view_keeps_its_state_and_a_new_camera_under_an_old_slot_does_not():
    index = CoverageIndex.build([1], [a_pose()], TOWN_IN_THE_OPEN)
    index.set_state(1, ViewState.FAULTY)
    index.put(1, compute_view(a_pose(1.0), TOWN_IN_THE_OPEN))
    assert index.nearest(at(0, 0), 1)[0].state is ViewState.FAULTY
    index.remove(1)
    index.put(2, compute_view(a_pose(), TOWN_IN_THE_OPEN))
    assert index.nearest(at(0, 0), 1)[0].state is ViewState.USABLE


def test_a_view_between_other_walls_is_refused():
    with pytest.raises(ValueError, match="other walls"):
        CoverageIndex(TOWN).put(1, compute_view(a_pose(), TOWN_IN_THE_OPEN))
    with pytest.raises(ValueError, match="as many ids"):
        CoverageIndex.build([1], [a_pose(), a_pose()], TOWN)


def test_growing_and_shrinking_by_the_thousand_loses_nobody():
    _, poses = a_random_city(400, seed=5)
    views = list(compute_views(poses, TOWN))
    index = CoverageIndex(TOWN)
    for turn in range(8):
        for i, view in enumerate(views):
            index.put(turn * 400 + i, view)
        for i in range(0, 400, 2):
            index.remove(turn * 400 + i)
    assert len(index) == 8 * 200
    for camera_id in range(1, 3_200, 97):
        if camera_id % 2 == 1:
            assert index.view(camera_id).area_m2 == views[camera_id % 400].area_m2


class ChangingCity(RuleBasedStateMachine):
    """Cameras come, change and go; the index answers as if it had been built anew."""

    def __init__(self) -> None:
        super().__init__()
        self.index = CoverageIndex(TOWN)
        self.brute = BruteForce({})

    @rule(
        camera_id=st.integers(1, 12),
        x=st.floats(-200, 200),
        y=st.floats(-200, 200),
        bearing_deg=st.one_of(st.none(), st.floats(0, 360)),
        fov=st.sampled_from([30.0, 90.0, 360.0]),
    )
    def put(self, camera_id, x, y, bearing_deg, fov):
        view = compute_view(a_pose(x, y, bearing_deg=bearing_deg, h_fov_deg=fov), TOWN)
        self.index.put(camera_id, view)
        self.brute.views[camera_id] = view

    @rule(camera_id=st.integers(1, 12))
    def remove(self, camera_id):
        self.index.remove(camera_id)
        self.brute.views.pop(camera_id, None)

    @invariant()
    def it_answers_as_brute_force(self):
        for x, y in ((0.0, 0.0), (-150.0, 33.0), (77.0, -90.0)):
            got = [s.camera_id for s in self.index.candidates(at(x, y), 5)]
            assert got == self.brute.candidates(at(x, y), 5)
        assert len(self.index) == len(self.brute.views)


def test_a_changing_city_is_always_answered_as_by_brute_force():
    run_state_machine_as_test(ChangingCity, settings=settings(max_examples=40, stateful_step_count=25, deadline=None))


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10_000), st.integers(1, 40))
def test_the_nearest_of_any_city_are_the_nearest(seed, k):
    ids, poses = a_random_city(60, seed=seed, span_m=1_500.0)
    index = CoverageIndex.build(ids, poses, TOWN)
    brute = BruteForce(dict(zip(ids, compute_views(poses, TOWN), strict=True)))
    point = at(float(seed % 3_000) - 1_500.0, float(seed % 700) - 350.0)
    assert [s.camera_id for s in index.nearest(point, k)] == brute.nearest(point, k)
