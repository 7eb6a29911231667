"""The smallest closed ring: the fewest watched arcs that every way out of an area crosses, and where it leaks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.roads.flow import smallest_cut
from vms.roads.reach import Reach

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

WATCHED, UNWATCHED = 1, 1000
"""What an arc costs the ring: a thousand watched arcs rather than one leak."""
_INNER, _BEYOND = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RingCut:
    inner_s: float
    beyond_s: float
    cost: int
    """Watched arcs + 1000 × leaks."""
    arcs: Ints
    watched: NDArray[np.bool_]
    """Per arc of the ring; the others are its leaks."""

    @property
    def closed(self) -> bool | None:
        """None: no road leads out, so nothing was closed."""
        return bool(self.watched.all()) if len(self.arcs) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CutNetwork:
    """The ground between: node 0 is the inner area in one, the start with it, node 1 all beyond."""

    nodes: int
    tail: Ints
    head: Ints
    capacity: Longs
    arcs: Ints
    """Per arc of this network, the arc of the roads."""


def ring_cut(reach: Reach, inner_s: float, beyond_s: float, watched: NDArray[np.bool_]) -> RingCut:
    """Between where somebody can be at `inner_s` and where nobody is by `beyond_s`; `watched` is per stretch.

    `beyond_s` at most the longest time of the search. The ring nearest to the inner area, of the smallest.
    """
    ground = cut_network(reach, inner_s, beyond_s, watched)
    cost, side = smallest_cut(ground.nodes, ground.tail, ground.head, ground.capacity, _INNER, _BEYOND)
    crossing = (side[ground.tail] == 1) & (side[ground.head] == 0)
    arcs = np.sort(ground.arcs[crossing])
    seen = watched[reach.arcs.table.code[arcs] // 2]
    return RingCut(inner_s=inner_s, beyond_s=beyond_s, cost=int(cost), arcs=arcs, watched=seen)


def cut_network(reach: Reach, inner_s: float, beyond_s: float, watched: NDArray[np.bool_]) -> CutNetwork:
    table = reach.arcs.table
    inner, within = reach.within(inner_s), reach.within(beyond_s)
    number = np.full(len(table.first), _BEYOND, np.int32)
    number[reach.junctions[:inner]] = _INNER
    number[reach.junctions[inner:within]] = np.arange(2, 2 + within - inner, dtype=np.int32)
    junctions = reach.junctions[:within].astype(np.int64)
    counts = table.first[junctions + 1] - table.first[junctions]
    begins = np.cumsum(counts) - counts
    arcs = np.repeat(table.first[junctions] - begins, counts) + np.arange(int(counts.sum()))
    tail, head = np.repeat(number[junctions], counts), number[table.head[arcs]]
    own = np.array([arc for arc, _ in reach.own], np.int64)
    kept = (head != _INNER) & (tail != head) & ~np.isin(arcs, own)
    from_start = own[number[table.head[own]] != _INNER]  # whoever passes the start on it is in the inner area there
    arcs = np.concatenate([arcs[kept], from_start])
    capacity = np.where(watched[table.code[arcs] // 2], WATCHED, UNWATCHED).astype(np.int64)
    return CutNetwork(
        nodes=2 + within - inner,
        tail=np.concatenate([tail[kept], np.full(len(from_start), _INNER)]).astype(np.int32),
        head=np.concatenate([head[kept], number[table.head[from_start]]]).astype(np.int32),
        capacity=capacity,
        arcs=arcs.astype(np.int32),
    )
