"""Points found in the picture and on the map give the pose, with its error; what cannot tell it is refused in words."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders.clicked_points import (
    FRAME,
    FULL_HD,
    TrueCamera,
    a_random_camera,
    bearing_error_deg,
    clicked,
    position_error_m,
    sights_of,
)
from vms.core.errors import BadInput
from vms.coverage.pose_fit.asked import Known, Sight
from vms.coverage.pose_fit.fit import PoseFit, fit_pose
from vms.coverage.pose_fit.model import PARAMETERS, PictureSize, bent, project
from vms.coverage.pose_fit.overlay import lines_over_picture
from vms.coverage.pose_fit.points_under import points_under

EAST = TrueCamera(height_m=6.0, bearing_deg=90.0, tilt_deg=20.0, h_fov_deg=70.0)
SPREAD = [(10.0, 3.0), (12.0, -4.0), (20.0, 8.0), (25.0, -6.0), (40.0, 15.0), (45.0, -20.0)]


def fitted(camera: TrueCamera, points: list[tuple[float, ...]], known: Known | None = None, **moved) -> PoseFit:
    return fit_pose(sights_of(camera, points, **moved), camera.size, known or Known())


def test_exact_clicks_give_the_exact_pose() -> None:
    camera = TrueCamera(x_m=7.0, y_m=-3.0, height_m=4.5, bearing_deg=200.0, tilt_deg=14.0, roll_deg=1.0, h_fov_deg=88.0)
    points = [(2.0, -15.0), (9.0, -12.0), (-8.0, -30.0), (1.0, -40.0), (-20.0, -45.0), (4.0, -22.0)]
    found = fitted(camera, points)
    assert bearing_error_deg(found.pose, camera) < 0.02
    assert position_error_m(found.pose, camera) < 0.02
    assert found.pose.mount_height_m == pytest.approx(4.5, abs=0.02)
    assert found.pose.tilt_deg == pytest.approx(14.0, abs=0.02)
    assert found.pose.roll_deg == pytest.approx(1.0, abs=0.05)
    assert found.pose.h_fov_deg == pytest.approx(88.0, abs=0.1)
    assert found.rms_px < 0.2
    assert found.disagrees is None


def test_two_pixels_of_a_hands_error_cost_less_than_a_degree_and_half_a_metre_on_average() -> None:
    rng = np.random.default_rng(11)
    off = []
    for _ in range(24):
        camera, points = a_random_camera(rng)
        found = fit_pose(clicked(camera, points, rng), camera.size, Known())
        off.append((bearing_error_deg(found.pose, camera), position_error_m(found.pose, camera)))
    bearing_deg, position_m = np.mean(off, axis=0)
    assert bearing_deg < 1.0
    assert position_m < 0.5


def test_the_error_told_is_about_the_error_made() -> None:
    rng = np.random.default_rng(12)
    shares = []
    for _ in range(20):
        camera, points = a_random_camera(rng)
        known = Known(position=camera.position)
        found = fit_pose(clicked(camera, points, rng), camera.size, known)
        shares.append(bearing_error_deg(found.pose, camera) / found.errors.bearing_deg)
        assert found.errors.position_m == 0.0
    assert 0.4 < float(np.sqrt(np.mean(np.square(shares)))) < 1.6


def test_where_the_camera_stands_is_known_two_points_do() -> None:
    known = Known(position=EAST.position, mount_height_m=6.0, h_fov_deg=70.0)
    found = fitted(EAST, SPREAD[:2], known)
    assert found.pose.bearing_deg == pytest.approx(90.0, abs=0.05)
    assert found.pose.tilt_deg == pytest.approx(20.0, abs=0.05)
    assert found.errors.mount_height_m == 0.0


def test_points_with_a_height_are_points_too() -> None:
    high = [(10.0, 3.0, 0.0), (12.0, -4.0, 2.5), (20.0, 8.0, 4.0), (25.0, -6.0, 0.0), (40.0, 15.0, 6.0)]
    found = fitted(EAST, high)
    assert bearing_error_deg(found.pose, EAST) < 0.05
    assert position_error_m(found.pose, EAST) < 0.1


def test_the_point_that_was_mistaken_is_named() -> None:
    moved = np.zeros((len(SPREAD), 2))
    moved[2] = (130.0, 40.0)
    found = fitted(EAST, SPREAD, Known(position=EAST.position), moved_px=moved)
    assert found.disagrees == 2
    assert found.sights[2].alone_px == pytest.approx(np.hypot(130.0, 40.0), rel=0.05)


def test_small_errors_of_the_hand_name_nobody() -> None:
    rng = np.random.default_rng(13)
    named = 0
    for _ in range(12):
        camera, points = a_random_camera(rng)
        named += fit_pose(clicked(camera, points, rng), camera.size, Known()).disagrees is not None
    assert named <= 1


def test_a_map_that_is_off_counts_less_where_it_is_near_and_blames_no_point() -> None:
    rng = np.random.default_rng(14)
    told, blamed, bearing_deg = [], 0, []
    for _ in range(12):
        camera, points = a_random_camera(rng)
        known = Known(position=camera.position)
        sights = [
            replace(one, position=FRAME.to_wgs84(*(np.array(FRAME.to_xy(one.position)) + rng.normal(0, 0.5, 2))))
            for one in clicked(camera, points, rng)
        ]
        found = fit_pose(sights, camera.size, known)
        told.append(found.map_error_m)
        blamed += found.disagrees is not None
        bearing_deg.append(bearing_error_deg(found.pose, camera) / found.errors.bearing_deg)
    assert 0.2 <= float(np.median(told)) <= 1.0
    assert blamed <= 1
    assert float(np.sqrt(np.mean(np.square(bearing_deg)))) < 2.0


def test_a_lens_that_bends_lines_is_found() -> None:
    row = np.zeros(PARAMETERS)
    row[2], row[3], row[4] = np.log(6.0), np.radians(90.0), np.radians(20.0)
    row[6], row[7] = np.log(np.tan(np.radians(45.0))), 0.12
    points = np.array([(x, y, 0.0) for x in (7.0, 12.0, 20.0, 35.0) for y in (-5.0, -2.0, 2.0, 5.0)])
    pixels, _ = project(row, points, FULL_HD)
    sights = [
        Sight(x_px=u, y_px=v, position=FRAME.to_wgs84(x, y))
        for (u, v), (x, y, _) in zip(pixels.tolist(), points.tolist(), strict=True)
    ]
    known = Known(position=EAST.position, straight=False)
    found = fit_pose(sights, FULL_HD, known)
    assert found.pose.distortion == pytest.approx(0.12, abs=0.01)
    assert found.pose.h_fov_deg == pytest.approx(90.0, abs=0.5)
    assert fit_pose(sights, FULL_HD, Known(position=EAST.position)).rms_px > 5 * found.rms_px


@given(st.floats(-0.15, 0.6), st.floats(0.0, 1.1))
def test_what_a_lens_has_bent_can_be_straightened(k: float, drawn: float) -> None:
    straight = drawn * (1.0 + k * drawn**2)
    assert float(bent(np.array(straight), np.array(k))) == pytest.approx(drawn, abs=1e-6)


SOMEWHERE = st.tuples(st.floats(0, 1920), st.floats(0, 1080), st.floats(-300, 300), st.floats(-300, 300))


@settings(max_examples=15)
@given(st.lists(SOMEWHERE, min_size=2, max_size=9), st.booleans(), st.booleans())
def test_whatever_is_clicked_the_answer_is_a_pose_or_a_reason(clicks: list, is_known: bool, straight: bool) -> None:
    sights = [Sight(x_px=u, y_px=v, position=FRAME.to_wgs84(x, y)) for u, v, x, y in clicks]
    known = Known(position=EAST.position if is_known else None, straight=straight)
    try:
        found = fit_pose(sights, FULL_HD, known)
    except BadInput as problem:
        assert problem.code.startswith("pose_")
        return
    numbers = (*found.pose.position.__getstate__(), found.pose.bearing_deg, found.pose.h_fov_deg, found.rms_px)
    assert np.isfinite(numbers).all()
    assert 0.3 <= found.pose.mount_height_m <= 300.0


def refused(points: list[tuple[float, ...]], known: Known | None = None) -> str:
    with pytest.raises(BadInput) as raised:
        fitted(EAST, points, known)
    return raised.value.code


def test_three_points_are_too_few_for_everything() -> None:
    assert refused(SPREAD[:3]) == "pose_too_few"
    assert refused([*SPREAD[:3], SPREAD[2]]) == "pose_too_few", "a point told twice is one"
    assert refused(SPREAD[:1], Known(position=EAST.position, mount_height_m=6.0, h_fov_deg=70.0)) == "pose_too_few"


def test_points_on_one_line_do_not_tell_where_the_camera_stands() -> None:
    line = [(10.0 + 5.0 * n, 2.0 + n) for n in range(6)]
    assert refused(line) == "pose_one_line"
    assert bearing_error_deg(fitted(EAST, line, Known(position=EAST.position)).pose, EAST) < 0.1


def test_points_on_one_heap_are_refused() -> None:
    assert refused([(40.0, 0.0), (40.4, 0.3), (40.2, -0.4), (40.9, 0.1)]) == "pose_too_near"


def test_points_all_around_a_known_place_cannot_all_be_before_it() -> None:
    around = [(20.0, 0.0), (-20.0, 1.0), (0.0, 20.0), (0.0, -20.0)]
    clicks = [(300.0, 500.0), (700.0, 700.0), (1200.0, 600.0), (1700.0, 800.0)]
    sights = [Sight(x_px=u, y_px=v, position=FRAME.to_wgs84(*xy)) for (u, v), xy in zip(clicks, around, strict=True)]
    with pytest.raises(BadInput) as raised:
        fit_pose(sights, FULL_HD, Known(position=EAST.position, tilt_deg=10.0))
    assert raised.value.code == "pose_behind"


def test_a_click_outside_of_the_picture_is_refused_by_its_number() -> None:
    sights = [*sights_of(EAST, SPREAD[:4]), Sight(x_px=2000.0, y_px=5.0, position=EAST.position)]
    with pytest.raises(BadInput, match="point 5"):
        fit_pose(sights, FULL_HD, Known())


def test_the_horizon_of_a_level_camera_runs_through_the_middle() -> None:
    pose = fitted(TrueCamera(tilt_deg=1.0), [(15.0, 2.0), (20.0, -6.0), (40.0, 9.0), (30.0, 14.0), (60.0, -20.0)]).pose
    lines = lines_over_picture(pose, FULL_HD)
    (horizon,) = [line for line in lines if line.kind == "horizon"]
    assert all(abs(y - 540.0) < 40.0 for _, y in horizon.pixels)
    far, near = ([y for line in lines if line.value == d for _, y in line.pixels] for d in (80.0, 20.0))
    assert max(far) < min(near)


def test_points_are_held_against_the_pose_that_is_there() -> None:
    found = fitted(EAST, SPREAD).pose
    off = points_under(found, sights_of(EAST, SPREAD), EAST.size)
    assert max(px for px in off if px is not None) < 0.5
    behind = [Sight(x_px=5.0, y_px=5.0, position=FRAME.to_wgs84(-50.0, 0.0))]
    assert points_under(found, behind, EAST.size) == (None,)


def test_another_size_of_the_same_picture_gives_the_same_pose() -> None:
    small = TrueCamera(size=PictureSize(width_px=704, height_px=396))
    large = TrueCamera()
    a, b = fitted(small, SPREAD).pose, fitted(large, SPREAD).pose
    assert a.bearing_deg == pytest.approx(b.bearing_deg, abs=0.05)
    assert a.v_fov_deg == pytest.approx(b.v_fov_deg, abs=0.1)
