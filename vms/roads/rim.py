"""Where the map ends and its roads do not: dead ends at its rim lead on to what no map shows."""

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.roads.arcs import ArcTable, TravelArcs
from vms.roads.network import RoadNetwork

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

RIM_M = 30.0
"""This near the convex hull of all roads an end is cut off, whichever way it points."""
_AHEAD = np.cos(np.radians(30.0))
_CELL_M, _CELLS_ACROSS = 50.0, 200
_AT_ONCE = 2_000


def rim_junctions(network: RoadNetwork) -> Longs:
    """Dead ends by the hull of the roads, and those with nothing of the map before them, 30° to each side."""
    degree = np.bincount(np.concatenate([network.begins, network.ends]), minlength=len(network.junctions_m))
    dead_ends = np.flatnonzero(degree == 1)
    if len(dead_ends) == 0:
        return dead_ends
    spots = network.junctions_m[dead_ends]
    hull = shapely.convex_hull(shapely.MultiPoint(network.corners_m))
    by_hull = shapely.dwithin(shapely.boundary(hull) if hull.area > 0 else hull, shapely.points(spots), RIM_M)
    found: Longs = dead_ends[by_hull | _point_away(network, dead_ends, spots)]
    return found


def with_ways_on(arcs: TravelArcs, rim: Longs) -> TravelArcs:
    """From each junction of the rim an arc that nobody comes to the end of, with the code of the arc that leads there;
    its head is one past the last junction."""
    beyond = len(arcs.network.junctions_m)
    is_rim = np.zeros(beyond, bool)
    is_rim[rim] = True
    leading = np.flatnonzero(is_rim[arcs.table.head])
    tail = np.concatenate([arcs.tail, arcs.table.head[leading]])
    order = np.argsort(tail, kind="stable")
    first = np.zeros(beyond + 1, np.int64)
    first[1:] = np.cumsum(np.bincount(tail, minlength=beyond))
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    of_code = arcs.of_code.copy()
    of_code[of_code >= 0] = place[of_code[of_code >= 0]]
    table = ArcTable(
        first=first,
        head=np.concatenate([arcs.table.head, np.full(len(leading), beyond, np.int32)])[order],
        seconds=np.concatenate([arcs.table.seconds, np.full(len(leading), np.inf)])[order],
        code=np.concatenate([arcs.table.code, arcs.table.code[leading]])[order],
    )
    return TravelArcs(
        travel=arcs.travel,
        network=arcs.network,
        table=table,
        tail=tail[order].astype(np.int32),
        of_code=of_code,
        mainland=arcs.mainland,
    )


def _point_away(network: RoadNetwork, dead_ends: Longs, spots: Floats) -> NDArray[np.bool_]:
    ahead = _directions(network, dead_ends)
    cell_m = max(_CELL_M, float(np.ptp(network.corners_m, axis=0).max()) / _CELLS_ACROSS)
    outermost = _outermost(np.unique(np.floor(network.corners_m / cell_m).astype(np.int64), axis=0))
    middles = (outermost + 0.5) * cell_m
    found = np.zeros(len(dead_ends), bool)
    for begin in range(0, len(dead_ends), _AT_ONCE):
        part = slice(begin, begin + _AT_ONCE)
        to = middles[None, :, :] - spots[part, None, :]
        far = np.hypot(to[..., 0], to[..., 1])
        before = np.einsum("ijk,ik->ij", to, ahead[part]) > _AHEAD * far
        found[part] = ~(before & (far > 1.5 * cell_m)).any(axis=1)
    return found


def _directions(network: RoadNetwork, dead_ends: Longs) -> Floats:
    """Unit vectors: the way on."""
    step = np.zeros((len(network.junctions_m), 2))
    first, last = network.first_corner, network.last_corner
    step[network.begins] = network.corners_m[first] - network.corners_m[first + 1]
    is_dead = np.zeros(len(step), bool)
    is_dead[dead_ends] = True
    ending = is_dead[network.ends]
    step[network.ends[ending]] = (network.corners_m[last] - network.corners_m[last - 1])[ending]
    chosen = step[dead_ends]
    found: Floats = chosen / np.maximum(np.hypot(chosen[:, 0], chosen[:, 1]), 1e-9)[:, None]
    return found


def _outermost(cells: Longs) -> Longs:
    """First and last of each row and each column: whoever looks out of the map over others looks over one of these."""
    kept = []
    for along, across in ((0, 1), (1, 0)):
        ordered = cells[np.lexsort((cells[:, across], cells[:, along]))]
        fresh = np.flatnonzero(np.diff(ordered[:, along], prepend=ordered[0, along] - 1))
        kept += [ordered[fresh], ordered[np.append(fresh[1:], len(ordered)) - 1]]
    found: Longs = np.unique(np.concatenate(kept), axis=0)
    return found
