"""Roads that the rim of the map cuts off lead on; ends within the town do not."""

import numpy as np

from tests.builders.coverage import a_road
from tests.builders.roads import network
from vms.places.town import Road
from vms.roads.arcs import arcs_for
from vms.roads.cut import ring_cut
from vms.roads.reach import Reach, Reacher
from vms.roads.rim import rim_junctions, with_ways_on
from vms.roads.snap import RoadFinder
from vms.roads.travel import Travel

BLOCKS = [a_road((x, y), (x + 100, y), (x + 100, y + 100), (x, y + 100), (x, y)) for x in (0, 100) for y in (0, 100)]


def from_the_middle(*more: Road) -> Reach:
    arcs = arcs_for(network(*BLOCKS, *more), Travel.WALK)
    arcs = with_ways_on(arcs, rim_junctions(arcs.network))
    start = RoadFinder(arcs.network).nearest(100.0, 100.0, arcs.mainland)
    assert start is not None
    return Reacher(arcs).from_place(start, [60.0, 3600.0])


def test_an_end_that_points_out_of_the_map_leads_on_and_a_cul_de_sac_within_does_not() -> None:
    found = network(*BLOCKS, a_road((200, 100), (400, 100)), a_road((100, 0), (100, 50)))
    (rim,) = rim_junctions(found)
    assert found.junctions_m[rim].round().tolist() == [400.0, 100.0]


def test_a_dead_end_short_of_the_hull_leads_on_where_nothing_lies_before_it() -> None:
    far = [a_road((200, 0), (900, -300)), a_road((200, 200), (900, 500))]
    found = network(*BLOCKS, a_road((200, 100), (400, 100)), *far)
    assert sorted(found.junctions_m[rim_junctions(found)].round()[:, 0].tolist()) == [400.0, 900.0, 900.0]


def test_the_ring_crosses_the_roads_that_leave_the_map() -> None:
    reach = from_the_middle(a_road((200, 100), (400, 100), name="out"))
    assert reach.map_ends
    leaking = ring_cut(reach, 60.0, 3600.0, np.zeros(len(reach.arcs.network), bool))
    assert leaking.cost == 1000 and leaking.closed is False
    closed = ring_cut(reach, 60.0, 3600.0, np.ones(len(reach.arcs.network), bool))
    assert closed.cost == 1 and closed.closed is True
    everywhere = reach.boundaries[1]
    assert everywhere.leads_out.tolist() == [True] and np.isinf(reach.arcs.table.seconds[everywhere.arcs]).all()


def test_without_such_roads_there_is_nothing_to_close_and_nothing_is_called_closed() -> None:
    reach = from_the_middle()
    assert not reach.map_ends
    assert ring_cut(reach, 60.0, 3600.0, np.ones(len(reach.arcs.network), bool)).closed is None


def test_a_town_without_roads_has_no_rim() -> None:
    assert len(rim_junctions(network())) == 0
