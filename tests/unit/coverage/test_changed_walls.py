"""A changed map: only views that a changed wall touches are computed anew, and all are as from nothing."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders.coverage import FRAME, a_building, a_pose, a_town, at
from vms.coverage.changed_walls import carry_over
from vms.coverage.index import CoverageIndex
from vms.coverage.view import compute_views
from vms.coverage.walls import Walls

house = st.tuples(
    st.integers(-150, 150),
    st.integers(-150, 150),
    st.integers(3, 25),
    st.integers(3, 25),
    st.sampled_from([None, 6.0, 12.0]),
)


def walls_between(told) -> Walls:
    return Walls.of_town(a_town([a_building(x, y, x + w, y + d, height_m=h) for x, y, w, d, h in told]), frame=FRAME)


def some_poses(count: int, seed: int) -> list:
    rng = np.random.default_rng(seed)
    return [
        a_pose(
            *rng.uniform(-180, 180, 2),
            bearing_deg=float(rng.uniform(0, 360)),
            mount_height_m=float(rng.choice([4.0, 15.0])),
            max_view_m=float(rng.uniform(10.0, 60.0)),
        )
        for _ in range(count)
    ]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(house, min_size=1, max_size=6), min_size=2, max_size=4), st.integers(0, 2**31))
def test_after_any_changes_the_views_are_those_of_the_last_map(maps, seed):
    poses = some_poses(30, seed)
    ids = list(range(1, len(poses) + 1))
    index = CoverageIndex.build(ids, poses, walls_between(maps[0]))
    for told in maps[1:]:
        changed = carry_over(index.walls, walls_between(told))
        anew = index.touched_by(changed)
        index.change_walls(changed)
        for camera_id, view in zip(anew, compute_views([poses[i - 1] for i in anew], index.walls), strict=True):
            index.put(camera_id, view)
    fresh = CoverageIndex.build(ids, poses, walls_between(maps[-1]))
    for camera_id in ids:
        now, expected = index.view(camera_id), fresh.view(camera_id)
        assert abs(now.area_m2 - expected.area_m2) <= 1e-6 * max(1.0, expected.area_m2)
        assert (now.snapped, now.indoor) == (expected.snapped, expected.indoor)
    for x, y in np.random.default_rng(seed).uniform(-180, 180, (30, 2)):
        assert index.who_sees(at(x, y)) == fresh.who_sees(at(x, y))


def test_a_new_house_touches_the_views_around_it_and_no_others():
    before = [(0, 0, 10, 10, None), (300, 0, 10, 10, None)]
    near, far = a_pose(20, 5, bearing_deg=0.0, max_view_m=60.0), a_pose(280, 5, bearing_deg=90.0, max_view_m=60.0)
    index = CoverageIndex.build([1, 2], [near, far], walls_between(before))
    changed = carry_over(index.walls, walls_between([*before, (18, 20, 5, 5, None)]))
    assert len(changed.changed) == 4
    assert index.touched_by(changed) == [1]
    index.change_walls(changed)
    assert not len(carry_over(index.walls, walls_between([(18, 20, 5, 5, None), *reversed(before)])).changed)
    higher = carry_over(index.walls, walls_between([*before, (18, 20, 5, 5, 9.0)]))
    assert len(higher.changed) == 8, "the same walls with another height"
