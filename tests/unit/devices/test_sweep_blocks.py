"""A search is cut into blocks that cover it once, always in the same way."""

from ipaddress import ip_address, ip_network

from hypothesis import given, settings
from hypothesis import strategies as st

from vms.devices.discovery.blocks import blocks_of
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
