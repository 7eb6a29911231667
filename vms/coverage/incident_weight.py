"""Ground near incidents is worth more: how many happened around each sample."""

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.coverage.needs import IncidentWeight

Floats = NDArray[np.float64]


def incident_weight(xy_m: Floats, incidents_xy_m: Floats, rule: IncidentWeight) -> Floats:
    """1 + step × incidents within the radius, at most `most`; O((samples + incidents) log) for scattered incidents."""
    if not len(incidents_xy_m) or not len(xy_m) or rule.step <= 0.0:
        return np.ones(len(xy_m))
    spots, times = np.unique(incidents_xy_m.round(1), axis=0, return_counts=True)
    tree = shapely.STRtree(shapely.points(xy_m))
    spot, sample = tree.query(shapely.points(spots), predicate="dwithin", distance=rule.radius_m)
    near = np.bincount(sample, weights=times[spot], minlength=len(xy_m))
    weight: Floats = np.minimum(1.0 + rule.step * near, rule.most)
    return weight
