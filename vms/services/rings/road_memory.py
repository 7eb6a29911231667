"""The roads of the current map, ready to be searched, and what of them is watched now."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from vms.core.errors import Conflict
from vms.roads.arcs import TravelArcs, arcs_for
from vms.roads.barriers import barriers_to, not_stopped, parted
from vms.roads.network import RoadNetwork, network_of
from vms.roads.reach import Reacher
from vms.roads.rim import rim_junctions, with_ways_on
from vms.roads.snap import RoadFinder
from vms.roads.travel import Travel, roads_for
from vms.services.coverage.memory import CoverageMemory
from vms.services.rings.watched import WatchedStretches


class Roads:
    """Of one map, for one way of travel."""

    def __init__(self, network: RoadNetwork, travel: Travel, stops: NDArray[np.float64]) -> None:
        """`stops`: longitude and latitude of the barriers that the roads are taken apart at."""
        self.network = network
        self.finder = RoadFinder(network)
        rim = not_stopped(network, rim_junctions(network), stops)
        self.arcs: TravelArcs = with_ways_on(arcs_for(network, travel), rim)
        self.reacher = Reacher(self.arcs)
        self.watched = WatchedStretches(network)


class RoadMemory:
    """Asked from several threads; each has the roads for itself for the milliseconds of its question."""

    def __init__(self, memory: CoverageMemory) -> None:
        self.memory = memory
        self._lock = threading.Lock()
        self._roads: dict[Travel, Roads] = {}
        self._town: object = None

    @contextmanager
    def roads(self, travel: Travel) -> Iterator[Roads]:
        """As the map and the cameras are now, up to the store's last event. The first question after a new map takes
        seconds. Raises Conflict where there is no road."""
        self.memory.catch_up()
        with self._lock:
            memory = self.memory
            with memory.lock:
                town, frame = memory.town, memory.index.walls.frame
            if not town.roads:
                raise Conflict("there is no map with roads; `vms map import` takes one in", code="no_roads")
            if self._town is not town:
                self._roads, self._town = {}, town
            found = self._roads.get(travel)
            if found is None or found.network.frame != frame:
                stops = barriers_to(town.places, travel)
                network = network_of(parted(roads_for(town.roads, travel), stops), frame)
                if not len(network):
                    raise Conflict(f"the map has no road for {travel.value}", code="no_roads")
                found = Roads(network, travel, stops)
                self._roads[travel] = found
            with memory.lock:
                found.watched.refresh(memory.index)
            yield found
