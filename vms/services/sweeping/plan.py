"""What was asked for as a search, checked and cut into blocks; the same each time a process takes it up."""

from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_network

from vms.core.errors import BadInput
from vms.devices.discovery.blocks import Block, blocks_of, networks_of
from vms.devices.discovery.request import DiscoveryRequest, Limits, Method, Network, not_allowed, split_host
from vms.devices.onvif.addresses import plain_address
from vms.inventory.sweep import SweepRequest

MAX_ADDRESSES = 1_048_576
"""In one sweep: a /12."""
MAX_HOSTS = 10_000


def search_of(request: SweepRequest, limits: Limits | None = None) -> DiscoveryRequest:
    """Raises BadInput that names the field. Where a host's name leads is found out when it is asked."""
    if not (request.cidrs or request.hosts or request.interfaces):
        raise BadInput("say where to look: networks, hosts or interfaces", where="cidrs")
    if len(request.hosts) > MAX_HOSTS:
        raise BadInput(f"{len(request.hosts)} hosts; {MAX_HOSTS} are allowed in one sweep", where="hosts")
    if not 1 <= request.pace_per_s <= 100_000:
        raise BadInput("from 1 to 100,000 packets per second", where="pace_per_s")
    if not request.ports:
        raise BadInput("at least one port", where="ports")
    search = DiscoveryRequest(
        hosts=request.hosts,
        cidrs=request.cidrs,
        interfaces=request.interfaces,
        ports=request.ports,
        methods=_methods(request.methods),
        allow=allowed_networks(request),
        limits=replace(limits or Limits(), per_subnet_per_s=request.pace_per_s, max_addresses=MAX_ADDRESSES),
    )
    for network in networks_of(search):
        if not any(_inside(network, one) for one in search.allow):
            raise BadInput(not_allowed(str(network)).message, where="cidrs")
    for host in search.hosts:
        name, _ = split_host(host)
        if plain_address(name) is not None and not search.allows(name):
            raise BadInput(not_allowed(name).message, where="hosts")
    return search


def allowed_networks(request: SweepRequest) -> tuple[Network, ...]:
    return tuple(ip_network(one) for one in request.allow)


def blocks(request: SweepRequest, limits: Limits | None = None) -> Sequence[Block]:
    return list(blocks_of(search_of(request, limits)))


def _methods(names: Sequence[str]) -> tuple[Method, ...]:
    try:
        return tuple(Method(name) for name in names) or tuple(Method)
    except ValueError:
        raise BadInput(f"one of {', '.join(Method)} is wanted", where="methods") from None


def _inside(network: Network, allowed: Network) -> bool:
    """By the first and last address, which also serves two versions."""
    return network.version == allowed.version and network[0] in allowed and network[-1] in allowed
