"""Coverage in squares for wide maps."""

import numpy as np
import pytest

from tests.builders.coverage import a_pose, a_road, a_town
from vms.core.ids import CameraId
from vms.coverage.demand import demand_of_town
from vms.coverage.index import CoverageIndex
from vms.coverage.squares import MOST_SQUARES, SMALLEST_M, Squares, size_for, squares_of
from vms.coverage.tally import Tally
from vms.coverage.tally_rows import DAY
from vms.coverage.walls import Walls


def the_tally() -> Tally:
    town = a_town(roads=[a_road((-400, 3), (400, 3)), a_road((-200, -300), (-200, 300))])
    walls = Walls.of_town(town)
    poses = [a_pose(-395, 3), a_pose(-390, 3), a_pose(100, 3)]
    index = CoverageIndex.build([CameraId(1), CameraId(2), CameraId(3)], poses, walls)
    return Tally(demand_of_town(town, walls), index)


def squares(tally: Tally, box: tuple[float, float, float, float]) -> Squares:
    return squares_of(tally.demand, tally.cause[:, DAY], tally.seen_by, box)


def test_the_squares_together_hold_what_the_samples_hold() -> None:
    tally = the_tally()
    demand = tally.demand
    found = squares(tally, (-1000.0, -1000.0, 1000.0, 1000.0))
    worth = demand.weight * np.where(demand.is_place, 1.0, demand.length_m)
    covered = worth[tally.cause[:, DAY] == 0].sum()
    assert 0.0 < covered < worth.sum()
    assert found.asked_m.sum() == pytest.approx(worth.sum())
    assert found.covered_m.sum() == pytest.approx(covered)
    assert (found.views * found.asked_m).sum() == pytest.approx((worth * tally.seen_by).sum())
    assert ((found.worst_cause == 0) == np.isclose(found.covered_m, found.asked_m)).all()


def test_squares_lie_still_while_the_box_moves() -> None:
    tally = the_tally()
    first = squares(tally, (-400.0, -400.0, 400.0, 400.0))
    moved = squares(tally, (-390.0, -400.0, 410.0, 400.0))
    assert first.size_m == moved.size_m == SMALLEST_M
    theirs = {tuple(corner) for corner in first.corner_m.tolist()}
    assert theirs & {tuple(corner) for corner in moved.corner_m.tolist()} == theirs
    assert (first.corner_m % SMALLEST_M == 0.0).all()


def test_a_wide_box_has_large_squares_and_an_empty_one_none() -> None:
    size_m = size_for((0.0, 0.0, 40_000.0, 38_000.0))
    assert 40_000.0 * 38_000.0 / size_m**2 <= MOST_SQUARES < 40_000.0 * 38_000.0 / (size_m / 2.0) ** 2
    tally = the_tally()
    assert len(squares(tally, (5_000.0, 5_000.0, 6_000.0, 6_000.0))) == 0
    assert len(squares(tally, (-2e7, -1e7, 2e7, 1e7))) >= 1
