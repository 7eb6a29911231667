"""Two sweeps whose grounds have something in common are known as such, however they name it."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vms.inventory.sweep import SweepRequest
from vms.services.sweeping.ground import overlap


def both_ways(one: SweepRequest, other: SweepRequest) -> bool:
    found = overlap(one, other)
    assert overlap(other, one) is found
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"cidrs": ("10.1.0.0/16",)}, {"cidrs": ("10.9.0.0/24", "10.1.7.0/24")}),
        ({"cidrs": ("10.1.0.5",)}, {"cidrs": ("10.1.0.0/29",)}),
        ({"hosts": ("10.1.0.5:80",)}, {"cidrs": ("10.1.0.0/29",)}),
        ({"hosts": ("10.1.0.5:80",)}, {"hosts": ("10.1.0.5",)}),
        ({"hosts": ("[fd00::7]:80",)}, {"cidrs": ("fd00::/120",)}),
        ({"hosts": ("Camera.city:80",)}, {"hosts": ("camera.city",)}),
        ({"interfaces": ("eth0", "eth1")}, {"interfaces": ("eth1",), "methods": ("multicast",)}),
    ],
)
def test_what_both_would_ask_is_common_ground(one, other) -> None:
    assert both_ways(SweepRequest(**one), SweepRequest(**other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"cidrs": ("10.1.0.0/24",)}, {"cidrs": ("10.1.1.0/24",)}),
        ({"cidrs": ("0.0.0.0/29",)}, {"cidrs": ("::/125",)}),
        ({"hosts": ("10.1.0.8:80",)}, {"cidrs": ("10.1.0.0/29",)}),
        ({"hosts": ("a.city",)}, {"hosts": ("b.city",)}),
        ({"interfaces": ("eth0",)}, {"interfaces": ("eth1",)}),
        ({"interfaces": ("eth0",)}, {"interfaces": ("eth0",), "cidrs": ("10.1.0.0/24",), "methods": ("unicast",)}),
        ({"cidrs": ("10.1.0.0/24",), "methods": ("multicast",)}, {"cidrs": ("10.1.0.0/24",)}),
    ],
)
def test_what_only_one_would_ask_is_not(one, other) -> None:
    assert not both_ways(SweepRequest(**one), SweepRequest(**other))


small = st.builds(lambda n, bits: ip_network((n * 4, bits), strict=False), st.integers(0, 60), st.integers(26, 32))
some = st.lists(small, max_size=5)


@given(some, some)
def test_it_is_so_exactly_where_any_two_networks_overlap(mine, theirs) -> None:
    known = any(one.overlaps(other) for one in mine for other in theirs)
    one, other = (SweepRequest(cidrs=tuple(map(str, cidrs))) for cidrs in (mine, theirs))
    assert both_ways(one, other) is known
