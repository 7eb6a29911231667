"""The gap map that is kept current camera by camera is the one that counting from nothing gives."""

import numpy as np
import pytest

from tests.builders.coverage import FRAME, a_building, a_key_place, a_pose, a_road, a_town
from vms.core.ids import CameraId
from vms.coverage.demand import Demand, demand_of_town
from vms.coverage.gaps import gaps_of
from vms.coverage.index import CoverageIndex
from vms.coverage.judge_demand import judge_samples
from vms.coverage.sightings import ViewState
from vms.coverage.stretches import codes_of, stretches_of
from vms.coverage.tally import Tally
from vms.coverage.view import compute_view
from vms.coverage.walls import Walls

SIDE_M = 600.0


def a_grid_town(streets: int = 7):
    """Streets every 100 m both ways, a house in every second block."""
    lines = [i * SIDE_M / (streets - 1) for i in range(streets)]
    roads = [a_road((0, at), (SIDE_M, at), name=f"E{at:.0f}") for at in lines]
    roads += [a_road((at, 0), (at, SIDE_M), name=f"N{at:.0f}") for at in lines]
    blocks = [(i, j) for i in range(streets - 1) for j in range(streets - 1) if (i + j) % 2]
    houses = [a_building(lines[i] + 10, lines[j] + 10, lines[i] + 80, lines[j] + 80) for i, j in blocks]
    return a_town(houses, roads, [a_key_place(x, y) for x, y in ((150, 150), (250, 240), (420, 90))])


def some_pose(rng: np.random.Generator):
    x, y = rng.uniform(0, SIDE_M, 2).tolist()
    return a_pose(
        x, y, bearing_deg=float(rng.uniform(0, 360)), h_fov_deg=float(rng.uniform(20, 120)),
        max_view_m=float(rng.uniform(20, 150)),
    )  # fmt: skip


def by_brute_force(demand: Demand, index: CoverageIndex):
    """Cause, how many, best density: each spot asked for by itself, through the index of cameras."""
    return judge_samples(
        index.walls.grid.segments, index.packed, index.buckets, demand.xy_m, demand.need_px_per_m, demand.need_views
    )


def test_after_hundreds_of_random_changes_the_tally_equals_brute_force_on_ten_thousand_samples():
    rng = np.random.default_rng(5)
    town = a_grid_town()
    walls = Walls.of_town(town)
    demand = demand_of_town(town, walls, step_m=1.6, both_sides=True)
    assert len(demand) >= 10_000
    demand.need_views[:] = rng.integers(1, 4, len(demand))
    ids = [CameraId(i) for i in range(1, 201)]
    index = CoverageIndex.build(ids, [some_pose(rng) for _ in ids], walls)
    tally = Tally(demand, index)
    for turn in range(400):
        camera_id = CameraId(int(rng.integers(1, 260)))
        with tally.changing([camera_id]):
            if turn % 3 == 0:
                index.set_state(camera_id, ViewState(int(rng.integers(0, 3))))
            elif turn % 3 == 1:
                index.put(camera_id, compute_view(some_pose(rng), walls))
            elif turn % 15 == 2:
                index.remove(camera_id)
    cause, seen_by, best, _ = by_brute_force(demand, index)
    assert set(np.unique(cause)) == {0, 1, 2, 3, 4, 5}, "every cause is among them"
    np.testing.assert_array_equal(tally.cause[:, 0], cause)
    np.testing.assert_array_equal(tally.seen_by, seen_by)
    np.testing.assert_allclose(tally.counts.best_px_per_m[:, 0], best, rtol=1e-6)
    fresh = Tally(demand, index)
    for kept, counted in zip(tally.counts[:2] + tally.counts[4:6], fresh.counts[:2] + fresh.counts[4:6], strict=True):
        np.testing.assert_array_equal(kept, counted)
    assert tally.counts.length_mm.sum() == 2 * tally.samples.length_mm.sum(), "by day and by night, nothing is lost"


def test_a_camera_without_night_sight_covers_by_day_only_and_is_too_coarse_by_night():
    town = a_town(roads=[a_road((0, 0), (40, 0))])
    walls = Walls.of_town(town)
    index = CoverageIndex.build([CameraId(1)], [a_pose(-1, 0, max_view_m=120.0, h_fov_deg=30.0)], walls)
    tally = Tally(demand_of_town(town, walls), index, sightless=[CameraId(1)])
    assert (set(tally.cause[:, 0]), set(tally.cause[:, 1])) == ({0}, {3})
    with tally.changing([CameraId(1)], sightless={CameraId(1): False}):
        pass
    assert set(tally.cause[:, 1]) == {0}, "a lamp was put up"


def test_a_spot_that_asks_for_two_cameras_is_not_covered_by_one():
    town = a_town(roads=[a_road((0, 0), (40, 0))])
    walls = Walls.of_town(town)
    demand = demand_of_town(town, walls)
    demand.need_views[:] = 2
    camera = a_pose(-1, 0, max_view_m=120.0, h_fov_deg=30.0)
    index = CoverageIndex.build([CameraId(1), CameraId(2)], [camera, camera], walls)
    tally = Tally(demand, index)
    assert set(tally.cause[:, 0]) == {0}
    with tally.changing([CameraId(2)]):
        index.set_state(CameraId(2), ViewState.FAULTY)
    assert set(tally.cause[:, 0]) == {1}, "a repair would do"
    with tally.changing([CameraId(2)]):
        index.remove(CameraId(2))
    assert set(tally.cause[:, 0]) == {5}, "the other alone is not enough"


def test_an_entrance_counts_different_cameras_along_its_road_not_views_of_one_spot():
    """Two cameras at the door, one looking left and one right: neither sees what the other does."""
    x = np.array([-30.0, -10.0, 10.0, 30.0, 0.0])
    demand = Demand(
        xy_m=np.column_stack([x, np.zeros(5)]), need_px_per_m=np.full(5, 25.0), length_m=np.array([20.0] * 4 + [0.0]),
        source=np.zeros(5, np.int64), is_place=np.array([False] * 4 + [True]), side=np.zeros(5, np.int8),
        names=("road", "door"), roads=1, need_views=np.array([1, 1, 1, 1, 2]), group=np.full(5, 4),
    )  # fmt: skip
    walls = Walls.of_segments(FRAME, np.zeros((0, 4)))
    west, east = a_pose(0, 0, bearing_deg=270.0, h_fov_deg=60.0), a_pose(0, 0, bearing_deg=90.0, h_fov_deg=60.0)
    index = CoverageIndex.build([CameraId(1), CameraId(2)], [west, east], walls)
    tally = Tally(demand, index)
    assert tally.cause[:, 0].tolist() == [0, 0, 0, 0, 0]
    with tally.changing([CameraId(2)]):
        index.set_state(CameraId(2), ViewState.NO_CONSENT)
    assert tally.cause[:, 0].tolist() == [0, 0, 2, 2, 2]
    assert tally.price_of([CameraId(1)])[CameraId(1)].places == 0, "the entrance was lost before"
    with tally.changing([CameraId(2)]):
        index.set_state(CameraId(2), ViewState.USABLE)
    assert tally.price_of([CameraId(1)])[CameraId(1)].places == 1


@pytest.mark.parametrize("state", [ViewState.FAULTY, ViewState.NO_CONSENT])
def test_the_gap_of_an_entrance_names_whom_its_cause_means_and_how_well_it_is_seen(state: ViewState):
    """One camera at the door is in order and sees what the other does and more; that one is missing for the door."""
    x = np.array([-30.0, -10.0, 10.0, 30.0, 0.0])
    demand = Demand(
        xy_m=np.column_stack([x, np.zeros(5)]), need_px_per_m=np.full(5, 10.0), length_m=np.array([20.0] * 4 + [0.0]),
        source=np.zeros(5, np.int64), is_place=np.array([False] * 4 + [True]), side=np.zeros(5, np.int8),
        names=("road", "door"), roads=1, need_views=np.array([1, 1, 1, 1, 2]), group=np.full(5, 4),
    )  # fmt: skip
    walls = Walls.of_segments(FRAME, np.zeros((0, 4)))
    first, second = (a_pose(x_m, 0, bearing_deg=90.0, h_fov_deg=60.0, max_view_m=150.0) for x_m in (-60, 0))
    index = CoverageIndex.build([CameraId(7), CameraId(9)], [first, second], walls)
    index.set_state(CameraId(9), state)
    tally = Tally(demand, index)
    assert tally.cause[:4, 0].tolist() == [0, 0, 0, 0], "the road beside it asks for one"
    (door,) = gaps_of(tally, stretches_of(demand, codes_of(tally)))
    assert (door.name, door.cause.value, door.camera_ids) == ("door", state.name.lower(), (9,))
    assert door.best_px_per_m == tally.counts.best_px_per_m[:4, 0].max() > 10.0


def test_a_price_is_what_one_camera_alone_covers_and_stays_the_same_when_it_falls_ill():
    town = a_town(roads=[a_road((0, 0), (100, 0))], places=[a_key_place(20, 0)])
    walls = Walls.of_town(town)
    whole, part = a_pose(-1, 0, max_view_m=120.0, h_fov_deg=30.0), a_pose(40, 0, max_view_m=200.0, h_fov_deg=30.0)
    index = CoverageIndex.build([CameraId(1), CameraId(2)], [whole, part], walls)
    tally = Tally(demand_of_town(town, walls), index)
    price = tally.price_of([CameraId(1), CameraId(2), CameraId(9)])
    assert tally.price_of([CameraId(1), CameraId(1)])[CameraId(1)] == price[CameraId(1)], "asked for twice, told once"
    assert set(price) == {1, 2}, "a camera without a view has no price"
    assert (price[CameraId(1)].road_m, price[CameraId(1)].places) == (pytest.approx(40.0, abs=5.0), 1)
    assert price[CameraId(2)].road_m == 0.0
    assert price[CameraId(2)].covers_m == pytest.approx(60.0, abs=5.0)
    with tally.changing([CameraId(1)]):
        index.set_state(CameraId(1), ViewState.FAULTY)
    assert tally.price_of([CameraId(1)])[CameraId(1)] == price[CameraId(1)]
