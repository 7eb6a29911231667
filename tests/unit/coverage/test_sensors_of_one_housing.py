"""Several sensors in one housing: each sees its own ground, and together they are one camera."""

import numpy as np
import pytest

from tests.builders.coverage import FRAME, a_building, a_pose, a_road, a_town, at
from vms.core.ids import CameraId
from vms.coverage.demand import Demand, demand_of_town
from vms.coverage.index import CoverageIndex
from vms.coverage.judge_demand import judge_samples
from vms.coverage.poses import rows_of_told
from vms.coverage.sightings import Sight, ViewState
from vms.coverage.tally import Tally
from vms.coverage.tally_rows import COVERS, IS_BLOCKED, IS_COARSE, IS_FAULTY, IS_REFUSED, NOTHING
from vms.coverage.view import View, Views, compute_view, compute_views, sweep_rows
from vms.coverage.walls import Walls

SIDE_M = 300.0
STATES = {ViewState.USABLE: COVERS, ViewState.FAULTY: IS_FAULTY, ViewState.NO_CONSENT: IS_REFUSED}


def a_little_town():
    houses = [a_building(40, 40, 90, 90), a_building(160, 30, 200, 120), a_building(60, 170, 140, 220)]
    roads = [a_road((0, y), (SIDE_M, y)) for y in (20, 130, 240)] + [
        a_road((x, 0), (x, SIDE_M)) for x in (20, 145, 260)
    ]
    return a_town(houses, roads)


def some_sensors(rng: np.random.Generator, walls: Walls) -> list[View]:
    x, y = rng.uniform(0, SIDE_M, 2).tolist()
    poses = [
        a_pose(
            x, y, bearing_deg=float(rng.uniform(0, 360)), h_fov_deg=float(rng.uniform(40, 120)),
            max_view_m=float(rng.uniform(30, 120)),
        )
        for _ in range(int(rng.integers(1, 5)))
    ]  # fmt: skip
    return list(compute_views(poses, walls))


def brute_relation(views: list[View], state: ViewState, x: float, y: float, need: float) -> tuple[int, float]:
    """Of one camera to one spot, by asking each of its sensors for itself; and the best density in sight."""
    least, best = NOTHING, 0.0
    for view in views:
        packed, row = view.packed, view.row
        distance = float(np.hypot(x - packed.x[row], y - packed.y[row]))
        density = float(packed.px_m[row]) / max(float(np.hypot(distance, packed.height_m[row])), 0.1)
        spot = FRAME.to_wgs84(x, y)
        if view.sees(spot):
            if state is ViewState.USABLE:
                best = max(best, density)
            if density >= need:
                least = min(least, STATES[state])
            elif state is ViewState.USABLE:
                least = min(least, IS_COARSE)
        elif density >= need and state is ViewState.USABLE and within(view, x, y):
            least = min(least, IS_BLOCKED)
    return least, best


def within(view: View, x: float, y: float) -> bool:
    packed, row = view.packed, view.row
    dx, dy = x - float(packed.x[row]), y - float(packed.y[row])
    distance = np.hypot(dx, dy)
    angle = (np.arctan2(dy, dx) - packed.start_rad[row]) % (2.0 * np.pi)
    return bool(packed.near_m[row] <= distance <= packed.range_m[row] and angle <= packed.width_rad[row])


Asked = dict[int, tuple[list[int], list[float]]]


def asked_one_by_one(demand: Demand, housings: dict[int, tuple[list[View], ViewState]]) -> Asked:
    """Per housing what it is to each spot, and how well it sees it."""
    spots = list(zip(demand.xy_m.tolist(), demand.need_px_per_m.tolist(), strict=True))
    found: Asked = {}
    for number, (views, state) in housings.items():
        told = [brute_relation(views, state, x, y, need) for (x, y), need in spots]
        found[number] = ([relation for relation, _ in told], [density for _, density in told])
    return found


def counted(demand: Demand, asked: Asked):
    """Cause, how many, best density, by adding up."""
    relations = np.array([relation for relation, _ in asked.values()])
    cause = np.full(len(demand), NOTHING, np.uint8)
    for relation in reversed(range(NOTHING)):
        cause[(relations <= relation).sum(axis=0) >= demand.need_views] = relation
    return cause, (relations == COVERS).sum(axis=0), np.max([density for _, density in asked.values()], axis=0)


def test_housings_of_many_sensors_are_counted_as_by_asking_each_spot_and_stay_so_while_they_change():
    rng = np.random.default_rng(11)
    town = a_little_town()
    walls = Walls.of_town(town, frame=FRAME)
    demand = demand_of_town(town, walls, step_m=8.0)
    demand.need_views[:] = rng.integers(1, 4, len(demand))
    housings = {number: (some_sensors(rng, walls), ViewState.USABLE) for number in range(1, 31)}
    ids = [CameraId(number) for number, (views, _) in housings.items() for _ in views]
    index = CoverageIndex(walls)
    for number, (views, _) in housings.items():
        index.put_sensors(CameraId(number), views)
    assert len(index) == 30 < len(ids)
    tally = Tally(demand, index)
    for turn in range(60):
        number = int(rng.integers(1, 36))
        with tally.changing([CameraId(number)]):
            if turn % 3 == 0 and number in housings:
                housings[number] = (housings[number][0], list(STATES)[int(rng.integers(0, 3))])
                index.set_state(CameraId(number), housings[number][1])
            elif turn % 3 == 1:
                views = some_sensors(rng, walls)
                housings[number] = (views, housings.get(number, (views, ViewState.USABLE))[1])
                index.put_sensors(CameraId(number), views)
            elif turn % 9 == 2:
                housings.pop(number, None)
                index.remove(CameraId(number))
    asked = asked_one_by_one(demand, housings)
    cause, seen_by, best = counted(demand, asked)
    np.testing.assert_array_equal(tally.cause[:, 0], cause)
    np.testing.assert_array_equal(tally.seen_by, seen_by)
    np.testing.assert_allclose(tally.counts.best_px_per_m[:, 0], best, rtol=1e-5)
    one_by_one = judge_samples(
        walls.grid.segments, index.packed, index.buckets, demand.xy_m, demand.need_px_per_m, demand.need_views
    )
    np.testing.assert_array_equal(one_by_one[0], cause)
    np.testing.assert_array_equal(one_by_one[1], seen_by)
    for number in housings:
        others = {other: told for other, told in asked.items() if other != number}
        lost = (cause == 0) & (counted(demand, others)[0] != 0)
        if housings[number][1] is ViewState.USABLE:
            price = tally.price_of([CameraId(number)])[CameraId(number)]
            assert price.road_m == pytest.approx(float(demand.length_m[lost].sum()), abs=0.01)
            assert sorted(tally.lost_without([CameraId(number)]).tolist()) == np.flatnonzero(lost).tolist()


def test_two_sensors_on_one_spot_are_not_the_two_cameras_that_it_asks_for():
    town = a_town(roads=[a_road((0, 0), (40, 0))])
    walls = Walls.of_town(town)
    demand = demand_of_town(town, walls)
    demand.need_views[:] = 2
    view = compute_view(a_pose(-1, 0, max_view_m=120.0, h_fov_deg=30.0), walls)
    index = CoverageIndex(walls)
    index.put_sensors(CameraId(1), [view, view])
    tally = Tally(demand, index)
    assert set(tally.cause[:, 0]) == {5}
    with tally.changing([CameraId(2)]):
        index.put(CameraId(2), view)
    assert set(tally.cause[:, 0]) == {0}
    with tally.changing([CameraId(1)]):
        index.set_state(CameraId(1), ViewState.FAULTY)
    assert set(tally.cause[:, 0]) == {1}, "one fault takes both sensors"


def test_all_at_once_and_one_after_the_other_make_the_same_index():
    rng = np.random.default_rng(3)
    walls = Walls.of_town(a_little_town(), frame=FRAME)
    poses = [a_pose(*rng.uniform(0, SIDE_M, 2).tolist(), bearing_deg=float(rng.uniform(0, 360))) for _ in range(40)]
    ids = [CameraId(number // 3) for number in range(40)]
    views = compute_views(poses, walls)
    together, after = CoverageIndex.of_views(ids, views), CoverageIndex(walls)
    for camera_id in sorted(set(ids)):
        after.put_sensors(camera_id, [view for one, view in zip(ids, views, strict=True) if one == camera_id])
    for x, y in rng.uniform(0, SIDE_M, (30, 2)).tolist():
        assert together.candidates(at(x, y), 5) == after.candidates(at(x, y), 5)
    assert [view.area_m2 for view in together.views(CameraId(2))] == [view.area_m2 for view in after.views(CameraId(2))]


def test_what_a_camera_could_be_turned_to_is_told_and_never_counted():
    walls = Walls.of_segments(FRAME, np.zeros((0, 4)))
    pose = a_pose(0, 0, bearing_deg=90.0, h_fov_deg=60.0, max_view_m=80.0)
    told = np.array([[pose.position.lon, pose.position.lat, 90.0, np.nan, 60.0, np.nan, np.nan, 80.0]] * 2)
    rows = rows_of_told(told, walls.frame, ptz=[False, True], could=[False, True])
    index = CoverageIndex.of_views([CameraId(1)] * 2, Views(walls, sweep_rows(rows, walls)))
    (east,) = index.who_sees(at(30, 0))
    (west,) = index.who_sees(at(-30, 0))
    assert (east.sight, east.aimed) == (Sight.SEES, True)
    assert (west.sight, west.aimed) == (Sight.COULD_SEE, False)
    assert [view.is_reach for view in index.views(CameraId(1))] == [False, True]
