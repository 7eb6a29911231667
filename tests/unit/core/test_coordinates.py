"""GCJ-02 and BD-09 at the border."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vms.core.coordinates import bd09_to_gcj02, gcj02_to_bd09, gcj02_to_wgs84, to_wgs84, wgs84_to_gcj02
from vms.core.errors import BadInput
from vms.core.geo import Wgs84, distance_m

CHECK_VECTORS = [
    ((116.397428, 39.909230), (116.403671626, 39.910633506), (116.410044102, 39.916972856)),
    ((113.625368, 34.746599), (113.631414637, 34.745416415), (113.637815405, 34.751721806)),
    ((126.535, 45.803), (126.541040221, 45.804981763), (126.547659271, 45.810596129)),
]
in_china = st.tuples(st.floats(74.0, 134.0), st.floats(18.5, 53.0))


@pytest.mark.parametrize(("wgs", "gcj", "bd"), CHECK_VECTORS)
def test_the_check_vectors_hold_in_both_directions(wgs, gcj, bd):
    assert wgs84_to_gcj02(*wgs) == pytest.approx(gcj, abs=2e-9)
    assert gcj02_to_bd09(*gcj) == pytest.approx(bd, abs=2e-9)
    assert gcj02_to_wgs84(*gcj) == pytest.approx(wgs, abs=2e-9)
    assert bd09_to_gcj02(*bd) == pytest.approx(gcj, abs=2e-9)


@given(in_china)
def test_there_and_back_ends_within_a_tenth_of_a_millimetre(place):
    start = Wgs84(*place)
    back = gcj02_to_wgs84(*wgs84_to_gcj02(*place))
    assert distance_m(start, Wgs84(*back)) < 1e-4
    round_trip = bd09_to_gcj02(*gcj02_to_bd09(*place))
    assert distance_m(start, Wgs84(*round_trip)) < 1e-4


@pytest.mark.parametrize("place", [(116.39, 39.9), (121.47, 31.23), (113.26, 23.13), (104.07, 30.67), (126.53, 45.8)])
def test_the_shift_is_about_half_a_kilometre_in_large_towns(place):
    assert 300.0 < distance_m(Wgs84(*place), Wgs84(*wgs84_to_gcj02(*place))) < 700.0


@pytest.mark.parametrize("place", [(24.9384, 60.1699), (-74.0, 40.7), (0.0, 0.0), (151.2, -33.9)])
def test_outside_china_gcj02_is_wgs84(place):
    assert wgs84_to_gcj02(*place) == place
    assert gcj02_to_wgs84(*place) == place


def test_arrays_are_answered_with_arrays_and_agree_with_scalars():
    lon, lat = (np.array([v[0][i] for v in CHECK_VECTORS]) for i in (0, 1))
    gcj_lon, gcj_lat = wgs84_to_gcj02(lon, lat)
    assert isinstance(gcj_lon, np.ndarray)
    for i, (wgs, _, _) in enumerate(CHECK_VECTORS):
        assert wgs84_to_gcj02(*wgs) == pytest.approx((gcj_lon[i], gcj_lat[i]), abs=1e-12)


@pytest.mark.parametrize(("wgs", "gcj", "bd"), CHECK_VECTORS)
def test_a_position_in_any_system_is_kept_as_wgs84(wgs, gcj, bd):
    expected = Wgs84(*wgs)
    for given_as, system in ((wgs, "wgs84"), (gcj, "gcj02"), (bd, "bd09")):
        assert distance_m(to_wgs84(*given_as, system), expected) < 1e-3


@pytest.mark.parametrize(
    ("x", "y", "system", "where"),
    [
        (116.4, 39.9, "cgcs", "coordinate_system"),
        (39.9, 116.4, "wgs84", "position"),
        (float("nan"), 39.9, "gcj02", "position"),
        (float("inf"), 39.9, "bd09", "position"),
    ],
)
def test_what_is_no_position_is_refused_by_name(x, y, system, where):
    with pytest.raises(BadInput) as refused:
        to_wgs84(x, y, system)
    assert refused.value.where == where
