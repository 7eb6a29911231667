"""What a camera sees between walls."""

import dataclasses
import math

import numpy as np
import pysovist
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.builders.coverage import FRAME, a_pose, at, walls_of
from vms.coverage.density import IEC_62676_4_2014
from vms.coverage.view import compute_view, compute_views
from vms.coverage.walls import Walls
from vms.maps.osm import read_town
from vms.maps.surveillance import read_mapped_cameras

blocks = st.lists(
    st.tuples(st.integers(-60, 60), st.integers(-60, 60), st.integers(2, 30), st.integers(2, 30)).map(
        lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
    ),
    min_size=1,
    max_size=8,
)
bearings = st.floats(0.0, 360.0, exclude_max=True)
fovs = st.sampled_from([20.0, 90.0, 170.0, 270.0, 360.0])


def clear_line(rectangles, a: tuple[float, float], b: tuple[float, float]) -> bool:
    """The brute force: does the line of sight pass no building?"""
    return not any(shapely.box(*r).buffer(-1e-7).intersects(shapely.LineString([a, b])) for r in rectangles)


def oracle_area(segments: np.ndarray, view, bearing_deg: float, fov_deg: float) -> float:
    return pysovist.isovist(
        segments.reshape(-1, 2, 2),
        view.walls.frame.to_xy(view.position),
        max_distance=view.range_m,
        fov=math.radians(fov_deg),
        direction=math.remainder(math.radians(90.0 - bearing_deg), math.tau),
    ).area


def test_in_the_open_a_view_is_its_sector():
    view = compute_view(a_pose(bearing_deg=0.0, h_fov_deg=60.0, max_view_m=100.0), walls_of((500, 500, 510, 510)))
    assert view.area_m2 == pytest.approx(100.0**2 * math.radians(60) / 2)
    assert view.sees(at(0, 50))
    assert not view.sees(at(0, -50))
    assert not view.sees(at(0, 101))
    assert view.sees(at(28, 50))
    assert not view.sees(at(30, 50))


def test_a_building_hides_what_lies_behind_it_and_nothing_else():
    view = compute_view(a_pose(max_view_m=100.0), walls_of((20, -5, 30, 5)))
    assert view.sees(at(19, 0))
    assert not view.sees(at(25, 0))
    assert not view.sees(at(60, 0))
    assert not view.sees(at(60, 14))
    assert view.sees(at(60, 16))


def test_the_shadow_of_a_wall_across_the_whole_view_is_everything_behind():
    view = compute_view(a_pose(max_view_m=100.0), walls_of((10, -400, 20, 400)))
    assert view.area_m2 == pytest.approx(100.0)


@settings(max_examples=150, deadline=None)
@given(blocks, bearings, fovs, st.tuples(st.floats(-70, 70), st.floats(-70, 70)))
def test_the_area_equals_the_oracle(rectangles, bearing_deg, fov_deg, spot):
    walls = walls_of(*rectangles)
    assume(shapely.union_all([shapely.box(*r) for r in rectangles]).distance(shapely.Point(spot)) > 0.31)
    pose = a_pose(*spot, bearing_deg=bearing_deg, h_fov_deg=fov_deg, max_view_m=80.0)
    view = compute_view(pose, walls)
    assert not view.snapped
    assert view.area_m2 == pytest.approx(
        oracle_area(walls.grid.segments, view, bearing_deg, fov_deg), rel=1e-6, abs=1e-6
    )


@settings(max_examples=100, deadline=None)
@given(blocks, bearings, fovs, st.lists(st.tuples(st.floats(-80, 80), st.floats(-80, 80)), min_size=1, max_size=20))
def test_a_point_is_seen_when_no_building_crosses_the_line_to_it(rectangles, bearing_deg, fov_deg, points):
    solid = shapely.union_all([shapely.box(*r) for r in rectangles])
    assume(solid.distance(shapely.Point(0, 0)) > 0.31)
    view = compute_view(a_pose(bearing_deg=bearing_deg, h_fov_deg=fov_deg, max_view_m=70.0), walls_of(*rectangles))
    for x, y in points:
        distance_m = math.hypot(x, y)
        off_axis_deg = abs((math.degrees(math.atan2(x, y)) - bearing_deg + 180.0) % 360.0 - 180.0)
        on_an_edge = abs(distance_m - 70.0) < 1e-3 or abs(off_axis_deg - fov_deg / 2.0) < 1e-3
        grazing = not clear_line(rectangles, (0, 0), (x, y)) and clear_line(
            [(r[0] + 0.01, r[1] + 0.01, r[2] - 0.01, r[3] - 0.01) for r in rectangles], (0, 0), (x, y)
        )
        if on_an_edge or grazing or distance_m < 1e-3 or solid.boundary.distance(shapely.Point(x, y)) < 1e-3:
            continue
        in_sector = distance_m < 70.0 and off_axis_deg < fov_deg / 2.0
        assert view.sees(at(x, y)) == (in_sector and clear_line(rectangles, (0, 0), (x, y)))


@settings(max_examples=60, deadline=None)
@given(blocks, bearings, fovs)
def test_the_drawn_polygon_is_valid_and_as_large_as_the_view(rectangles, bearing_deg, fov_deg):
    assume(shapely.union_all([shapely.box(*r) for r in rectangles]).distance(shapely.Point(0, 0)) > 0.31)
    view = compute_view(a_pose(bearing_deg=bearing_deg, h_fov_deg=fov_deg, max_view_m=80.0), walls_of(*rectangles))
    ring = FRAME.to_xy_array(view.polygon_lonlat())
    assert np.array_equal(ring[0], ring[-1])
    polygon = shapely.Polygon(ring)
    assert polygon.is_valid
    assert polygon.area == pytest.approx(view.area_m2, rel=0.01)


@settings(max_examples=60, deadline=None)
@given(blocks, bearings, st.floats(1.0, 30.0))
def test_what_the_dead_zone_takes_away_is_what_the_drawing_lacks(rectangles, bearing_deg, height_m):
    assume(shapely.union_all([shapely.box(*r) for r in rectangles]).distance(shapely.Point(0, 0)) > 0.31)
    pose = a_pose(bearing_deg=bearing_deg, mount_height_m=height_m, tilt_deg=20.0, max_view_m=80.0)
    view = compute_view(pose, walls_of(*rectangles))
    geometry = view.geometry()
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    area = sum(
        shapely.Polygon(FRAME.to_xy_array(np.array(p[0])), [FRAME.to_xy_array(np.array(h)) for h in p[1:]]).area
        for p in parts
    )
    assert area == pytest.approx(view.area_m2, rel=0.02, abs=0.5)


def test_a_full_turn_is_a_ring_without_its_apex_and_ptz_reaches_all_around():
    walls = walls_of((20, -5, 30, 5))
    panoramic = compute_view(a_pose(bearing_deg=None, h_fov_deg=360.0, max_view_m=50.0), walls)
    ptz = compute_view(a_pose(bearing_deg=270.0, h_fov_deg=60.0, max_view_m=50.0), walls, ptz=True)
    for view in (panoramic, ptz):
        assert view.directional
        assert view.sees(at(10, 0))
        assert view.sees(at(-10, 0))
        assert not view.sees(at(40, 0))
        corners = FRAME.to_xy_array(view.polygon_lonlat())
        assert np.hypot(*corners.T).min() > 1.0
    assert panoramic.area_m2 == pytest.approx(ptz.area_m2)


def test_a_camera_of_unknown_direction_could_see_all_around_but_does_not_count_as_seeing():
    view = compute_view(a_pose(bearing_deg=None), walls_of((20, -5, 30, 5)))
    assert not view.directional
    assert view.could_see(at(10, 0))
    assert not view.could_see(at(40, 0))
    assert not view.sees(at(10, 0))


@pytest.mark.parametrize(
    ("bearing_deg", "expected"), [(0.0, (5.0, 10.5)), (90.0, (10.5, 5.0)), (180.0, (5.0, -0.5)), (270.0, (-0.5, 5.0))]
)
def test_a_camera_inside_a_building_moves_before_the_wall_it_looks_away_from(bearing_deg, expected):
    view = compute_view(a_pose(5.0, 5.0, bearing_deg=bearing_deg), walls_of((0, 0, 10, 10)))
    assert view.snapped
    assert FRAME.to_xy(view.position) == pytest.approx(expected, abs=1e-6)
    assert view.area_m2 > 0.0


def test_a_camera_on_the_wall_moves_off_it_and_one_in_the_street_stays():
    block = walls_of((0, 0, 10, 10))
    on_the_wall = compute_view(a_pose(10.0, 5.0), block)
    assert on_the_wall.snapped
    assert FRAME.to_xy(on_the_wall.position) == pytest.approx((10.5, 5.0), abs=1e-6)
    in_the_street = compute_view(a_pose(11.0, 5.0), block)
    assert not in_the_street.snapped
    assert FRAME.to_xy(in_the_street.position) == pytest.approx((11.0, 5.0), abs=1e-6)


def test_a_camera_is_never_moved_into_the_house_next_door():
    walls = walls_of((0, 0, 10, 10), (10.2, 0, 20, 10))
    view = compute_view(a_pose(9.0, 5.0), walls)
    assert not walls.covers(view.position)


def test_indoor_by_word_or_by_depth_covers_no_street():
    by_word = compute_view(a_pose(100.0, 100.0), walls_of((0, 0, 10, 10)), indoor=True)
    by_depth = compute_view(a_pose(50.0, 50.0), walls_of((0, 0, 100, 100)))
    for view in (by_word, by_depth):
        assert view.indoor
        assert view.area_m2 == 0.0
        assert not view.sees(at(101.0, 100.0))
        assert len(view.polygon_lonlat()) == 0


def test_bands_are_cut_by_walls_too():
    view = compute_view(a_pose(h_fov_deg=90.0), walls_of((5, -400, 6, 400)), width_px=1920)
    assert [band.area_m2 for band in view.bands(IEC_62676_4_2014)[:3]] == [pytest.approx(25.0)] * 3


def test_many_at_once_are_the_same_as_one_by_one():
    walls = walls_of((20, -5, 30, 5), (-30, -40, -10, -20), (0, 10, 5, 60))
    poses = [a_pose(x, y, bearing_deg=b) for x in (-40, 0, 15) for y in (-15, 7) for b in (None, 10.0, 200.0)]
    ptz = [i % 4 == 0 for i in range(len(poses))]
    indoor = [i % 5 == 0 for i in range(len(poses))]
    many = compute_views(poses, walls, ptz=ptz, indoor=indoor)
    for i, pose in enumerate(poses):
        one = compute_view(pose, walls, ptz=ptz[i], indoor=indoor[i])
        assert many[i].area_m2 == one.area_m2 == pytest.approx(many.areas_m2()[i])
        assert (many[i].position, many[i].indoor, many[i].directional) == (one.position, one.indoor, one.directional)


def test_more_walls_in_range_than_there_was_room_for_are_all_seen():
    comb = [(10.0 + i * 0.02, -200.0, 10.01 + i * 0.02, 200.0 - i * 0.05) for i in range(1_500)]
    walls = walls_of(*comb)
    view = compute_view(a_pose(h_fov_deg=360.0, max_view_m=300.0), walls)
    assert view.sees(at(9.0, 0.0))
    assert not view.sees(at(11.0, 0.0))


def test_hostile_poses_are_computed_without_a_crash():
    walls = walls_of((20, -5, 30, 5))
    for told in (
        {"h_fov_deg": 1e9},
        {"h_fov_deg": -5.0},
        {"h_fov_deg": 0.0},
        {"bearing_deg": 1e12},
        {"max_view_m": -1.0},
        {"max_view_m": float("inf")},
        {"mount_height_m": -3.0, "tilt_deg": 500.0},
        {"mount_height_m": 1e9, "tilt_deg": 10.0},
    ):
        assert np.isfinite(compute_view(a_pose(**told), walls).area_m2)


def test_munichs_cameras_equal_the_oracle_between_munichs_walls(shared_fixtures):
    path = shared_fixtures / "geo" / "munich.osm.pbf"
    walls = Walls.of_town(read_town(path))
    cameras = read_mapped_cameras(path)
    turns = np.random.default_rng(7).uniform(0.0, 360.0, len(cameras))
    poses = [
        dataclasses.replace(
            camera.pose,
            bearing_deg=float(turn) if camera.pose.bearing_deg is None else camera.pose.bearing_deg,
            tilt_deg=None,
            mount_height_m=None,
            h_fov_deg=90.0,
            max_view_m=100.0,
        )
        for camera, turn in zip(cameras, turns, strict=True)
    ]
    views = compute_views(poses, walls)
    lines = shapely.linestrings(walls.grid.segments.reshape(-1, 2, 2))
    outdoors = [i for i, view in enumerate(views) if not view.indoor]
    assert len(outdoors) > 180
    for i in outdoors:
        reach = shapely.box(*(np.array(walls.frame.to_xy(views[i].position))[[0, 1, 0, 1]] + [-101, -101, 101, 101]))
        segments = walls.grid.segments[shapely.intersects(reach, lines)]
        expected = oracle_area(segments, views[i], poses[i].bearing_deg, 90.0)
        assert views[i].area_m2 == pytest.approx(expected, rel=1e-6)
        assert shapely.Polygon(views[i].polygon_lonlat()).is_valid
