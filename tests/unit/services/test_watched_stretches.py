"""Which stretches are watched is always what a fresh look and plain counting find."""

import numpy as np

from tests.builders.coverage import a_pose, walls_of
from tests.builders.roads import network, random_roads
from vms.core.ids import CameraId
from vms.coverage.index import CoverageIndex
from vms.coverage.road_watch import NEED_PX_PER_M, STEP_M
from vms.coverage.sightings import ViewState
from vms.coverage.view import compute_view
from vms.roads.network import RoadNetwork
from vms.services.rings.watched import WatchedStretches

WALLS = walls_of((120.0, 120.0, 180.0, 180.0), (320.0, 220.0, 380.0, 280.0))


def some_pose(rng: np.random.Generator):
    x, y = rng.uniform(0.0, 500.0, 2)
    return a_pose(x, y, bearing_deg=float(rng.uniform(0.0, 360.0)), h_fov_deg=70.0)


def by_counting(index: CoverageIndex, town: RoadNetwork) -> list[int]:
    """Usable views per stretch: sample after sample, camera after camera."""
    found = []
    for stretch in range(len(town)):
        count = max(1, int(np.ceil(town.length_m[stretch] / STEP_M)))
        seen: dict[int, int] = {}
        for k in range(count):
            x, y, _ = town.spot_m(stretch, (k + 0.5) / count)
            for one in index.who_sees(town.frame.to_wgs84(x, y)):
                if one.sees and one.state is ViewState.USABLE and one.density_px_per_m >= NEED_PX_PER_M:
                    seen[one.camera_id] = seen.get(one.camera_id, 0) + 1
        found.append(sum(times >= min(2, count) for times in seen.values()))
    return found


def test_after_any_change_it_is_what_a_fresh_look_and_plain_counting_find() -> None:
    rng = np.random.default_rng(4)
    town = network(*random_roads(rng))
    index = CoverageIndex(WALLS)
    watched = WatchedStretches(town)
    for turn in range(30):
        for _ in range(int(rng.integers(1, 8))):
            camera_id = CameraId(int(rng.integers(1, 40)))
            match int(rng.integers(0, 4)):
                case 0:
                    index.remove(camera_id)
                case 1:
                    index.set_state(camera_id, ViewState(int(rng.integers(0, 3))))
                case _:
                    index.put(camera_id, compute_view(some_pose(rng), WALLS))
        watched.refresh(index)
        fresh = WatchedStretches(town)
        fresh.refresh(index)
        assert watched.usable_views.tolist() == fresh.usable_views.tolist()
        assert watched.watchers(range(len(town))) == fresh.watchers(range(len(town)))
        if turn % 10 == 9:
            assert watched.usable_views.tolist() == by_counting(index, town)
    assert watched.watched.any() and not watched.watched.all()


def test_nothing_is_looked_at_twice() -> None:
    rng = np.random.default_rng(4)
    index = CoverageIndex(WALLS)
    for number in range(1, 20):
        index.put(CameraId(number), compute_view(some_pose(rng), WALLS))
    watched = WatchedStretches(network(*random_roads(rng)))
    assert watched.refresh(index) == 19
    assert watched.refresh(index) == 0
    index.set_state(CameraId(7), ViewState.FAULTY)
    assert watched.refresh(index) == 1


def test_a_camera_of_two_sensors_is_named_once_for_a_stretch() -> None:
    rng = np.random.default_rng(4)
    town = network(*random_roads(rng))
    index = CoverageIndex(WALLS)
    poses = [a_pose(250.0, 150.0, bearing_deg=float(turned), h_fov_deg=70.0) for turned in range(0, 360, 30)]
    index.put_sensors(CameraId(1), [compute_view(pose, WALLS) for pose in poses])
    watched = WatchedStretches(town)
    watched.refresh(index)
    stretches = np.flatnonzero(watched.watched).tolist()
    assert [one.stretch for one in watched.watchers(stretches)] == stretches
    assert watched.usable_views.max() > 1
