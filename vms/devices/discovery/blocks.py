"""Cuts a search into blocks that can be done one by one: named hosts, each interface, each /24 (IPv6: /120)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network, collapse_addresses

from vms.devices.discovery.request import DiscoveryRequest, Method, Network

HOSTS_PER_BLOCK = 250
SMALLEST = {4: 24, 6: 120}
"""Prefix of a block by version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    name: str
    """The same every time that the same search is cut."""
    request: DiscoveryRequest
    addresses: int
    """How many it asks; 0: nobody knows (multicast)."""
    first: bool = False
    """To be over before the networks begin: whom it hears is not asked again there."""


def blocks_of(request: DiscoveryRequest) -> Iterator[Block]:
    """Hosts first, then the interfaces, then the networks; overlapping networks are asked once."""
    whatever = replace(request, hosts=(), cidrs=(), interfaces=(), all_interfaces=False)
    for start in range(0, len(request.hosts), HOSTS_PER_BLOCK):
        some = request.hosts[start : start + HOSTS_PER_BLOCK]
        number = start // HOSTS_PER_BLOCK + 1
        yield Block(name=f"hosts {number}", request=replace(whatever, hosts=some), addresses=len(some), first=True)
    if Method.MULTICAST in request.methods:
        for name in dict.fromkeys(request.interfaces):
            asked = replace(whatever, interfaces=(name,), methods=(Method.MULTICAST,))
            yield Block(name=f"multicast:{name}"[:64], request=asked, addresses=0, first=True)
    methods = tuple(method for method in request.methods if method is not Method.MULTICAST)
    if methods:
        for network in networks_of(request):
            for piece in _pieces(network):
                yield _block(piece, network, replace(whatever, methods=methods))


def networks_of(request: DiscoveryRequest) -> Iterator[Network]:
    """Each address once, in order."""
    named = request.networks()
    yield from collapse_addresses(one for one in named if isinstance(one, IPv4Network))
    yield from collapse_addresses(one for one in named if isinstance(one, IPv6Network))


def _pieces(network: Network) -> Iterator[Network]:
    yield from network.subnets(new_prefix=max(network.prefixlen, SMALLEST[network.version]))


def _block(piece: Network, network: Network, request: DiscoveryRequest) -> Block:
    edges: tuple[str, ...] = ()
    if network.num_addresses > 2:
        every = {network.network_address, network.broadcast_address} if network.version == 4 else {piece[0]}
        edges = tuple(str(one) for one in sorted(every) if one in piece and one in (network[0], network[-1]))
    asked = replace(request, cidrs=(str(piece),), whole=True, leave_out=edges)
    return Block(name=str(piece), request=asked, addresses=piece.num_addresses - len(edges))
