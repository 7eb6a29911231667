"""The smallest cause that is likelier than chance."""

from math import comb, isclose, log10

from hypothesis import given
from hypothesis import strategies as st

from vms.core.ids import CameraId, DeviceId
from vms.health.outages.chance import densest, log10_choose, surprise
from vms.health.outages.explain import Faller, Hypothesis, Terms, explain
from vms.health.outages.graph import CameraPlace, SupplyGraph
from vms.health.outages.node import Node, NodeKey, NodeKind, NodeSource
from vms.health.outages.policy import OutagePolicy

POLICY = OutagePolicy()
FEEDER = NodeKey(NodeKind.POWER_FEEDER, "f")
PER_SWITCH, SWITCHES = 10, 4


def switch(number: int) -> NodeKey:
    return NodeKey(NodeKind.SWITCH, str(number))


def a_graph(*, learnt: frozenset[int] = frozenset(), network: str = "") -> SupplyGraph:
    """Four switches with ten cameras each on one feeder."""
    nodes = [Node(key=FEEDER, name="feeder", source=NodeSource.TYPED)]
    nodes += [
        Node(
            key=switch(number),
            name=f"switch {number}",
            source=NodeSource.LEARNT if number in learnt else NodeSource.TYPED,
            parent=FEEDER,
            confirmed=number not in learnt,
        )
        for number in range(SWITCHES)
    ]
    devices = range(PER_SWITCH * SWITCHES)
    places = [CameraPlace(camera_id=CameraId(n), device_id=DeviceId(n), network=network) for n in devices]
    return SupplyGraph(places, nodes, [(DeviceId(n), switch(n // PER_SWITCH)) for n in devices])


def of_switch(number: int) -> list[int]:
    return list(range(number * PER_SWITCH, (number + 1) * PER_SWITCH))


def causes(
    fell: list[int],
    graph: SupplyGraph,
    *,
    every_s: float = 1.0,
    per_day: float = POLICY.falls_per_day,
    wrong: dict[NodeKey, int] | None = None,
) -> list[Hypothesis]:
    fallers = {device_id: Faller(number * every_s) for number, device_id in enumerate(fell)}
    terms = Terms(
        policy=POLICY,
        window_s=POLICY.window_s,
        surprise=surprise(per_day, POLICY.window_s),
        wrong=wrong or {},
    )

    def standing(key: NodeKey) -> int:
        return sum(one not in fallers for one in graph.devices_below(key))

    return explain(fallers, graph, standing, terms)


def test_a_whole_switch_is_the_cause() -> None:
    (found,) = causes(of_switch(1), a_graph())
    assert (found.key, found.whole, len(found.devices), found.of) == (switch(1), True, 10, 10)
    assert found.spread_s == 9.0


def test_nearly_all_of_a_switch_are_enough_and_half_are_a_part() -> None:
    (found,) = causes(of_switch(1)[:8], a_graph())
    assert (found.key, found.whole, found.of) == (switch(1), True, 10)
    (found,) = causes(of_switch(1)[:5], a_graph())
    assert (found.key, found.whole) == (switch(1), False)


def test_two_of_ten_are_two_singles() -> None:
    assert causes(of_switch(1)[:2], a_graph()) == []


def test_when_all_switches_of_a_feeder_fell_the_feeder_is_the_cause() -> None:
    (found,) = causes(list(range(40)), a_graph())
    assert (found.key, len(found.devices)) == (FEEDER, 40)


def test_two_switches_of_four_stay_two_causes() -> None:
    found = causes(of_switch(0) + of_switch(2), a_graph())
    assert {one.key for one in found} == {switch(0), switch(2)}


def test_a_switch_and_a_single_elsewhere_are_not_one() -> None:
    (found,) = causes([*of_switch(0), 25], a_graph())
    assert found.key == switch(0)
    assert 25 not in found.devices


def test_falls_that_lie_apart_have_no_common_cause() -> None:
    assert causes(of_switch(0), a_graph(), every_s=100.0) == []


def test_where_everything_falls_all_the_time_nothing_is_proved_by_three() -> None:
    few = a_graph()
    assert causes(of_switch(0)[:4], few) != []
    assert causes(of_switch(0)[:4], few, per_day=200.0) == []


def test_what_was_learnt_must_fit_better_until_a_person_confirms_it() -> None:
    most = of_switch(1)[:8]
    learnt = a_graph(learnt=frozenset({1}))
    assert all(one.key != switch(1) for one in causes(most, learnt))
    assert causes(of_switch(1), learnt)[0].key == switch(1)


def test_a_network_that_people_found_named_wrongly_is_named_no_more() -> None:
    key = NodeKey(NodeKind.SUBNET, "10.0.0.0/24")
    places = [CameraPlace(camera_id=CameraId(n), device_id=DeviceId(n), network=key.value) for n in range(40)]
    graph = SupplyGraph(places)
    (found,) = causes(list(range(0, 36, 3)), graph)
    assert (found.key, found.whole) == (key, False)
    assert causes(list(range(0, 36, 3)), graph, wrong={key: 1}) == []


def test_a_typed_switch_that_was_wrong_several_times_is_believed_less() -> None:
    fell = of_switch(1)[:8]
    assert [one.key for one in causes(fell, a_graph(), wrong={switch(1): 1})] == [switch(1)]
    assert all(one.key != switch(1) for one in causes(fell, a_graph(), wrong={switch(1): 3}))


@given(st.lists(st.floats(0, 1000), max_size=40).map(sorted), st.floats(1, 300))
def test_the_densest_stretch_is_the_densest(times: list[float], window: float) -> None:
    first, last = densest(times, window)
    most = max((sum(a <= b <= a + window for b in times[i:]) for i, a in enumerate(times)), default=0)
    assert last - first == most


@given(st.integers(0, 60), st.data())
def test_the_choices_are_those_of_pascal(of: int, data: st.DataObject) -> None:
    chosen = data.draw(st.integers(0, of))
    assert isclose(log10_choose(of, chosen), log10(comb(of, chosen)), abs_tol=1e-9)


@given(st.sets(st.integers(0, 39)))
def test_no_fall_has_two_causes_and_nobody_who_stands_has_one(fell: set[int]) -> None:
    found = causes(sorted(fell), a_graph(network="10.0.0.0/24"))
    named = [device_id for one in found for device_id in one.devices]
    assert len(named) == len(set(named))
    assert set(named) <= fell
