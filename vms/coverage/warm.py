"""Compile (or load from the cache) every kernel before the first question comes."""

import numpy as np

from vms.core.geo import LocalFrame, Wgs84
from vms.core.ids import CameraId
from vms.coverage.changed_walls import carry_over
from vms.coverage.demand import demand_of_town
from vms.coverage.gaps import gaps_of
from vms.coverage.index import CoverageIndex
from vms.coverage.loss import loss_without
from vms.coverage.stretches import codes_of, stretches_of
from vms.coverage.tally import Tally
from vms.coverage.view import compute_view
from vms.coverage.walls import Walls
from vms.inventory.camera import Pose
from vms.places.town import Road, Town


def warm_up() -> None:
    """About ten seconds on a machine that never ran it, a fraction of a second afterwards. Call it once per process."""
    here = Wgs84(0.0, 0.0)
    wall = np.array(
        [[20.0, 0.0, 20.0, 10.0], [20.0, 10.0, 30.0, 10.0], [30.0, 10.0, 30.0, 0.0], [30.0, 0.0, 20.0, 0.0]]
    )
    walls = Walls.of_segments(LocalFrame(here), wall)
    poses = [Pose(position=here, bearing_deg=90.0, mount_height_m=4.0, tilt_deg=20.0), Pose(position=here)]
    index = CoverageIndex.build([CameraId(1), CameraId(2)], poses, walls)
    view = compute_view(poses[0], walls)
    index.put(CameraId(3), view)
    index.remove(CameraId(2))
    index.candidates(here, 2, least_usable=1)
    index.who_sees(here)
    index.nearest(here, 1)
    walls.covers(here)
    view.geometry()
    over_roofs = compute_view(Pose(position=here, bearing_deg=90.0, mount_height_m=15.0), walls)
    index.touched_by(carry_over(walls, Walls.of_segments(walls.frame, wall + 1.0)))
    if view.area_m2 <= 0.0 or over_roofs.area_m2 <= 0.0 or view.sees(walls.frame.to_wgs84(40.0, 5.0)):
        raise RuntimeError("the compiled kernels answer wrongly on this machine")
    road = Road(line=np.array([[0.0, 0.0], [0.0002, 0.0]]))
    tally = Tally(demand_of_town(Town(name="", attribution="", roads=(road,)), walls), index)
    with tally.changing([CameraId(1)]):
        index.remove(CameraId(1))
    tally.price_of([CameraId(3)])
    loss_without(tally, [CameraId(3)])
    gaps_of(tally, stretches_of(tally.demand, codes_of(tally)))
