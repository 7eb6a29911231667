"""What a high camera sees over roofs."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.builders.coverage import FRAME, a_building, a_pose, a_town, at
from vms.coverage.view import View, compute_view
from vms.coverage.walls import Walls
from vms.places.town import Building

houses = st.lists(
    st.tuples(
        st.integers(-60, 60),
        st.integers(-60, 60),
        st.integers(3, 30),
        st.integers(3, 30),
        st.sampled_from([0.0, 3.0, 6.5, 9.0, 12.0, 15.0, 40.0, None]),
    ),
    min_size=1,
    max_size=7,
)


def buildings(told) -> list[Building]:
    return [a_building(x, y, x + w, y + d, height_m=h) for x, y, w, d, h in told]


def _walls(told) -> Walls:
    return Walls.of_town(a_town(buildings(told)), frame=FRAME)


def march(told, view: View, *, rays: int, step_m: float) -> float:
    """The brute force: along many rays, in small steps, is the ground outside every house and the line to it free?"""
    x0, y0 = FRAME.to_xy(view.position)
    height_m = float(view.packed.height_m[view.row])
    start, width = float(view.packed.start_rad[view.row]), float(view.packed.width_rad[view.row])
    angles = start + (np.arange(rays) + 0.5) / rays * width
    distances = np.arange(step_m / 2.0, view.range_m, step_m)
    ux, uy = np.cos(angles), np.sin(angles)
    seen = np.ones((rays, len(distances)), bool)
    for west, south, wide, deep, house_m in told:
        x, y = x0 + ux[:, None] * distances, y0 + uy[:, None] * distances
        inside = (x > west) & (x < west + wide) & (y > south) & (y < south + deep)
        last = np.where(inside, distances, 0.0).max(axis=1)
        if house_m is None or house_m >= height_m:
            end = np.where(last > 0.0, np.inf, 0.0)
        else:
            end = (last + step_m / 2.0) * height_m / (height_m - house_m)
        first = np.where(inside, distances, np.inf).min(axis=1)
        seen &= ~inside & ~((distances > first[:, None]) & (distances < end[:, None]))
    area = seen * distances * step_m * width / rays
    return float(area[:, distances > view.near_m].sum())


def test_a_wall_lower_than_the_camera_hides_the_ground_until_the_line_comes_down_again():
    view = compute_view(a_pose(mount_height_m=20.0, max_view_m=200.0), _walls([(20, -500, 1, 1000, 10.0)]))
    assert view.over_roofs
    for x_m, seen in ((10.0, True), (19.9, True), (20.5, False), (30.0, False), (41.9, False), (42.1, True)):
        assert view.sees(at(x_m, 0.0)) == seen, x_m


def test_the_same_wall_hides_everything_from_a_camera_that_hangs_low_or_of_a_house_whose_height_nobody_knows():
    low = compute_view(a_pose(mount_height_m=7.0, max_view_m=200.0), _walls([(20, -500, 1, 1000, 3.0)]))
    unknown = compute_view(a_pose(mount_height_m=20.0, max_view_m=200.0), _walls([(20, -500, 1, 1000, None)]))
    assert not low.over_roofs
    assert not low.sees(at(150.0, 0.0))
    assert not unknown.sees(at(150.0, 0.0))
    assert unknown.area_m2 == pytest.approx(low.area_m2, rel=1e-9)


def test_a_house_that_rises_above_its_neighbour_behind_it_throws_the_longer_shadow():
    """From (0, 0): a house of 18 m, and built to its back one of 3 m."""
    walls = _walls([(20, -500, 5, 1000, 18.0), (25, -500, 10, 1000, 3.0)])
    assert len(walls.grid.screens) > 0
    view = compute_view(a_pose(mount_height_m=20.0, max_view_m=400.0), walls)
    assert not view.sees(at(200.0, 0.0))
    assert view.sees(at(251.0, 0.0))


@settings(max_examples=60, deadline=None)
@given(houses, st.floats(0.0, 360.0, exclude_max=True), st.sampled_from([60.0, 90.0, 360.0]), st.floats(8.5, 45.0))
def test_the_area_is_that_of_a_ray_march(told, bearing_deg, fov_deg, height_m):
    solid = shapely.union_all([shapely.box(x, y, x + w, y + d) for x, y, w, d, _ in told])
    assume(solid.distance(shapely.Point(0, 0)) > 0.31)
    pose = a_pose(bearing_deg=bearing_deg, h_fov_deg=fov_deg, mount_height_m=height_m, max_view_m=90.0)
    view = compute_view(pose, _walls(told))
    expected = march(told, view, rays=360, step_m=0.25)
    whole = math.radians(fov_deg) / 2.0 * view.range_m**2
    assert view.area_m2 == pytest.approx(expected, rel=0.01, abs=0.004 * whole)
    assert view.shape_xy().is_valid
    assert view.shape_xy().area == pytest.approx(view.area_m2, rel=0.006, abs=0.5)


@settings(max_examples=60, deadline=None)
@given(houses, st.floats(8.5, 45.0), st.lists(st.tuples(st.floats(-85, 85), st.floats(-85, 85)), max_size=20))
def test_a_point_is_seen_when_the_line_down_to_it_passes_above_every_house(told, height_m, points):
    boxes = [shapely.box(x, y, x + w, y + d) for x, y, w, d, _ in told]
    assume(shapely.union_all(boxes).distance(shapely.Point(0, 0)) > 0.31)
    view = compute_view(a_pose(h_fov_deg=360.0, mount_height_m=height_m, max_view_m=90.0), _walls(told))
    for x, y in points:
        distance_m = math.hypot(x, y)
        if not 0.01 < distance_m < 89.9:
            continue
        verdicts = []
        for slack in (-0.01, 0.01):
            clear = True
            for box, (_, _, _, _, house_m) in zip(boxes, told, strict=True):
                grown = box.buffer(slack, join_style="mitre")
                crossed = shapely.LineString([(0, 0), (x, y)]).intersection(grown)
                if crossed.is_empty or crossed.length == 0.0:
                    continue
                last = max(math.hypot(*corner) for corner in shapely.get_coordinates(crossed))
                over = height_m * (1.0 - last / distance_m)
                ground = grown.contains(shapely.Point(x, y))
                clear &= not ground and house_m is not None and over > house_m + slack * 5
            verdicts.append(clear)
        if verdicts[0] == verdicts[1]:
            assert view.could_see(at(x, y)) == verdicts[0], (x, y)


@settings(max_examples=40, deadline=None)
@given(houses, st.floats(8.5, 30.0), st.floats(0.5, 15.0))
def test_who_hangs_higher_sees_no_less(told, height_m, more_m):
    solid = shapely.union_all([shapely.box(x, y, x + w, y + d) for x, y, w, d, _ in told])
    assume(solid.distance(shapely.Point(0, 0)) > 0.31)
    walls = _walls(told)
    low, high = (compute_view(a_pose(mount_height_m=h, max_view_m=90.0), walls) for h in (height_m, height_m + more_m))
    assert high.area_m2 >= low.area_m2 - 1e-6 * low.area_m2
    flat = compute_view(a_pose(max_view_m=90.0), walls)
    assert low.area_m2 >= flat.area_m2 * (1 - 1e-9)
    for view in (low, high):
        assert view.area_m2 <= math.pi / 4 * 90.0**2 * (1 + 1e-9)
