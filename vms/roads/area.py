"""The reachable area as shapes for a map: lines where they are few, else the ground around them."""

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.roads.reach import Boundary, Reach, share_reached

Floats = NDArray[np.float64]

_SMALLEST_CELL_M = 40.0
_CELLS_ACROSS = 60
_BLOCK_M = 120.0
"""Half as wide as what is filled between streets."""


def reached_lines(reach: Reach, boundary: Boundary) -> list[Floats]:
    """Per stretch that somebody can have gone by then, wholly or in part, its line in metres; each stretch once."""
    arcs, network = reach.arcs, reach.arcs.network
    table = arcs.table
    junctions = reach.junctions[: reach.within(boundary.limit_s)].astype(np.int64)
    counts = table.first[junctions + 1] - table.first[junctions]
    begins = np.cumsum(counts) - counts
    out = np.repeat(table.first[junctions] - begins, counts) + np.arange(int(counts.sum()))
    whole = set((table.code[np.setdiff1d(out, boundary.arcs)] // 2).tolist())
    lines = [network.line_m(stretch) for stretch in sorted(whole)]
    for arc, arrives_s in zip(boundary.arcs.tolist(), boundary.arrives_s.tolist(), strict=True):
        code = int(table.code[arc])
        if code // 2 in whole:
            continue
        line = network.line_m(code // 2)
        part = share_reached(float(table.seconds[arc]), arrives_s, boundary.limit_s)
        lines.append(_part_of(line[::-1] if code % 2 else line, part))
    return [line for line in lines if len(line) > 1]


def stretches_reached(reach: Reach, limit_s: float) -> int:
    """At most so many lines: cheap."""
    table = reach.arcs.table
    junctions = reach.junctions[: reach.within(limit_s)].astype(np.int64)
    return int((table.first[junctions + 1] - table.first[junctions]).sum())


def outline(reach: Reach, limit_s: float) -> list[Floats]:
    """Rings in metres around everything reached by then, from square cells a sixtieth of it wide."""
    n = reach.within(limit_s)
    network = reach.arcs.network
    start_x, start_y, _ = network.spot_m(reach.start.stretch, reach.start.along)
    spots = np.vstack([network.junctions_m[reach.junctions[:n]], [[start_x, start_y]]])
    cell_m = max(_SMALLEST_CELL_M, float(np.ptp(spots, axis=0).max()) / _CELLS_ACROSS)
    cells = np.unique(np.floor(spots / cell_m).astype(np.int64), axis=0) * cell_m
    boxes = shapely.box(cells[:, 0], cells[:, 1], cells[:, 0] + cell_m, cells[:, 1] + cell_m)
    joining_m = max(cell_m, _BLOCK_M)
    merged = shapely.union_all(boxes).buffer(joining_m).buffer(0.4 * cell_m - joining_m).simplify(cell_m / 3.0)
    rings: list[Floats] = [
        shapely.get_coordinates(shapely.get_exterior_ring(part)) for part in shapely.get_parts(merged)
    ]
    return rings


def _part_of(line: Floats, share: float) -> Floats:
    steps = np.hypot(*np.diff(line, axis=0).T)
    far = np.concatenate([[0.0], np.cumsum(steps)])
    at = share * far[-1]
    inside: Floats = line[far < at]
    if len(inside) == 0:
        return inside
    end = np.array([[np.interp(at, far, line[:, 0]), np.interp(at, far, line[:, 1])]])
    found: Floats = np.vstack([inside, end])
    return found
