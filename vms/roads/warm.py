"""Makes the kernels of the road network ready before somebody waits for a ring."""

import numpy as np

from vms.core.geo import LocalFrame, Wgs84
from vms.places.town import Road
from vms.roads.arcs import arcs_for
from vms.roads.cut import ring_cut
from vms.roads.network import network_of
from vms.roads.reach import Reacher
from vms.roads.snap import RoadFinder
from vms.roads.travel import Travel

_STEP_DEG = 0.001
_ACROSS = 6


def warm_up_roads() -> None:
    """Seconds on a machine that never ran it, milliseconds afterwards."""
    at = _STEP_DEG * np.arange(_ACROSS)
    along = [Road(line=np.column_stack([at, np.full(_ACROSS, y)])) for y in at]
    across = [Road(line=np.column_stack([np.full(_ACROSS, x), at])) for x in at]
    network = network_of([*along, *across], LocalFrame(Wgs84(0.0, 0.0)))
    start = RoadFinder(network).nearest(0.0, 0.0, np.ones(len(network), bool))
    if start is None:
        raise RuntimeError("the compiled kernels find no road on this machine")
    reach = Reacher(arcs_for(network, Travel.WALK)).from_place(start, [60.0, 240.0])
    if ring_cut(reach, 60.0, 240.0, np.ones(len(network), bool)).cost <= 0:
        raise RuntimeError("the compiled kernels close no ring on this machine")
