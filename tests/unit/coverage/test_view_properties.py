"""What holds for every view: no more than the open sector, no more for more walls, the same whichever way one turns."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.builders.coverage import FRAME, a_building, a_pose, a_town, at, walls_of
from vms.coverage.confidence import PoseConfidence, confidence_of
from vms.coverage.index import CoverageIndex
from vms.coverage.sightings import Sight
from vms.coverage.view import compute_view, compute_views
from vms.coverage.walls import Walls

OPEN = walls_of((900.0, 900.0, 910.0, 910.0))
blocks = st.lists(
    st.tuples(st.integers(-60, 60), st.integers(-60, 60), st.integers(2, 30), st.integers(2, 30)),
    min_size=1,
    max_size=6,
)
bearings = st.floats(0.0, 360.0, exclude_max=True)
fovs = st.sampled_from([30.0, 90.0, 200.0, 360.0])
heights = st.sampled_from([None, 4.0, 12.0, 30.0])


def town_of(told, height_m: float = 10.0, turned_rad: float = 0.0) -> Walls:
    boxes = [shapely.box(x, y, x + w, y + d) for x, y, w, d in told]
    solid = shapely.get_parts(shapely.union_all(boxes))
    segments = [np.zeros((0, 4))]
    cosine, sine = math.cos(turned_rad), math.sin(turned_rad)
    for part in shapely.orient_polygons(solid):
        for ring in (part.exterior, *part.interiors):
            corners = shapely.get_coordinates(ring) @ np.array([[cosine, sine], [-sine, cosine]])
            segments.append(np.hstack([corners[:-1], corners[1:]]))
    lines = np.concatenate(segments)
    return Walls.of_segments(FRAME, lines, height_m=np.full(len(lines), height_m))


def clear_of(told) -> bool:
    return (
        shapely.union_all([shapely.box(x, y, x + w, y + d) for x, y, w, d in told]).distance(shapely.Point(0, 0)) > 0.35
    )


@settings(max_examples=60, deadline=None)
@given(blocks, blocks, bearings, fovs, heights)
def test_more_walls_never_see_more_and_nobody_sees_more_than_the_open_sector(first, more, bearing_deg, fov_deg, high_m):
    assume(clear_of(first) and clear_of(more))
    pose = a_pose(bearing_deg=bearing_deg, h_fov_deg=fov_deg, mount_height_m=high_m, max_view_m=80.0)
    few, many = compute_view(pose, town_of(first)).area_m2, compute_view(pose, town_of(first + more)).area_m2
    assert many <= few + 1e-6 * few + 1e-6
    assert few <= math.radians(fov_deg) / 2.0 * 80.0**2 * (1 + 1e-9)


@settings(max_examples=60, deadline=None)
@given(blocks, bearings, fovs, heights, st.floats(0.0, math.tau))
def test_who_turns_with_the_town_sees_as_much(told, bearing_deg, fov_deg, high_m, turned_rad):
    assume(clear_of(told))
    pose = a_pose(bearing_deg=bearing_deg, h_fov_deg=fov_deg, mount_height_m=high_m, max_view_m=80.0)
    turned = a_pose(
        bearing_deg=(bearing_deg - math.degrees(turned_rad)) % 360.0,
        h_fov_deg=fov_deg,
        mount_height_m=high_m,
        max_view_m=80.0,
    )
    here = compute_view(pose, town_of(told)).area_m2
    there = compute_view(turned, town_of(told, turned_rad=turned_rad)).area_m2
    assert there == pytest.approx(here, rel=1e-6, abs=1e-3)


def test_ground_beyond_the_upper_edge_of_the_picture_is_out_of_it():
    steep = compute_view(a_pose(mount_height_m=6.0, tilt_deg=60.0, h_fov_deg=60.0, max_view_m=100.0), OPEN)
    half_v_deg = math.degrees(math.atan(math.tan(math.radians(30.0)) * 9 / 16))
    assert steep.range_m == pytest.approx(6.0 / math.tan(math.radians(60.0 - half_v_deg)))
    assert not steep.sees(at(steep.range_m + 0.1, 0.0))
    told = compute_view(
        a_pose(mount_height_m=6.0, tilt_deg=60.0, h_fov_deg=60.0, v_fov_deg=20.0, max_view_m=100.0), OPEN
    )
    assert told.range_m == pytest.approx(6.0 / math.tan(math.radians(50.0)))
    assert told.near_m == pytest.approx(6.0 / math.tan(math.radians(70.0)))
    level = compute_view(a_pose(mount_height_m=6.0, tilt_deg=10.0, h_fov_deg=60.0, max_view_m=100.0), OPEN)
    assert level.range_m == 100.0


def test_a_fisheye_under_the_roof_sees_as_far_as_its_height_lets_it_unless_a_range_is_declared():
    low = compute_view(a_pose(bearing_deg=None, h_fov_deg=360.0, mount_height_m=2.0, tilt_deg=90.0), OPEN)
    assert low.range_m == pytest.approx(2.0 * math.tan(math.radians(80.0)))
    assert (low.near_m, low.directional) == (0.0, True)
    narrow = compute_view(a_pose(bearing_deg=None, h_fov_deg=360.0, v_fov_deg=90.0, mount_height_m=3.0), OPEN)
    assert narrow.range_m == pytest.approx(3.0)
    declared = compute_view(a_pose(h_fov_deg=360.0, mount_height_m=3.0, max_view_m=25.0), OPEN)
    assert declared.range_m == 25.0


def test_one_that_turns_reaches_all_around_and_says_where_it_looks_now():
    ptz = a_pose(bearing_deg=90.0, h_fov_deg=60.0, max_view_m=50.0)
    unknown = a_pose(0.0, 5.0, bearing_deg=None, h_fov_deg=60.0, max_view_m=50.0)
    index = CoverageIndex.build([1, 2, 3], [ptz, unknown, a_pose(0.0, -5.0, max_view_m=50.0)], OPEN, ptz=[1, 1, 0])
    assert compute_view(ptz, OPEN, ptz=True).aim == pytest.approx((90.0, 60.0))
    assert compute_view(unknown, OPEN, ptz=True).aim is None
    ahead = {seen.camera_id: (seen.sight, seen.aimed) for seen in index.candidates(at(30.0, 0.0), 3)}
    assert ahead == {1: (Sight.SEES, True), 2: (Sight.SEES, True), 3: (Sight.SEES, True)}
    behind = {seen.camera_id: (seen.sight, seen.aimed) for seen in index.candidates(at(-30.0, 0.0), 3)}
    assert behind == {1: (Sight.SEES, False), 2: (Sight.SEES, True), 3: (Sight.ELSEWHERE, True)}


def test_a_camera_of_two_sensors_is_one_answer_by_the_sensor_that_sees():
    walls = walls_of((20, -5, 30, 5))
    east, west = (compute_view(a_pose(bearing_deg=b, max_view_m=60.0), walls) for b in (90.0, 270.0))
    index = CoverageIndex.build([7], [a_pose(5.0, 40.0, bearing_deg=0.0, max_view_m=60.0)], walls)
    index.put_sensors(4, [east, west])
    assert len(index) == 2
    assert len(index.views(4)) == 2
    for x_m, sight in ((10.0, Sight.SEES), (-10.0, Sight.SEES), (45.0, Sight.BLOCKED)):
        found = {seen.camera_id: seen.sight for seen in index.candidates(at(x_m, 0.0), 2)}
        assert found == {4: sight, 7: Sight.ELSEWHERE}
    assert [seen.camera_id for seen in index.nearest(at(0.0, 0.0), 1)] == [4]
    index.put_sensors(4, [west])
    assert index.candidates(at(10.0, 0.0), 1)[0].sight is Sight.ELSEWHERE
    index.put_sensors(4, [east, west, east])
    index.remove(4)
    assert [seen.camera_id for seen in index.candidates(at(10.0, 0.0), 9)] == [7]


def test_who_asks_with_a_mask_meets_only_cameras_that_share_a_bit_with_it():
    rng = np.random.default_rng(5)
    poses = [a_pose(*rng.uniform(-400, 400, 2), bearing_deg=float(rng.uniform(0, 360))) for _ in range(400)]
    ids = list(range(1, 401))
    index = CoverageIndex.build(ids, poses, OPEN)
    rights = {i: 1 << int(rng.integers(0, 6)) for i in ids}
    for i in ids:
        index.set_rights(i, rights[i])
    spots = [at(*rng.uniform(-400, 400, 2)) for _ in range(50)]
    for mask in (1, 6, 32, 0):
        allowed = [i for i in ids if rights[i] & mask]
        alone = CoverageIndex.build(allowed, [poses[i - 1] for i in allowed], OPEN)
        for spot in spots:
            assert index.candidates(spot, 16, rights=mask) == alone.candidates(spot, 16)
            assert index.who_sees(spot, rights=mask) == alone.who_sees(spot)
            assert index.nearest(spot, 5, rights=mask) == alone.nearest(spot, 5)
    index.put(5, compute_view(poses[4], OPEN))
    assert index.buckets.rights[index.slots_of([5])[0]] == rights[5], "a new view keeps the rights"


@pytest.mark.parametrize(
    ("bearing_deg", "known", "confidence"),
    [
        (None, PoseConfidence.VERIFIED, PoseConfidence.UNKNOWN),
        (135.0, None, PoseConfidence.EIGHT_WAY),
        (135.0, PoseConfidence.VERIFIED, PoseConfidence.VERIFIED),
        (134.0, None, PoseConfidence.DECLARED),
        (134.0, PoseConfidence.MEASURED, PoseConfidence.MEASURED),
    ],
)
def test_one_of_eight_directions_is_told_as_uncertain_until_somebody_has_looked(bearing_deg, known, confidence):
    assert confidence_of(bearing_deg, known) is confidence
    view = compute_views([a_pose(bearing_deg=bearing_deg)], OPEN, known=known or 0)[0]
    assert view.confidence is confidence
    assert (view.confidence.doubt_deg == 22.5) == (confidence is PoseConfidence.EIGHT_WAY)


def test_a_courtyard_is_seen_from_within_alone():
    ring = a_building(0, 0, 40, 40, holes=(FRAME.to_lonlat_array(np.array([[10, 10], [30, 10], [30, 30], [10, 30]])),))
    walls = Walls.of_town(a_town([ring]), frame=FRAME)
    within = compute_view(a_pose(20.0, 20.0, bearing_deg=0.0, h_fov_deg=360.0, max_view_m=100.0), walls)
    assert within.area_m2 == pytest.approx(400.0, rel=1e-6)
    outside = compute_view(a_pose(-20.0, 20.0, bearing_deg=90.0, max_view_m=100.0), walls)
    assert not outside.sees(at(20.0, 20.0))
    over = compute_view(a_pose(-20.0, 20.0, bearing_deg=90.0, mount_height_m=60.0, max_view_m=100.0), walls)
    assert not over.sees(at(20.0, 20.0)), "nobody said how high the house is"
