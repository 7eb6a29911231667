"""What hangs on what: from the archive, from typed nodes, over chains, without rings."""

import pytest

from vms.core.ids import CameraId, DeviceId
from vms.health.outages.graph import CameraPlace, SupplyGraph
from vms.health.outages.node import Node, NodeKey, NodeKind, NodeSource


def a_place(
    number: int, *, device: int | None = None, pole: str = "", network: str = "", region: str = ""
) -> CameraPlace:
    return CameraPlace(
        camera_id=CameraId(number),
        device_id=DeviceId(number if device is None else device),
        pole_code=pole,
        network=network,
        region_code=region,
    )


def a_switch(number: int, parent: NodeKey | None = None) -> Node:
    return Node(
        key=NodeKey(NodeKind.SWITCH, str(number)), name=f"switch {number}", source=NodeSource.TYPED, parent=parent
    )


FEEDER = NodeKey(NodeKind.POWER_FEEDER, "9")
SUBSTATION = NodeKey(NodeKind.POWER_FEEDER, "10")


def test_a_dead_feeder_blinds_what_hangs_on_its_switches_and_on_itself() -> None:
    nodes = [
        a_switch(1, FEEDER),
        a_switch(2, FEEDER),
        a_switch(3),
        Node(key=FEEDER, name="feeder", source=NodeSource.TYPED, parent=SUBSTATION),
        Node(key=SUBSTATION, name="substation", source=NodeSource.TYPED),
    ]
    hangs = [
        (DeviceId(1), nodes[0].key),
        (DeviceId(2), nodes[1].key),
        (DeviceId(3), nodes[2].key),
        (DeviceId(4), FEEDER),
    ]
    graph = SupplyGraph([a_place(number) for number in range(1, 6)], nodes, hangs)
    assert graph.cameras_below(FEEDER) == [1, 2, 4]
    assert graph.cameras_below(SUBSTATION) == [1, 2, 4]
    assert graph.above(DeviceId(1)) == (nodes[0].key, FEEDER, SUBSTATION)
    assert graph.hangs_on(DeviceId(2), SUBSTATION)
    assert not graph.hangs_on(DeviceId(3), FEEDER)


def test_poles_networks_and_regions_follow_from_the_archive() -> None:
    places = [
        a_place(1, pole="P1", network="10.0.0.0/24", region="410105001"),
        a_place(2, pole="P1", network="10.0.0.0/24", region="410105002"),
        a_place(3, pole="P2", network="10.0.1.0/24", region="410105002"),
    ]
    regions = {"410105": ("Jinshui", None), "410105001": ("one", "410105"), "410105002": ("two", "410105")}
    graph = SupplyGraph(places, regions=regions)
    assert graph.cameras_below(NodeKey(NodeKind.POLE, "P1")) == [1, 2]
    assert graph.cameras_below(NodeKey(NodeKind.REGION, "410105")) == [1, 2, 3]
    kinds = {key.kind for key in graph.above(DeviceId(3))}
    assert kinds == {NodeKind.REGION}, "a pole or a network with one device alone tells nothing"


def test_a_recorder_stands_on_a_pole_only_when_all_its_cameras_do() -> None:
    places = [a_place(n, device=7, pole="P1") for n in (1, 2)] + [a_place(3, device=8, pole="P1")]
    assert NodeKey(NodeKind.POLE, "P1") in SupplyGraph(places).above(DeviceId(7))
    scattered = [*places, a_place(4, device=7, pole="P2"), a_place(5, device=7, pole="P1")]
    assert SupplyGraph(scattered).above(DeviceId(7)) == ()


def test_a_recorder_blinds_all_its_channels() -> None:
    graph = SupplyGraph([a_place(n, device=7) for n in (1, 2, 3)])
    assert graph.cameras_below(NodeKey(NodeKind.NVR, "7")) == [1, 2, 3]
    assert graph.cameras_below(NodeKey(NodeKind.NVR, "8")) == []


def test_a_ring_of_parents_ends() -> None:
    one, two = NodeKey(NodeKind.SWITCH, "1"), NodeKey(NodeKind.SWITCH, "2")
    graph = SupplyGraph([a_place(1)], [a_switch(1, two), a_switch(2, one)], [(DeviceId(1), one)])
    assert graph.above(DeviceId(1)) == (one, two)
    assert graph.cameras_below(two) == [1]


def test_members_and_parents_that_are_not_there_are_passed_over() -> None:
    one = a_switch(1, FEEDER)
    graph = SupplyGraph([a_place(1)], [one], [(DeviceId(1), one.key), (DeviceId(99), one.key), (DeviceId(1), FEEDER)])
    assert graph.cameras_below(one.key) == [1]
    assert graph.above(DeviceId(1)) == (one.key,)
    with pytest.raises(KeyError):
        graph.node(FEEDER)
