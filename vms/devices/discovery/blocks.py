"""Cuts a search into blocks that can be done one by one: named hosts, each interface, each /24 (IPv6: /120).

Where the pace is slow the pieces are smaller, so that whoever is interrupted again and again still comes to an end.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network, collapse_addresses

from vms.devices.discovery.pace import subnet_of
from vms.devices.discovery.request import DiscoveryRequest, Method, Network, split_host
from vms.devices.onvif.addresses import plain_address

HOSTS_PER_BLOCK = 250
LONGEST_BLOCK_S = 15.0
"""Packets for one block at the pace of its network take no longer, unless a single address does."""
UNICAST_ROUNDS = 2
_MOST_BITS = 8
"""A /24, a /120."""
_MOST_PIECES = 65_536
"""Of all networks together; where the pace would make more, the blocks last longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    name: str
    """The same every time that the same search is cut."""
    request: DiscoveryRequest
    addresses: int
    """How many it asks; 0: nobody knows (multicast)."""
    first: bool = False
    """To be over before the networks begin: whom it hears is not asked again there."""
    lane: str
    """Blocks of one lane share one pace: side by side each would last as long as all of them."""


def blocks_of(request: DiscoveryRequest) -> Iterator[Block]:
    """Hosts first, then the interfaces, then the networks; overlapping networks are asked once."""
    whatever = replace(request, hosts=(), cidrs=(), interfaces=(), all_interfaces=False)
    most = _addresses_in_time(request)
    slow = most < 1 << _MOST_BITS
    for number, some in enumerate(_groups(request.hosts, most), start=1):
        name = f"hosts {number}"
        asked = replace(whatever, hosts=some)
        yield Block(name=name, request=asked, addresses=len(some), first=True, lane="hosts" if slow else name)
    if Method.MULTICAST in request.methods:
        for interface in dict.fromkeys(request.interfaces):
            asked = replace(whatever, interfaces=(interface,), methods=(Method.MULTICAST,))
            name = f"multicast:{interface}"[:64]
            yield Block(name=name, request=asked, addresses=0, first=True, lane=name)
    methods = tuple(method for method in request.methods if method is not Method.MULTICAST)
    if methods:
        networks = list(networks_of(request))
        bits = _bits(networks, most)
        for network in networks:
            for piece in network.subnets(new_prefix=max(network.prefixlen, network.max_prefixlen - bits)):
                lane = subnet_of(str(piece[0])) if bits < _MOST_BITS else str(piece)
                yield _block(piece, network, replace(whatever, methods=methods), lane)


def networks_of(request: DiscoveryRequest) -> Iterator[Network]:
    """Each address once, in order."""
    named = request.networks()
    yield from collapse_addresses(one for one in named if isinstance(one, IPv4Network))
    yield from collapse_addresses(one for one in named if isinstance(one, IPv6Network))


def _addresses_in_time(request: DiscoveryRequest) -> int:
    """So many of one small network can be asked at its pace before it takes too long; at least one."""
    packets = UNICAST_ROUNDS * (Method.UNICAST in request.methods)
    packets += len(request.ports) * (Method.SWEEP in request.methods)
    per_s = min(request.limits.per_subnet_per_s, request.limits.total_per_s)
    return max(1, int(LONGEST_BLOCK_S * per_s / max(1, packets)))


def _bits(networks: Iterable[Network], most: int) -> int:
    """A piece has two to the power of this many addresses."""
    bits, total = min(_MOST_BITS, most.bit_length() - 1), sum(network.num_addresses for network in networks)
    while bits < _MOST_BITS and total >> bits > _MOST_PIECES:
        bits += 1
    return bits


def _groups(hosts: tuple[str, ...], most: int) -> Iterator[tuple[str, ...]]:
    """In order. Only those without a port are looked for; `most` of them in one small network are enough."""
    group: list[str] = []
    looked_for: Counter[str] = Counter()
    for host in hosts:
        name, port = split_host(host)
        plain = plain_address(name)
        subnet = "" if plain is None else subnet_of(str(plain))
        if len(group) == HOSTS_PER_BLOCK or (port is None and looked_for[subnet] == most):
            yield tuple(group)
            group, looked_for = [], Counter()
        group.append(host)
        looked_for[subnet] += port is None
    if group:
        yield tuple(group)


def _block(piece: Network, network: Network, request: DiscoveryRequest, lane: str) -> Block:
    edges: tuple[str, ...] = ()
    if network.num_addresses > 2:
        every = {network.network_address, network.broadcast_address} if network.version == 4 else {piece[0]}
        edges = tuple(str(one) for one in sorted(every) if one in piece and one in (network[0], network[-1]))
    asked = replace(request, cidrs=(str(piece),), whole=True, leave_out=edges)
    return Block(name=str(piece), request=asked, addresses=piece.num_addresses - len(edges), lane=lane)
