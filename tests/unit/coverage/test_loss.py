"""What nobody sees any more when some cameras go blind: only what no other healthy camera covers."""

import numpy as np
import pytest

from tests.builders.coverage import a_key_place, a_pose, a_road, a_town
from vms.coverage.demand import Demand, demand_of_town
from vms.coverage.gaps import GapCause, measure_gaps
from vms.coverage.index import CoverageIndex
from vms.coverage.loss import loss_without
from vms.coverage.sightings import ViewState
from vms.coverage.tally import Tally
from vms.coverage.walls import Walls

TOWN = a_town(roads=[a_road((0, 0), (100, 0), name="High Street")], places=[a_key_place(20, 0)])
FROM_WEST = a_pose(-1, 0, max_view_m=120.0, h_fov_deg=30.0)
FROM_EAST = a_pose(101, 0, max_view_m=120.0, h_fov_deg=30.0, bearing_deg=270.0)


def watched_by(*poses) -> tuple[Demand, CoverageIndex]:
    walls = Walls.of_town(TOWN)
    return demand_of_town(TOWN, walls), CoverageIndex.build(range(1, len(poses) + 1), poses, walls)


def test_a_road_and_a_place_that_one_camera_sees_are_lost_with_it():
    loss = loss_without(Tally(*watched_by(FROM_WEST)), [1])
    assert loss.road_m == pytest.approx(100.0, rel=1e-3)
    assert (loss.placed, loss.places) == (1, ("school",))


def test_what_another_sees_as_well_is_not_lost():
    loss = loss_without(Tally(*watched_by(FROM_WEST, FROM_WEST, FROM_EAST)), [1])
    assert (loss.road_m, loss.places) == (0.0, ())
    assert loss_without(Tally(*watched_by(FROM_WEST, FROM_EAST)), [1, 2]).road_m == pytest.approx(100.0, rel=1e-3)


def test_another_that_is_ill_does_not_help():
    demand, index = watched_by(FROM_WEST, FROM_EAST)
    index.set_states([(2, ViewState.FAULTY)])
    assert loss_without(Tally(demand, index), [1]).road_m == pytest.approx(100.0, rel=1e-3)


def test_what_is_lost_already_is_told_as_the_gaps_tell_it():
    demand, index = watched_by(FROM_WEST, a_pose(50, 30, bearing_deg=180.0, max_view_m=40.0))
    index.set_states([(1, ViewState.FAULTY)])
    missing = measure_gaps(demand, index).missing_road_m()[GapCause.FAULTY]
    assert 0 < missing < 100
    assert loss_without(Tally(demand, index), [1]).road_m == pytest.approx(missing, abs=0.01)
    assert index.buckets.state[np.flatnonzero(index.buckets.ids == 1)[0]] == ViewState.FAULTY, "asking changes nothing"


def test_cameras_without_a_view_cost_nobody_knows_what():
    assert loss_without(Tally(*watched_by(FROM_WEST)), [77]).placed == 0
