"""Arcs: the network as one way of travel finds it, in the form that the kernels read."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.roads.network import RoadNetwork
from vms.roads.travel import Travel, speeds_m_s

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

SMALL_ISLAND = 30
"""Fewer junctions than this, cut off from the rest: a mistake of the map or a yard, and no place to flee from."""


class ArcTable(NamedTuple):
    """Junction j's ways out are the arcs `first[j] … first[j + 1]`, the last not included."""

    first: Longs
    head: Ints
    seconds: Floats
    code: Ints
    """2 × stretch, plus 1 where the arc goes against its road's direction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelArcs:
    travel: Travel
    network: RoadNetwork
    table: ArcTable
    tail: Ints
    of_code: Ints
    """The arc of a code; -1 where this travel does not pass."""
    mainland: NDArray[np.bool_]
    """Per stretch: passable, and not on a small island."""

    def __len__(self) -> int:
        return len(self.table.head)


def arcs_for(network: RoadNetwork, travel: Travel) -> TravelArcs:
    speeds = speeds_m_s(network.roads, travel)[network.road] if len(network) else np.zeros((0, 2))
    code = np.arange(2 * len(network))
    speed = speeds.reshape(-1)
    passable = speed > 0.0
    begins, ends = np.repeat(network.begins, 2), np.repeat(network.ends, 2)
    against = code % 2 == 1
    tail, head = np.where(against, ends, begins), np.where(against, begins, ends)
    chosen = code[passable]
    chosen = chosen[np.argsort(tail[chosen], kind="stable")]
    junctions = len(network.junctions_m)
    first = np.zeros(junctions + 1, np.int64)
    first[1:] = np.cumsum(np.bincount(tail[chosen], minlength=junctions))
    table = ArcTable(
        first=first,
        head=head[chosen].astype(np.int32),
        seconds=np.repeat(network.length_m, 2)[chosen] / speed[chosen],
        code=chosen.astype(np.int32),
    )
    of_code = np.full(2 * len(network), -1, np.int32)
    of_code[chosen] = np.arange(len(chosen), dtype=np.int32)
    tails = tail[chosen].astype(np.int32)
    return TravelArcs(
        travel=travel,
        network=network,
        table=table,
        tail=tails,
        of_code=of_code,
        mainland=_mainland(network, table, tails),
    )


def _mainland(network: RoadNetwork, table: ArcTable, tail: Ints) -> NDArray[np.bool_]:
    island = islands(len(network.junctions_m), tail, table.head)
    sizes = np.bincount(island, minlength=1)
    found = np.zeros(len(network), bool)
    if len(tail) == 0:
        return found
    least = min(SMALL_ISLAND, int(sizes.max()))
    found[table.code[sizes[island[tail]] >= least] // 2] = True
    return found


@compiled
def islands(junctions: int, tail: Ints, head: Ints) -> Ints:
    """A number per junction, the same for those that are joined, whatever the direction."""
    above = np.arange(junctions).astype(np.int32)
    for i in range(len(tail)):
        a, b = tail[i], head[i]
        while above[a] != a:
            above[a] = above[above[a]]
            a = above[a]
        while above[b] != b:
            above[b] = above[above[b]]
            b = above[b]
        if a != b:
            above[max(a, b)] = min(a, b)
    for j in range(junctions):
        k = j
        while above[k] != k:
            k = above[k]
        above[j] = k
    return above
