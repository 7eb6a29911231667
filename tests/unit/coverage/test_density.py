"""Pixels per metre, ranges and dead zones."""

import math

import numpy as np
import pytest

from tests.builders.coverage import a_pose, walls_of
from vms.coverage.density import IEC_62676_4_2014, IEC_62676_4_2025, PROFILES
from vms.coverage.view import compute_view

OPEN = walls_of((900.0, 900.0, 910.0, 910.0))


def test_density_is_width_over_the_width_of_the_scene():
    view = compute_view(a_pose(h_fov_deg=90.0), OPEN, width_px=1920)
    assert view.density_px_per_m(10.0) == pytest.approx(1920 / 20.0)


def test_density_is_measured_along_the_slant():
    view = compute_view(a_pose(h_fov_deg=90.0, mount_height_m=30.0), OPEN, width_px=1920)
    assert view.density_px_per_m(40.0) == pytest.approx(1920 / (2 * 50.0))


def test_the_range_ends_where_the_density_falls_below_twenty_but_at_120_m():
    assert compute_view(a_pose(h_fov_deg=90.0), OPEN, width_px=1920).range_m == pytest.approx(48.0)
    assert compute_view(a_pose(h_fov_deg=30.0), OPEN, width_px=3840).range_m == 120.0


def test_the_declared_range_wins_up_to_500_m():
    assert compute_view(a_pose(max_view_m=77.0), OPEN).range_m == 77.0
    assert compute_view(a_pose(max_view_m=1e9), OPEN).range_m == 500.0


def test_unsaid_is_90_degrees_and_1920_pixels():
    unsaid, said = compute_view(a_pose(), OPEN), compute_view(a_pose(h_fov_deg=90.0), OPEN, width_px=1920)
    assert unsaid.area_m2 == said.area_m2 == pytest.approx(math.pi * 48.0**2 / 4.0)


def test_the_ground_below_the_camera_is_a_dead_zone():
    view = compute_view(a_pose(mount_height_m=5.0, tilt_deg=15.0, h_fov_deg=90.0), OPEN)
    lower_edge_deg = 15.0 + math.degrees(math.atan(9 / 16))
    assert view.near_m == pytest.approx(5.0 / math.tan(math.radians(lower_edge_deg)))
    whole = math.pi * view.range_m**2 / 4.0
    assert view.area_m2 == pytest.approx(whole - math.pi * view.near_m**2 / 4.0)


@pytest.mark.parametrize(
    "told", [{"mount_height_m": 5.0}, {"tilt_deg": 15.0}, {"mount_height_m": 5.0, "tilt_deg": 80.0}]
)
def test_without_height_and_tilt_or_looking_down_there_is_no_dead_zone(told):
    assert compute_view(a_pose(**told), OPEN).near_m == 0.0


def test_a_camera_that_looks_at_the_sky_sees_no_ground():
    view = compute_view(a_pose(mount_height_m=5.0, tilt_deg=-60.0), OPEN)
    assert view.area_m2 == 0.0
    assert view.geometry()["coordinates"] == []


def test_a_class_is_the_finest_that_the_density_reaches():
    assert IEC_62676_4_2014.class_of(24.9) is None
    assert IEC_62676_4_2014.class_of(62.5).name == "observation"
    assert IEC_62676_4_2014.class_of(9_999.0).name == "identification"
    assert IEC_62676_4_2025.class_of(62.5).name == "outline"
    assert [c.least_px_per_m for c in IEC_62676_4_2025.classes] == [20, 40, 80, 125, 250, 500, 1500]


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_bands_shrink_from_coarse_to_fine_and_are_sectors_in_the_open(profile):
    view = compute_view(a_pose(h_fov_deg=60.0), OPEN, width_px=1920)
    bands = view.bands(profile)
    assert [b.area_m2 for b in bands] == sorted((b.area_m2 for b in bands), reverse=True)
    for band in bands:
        radius_m = min(view.range_m, 1920 / (2 * math.tan(math.radians(30))) / band.least_px_per_m)
        assert band.area_m2 == pytest.approx(radius_m**2 * math.radians(60) / 2)


def test_a_fisheye_spreads_its_pixels_over_the_angle():
    view = compute_view(a_pose(h_fov_deg=180.0), OPEN, width_px=2000)
    assert view.density_px_per_m(10.0) == pytest.approx(2000 / (math.pi * 10.0))
    assert np.isfinite(view.area_m2)
