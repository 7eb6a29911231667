"""On a piece of a real town the choice is held against the optimum that HiGHS proves."""

from pathlib import Path

import numpy as np
import shapely

from vms.coverage.demand import STREETS, demand_of_town
from vms.coverage.view import compute_views
from vms.coverage.walls import Walls
from vms.maps.osm import read_town
from vms.planning.plan import Ground, Wish, make_plan


def test_the_choice_reaches_097_of_the_proven_optimum_on_a_piece_of_munich(shared_fixtures: Path) -> None:
    town = read_town(shared_fixtures / "geo" / "munich.osm.pbf")
    walls = Walls.of_town(town)
    ground = Ground(
        town=town,
        walls=walls,
        demand=demand_of_town(town, walls, kinds=STREETS),
        views=compute_views([], walls).packed,
        counts=np.zeros(0, bool),
        may_turn=np.zeros(0, bool),
    )
    area = shapely.box(100.0, 150.0, 240.0, 290.0)
    chosen = make_plan(ground, Wish(area=area, budget=5.0))
    proven = make_plan(ground, Wish(area=area, budget=5.0, prove_s=60.0))
    assert proven.proven and len(chosen.cameras) >= 3
    assert chosen.share_after >= 0.97 * proven.share_bound
    assert proven.share_bound <= chosen.share_bound, "a proof is the tightest bound"
