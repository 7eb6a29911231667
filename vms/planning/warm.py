"""Makes the kernels of planning ready before somebody waits for a plan."""

import numpy as np
import shapely

from vms.core.geo import LocalFrame, Wgs84
from vms.coverage.demand import demand_of_town
from vms.coverage.view import compute_views
from vms.coverage.walls import Walls
from vms.inventory.camera import Pose
from vms.places.town import Road, Town
from vms.planning.plan import Ground, Wish, make_plan


def warm_up_planning() -> None:
    """Half a minute on a machine that never ran it, milliseconds afterwards."""
    here = Wgs84(0.0, 0.0)
    house = np.array(
        [[-20.0, 8.0, 20.0, 8.0], [20.0, 8.0, 20.0, 30.0], [20.0, 30.0, -20.0, 30.0], [-20.0, 30.0, -20.0, 8.0]]
    )
    walls = Walls.of_segments(LocalFrame(here), house)
    road = Road(line=np.array([[-0.001, 0.0], [0.001, 0.0]]))
    town = Town(name="", attribution="", roads=(road,))
    views = compute_views([Pose(position=here, bearing_deg=90.0, h_fov_deg=60.0, max_view_m=40.0)], walls).packed
    all_of_them = np.ones(views.rows, bool)
    ground = Ground(
        town=town,
        walls=walls,
        demand=demand_of_town(town, walls),
        views=views,
        counts=all_of_them,
        may_turn=all_of_them,
    )
    plan = make_plan(ground, Wish(area=shapely.box(-150.0, -50.0, 150.0, 50.0), budget=5.0, turn_first=True))
    if plan.share_after <= plan.share_before:
        raise RuntimeError("the compiled kernels plan nothing on this machine")
