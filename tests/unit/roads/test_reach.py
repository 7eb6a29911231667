"""The bounded search: equal to a full one, its edge by its definition."""

import networkx as nx
import numpy as np
import pytest

from tests.builders.coverage import a_road
from tests.builders.roads import network, random_roads
from vms.roads.arcs import TravelArcs, arcs_for
from vms.roads.area import outline, reached_lines
from vms.roads.reach import Reach, Reacher, share_reached
from vms.roads.snap import OnRoad, RoadFinder
from vms.roads.travel import Travel


def as_graph(arcs: TravelArcs) -> nx.DiGraph:
    graph = nx.DiGraph()
    for tail, head, seconds in zip(arcs.tail, arcs.table.head, arcs.table.seconds, strict=True):
        known = graph.get_edge_data(int(tail), int(head))
        graph.add_edge(int(tail), int(head), weight=min(seconds, known["weight"]) if known else seconds)
    return graph


def some_reach(seed: int, travel: Travel, limits_s: list[float]) -> Reach:
    rng = np.random.default_rng(seed)
    arcs = arcs_for(network(*random_roads(rng)), travel)
    x, y = rng.uniform(0.0, 500.0, 2)
    start = RoadFinder(arcs.network).nearest(x, y, arcs.mainland)
    assert start is not None
    return Reacher(arcs).from_place(start, limits_s)


@pytest.mark.parametrize("travel", list(Travel))
def test_times_equal_those_of_a_full_search(travel: Travel) -> None:
    for seed in range(15):
        reach = some_reach(seed, travel, [40.0, 90.0])
        graph, start, arcs = as_graph(reach.arcs), reach.start, reach.arcs
        for against, left in ((0, 1.0 - start.along), (1, start.along)):
            arc = int(arcs.of_code[2 * start.stretch + against])
            if arc >= 0:
                graph.add_edge("start", int(arcs.table.head[arc]), weight=left * arcs.table.seconds[arc])
        full = nx.single_source_dijkstra_path_length(graph, "start", cutoff=90.0)
        del full["start"]
        assert dict(zip(reach.junctions.tolist(), reach.times_s.tolist(), strict=True)) == pytest.approx(full)
        assert (np.diff(reach.times_s) >= 0.0).all()


def test_the_boundary_is_every_arc_that_is_entered_in_time_and_not_left() -> None:
    for seed in range(20):
        reach = some_reach(seed, Travel.CAR, [25.0, 60.0])
        times = dict(zip(reach.junctions.tolist(), reach.times_s.tolist(), strict=True))
        table = reach.arcs.table
        for boundary in reach.boundaries:
            wanted = {
                arc
                for arc, tail in enumerate(reach.arcs.tail.tolist())
                if times.get(tail, 1e9) <= boundary.limit_s < times.get(tail, 1e9) + table.seconds[arc]
            }
            started_here = {arc for arc, at in zip(boundary.arcs.tolist(), boundary.arrives_s, strict=True) if at < 0.0}
            assert set(boundary.arcs.tolist()) - started_here == wanted
            for arc, out in zip(boundary.arcs.tolist(), boundary.leads_out.tolist(), strict=True):
                assert out == (times.get(int(table.head[arc]), 1e9) > boundary.limit_s)


def test_whoever_is_still_on_the_street_of_the_start_is_on_its_boundary() -> None:
    arcs = arcs_for(network(a_road((0, 0), (1000, 0), speed_km_h=36.0)), Travel.CAR)
    reach = Reacher(arcs).from_place(OnRoad(stretch=0, along=0.3, away_m=0.0), [20.0])
    (boundary,) = reach.boundaries
    assert len(reach.junctions) == 0 and boundary.leads_out.all()
    at = {
        int(arcs.table.code[arc]): share_reached(100.0, arrives_s, 20.0)
        for arc, arrives_s in zip(boundary.arcs.tolist(), boundary.arrives_s.tolist(), strict=True)
    }
    assert at == pytest.approx({0: 0.5, 1: 0.9})


def test_a_one_way_street_is_left_at_its_end_only() -> None:
    one_way = a_road((0, 0), (100, 0), oneway=True, speed_km_h=36.0)
    arcs = arcs_for(network(one_way, a_road((0, 0), (0, 100)), a_road((100, 0), (100, 100))), Travel.CAR)
    reach = Reacher(arcs).from_place(OnRoad(stretch=0, along=0.5, away_m=0.0), [8.0])
    assert reach.times_s.tolist() == pytest.approx([5.0])
    at_its_begin = Reacher(arcs).from_place(OnRoad(stretch=0, along=0.0, away_m=0.0), [8.0])
    assert at_its_begin.times_s.tolist() == pytest.approx([0.0])


def test_searches_one_after_another_do_not_disturb_each_other() -> None:
    arcs = arcs_for(network(*random_roads(np.random.default_rng(3))), Travel.WALK)
    reacher = Reacher(arcs)
    here, there = (OnRoad(stretch=stretch, along=0.5, away_m=0.0) for stretch in (2, 20))
    first = reacher.from_place(here, [120.0])
    reacher.from_place(there, [300.0])
    again = reacher.from_place(here, [120.0])
    assert first.times_s.tolist() == again.times_s.tolist()
    assert first.boundaries[0].arcs.tolist() == again.boundaries[0].arcs.tolist()


def test_what_is_drawn_covers_what_is_reached() -> None:
    arcs = arcs_for(
        network(a_road((0, 0), (100, 0), speed_km_h=36.0), a_road((100, 0), (300, 0), speed_km_h=36.0)), Travel.CAR
    )
    reach = Reacher(arcs).from_place(OnRoad(stretch=0, along=0.0, away_m=0.0), [15.0])
    lines = reached_lines(reach, reach.boundaries[0])
    assert sorted(round(float(line[:, 0].max())) for line in lines) == [100, 150]
    (ring,) = outline(reach, 15.0)
    assert ring[:, 0].min() <= 0.0 and ring[:, 0].max() >= 100.0
