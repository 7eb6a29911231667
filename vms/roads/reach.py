"""Everywhere somebody can be by now: one bounded search serves a fan of times; its edge is what must be watched."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.roads.arcs import ArcTable, TravelArcs
from vms.roads.snap import OnRoad

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

_AT_THE_JUNCTION_M = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """Arcs on which the search ends: the tail is reached within the time, their far end by them is not."""

    limit_s: float
    arcs: Ints
    arrives_s: Floats
    """When their tail is reached, from the start; below 0 on the start's own stretch, whose tail lies behind it."""
    leads_out: NDArray[np.bool_]
    """False: the far end is reached in time another way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    arcs: TravelArcs
    start: OnRoad
    junctions: Ints
    """Reached within the longest time, earliest first."""
    times_s: Floats
    boundaries: tuple[Boundary, ...]
    """As asked."""
    own: tuple[tuple[int, float], ...]
    """The start stretch's own arcs, each with the seconds from the start to its head."""

    @property
    def map_ends(self) -> bool:
        """Somebody can have come to the rim of the map within the longest time."""
        table = self.arcs.table
        at_rim = np.zeros(len(table.first), bool)
        at_rim[self.arcs.tail[np.isinf(table.seconds)]] = True
        return bool(at_rim[self.junctions].any())

    def within(self, limit_s: float) -> int:
        """So many of the junctions."""
        return int(np.searchsorted(self.times_s, limit_s, side="right"))


class Reacher:
    """Keeps the arrays of its searches, 30 bytes a junction and arc; what one has written the next one wipes out. One
    search at a time."""

    def __init__(self, arcs: TravelArcs) -> None:
        self.arcs = arcs
        junctions, room = len(arcs.network.junctions_m), len(arcs) + 4
        self._time = np.full(junctions + 1, np.inf)  # the last is what lies beyond the map
        self._reached = 0
        self._heap_time = np.zeros(room)
        self._heap_junction = np.zeros(room, np.int32)
        self._order = np.zeros(junctions + 1, np.int32)
        self._edge = np.zeros(room, np.int32)
        self._edge_time = np.zeros(room)
        self._edge_out = np.zeros(room, np.uint8)

    def from_place(self, start: OnRoad, limits_s: Sequence[float]) -> Reach:
        """`limits_s`: any order; the longest bounds the search. `start`: on a stretch that this travel passes."""
        self._time[self._order[: self._reached]] = np.inf
        table = self.arcs.table
        seeds = self._seeds(start)
        n = spread(
            table,
            np.array([junction for junction, _, _ in seeds], np.int32),
            np.array([seconds for _, seconds, _ in seeds]),
            max(limits_s),
            self._time,
            self._heap_time,
            self._heap_junction,
            self._order,
        )
        self._reached = n
        order = self._order[:n].copy()
        boundaries = tuple(self._boundary(limit_s, n, seeds) for limit_s in limits_s)
        own = tuple((arc, seconds) for _, seconds, arc in seeds if arc >= 0)
        times_s = self._time[order]
        return Reach(arcs=self.arcs, start=start, junctions=order, times_s=times_s, boundaries=boundaries, own=own)

    def _seeds(self, start: OnRoad) -> list[tuple[int, float, int]]:
        """(junction, seconds, arc or -1): both ways along the stretch; whoever stands at its end stands there."""
        network, table = self.arcs.network, self.arcs.table
        seeds = []
        length_m = float(network.length_m[start.stretch])
        for against, left in ((0, 1.0 - start.along), (1, start.along)):
            arc = int(self.arcs.of_code[2 * start.stretch + against])
            junction = int((network.begins if against else network.ends)[start.stretch])
            if arc >= 0:
                seeds.append((junction, left * float(table.seconds[arc]), arc))
            elif left * length_m <= _AT_THE_JUNCTION_M:
                seeds.append((junction, 0.0, -1))
        return seeds

    def _boundary(self, limit_s: float, n: int, seeds: Sequence[tuple[int, float, int]]) -> Boundary:
        buffers = (self._edge, self._edge_time, self._edge_out)
        found = edge_of(self.arcs.table, limit_s, n, self._time, self._order, *buffers)
        table = self.arcs.table
        own = [
            (arc, seconds - float(table.seconds[arc])) for _, seconds, arc in seeds if arc >= 0 and seconds > limit_s
        ]
        mine = np.array([arc for arc, _ in own], np.int32)
        others = ~np.isin(self._edge[:found], mine)  # whoever starts on an arc is on it once
        return Boundary(
            limit_s=limit_s,
            arcs=np.concatenate([mine, self._edge[:found][others]]),
            arrives_s=np.concatenate([np.array([began for _, began in own]), self._edge_time[:found][others]]),
            leads_out=np.concatenate([self._time[table.head[mine]] > limit_s, self._edge_out[:found][others] == 1]),
        )


@compiled
def spread(
    table: ArcTable,
    seeds: Ints,
    seed_seconds: Floats,
    limit_s: float,
    time_s: Floats,
    heap_time: Floats,
    heap_junction: Ints,
    order: Ints,
) -> int:
    """Dijkstra's search up to the limit with a heap of four children; answers how many junctions `order` then holds."""
    size, n = 0, 0
    for i in range(len(seeds)):
        junction, t = seeds[i], seed_seconds[i]
        if t <= limit_s and t < time_s[junction]:
            time_s[junction] = t
            size = push(heap_time, heap_junction, size, t, junction)
    while size > 0:
        t, junction = heap_time[0], heap_junction[0]
        size = pop(heap_time, heap_junction, size)
        if t > time_s[junction]:
            continue
        order[n] = junction
        n += 1
        for arc in range(table.first[junction], table.first[junction + 1]):
            head, at = table.head[arc], t + table.seconds[arc]
            if at <= limit_s and at < time_s[head]:
                time_s[head] = at
                size = push(heap_time, heap_junction, size, at, head)
    return n


@compiled
def push(heap_time: Floats, heap_junction: Ints, size: int, t: float, junction: int) -> int:
    at = size
    while at > 0:
        above = (at - 1) >> 2
        if heap_time[above] <= t:
            break
        heap_time[at], heap_junction[at] = heap_time[above], heap_junction[above]
        at = above
    heap_time[at], heap_junction[at] = t, junction
    return size + 1


@compiled
def pop(heap_time: Floats, heap_junction: Ints, size: int) -> int:
    size -= 1
    t, junction = heap_time[size], heap_junction[size]
    at = 0
    while True:
        child = 4 * at + 1
        if child >= size:
            break
        best, best_time = child, heap_time[child]
        for other in range(child + 1, min(child + 4, size)):
            if heap_time[other] < best_time:
                best, best_time = other, heap_time[other]
        if best_time >= t:
            break
        heap_time[at], heap_junction[at] = best_time, heap_junction[best]
        at = best
    heap_time[at], heap_junction[at] = t, junction
    return size


@compiled
def edge_of(
    table: ArcTable,
    limit_s: float,
    n: int,
    time_s: Floats,
    order: Ints,
    edge: Ints,
    edge_time: Floats,
    edge_out: NDArray[np.uint8],
) -> int:
    """The arcs whose tail is reached within the limit while tail + arc is beyond it; answers how many."""
    found = 0
    for i in range(n):
        junction = order[i]
        t = time_s[junction]
        if t > limit_s:
            break
        for arc in range(table.first[junction], table.first[junction + 1]):
            if t + table.seconds[arc] > limit_s:
                head = table.head[arc]
                edge[found], edge_time[found] = arc, t
                edge_out[found] = 1 if time_s[head] > limit_s else 0
                found += 1
    return found


def share_reached(seconds: float, arrives_s: float, limit_s: float) -> float:
    """Of an arc of the boundary: how far along it somebody is at the limit, 0 … 1."""
    return min(1.0, max(0.0, (limit_s - arrives_s) / seconds)) if math.isfinite(seconds) and seconds > 0 else 0.0
