"""What to look for, and what may be contacted."""

import ipaddress

import pytest

from vms.core.errors import BadInput
from vms.devices.discovery.request import DiscoveryRequest, split_host


def test_networks_are_counted_out_without_their_edges() -> None:
    assert list(DiscoveryRequest(cidrs=("192.168.7.0/30",)).addresses()) == ["192.168.7.1", "192.168.7.2"]
    assert list(DiscoveryRequest(cidrs=("192.168.7.9/32",)).addresses()) == ["192.168.7.9"]


def test_a_network_inside_another_is_asked_once() -> None:
    request = DiscoveryRequest(cidrs=("10.0.0.0/29", "10.0.0.0/30", "10.0.0.0/29"))
    assert len(list(request.addresses())) == 6


def test_addresses_outside_what_is_allowed_are_left_out() -> None:
    request = DiscoveryRequest(cidrs=("10.0.0.0/29",), allow=(ipaddress.ip_network("10.0.0.2/31"),))
    assert list(request.addresses()) == ["10.0.0.2", "10.0.0.3"]


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "169.254.169.254", "::ffff:8.8.8.8", "2001:4860::1", "camera.example", ""]
)
def test_the_wide_world_is_not_allowed_unless_somebody_says_so(address: str) -> None:
    assert not DiscoveryRequest().allows(address)


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "::ffff:10.1.2.3", "192.168.0.4", "127.64.0.1", "fe80::1%eth0", "fd00::1"]
)
def test_private_networks_are_allowed(address: str) -> None:
    assert DiscoveryRequest().allows(address)


@pytest.mark.parametrize(
    ("told", "split"),
    [
        ("10.0.0.1", ("10.0.0.1", None)),
        ("10.0.0.1:8080", ("10.0.0.1", 8080)),
        ("[::1]:81", ("::1", 81)),
        ("[::1]", ("::1", None)),
        ("fe80::1", ("fe80::1", None)),
        (" camera.lan:80 ", ("camera.lan", 80)),
        ("摄像机一.lan.", ("摄像机一.lan.", None)),
        ("north_gate-2", ("north_gate-2", None)),
        ("[fe80::1%eth0.7]:80", ("fe80::1%eth0.7", 80)),
    ],
)
def test_hosts_are_split(told: str, split: tuple[str, int | None]) -> None:
    assert split_host(told) == split


@pytest.mark.parametrize(
    "told",
    ["", ":80", "a:", "a:0", "a:70000", "a:b", "a b", "http://a/", "[::1", "[::1]x", "a@b:1", "[a]:80", "a:b:c",
     "10.0.0.300", "127.1", "a..b", "x" * 64, "a\x00b", "a\x7f", "a\u202eb", "fe80::1%et/h", "10.0.0.1%eth0",
     "a;b", "a:" + "9" * 5000],
)  # fmt: skip
def test_what_is_no_host_is_refused_by_name(told: str) -> None:
    with pytest.raises(BadInput, match="hosts"):
        DiscoveryRequest(hosts=(told,))


@pytest.mark.parametrize("name", ["eth0", "enp3s0f1", "br-lan", "bond0.100", "wlan_2", "lo"])
def test_an_interface_may_be_called_that(name: str) -> None:
    assert DiscoveryRequest(interfaces=(name,)).interfaces == (name,)


@pytest.mark.parametrize("name", ["", "eth0;rm", "eth 0", "a/b", "..", "-x", "e\x00", "e\n", "sixteen-letters0"])
def test_what_can_be_no_interface_is_refused_by_name(name: str) -> None:
    with pytest.raises(BadInput, match=r"interfaces: .* cannot be the name of an interface"):
        DiscoveryRequest(interfaces=(name,))


def test_too_many_ports_or_interfaces_are_refused_by_name() -> None:
    with pytest.raises(BadInput, match="ports: 65 ports"):
        DiscoveryRequest(ports=tuple(range(1, 66)))
    with pytest.raises(BadInput, match="interfaces: 101 interfaces"):
        DiscoveryRequest(interfaces=("lo",) * 101)


def test_more_addresses_than_allowed_are_refused_before_anything_is_sent() -> None:
    with pytest.raises(BadInput, match="16777216 addresses"):
        DiscoveryRequest(cidrs=("10.0.0.0/8",))


@pytest.mark.parametrize("cidr", ["10.0.0.0/99", "x", ""])
def test_what_is_no_network_is_refused_by_name(cidr: str) -> None:
    with pytest.raises(BadInput, match="cidrs"):
        DiscoveryRequest(cidrs=(cidr,))
