"""The smallest closed ring: its cost is that of two other solvers, and it closes."""

import networkx as nx
import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow

from tests.builders.coverage import a_road
from tests.builders.roads import network, random_roads
from vms.roads.arcs import arcs_for
from vms.roads.cut import CutNetwork, cut_network, ring_cut
from vms.roads.flow import smallest_cut
from vms.roads.reach import Reach, Reacher
from vms.roads.snap import OnRoad, RoadFinder
from vms.roads.travel import Travel

RANDOM_NETWORKS = 300


def by_scipy(ground: CutNetwork) -> int:
    weights = csr_matrix(
        (ground.capacity.astype(np.int32), (ground.tail, ground.head)), shape=(ground.nodes, ground.nodes)
    )
    return int(maximum_flow(weights, 0, 1).flow_value)


def by_networkx(ground: CutNetwork) -> int:
    graph = nx.DiGraph()
    graph.add_nodes_from((0, 1))
    for tail, head, capacity in zip(ground.tail.tolist(), ground.head.tolist(), ground.capacity.tolist(), strict=True):
        before = graph.get_edge_data(tail, head, {"capacity": 0})["capacity"]
        graph.add_edge(tail, head, capacity=before + capacity)
    return int(nx.minimum_cut_value(graph, 0, 1))


def a_reach(rng: np.random.Generator, limits_s: list[float]) -> Reach:
    travel = Travel(rng.choice(list(Travel)))
    arcs = arcs_for(network(*random_roads(rng, across=int(rng.integers(3, 6)))), travel)
    start = RoadFinder(arcs.network).nearest(*rng.uniform(50.0, 300.0, 2), arcs.mainland)
    assert start is not None
    slower = {Travel.CAR: 1.0, Travel.BICYCLE: 2.0, Travel.WALK: 6.0}[travel]
    return Reacher(arcs).from_place(start, [slower * one for one in limits_s])


def gets_out(reach: Reach, ring: set[int], inner_s: float, beyond_s: float) -> bool:
    """Does a way lead from the inner area to beyond without an arc of the ring?"""
    within = dict(zip(reach.junctions.tolist(), reach.times_s.tolist(), strict=True))
    waiting = [junction for junction, t in within.items() if t <= inner_s]
    seen = set(waiting)
    table = reach.arcs.table
    while waiting:
        junction = waiting.pop()
        for arc in range(int(table.first[junction]), int(table.first[junction + 1])):
            head = int(table.head[arc])
            if arc in ring or head in seen:
                continue
            if within.get(head, 1e9) > beyond_s:
                return True
            seen.add(head)
            waiting.append(head)
    return False


def test_the_cost_equals_that_of_two_other_solvers_on_hundreds_of_networks() -> None:
    rng = np.random.default_rng(5)
    costs = []
    for _ in range(RANDOM_NETWORKS):
        reach = a_reach(rng, [8.0, 25.0])
        inner_s, beyond_s = (boundary.limit_s for boundary in reach.boundaries)
        watched = rng.random(len(reach.arcs.network)) < rng.uniform(0.2, 0.95)
        found = ring_cut(reach, inner_s, beyond_s, watched)
        ground = cut_network(reach, inner_s, beyond_s, watched)
        assert found.cost == by_scipy(ground) == by_networkx(ground)
        assert found.cost == int(found.watched.sum()) + 1000 * int((~found.watched).sum())
        assert found.closed == (
            bool(watched[reach.arcs.table.code[found.arcs] // 2].all()) if len(found.arcs) else None
        )
        assert not gets_out(reach, set(found.arcs.tolist()), inner_s, beyond_s)
        costs.append(found.cost)
    assert sum(cost > 1000 for cost in costs) > 50 and sum(0 < cost < 1000 for cost in costs) > 50


def test_random_flows_with_loops_and_double_arcs_equal_scipys() -> None:
    rng = np.random.default_rng(7)
    for _ in range(200):
        nodes, arcs = int(rng.integers(2, 30)), int(rng.integers(1, 120))
        ground = CutNetwork(
            nodes=nodes,
            tail=rng.integers(0, nodes, arcs).astype(np.int32),
            head=rng.integers(0, nodes, arcs).astype(np.int32),
            capacity=rng.integers(0, 50, arcs),
            arcs=np.arange(arcs, dtype=np.int32),
        )
        flow, side = smallest_cut(nodes, ground.tail, ground.head, ground.capacity, 0, 1)
        crossing = (side[ground.tail] == 1) & (side[ground.head] == 0)
        assert flow == by_scipy(ground) == int(ground.capacity[crossing].sum())
        assert side[0] == 1 and side[1] == 0


def test_where_nothing_lies_beyond_there_is_nothing_to_close() -> None:
    reach = a_reach(np.random.default_rng(1), [10.0, 100_000.0])
    found = ring_cut(reach, 10.0, 100_000.0, np.zeros(len(reach.arcs.network), bool))
    assert found.cost == 0 and len(found.arcs) == 0 and found.closed is None


def test_before_anybody_comes_to_a_junction_the_street_itself_is_closed_at_both_ends() -> None:
    arcs = arcs_for(
        network(a_road((0, 0), (300, 0)), a_road((0, 0), (0, 900)), a_road((300, 0), (300, 900))), Travel.WALK
    )
    reach = Reacher(arcs).from_place(OnRoad(stretch=0, along=0.5, away_m=0.0), [30.0, 300.0])
    found = ring_cut(reach, 30.0, 300.0, np.array([True, False, False]))
    assert found.closed and found.cost == 2
    assert set((arcs.table.code[found.arcs] // 2).tolist()) == {0}
    found = ring_cut(reach, 30.0, 300.0, np.array([False, True, False]))
    assert [bool(one) for one in found.watched].count(False) == 1 and found.cost == 1001
