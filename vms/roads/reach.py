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
_TICKS_A_S, _MOST_TICKS = 250_000.0, 2.0e9
"""Junctions wait in the order of whole ticks: 4 µs, less than anybody needs along any stretch."""
_HAIR_S = 1e-6
_FEW = 0.005
"""So large a share of the arcs is looked at one by one, that the edge of the rest lies near the limit."""


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
        self._heap = np.zeros(room, np.int64)
        self._order = np.zeros(junctions + 1, np.int32)
        self._edge = np.zeros(room, np.int32)
        self._edge_time = np.zeros(room)
        self._edge_out = np.zeros(room, np.uint8)
        seconds = arcs.table.seconds
        finite = seconds[np.isfinite(seconds)]
        self._slow_s = float(np.quantile(finite, 1.0 - _FEW)) if len(finite) else 0.0
        self._slow = np.flatnonzero(seconds > self._slow_s).astype(np.int32)

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
            min(_TICKS_A_S, _MOST_TICKS / max(*limits_s, 1.0)),
            self._time,
            self._heap,
            self._order,
        )
        self._reached = n
        order = self._order[:n]
        times_s = self._time[order]
        put_right(order, times_s)
        boundaries = tuple(self._boundary(limit_s, times_s, seeds) for limit_s in limits_s)
        own = tuple((arc, seconds) for _, seconds, arc in seeds if arc >= 0)
        order = order.copy()
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

    def _boundary(self, limit_s: float, times_s: Floats, seeds: Sequence[tuple[int, float, int]]) -> Boundary:
        table, buffers = self.arcs.table, (self._edge, self._edge_time, self._edge_out)
        n = int(np.searchsorted(times_s, limit_s, side="right"))
        near = int(np.searchsorted(times_s, limit_s - self._slow_s - _HAIR_S))
        slow = (self._slow, self._slow_s, self.arcs.tail)
        found = edge_of(table, limit_s, near, n, self._time, self._order, *slow, *buffers)
        own = [
            (arc, seconds - float(table.seconds[arc])) for _, seconds, arc in seeds if arc >= 0 and seconds > limit_s
        ]
        mine = np.array([arc for arc, _ in own], np.int32)
        others = np.ones(found, bool)
        for arc in mine.tolist():
            others &= self._edge[:found] != arc  # whoever starts on an arc is on it once
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
    ticks_a_s: float,
    time_s: Floats,
    heap: Longs,
    order: Ints,
) -> int:
    """Dijkstra's search up to the limit with a heap of four children; answers how many junctions `order` then holds.

    The heap holds ticks and junction in one number. Who is reached earlier within the same tick waits there already;
    nobody who has left the heap is reached earlier any more, for no arc is shorter than a tick.
    """
    size, n = 0, 0
    for i in range(len(seeds)):
        if seed_seconds[i] <= limit_s and seed_seconds[i] < time_s[seeds[i]]:
            time_s[seeds[i]] = seed_seconds[i]
            size = push(heap, size, (np.int64(seed_seconds[i] * ticks_a_s) << 32) | np.int64(seeds[i]))
    while size > 0:
        key = heap[0]
        size = pop(heap, size)
        junction = key & 0xFFFFFFFF
        t = time_s[junction]
        if key >> 32 > np.int64(t * ticks_a_s):
            continue
        order[n] = junction
        n += 1
        for arc in range(table.first[junction], table.first[junction + 1]):
            at = t + table.seconds[arc]
            if at > limit_s:
                continue
            head = table.head[arc]
            before = time_s[head]
            if at < before:
                time_s[head] = at
                ticks = np.int64(at * ticks_a_s)
                if before == math.inf or np.int64(before * ticks_a_s) != ticks:
                    size = push(heap, size, (ticks << 32) | np.int64(head))
    return n


@compiled
def push(heap: Longs, size: int, key: np.int64) -> int:
    at = size
    while at > 0:
        above = (at - 1) >> 2
        if heap[above] <= key:
            break
        heap[at] = heap[above]
        at = above
    heap[at] = key
    return size + 1


@compiled
def pop(heap: Longs, size: int) -> int:
    size -= 1
    key = heap[size]
    at = 0
    while True:
        child = 4 * at + 1
        if child >= size:
            break
        best, least = child, heap[child]
        for other in range(child + 1, min(child + 4, size)):
            if heap[other] < least:
                best, least = other, heap[other]
        if least >= key:
            break
        heap[at] = least
        at = best
    heap[at] = key
    return size


@compiled
def put_right(order: Ints, times_s: Floats) -> None:
    """Both by time; only neighbours within a tick are out of it."""
    for i in range(1, len(order)):
        junction, t = order[i], times_s[i]
        at = i
        while at > 0 and times_s[at - 1] > t:
            order[at], times_s[at] = order[at - 1], times_s[at - 1]
            at -= 1
        order[at], times_s[at] = junction, t


@compiled
def edge_of(
    table: ArcTable,
    limit_s: float,
    near: int,
    n: int,
    time_s: Floats,
    order: Ints,
    slow: Ints,
    slow_s: float,
    tail: Ints,
    edge: Ints,
    edge_time: Floats,
    edge_out: NDArray[np.uint8],
) -> int:
    """The arcs whose tail is reached within the limit while tail + arc is beyond it; answers how many. Of those up to
    `slow_s` only from the junctions `order[near:n]`; the `slow` ones are asked one by one."""
    found = 0
    for i in range(near, n):
        t = time_s[order[i]]
        for arc in range(table.first[order[i]], table.first[order[i] + 1]):
            if t + table.seconds[arc] > limit_s and table.seconds[arc] <= slow_s:
                edge[found], edge_time[found] = arc, t
                edge_out[found] = 1 if time_s[table.head[arc]] > limit_s else 0
                found += 1
    for arc in slow:
        t = time_s[tail[arc]]
        if t <= limit_s and t + table.seconds[arc] > limit_s:
            edge[found], edge_time[found] = arc, t
            edge_out[found] = 1 if time_s[table.head[arc]] > limit_s else 0
            found += 1
    return found


def share_reached(seconds: float, arrives_s: float, limit_s: float) -> float:
    """Of an arc of the boundary: how far along it somebody is at the limit, 0 … 1."""
    return min(1.0, max(0.0, (limit_s - arrives_s) / seconds)) if math.isfinite(seconds) and seconds > 0 else 0.0
