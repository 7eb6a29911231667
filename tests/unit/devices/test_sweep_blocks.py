"""A search is cut into blocks that cover it once, always in the same way."""

from ipaddress import ip_address, ip_network

from hypothesis import given, settings
from hypothesis import strategies as st

from vms.devices.discovery.blocks import blocks_of
from vms.devices.discovery.knock import Hands
from vms.devices.discovery.request import DiscoveryRequest, Limits, Method


def names(request: DiscoveryRequest) -> list[str]:
    return [block.name for block in blocks_of(request)]


def addresses(request: DiscoveryRequest) -> list[str]:
    return [address for block in blocks_of(request) for address in block.request.addresses()]


def test_hosts_come_first_then_interfaces_then_networks_of_at_most_256_addresses() -> None:
    request = DiscoveryRequest(
        hosts=tuple(f"10.9.{n // 250}.{n % 250 + 1}" for n in range(300)),
        interfaces=("eth0", "eth1"),
        cidrs=("10.1.0.0/22", "10.2.0.7", "fd00::/119"),
    )
    assert names(request) == [
        "hosts 1", "hosts 2", "multicast:eth0", "multicast:eth1",
        "10.1.0.0/24", "10.1.1.0/24", "10.1.2.0/24", "10.1.3.0/24", "10.2.0.7/32", "fd00::/120", "fd00::100/120",
    ]  # fmt: skip
    assert [block.first for block in blocks_of(request)] == [True] * 4 + [False] * 7


def test_the_first_and_last_address_of_a_piece_may_be_a_camera_but_not_those_of_the_network() -> None:
    asked = set(addresses(DiscoveryRequest(cidrs=("10.1.0.0/22",))))
    assert {"10.1.1.0", "10.1.0.255", "10.1.2.255", "10.1.3.254"} <= asked
    assert not {"10.1.0.0", "10.1.3.255"} & asked
    assert len(asked) == 1022


def test_overlapping_networks_are_asked_once() -> None:
    found = addresses(DiscoveryRequest(cidrs=("10.1.0.0/23", "10.1.1.0/24", "10.1.1.128/25")))
    assert len(found) == len(set(found)) == 510


def test_without_unicast_and_sweep_networks_are_not_cut_at_all() -> None:
    assert names(DiscoveryRequest(cidrs=("10.0.0.0/16",), interfaces=("lo",), methods=(Method.MULTICAST,))) == [
        "multicast:lo"
    ]


networks = st.builds(
    lambda number, prefix: str(ip_network((0x0A000000 + number * 64, prefix), strict=False)),
    st.integers(0, 4095),
    st.integers(23, 32),
)


@settings(max_examples=25)
@given(st.lists(networks, min_size=1, max_size=4))
def test_every_host_of_every_network_is_in_exactly_one_block(cidrs) -> None:
    request = DiscoveryRequest(cidrs=tuple(cidrs), limits=Limits(max_addresses=1 << 20))
    found = addresses(request)
    assert len(found) == len(set(found))
    wanted = {str(host) for cidr in cidrs for host in ip_network(cidr).hosts()}
    assert wanted <= set(found)
    assert all(any(ip_address(one) in ip_network(cidr) for cidr in cidrs) for one in found)
    assert sum(block.addresses for block in blocks_of(request)) == len(found)
    assert names(request) == names(request)


def test_no_block_takes_longer_than_fifteen_seconds_at_its_pace_and_those_of_one_small_network_share_a_lane() -> None:
    for pace, ports, size in ((500, 8, 256), (100, 8, 128), (20, 8, 16), (20, 1, 64), (1, 8, 1), (1, 64, 1)):
        request = DiscoveryRequest(
            cidrs=("10.1.0.0/23",), ports=tuple(range(1, ports + 1)), limits=Limits(per_subnet_per_s=pace)
        )
        blocks = list(blocks_of(request))
        assert [ip_network(block.name).num_addresses for block in blocks] == [size] * (512 // size)
        assert size == 1 or size * (2 + ports) / pace <= 15
        assert len({block.lane for block in blocks}) == 2, "a pace is for a /24, however many blocks it has"
        assert sum(block.addresses for block in blocks) == 510


def test_hosts_without_a_port_are_looked_for_at_the_same_pace_and_those_with_one_cost_nothing() -> None:
    near = tuple(f"10.9.0.{n}" for n in range(1, 61))
    slow = Limits(per_subnet_per_s=20)
    blocks = list(blocks_of(DiscoveryRequest(hosts=near, limits=slow)))
    assert [block.addresses for block in blocks] == [30, 30]
    assert len({block.lane for block in blocks}) == 1
    assert [host for block in blocks for host in block.request.hosts] == list(near)
    with_ports = tuple(f"{host}:80" for host in near)
    assert [block.addresses for block in blocks_of(DiscoveryRequest(hosts=with_ports, limits=slow))] == [60]
    far = tuple(f"10.9.{n}.1" for n in range(60))
    assert [block.addresses for block in blocks_of(DiscoveryRequest(hosts=far, limits=slow))] == [60]


def test_a_large_network_at_a_slow_pace_is_cut_into_larger_blocks_lest_there_be_millions() -> None:
    limits = Limits(per_subnet_per_s=1, max_addresses=1 << 20)
    first = next(blocks_of(DiscoveryRequest(cidrs=("10.0.0.0/12",), limits=limits)))
    assert (first.name, first.lane) == ("10.0.0.0/28", "10.0.0")
    first = next(blocks_of(DiscoveryRequest(cidrs=("10.0.0.0/16",), limits=limits)))
    assert first.name == "10.0.0.0/32"


def test_where_sockets_are_few_whoever_began_first_knocks_first() -> None:
    hands = Hands(free=160)
    first, second, third = object(), object(), object()
    for one in (first, second, third):
        hands.begin(one)
    assert [hands.left_for_others(one) for one in (first, second, third)] == [0, 10, 20]
    hands.end(first)
    assert [hands.left_for_others(one) for one in (second, third)] == [0, 10]
    for _ in range(50):
        hands.begin(last := object())
    assert hands.left_for_others(last) == 80, "half of them are for everybody"
