"""Would two sweeps ask some of the same? Then they must not run at once: their paces would add up."""

from collections.abc import Iterator
from ipaddress import ip_network

from vms.devices.discovery.request import Method, split_host
from vms.devices.onvif.addresses import plain_address
from vms.inventory.sweep import SweepRequest

Stretch = tuple[int, int, int]
"""Version of the addresses, the first and the last as numbers."""


def overlap(one: SweepRequest, other: SweepRequest) -> bool:
    """By addresses, by hosts' names, and by the interfaces of multicast."""
    if _names(one) & _names(other) or set(_interfaces(one)) & set(_interfaces(other)):
        return True
    marked = sorted([(*each, True) for each in _stretches(one)] + [(*each, False) for each in _stretches(other)])
    ends: dict[bool, tuple[int, int]] = {}
    for version, first, last, mine in marked:
        if ends.get(not mine, (0, 0)) >= (version, first):
            return True
        ends[mine] = max(ends.get(mine, (0, 0)), (version, last))
    return False


def _stretches(request: SweepRequest) -> Iterator[Stretch]:
    if _uses(request, Method.UNICAST) or _uses(request, Method.SWEEP):
        for cidr in request.cidrs:
            network = ip_network(cidr.strip(), strict=False)
            yield network.version, int(network[0]), int(network[-1])
    for host in request.hosts:
        address = plain_address(split_host(host)[0])
        if address is not None:
            yield address.version, int(address), int(address)


def _names(request: SweepRequest) -> set[str]:
    names = (split_host(host)[0] for host in request.hosts)
    return {name.lower() for name in names if plain_address(name) is None}


def _interfaces(request: SweepRequest) -> tuple[str, ...]:
    return request.interfaces if _uses(request, Method.MULTICAST) else ()


def _uses(request: SweepRequest, method: Method) -> bool:
    return not request.methods or method.value in request.methods
