"""Promise: the ring of 10 minutes on 600,000 arcs, its boundary and the map's rim included, in at most 3 ms; the closed
ring beside.

Roads: the shared Munich extract (or --map), tiled until there are as many arcs as asked; tiles are joined along their
edges by roads at their nearest junctions. Peers in the same run, alternating on the same starts: scipy's
`dijkstra(limit=)` (times of all junctions, no boundary), networkx's `single_source_dijkstra_path_length(cutoff=)`; for
the cut scipy's `maximum_flow` and, with --ortools, SimpleMaxFlow. One thread, its CPU time.

    python bench/bench_ring.py [--arcs 600000] [--starts 200] [--map FILE] [--travel car] [--ortools] [--json]
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra, maximum_flow

from vms.core.geo import LocalFrame, Wgs84
from vms.maps.osm import read_town
from vms.places.town import Road
from vms.roads.arcs import TravelArcs, arcs_for
from vms.roads.cut import cut_network, ring_cut
from vms.roads.flow import smallest_cut
from vms.roads.network import network_of
from vms.roads.reach import Reach, Reacher
from vms.roads.rim import rim_junctions, with_ways_on
from vms.roads.snap import OnRoad, RoadFinder
from vms.roads.travel import Travel, roads_for
from vms.sim.town import generated_town

ROOT = Path(__file__).resolve().parent.parent
LIMIT_S = 600.0
INNER_S = 300.0
WATCHED_SHARE = 0.3
MOST_TILES = 60


def the_roads(path: str | None) -> list[Road]:
    shared = Path(os.environ.get("VMS_SHARED_FIXTURES", ROOT.parent / "shared" / "fixtures"))
    munich = Path(path) if path else shared / "geo" / "munich.osm.pbf"
    return list((read_town(munich) if munich.is_file() else generated_town(1)).roads)


def tiled(roads: list[Road], tiles: int) -> list[Road]:
    """tiles × tiles copies side by side, shifted by the extent; neighbours joined by 20 roads on each edge."""
    corners = np.concatenate([road.line for road in roads])
    west, south = np.percentile(corners, 1, axis=0)
    east, north = np.percentile(corners, 99, axis=0)
    inside = [road for road in roads if (road.line >= (west, south)).all() and (road.line <= (east, north)).all()]
    step = np.array([east - west, north - south])
    ends = np.array(
        [road.line[0] for road in inside if road.kind in ("residential", "tertiary", "secondary", "primary")]
    )
    joints: list[Road] = []
    for axis in (0, 1):
        other = 1 - axis
        for at in np.linspace(ends[:, other].min(), ends[:, other].max(), 20):
            near = ends[np.argsort(np.abs(ends[:, other] - at))[:60]]
            high, low = near[near[:, axis].argmax()], near[near[:, axis].argmin()] + step * (np.arange(2) == axis)
            joints.append(Road(line=np.array([high, low]), kind="secondary", speed_km_h=50.0))
    whole = []
    for i in range(tiles):
        for j in range(tiles):
            shift = step * (i - tiles / 2.0, j - tiles / 2.0)
            whole += [replace(road, line=road.line + shift) for road in inside]
            whole += [
                replace(road, line=road.line + shift)
                for n, road in enumerate(joints)
                if (n < 20 and i + 1 < tiles) or (n >= 20 and j + 1 < tiles)
            ]
    return whole


def enough_arcs(roads: list[Road], arcs: int, travel: Travel) -> TravelArcs:
    corners = np.concatenate([road.line for road in roads])
    frame = LocalFrame(Wgs84(*corners.mean(axis=0).tolist()))
    one = arcs_for(network_of(tiled(roads, 1), frame), travel)
    tiles = min(MOST_TILES, int(np.ceil(np.sqrt(arcs / max(1, len(one))))))
    network = network_of(tiled(roads, tiles), frame)
    return with_ways_on(arcs_for(network, travel), rim_junctions(network))


def timed_ms(work: Callable[[], object]) -> float:
    started = time.thread_time()
    work()
    return 1e3 * (time.thread_time() - started)


def summed_up(milliseconds: list[float]) -> dict[str, float]:
    p50, p95, worst = np.percentile(milliseconds, [50, 95, 100])
    return {"p50_ms": round(float(p50), 2), "p95_ms": round(float(p95), 2), "max_ms": round(float(worst), 2)}


def some_starts(arcs: TravelArcs, starts: int) -> list[OnRoad]:
    """In the middle of the city: whoever starts at its edge has half a circle to search."""
    rng, finder = np.random.default_rng(1), RoadFinder(arcs.network)
    low, high = np.percentile(arcs.network.junctions_m, [35, 65], axis=0)
    found = [finder.nearest(*rng.uniform(low, high).tolist(), arcs.mainland) for _ in range(starts)]
    return [one for one in found if one is not None]


def as_matrix(arcs: TravelArcs) -> csr_matrix:
    n = len(arcs.network.junctions_m)
    order = np.lexsort((arcs.table.seconds, arcs.table.head, arcs.tail))
    order = order[np.isfinite(arcs.table.seconds[order])]  # what lies beyond the map is nothing to the peers
    tail, head, seconds = arcs.tail[order], arcs.table.head[order], arcs.table.seconds[order]
    first = np.ones(len(order), bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    return csr_matrix((seconds[first], (tail[first], head[first])), shape=(n, n))


def as_graph(matrix: csr_matrix) -> nx.DiGraph:
    graph = nx.DiGraph()
    whole = matrix.tocoo()
    graph.add_weighted_edges_from(zip(whole.row.tolist(), whole.col.tolist(), whole.data.tolist(), strict=True))
    return graph


def at_junction(arcs: TravelArcs, start: OnRoad) -> OnRoad:
    """The peers start from junctions only."""
    return replace(start, along=0.0)


def bench_reach(arcs: TravelArcs, starts: list[OnRoad], peer_starts: int) -> dict[str, object]:
    reacher, matrix = Reacher(arcs), as_matrix(arcs)
    graph = as_graph(matrix)
    reacher.from_place(starts[0], [LIMIT_S])
    ours, scipys, networkxs, junctions, edges, wrong = [], [], [], [], [], 0
    for number, given in enumerate(starts):
        start = at_junction(arcs, given)
        reach = reacher.from_place(start, [LIMIT_S])
        ours.append(timed_ms(lambda start=start: reacher.from_place(start, [LIMIT_S])))
        junctions.append(len(reach.junctions))
        edges.append(len(reach.boundaries[0].arcs))
        if number >= peer_starts:
            continue
        source = int(arcs.network.begins[start.stretch])
        scipys.append(timed_ms(lambda source=source: dijkstra(matrix, indices=source, limit=LIMIT_S)))
        networkxs.append(
            timed_ms(lambda source=source: nx.single_source_dijkstra_path_length(graph, source, cutoff=LIMIT_S))
        )
        times = dijkstra(matrix, indices=source, limit=LIMIT_S)
        reached = np.full(len(times), np.inf)
        reached[reach.junctions] = reach.times_s
        both = np.isfinite(times) & np.isfinite(reached)
        wrong += int(
            (np.abs(times[both] - reached[both]) > 1e-6).sum() + (np.isfinite(times) != np.isfinite(reached)).sum()
        )
    return {
        "ours": summed_up(ours),
        "scipy_dijkstra": summed_up(scipys),
        "networkx": summed_up(networkxs),
        "junctions_median": int(np.median(junctions)),
        "boundary_arcs_median": int(np.median(edges)),
        "junctions_that_differ_from_scipy": wrong,
    }


def bench_cut(arcs: TravelArcs, starts: list[OnRoad], with_ortools: bool) -> dict[str, object]:
    reacher = Reacher(arcs)
    watched = np.random.default_rng(2).random(len(arcs.network)) < WATCHED_SHARE
    ours, scipys, ortools, nodes, wrong = [], [], [], [], 0
    for start in starts:
        reach: Reach = reacher.from_place(start, [INNER_S, LIMIT_S])
        ring_cut(reach, INNER_S, LIMIT_S, watched)
        ours.append(timed_ms(lambda reach=reach: ring_cut(reach, INNER_S, LIMIT_S, watched)))
        ground = cut_network(reach, INNER_S, LIMIT_S, watched)
        nodes.append(ground.nodes)
        weights = csr_matrix(
            (ground.capacity.astype(np.int32), (ground.tail, ground.head)), shape=(ground.nodes, ground.nodes)
        )
        flow = int(maximum_flow(weights, 0, 1).flow_value)
        scipys.append(timed_ms(lambda weights=weights: maximum_flow(weights, 0, 1)))
        mine = int(smallest_cut(ground.nodes, ground.tail, ground.head, ground.capacity, 0, 1)[0])
        wrong += mine != flow
        if with_ortools:
            ortools.append(timed_ms(lambda ground=ground: ortools_flow(ground)))
            wrong += mine != ortools_flow(ground)
    found: dict[str, object] = {"ours": summed_up(ours), "scipy_maximum_flow": summed_up(scipys)}
    if with_ortools:
        found["ortools_simple_max_flow"] = summed_up(ortools)
    return {**found, "nodes_median": int(np.median(nodes)), "cuts_that_differ": wrong}


def ortools_flow(ground: object) -> int:
    from ortools.graph.python import max_flow  # not installed with vms

    solver = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(ground.tail, ground.head, ground.capacity)  # type: ignore[attr-defined]
    solver.solve(0, 1)
    return int(solver.optimal_flow())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arcs", type=int, default=600_000)
    parser.add_argument("--starts", type=int, default=200)
    parser.add_argument("--peer-starts", type=int, default=20)
    parser.add_argument("--map")
    parser.add_argument("--travel", type=Travel, default=Travel.CAR, choices=list(Travel))
    parser.add_argument("--ortools", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    roads = roads_for(the_roads(asked.map), asked.travel)
    started = time.thread_time()
    arcs = enough_arcs(roads, asked.arcs, asked.travel)
    laid_s = time.thread_time() - started
    starts = some_starts(arcs, asked.starts)
    found = {
        "arcs": len(arcs),
        "arcs_at_the_rim": int(np.isinf(arcs.table.seconds).sum()),
        "junctions": len(arcs.network.junctions_m),
        "travel": asked.travel.value,
        "laid_out_s": round(laid_s, 1),
        "load": [round(one, 2) for one in os.getloadavg()],
        "ring_of_10_minutes": bench_reach(arcs, starts, asked.peer_starts),
        "closed_ring_5_to_10_minutes": bench_cut(arcs, starts[: asked.peer_starts], asked.ortools),
    }
    if asked.json:
        json.dump(found, sys.stdout, indent=2)
        print()
        return
    for name, value in found.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
