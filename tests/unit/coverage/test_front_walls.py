"""Walls that lie wholly behind others are passed over, and that changes nothing of what is seen."""

import math

import numpy as np
import pysovist
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders.coverage import a_pose, at, walls_of
from vms.coverage.front_walls import walls_in_front
from vms.coverage.sweep_scratch import scratch_for
from vms.coverage.turns import FULL_TURN, WHOLE_TURN, direction_x, direction_y, radians_of, turn_of
from vms.coverage.view import compute_view

SPACING_M = 17.0


def a_dense_quarter(seed: int, streets: int = 14):
    """Houses of all sizes on a grid of lanes, some plots empty; the middle of the town is a crossing."""
    rng = np.random.default_rng(seed)
    blocks = []
    for row in range(-streets // 2, streets // 2):
        for column in range(-streets // 2, streets // 2):
            if rng.random() < 0.8:
                wide, deep = rng.uniform(5.0, SPACING_M - 4.0, 2)
                west, south = column * SPACING_M + 2.0, row * SPACING_M + 2.0
                blocks.append((west, south, west + wide, south + deep))
    return walls_of(*blocks)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 30),
    st.floats(0.0, 360.0, exclude_max=True),
    st.sampled_from([12.0, 90.0, 180.0, 250.0, 360.0]),
    st.tuples(st.floats(-60.0, 60.0), st.sampled_from([-17.0, 0.0, 34.0])),
)
def test_in_a_dense_quarter_the_area_equals_the_oracle(seed, bearing_deg, fov_deg, spot):
    walls = a_dense_quarter(seed)
    view = compute_view(a_pose(*spot, bearing_deg=bearing_deg, h_fov_deg=fov_deg, max_view_m=100.0), walls)
    x, y = walls.frame.to_xy(view.position)
    lines = walls.grid.segments.reshape(-1, 2, 2)
    wanted = {} if fov_deg == 360.0 else {"fov": math.radians(fov_deg), "direction": math.radians(90.0 - bearing_deg)}
    oracle = pysovist.isovist(lines, (x, y), max_distance=100.0, **wanted).area
    assert view.area_m2 == pytest.approx(oracle, rel=1e-6)


def test_in_a_lane_few_of_the_walls_in_range_are_looked_at():
    walls = a_dense_quarter(1)
    scratch = scratch_for(4096)
    x, y = walls.frame.to_xy(at(8.0, 0.5))
    middles = (walls.grid.segments[:, :2] + walls.grid.segments[:, 2:]) / 2.0
    in_range = int((np.hypot(middles[:, 0] - x, middles[:, 1] - y) < 90.0).sum())
    kept = walls_in_front(walls.grid, x, y, 100.0, 0.0, FULL_TURN, WHOLE_TURN, True, scratch)
    assert 4 <= kept < in_range / 4


@pytest.mark.parametrize("degrees", [0.0, 1e-9, 30.0, 45.0, 90.0, 135.0, 180.0, 200.0, 270.0, 315.0, 359.999])
def test_a_turn_and_its_angle_are_the_same_direction(degrees):
    angle = math.radians(degrees)
    turn = turn_of(math.cos(angle), math.sin(angle))
    assert turn == pytest.approx(degrees / 90.0, abs=0.08)
    assert radians_of(turn) == pytest.approx(angle, abs=1e-14)
    x, y = direction_x(turn), direction_y(turn)
    assert abs(x) + abs(y) == pytest.approx(1.0, abs=1e-15)
