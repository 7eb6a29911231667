"""The roads of the current map, ready to be searched, and what of them is watched now; beside the coverage in memory."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from vms.core.errors import Conflict
from vms.roads.arcs import TravelArcs, arcs_for
from vms.roads.network import RoadNetwork, network_of
from vms.roads.reach import Reacher
from vms.roads.snap import RoadFinder
from vms.roads.travel import Travel
from vms.services.coverage.memory import CoverageMemory
from vms.services.rings.watched import WatchedStretches


class Roads:
    """Of one map. The ways of travel are laid out as they are asked for."""

    def __init__(self, network: RoadNetwork) -> None:
        self.network = network
        self.finder = RoadFinder(network)
        self.watched = WatchedStretches(network)
        self._arcs: dict[Travel, TravelArcs] = {}
        self._reachers: dict[Travel, Reacher] = {}

    def arcs(self, travel: Travel) -> TravelArcs:
        if travel not in self._arcs:
            self._arcs[travel] = arcs_for(self.network, travel)
        return self._arcs[travel]

    def reacher(self, travel: Travel) -> Reacher:
        if travel not in self._reachers:
            self._reachers[travel] = Reacher(self.arcs(travel))
        return self._reachers[travel]


class RoadMemory:
    """Asked from several threads; each has the roads for itself for the milliseconds of its question."""

    def __init__(self, memory: CoverageMemory) -> None:
        self.memory = memory
        self._lock = threading.Lock()
        self._roads: Roads | None = None
        self._town: object = None

    @contextmanager
    def roads(self) -> Iterator[Roads]:
        """As the map and the cameras are now. A new map takes seconds. Raises Conflict where there is no road."""
        with self._lock:
            memory = self.memory
            with memory.lock:
                town, index = memory.town, memory.index
            if not town.roads:
                raise Conflict("there is no map with roads; `vms map import` takes one in", code="no_roads")
            if self._roads is None or self._town is not town or self._roads.network.frame != index.walls.frame:
                self._roads, self._town = Roads(network_of(town.roads, index.walls.frame)), town
            with memory.lock:
                self._roads.watched.refresh(memory.index)
            yield self._roads
