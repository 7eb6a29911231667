"""Where two sweeps both looked, and whom each of them would have heard."""

from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vms.inventory.sweep import SECOND_LOOK, SweepRequest, SweepState
from vms.inventory.sweep_differences import Sighting
from vms.services.sweeping.common_ground import Ground, best_to_compare, common_ground
from vms.store.sweeps import StoredSweep

WHOLE = SweepRequest(cidrs=("10.0.0.0/22",), ports=(80, 8080), methods=("unicast", "sweep"))


def seen(address: str, *heard_by: str, port: int = 80) -> Sighting:
    return Sighting(address=address, port=port, heard_by=heard_by or ("unicast",))


def kept(sweep_id: int, request: SweepRequest) -> StoredSweep:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    return StoredSweep(
        sweep_id=sweep_id, state=SweepState.DONE, scheduled=False, request=request, who="", created_at=now,
        started_at=now, finished_at=now, blocks_total=1, blocks_done=1, counts={}, busy_s=1.0, compared_with=None,
        runner="", lease_until=None, problem="",
    )  # fmt: skip


def test_the_common_ground_is_what_lies_in_both() -> None:
    part = replace(WHOLE, cidrs=("10.0.2.0/23", "10.9.0.0/24"), hosts=("10.1.1.1:80", "gate.lan"))
    common = common_ground(replace(WHOLE, hosts=("GATE.lan", "10.1.1.2:80")), part)
    assert common.networks == (ip_network("10.0.2.0/23"),)
    assert (common.addresses, common.hosts, common.whole) == (510, ("gate.lan",), False)


def test_the_same_ground_written_otherwise_is_the_whole() -> None:
    written = replace(WHOLE, cidrs=("10.0.0.0/23", "10.0.2.7/24", "10.0.3.0/24"), methods=("sweep", "unicast"))
    assert common_ground(WHOLE, written).whole
    assert not common_ground(WHOLE, replace(written, ports=(80,))).whole
    assert not common_ground(WHOLE, replace(written, methods=("sweep",))).whole


networks = st.lists(
    st.builds(lambda last, bits: f"10.0.0.{last}/{bits}", st.integers(0, 63), st.integers(27, 32)), max_size=5
)


@given(networks, networks)
def test_an_address_is_common_where_both_hold_it(one, other) -> None:
    common = common_ground(replace(WHOLE, cidrs=tuple(one)), replace(WHOLE, cidrs=tuple(other)))

    def held(cidrs, number) -> bool:
        return any(ip_address(f"10.0.0.{number}") in ip_network(cidr, strict=False) for cidr in cidrs)

    told = {number for number in range(96) if held([str(network) for network in common.networks], number)}
    assert told == {number for number in range(96) if held(one, number) and held(other, number)}


def test_the_edges_of_a_network_are_asked_by_whoever_asks_a_larger_one() -> None:
    whole, part = Ground(WHOLE), Ground(replace(WHOLE, cidrs=("10.0.0.8/29",)))
    edge, inner = seen("10.0.0.15"), seen("10.0.0.14")
    assert whole.asks(edge, part)
    assert not part.asks(edge, whole), "it is not gone there"
    assert not part.would_hear(edge, whole), "it is not new"
    assert part.asks(inner, whole)
    assert common_ground(WHOLE, replace(WHOLE, cidrs=("10.0.0.8/29",))).addresses == 6
    lone = Ground(replace(WHOLE, cidrs=("10.0.0.15/32", "fd00::/126")))
    assert lone.asks(edge, whole)
    assert [lone.asks(seen(f"fd00::{last}"), whole) for last in range(4)] == [False, True, True, True]


def test_a_sweep_by_port_would_hear_only_where_it_knocks_and_asks_everybody_whom_it_knows() -> None:
    knocking = Ground(replace(WHOLE, methods=("sweep",), ports=(8080,)))
    here, elsewhere = seen("10.0.0.9", "sweep"), seen("10.0.4.9", "sweep")
    assert knocking.asks(here, Ground(WHOLE))
    assert not knocking.would_hear(here, Ground(WHOLE))
    assert knocking.would_hear(replace(here, port=8080), Ground(WHOLE))
    assert not knocking.asks(elsewhere, Ground(WHOLE))


def test_who_was_heard_by_multicast_is_looked_for_on_the_same_interface_or_at_his_address() -> None:
    heard = seen("192.168.7.7", "multicast:eth0")
    theirs = Ground(SweepRequest(interfaces=("eth0",), methods=("multicast",)))
    assert Ground(SweepRequest(interfaces=("eth0", "eth1"), methods=("multicast",))).asks(heard, theirs)
    assert not Ground(SweepRequest(interfaces=("eth1",), methods=("multicast",))).asks(heard, theirs)
    assert not Ground(SweepRequest(interfaces=("eth0",), methods=("sweep",))).asks(heard, theirs), (
        "it did not ask there"
    )
    assert Ground(replace(WHOLE, cidrs=("192.168.7.0/24",))).would_hear(heard, theirs)


@pytest.mark.parametrize(
    ("hosts", "asks"), [(("10.7.0.1:80",), True), (("10.7.0.1",), True), (("10.7.0.1:81",), False), (("x.lan",), False)]
)
def test_a_named_host_is_asked_where_it_is_named(hosts: tuple[str, ...], asks: bool) -> None:
    theirs = Ground(SweepRequest(hosts=("10.7.0.1:80",)))
    assert Ground(SweepRequest(hosts=hosts)).asks(seen("10.7.0.1", "host"), theirs) is asks


def test_where_a_name_led_is_asked_again_where_all_the_names_are() -> None:
    theirs = Ground(SweepRequest(hosts=("a.lan", "b.lan:80")))
    led = seen("10.7.0.5", "host")
    assert Ground(SweepRequest(hosts=("b.lan:80", "c.lan", "A.lan"))).asks(led, theirs)
    assert not Ground(SweepRequest(hosts=("a.lan",))).asks(led, theirs)


def test_who_was_found_at_the_second_look_only_is_asked_again_where_nothing_is_left_out() -> None:
    multicast = SweepRequest(interfaces=("eth0",), methods=("multicast",))
    found = seen("192.168.7.7", SECOND_LOOK)
    assert Ground(multicast).asks(found, Ground(multicast))
    assert not Ground(replace(multicast, interfaces=("eth1",))).asks(found, Ground(multicast))
    assert Ground(WHOLE).would_hear(seen("10.0.0.1", SECOND_LOOK), Ground(WHOLE))
    assert not Ground(WHOLE).asks(found, Ground(WHOLE))


def test_it_is_compared_with_the_newest_that_looked_everywhere_else_with_the_one_with_most_in_common() -> None:
    half, quarter = replace(WHOLE, cidrs=("10.0.0.0/23",)), replace(WHOLE, cidrs=("10.0.0.0/24",))
    elsewhere = replace(WHOLE, cidrs=("10.8.0.0/22",))
    earlier = [kept(5, quarter), kept(4, half), kept(3, WHOLE), kept(2, WHOLE), kept(1, elsewhere)]

    def chosen(request: SweepRequest, some: list[StoredSweep]) -> int | None:
        found = best_to_compare(request, some)
        return found and found.sweep_id

    assert chosen(WHOLE, earlier) == 3
    assert chosen(quarter, earlier) == 5
    assert chosen(half, earlier) == 4
    assert chosen(WHOLE, [kept(5, quarter), kept(4, half), kept(1, elsewhere)]) == 4
    assert chosen(WHOLE, [kept(1, elsewhere)]) is None
    assert chosen(replace(WHOLE, ports=(80, 9000)), earlier) == 3, "none knocked everywhere; the newest of the largest"
