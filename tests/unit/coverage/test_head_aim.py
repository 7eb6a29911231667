"""Where a camera that turns looks, from what was said of its presets and what its head tells."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vms.coverage.confidence import PoseConfidence
from vms.coverage.head_aim import AimSource, ToldView, aim_at
from vms.health.turning import Position, Preset, where_it_stands


def told(pan: float, bearing_deg: float, *, tilt: float = 0.0, tilt_deg: float | None = None, **more) -> ToldView:
    zoom = more.pop("zoom", None)
    return ToldView(at=Position(pan=pan, tilt=tilt, zoom=zoom), bearing_deg=bearing_deg, tilt_deg=tilt_deg, **more)


def off_deg(one: float, other: float) -> float:
    return abs((one - other + 180.0) % 360.0 - 180.0)


def test_nobody_said_anything_and_nobody_knows():
    assert aim_at(Position(pan=0.1, tilt=0.0), ()) is None


def test_at_a_told_preset_it_looks_where_the_person_said():
    aim = aim_at(Position(pan=0.405, tilt=0.0), [told(0.4, 120.0, tilt_deg=10.0, h_fov_deg=50.0), told(0.0, 40.0)])
    assert aim is not None
    assert (aim.bearing_deg, aim.tilt_deg, aim.h_fov_deg) == (120.0, 10.0, 50.0)
    assert (aim.source, aim.confidence) == (AimSource.TOLD, PoseConfidence.VERIFIED)


def test_one_told_preset_gives_the_others_by_what_a_unit_mostly_means_and_says_so():
    aim = aim_at(Position(pan=0.5, tilt=-0.2), [told(0.0, 350.0, tilt_deg=5.0)])
    assert aim is not None
    assert aim.source is AimSource.ASSUMED
    assert aim.bearing_deg == pytest.approx(80.0)
    assert aim.tilt_deg == pytest.approx(23.0), "ONVIF counts upwards, the archive below the horizon"


def test_a_device_that_tells_degrees_turns_by_degrees():
    aim = aim_at(Position(pan=-120.0, tilt=-30.0), [told(10.0, 100.0, tilt=-10.0, tilt_deg=12.0)])
    assert aim is not None
    assert aim.bearing_deg == pytest.approx((100.0 - 130.0) % 360.0)
    assert aim.tilt_deg == pytest.approx(32.0)


@given(
    st.floats(0, 359.9), st.sampled_from([1.0, -1.0]), st.floats(155.0, 190.0), st.floats(-1, 0), st.floats(0.06, 0.9),
    st.floats(-1, 1),
)  # fmt: skip
def test_two_told_presets_tell_how_far_a_unit_turns_also_of_a_head_that_hangs_upside_down(
    zero_deg: float, way: float, per_unit_deg: float, one: float, apart: float, now: float
) -> None:
    def bearing(pan: float) -> float:
        return (zero_deg + way * per_unit_deg * pan) % 360.0

    aim = aim_at(Position(pan=now, tilt=0.0), [told(one, bearing(one)), told(one + apart, bearing(one + apart))])
    assert aim is not None
    assert aim.source in (AimSource.COMPUTED, AimSource.TOLD)
    assert off_deg(aim.bearing_deg, bearing(now)) < (1e-6 if aim.source is AimSource.COMPUTED else 2.0)


def test_three_told_presets_that_contradict_each_other_are_not_reckoned_with():
    views = [told(0.0, 0.0), told(0.4, 72.0), told(-0.4, 100.0)]
    aim = aim_at(Position(pan=0.2, tilt=0.0), views)
    assert aim is not None
    assert aim.source is AimSource.ASSUMED


def test_between_two_zooms_the_field_of_view_goes_by_the_focal_length_and_beyond_them_nobody_knows():
    views = [told(0.0, 0.0, zoom=0.0, h_fov_deg=60.0), told(0.5, 90.0, zoom=1.0, h_fov_deg=4.0)]
    half = aim_at(Position(pan=0.25, tilt=0.0, zoom=0.5), views)
    assert half is not None and half.h_fov_deg is not None
    expected = math.sqrt(math.tan(math.radians(30.0)) * math.tan(math.radians(2.0)))
    assert half.h_fov_deg == pytest.approx(2.0 * math.degrees(math.atan(expected)))
    beyond = aim_at(Position(pan=0.25, tilt=0.0, zoom=0.5), [told(0.0, 0.0, zoom=0.0, h_fov_deg=60.0)])
    assert beyond is not None
    assert beyond.h_fov_deg is None


def test_it_stands_at_a_preset_only_when_it_rests_there_and_shows_its_view():
    presets = [
        Preset(token="1", name="gate", at=Position(pan=0.0, tilt=0.0, zoom=0.0)),
        Preset(token="2", name="road", at=Position(pan=0.4, tilt=0.0, zoom=0.0)),
        Preset(token="3", name="nowhere"),
    ]
    assert where_it_stands(Position(pan=0.395, tilt=0.0, zoom=0.0), False, presets).preset == "2"
    assert where_it_stands(Position(pan=0.4, tilt=0.0, zoom=0.0), True, presets).is_between, "on its way"
    assert where_it_stands(Position(pan=0.43, tilt=0.0, zoom=0.0), False, presets).is_between, "5° beside"
    assert where_it_stands(Position(pan=0.4, tilt=0.0, zoom=0.5), False, presets).is_between, "another zoom"


def test_small_angles_of_a_device_that_says_that_it_tells_degrees_are_degrees():
    degrees = "http://www.onvif.org/ver10/tptz/PanTiltSpaces/SphericalPositionSpaceDegrees"
    seen = ToldView(at=Position(pan=0.2, tilt=0.0, space=degrees), bearing_deg=90.0, tilt_deg=4.0)
    aim = aim_at(Position(pan=0.9, tilt=-0.5, space=degrees), [seen])
    assert aim is not None
    assert aim.bearing_deg == pytest.approx(90.0), "within a degree it shows the same view"
    beside = aim_at(Position(pan=5.2, tilt=0.0, space=degrees), [seen])
    assert beside is not None
    assert (beside.bearing_deg, beside.tilt_deg) == (pytest.approx(95.0), pytest.approx(4.0))
