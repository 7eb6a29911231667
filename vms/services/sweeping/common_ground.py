"""Where two sweeps both looked, and which earlier sweep says most about what is different now."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    collapse_addresses,
    ip_network,
    summarize_address_range,
)

from vms.devices.discovery.request import Method, Network, split_host
from vms.devices.onvif.addresses import plain_address
from vms.inventory.sweep import SECOND_LOOK, SweepRequest
from vms.inventory.sweep_differences import Sighting
from vms.store.sweeps import StoredSweep

_MULTICAST = "multicast:"
_Span = tuple[int, int, int]
"""Version, first and last address as numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonGround:
    whole: bool
    """Both looked at the same, in the same ways."""
    networks: tuple[Network, ...] = ()
    hosts: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()
    addresses: int = 0
    """That both asked: without the networks' own and their broadcast addresses."""

    @property
    def weight(self) -> tuple[int, int]:
        """(0, 0): nothing."""
        return self.addresses + len(self.hosts), len(self.interfaces)


class Ground:
    """Where one sweep looked, and in which ways."""

    def __init__(self, request: SweepRequest) -> None:
        self._methods = {Method(name) for name in request.methods} or set(Method)
        by_address = self._methods & {Method.UNICAST, Method.SWEEP}
        self.networks = _collapsed(request.cidrs) if by_address else ()
        self.spans: tuple[_Span, ...] = tuple(sorted(map(_span, self.networks)))
        self.asked: tuple[_Span, ...] = tuple(sorted(map(_without_edges, self.networks)))
        self.interfaces = frozenset(request.interfaces if Method.MULTICAST in self._methods else ())
        self.ports = frozenset(request.ports)
        self.hosts = frozenset((name.lower(), port) for name, port in map(split_host, request.hosts))
        self._names = frozenset(name for name, _ in self.hosts if plain_address(name) is None)

    def asks(self, sighting: Sighting, heard_in: "Ground") -> bool:
        """Somebody whom the sweep of the other ground heard: would a sweep of this one ask him where he was? Any port
        will do, since who was there last time is asked once more at his place."""
        return self._holds(sighting.address) or self._reaches(sighting, heard_in)

    def would_hear(self, sighting: Sighting, heard_in: "Ground") -> bool:
        """Asked without knowing of him: the address is not enough where nobody knocks at his port."""
        if self._reaches(sighting, heard_in):
            return True
        if not self._holds(sighting.address):
            return False
        knocked = Method.SWEEP in self._methods and sighting.port in self.ports
        speaks = any(by == Method.UNICAST or by.startswith(_MULTICAST) for by in sighting.heard_by)
        return knocked or (speaks and Method.UNICAST in self._methods) or SECOND_LOOK in sighting.heard_by

    def covers(self, other: "Ground") -> bool:
        return (
            other._methods <= self._methods
            and other.interfaces <= self.interfaces
            and other.hosts <= self.hosts
            and (Method.SWEEP not in other._methods or other.ports <= self.ports)
            and _overlap(other.spans, self.spans) == _merged(other.spans)
        )

    def _reaches(self, sighting: Sighting, heard_in: "Ground") -> bool:
        """By name, or in a way that has nothing to do with its address."""
        return self._names_place(sighting) or any(self._has_way(by, heard_in) for by in sighting.heard_by)

    def _has_way(self, by: str, heard_in: "Ground") -> bool:
        if by.startswith(_MULTICAST):
            return by.removeprefix(_MULTICAST) in self.interfaces
        theirs = heard_in.interfaces if by == SECOND_LOOK else frozenset()
        if by not in ("host", SECOND_LOOK) or not (theirs or heard_in._names):
            return False
        # Which name led there, or how he had been heard before the second look, is not told.
        return theirs <= self.interfaces and heard_in._names <= self._names

    def _names_place(self, sighting: Sighting) -> bool:
        address = sighting.address.lower()
        return (address, sighting.port) in self.hosts or (address, None) in self.hosts

    def _holds(self, address: str) -> bool:
        plain = plain_address(address)
        if plain is None:
            return False
        at = bisect_right(self.asked, (plain.version, int(plain), 1 << 129)) - 1
        return at >= 0 and self.asked[at][0] == plain.version and int(plain) <= self.asked[at][2]


def common_ground(one: SweepRequest, other: SweepRequest) -> CommonGround:
    first, second = Ground(one), Ground(other)
    hosts = sorted(first.hosts & second.hosts, key=lambda host: (host[0], host[1] or 0))
    return CommonGround(
        whole=first.covers(second) and second.covers(first),
        networks=tuple(_networks(_overlap(first.spans, second.spans))),
        hosts=tuple(_host(*host) for host in hosts),
        interfaces=tuple(sorted(first.interfaces & second.interfaces)),
        addresses=sum(last - begin + 1 for _, begin, last in _overlap(first.asked, second.asked)),
    )


def best_to_compare(request: SweepRequest, earlier: Iterable[StoredSweep]) -> StoredSweep | None:
    """Of the earlier ones, newest first: the newest that looked everywhere where this one looks; where there is none,
    the one that has most in common with it. None: nobody looked there."""
    ours = Ground(request)
    best: tuple[tuple[int, int], StoredSweep] | None = None
    for sweep in earlier:
        if Ground(sweep.request).covers(ours):
            return sweep
        weight = common_ground(request, sweep.request).weight
        if weight > (best[0] if best else (0, 0)):
            best = weight, sweep
    return best[1] if best else None


def _collapsed(cidrs: Sequence[str]) -> tuple[Network, ...]:
    named = [ip_network(cidr.strip(), strict=False) for cidr in cidrs]
    return (
        *collapse_addresses(one for one in named if isinstance(one, IPv4Network)),
        *collapse_addresses(one for one in named if isinstance(one, IPv6Network)),
    )


def _span(network: Network) -> _Span:
    return network.version, int(network[0]), int(network[-1])


def _without_edges(network: Network) -> _Span:
    """As blocks are cut: a network's own address is no device, nor is the last of IPv4."""
    version, first, last = _span(network)
    if network.num_addresses <= 2:
        return version, first, last
    return version, first + 1, last - (version == 4)


def _merged(spans: Iterable[_Span]) -> tuple[_Span, ...]:
    """Neighbours that touch are one."""
    found: list[_Span] = []
    for version, first, last in sorted(spans):
        if found and found[-1][0] == version and first <= found[-1][2] + 1:
            found[-1] = version, found[-1][1], max(last, found[-1][2])
        else:
            found.append((version, first, last))
    return tuple(found)


def _overlap(one: Iterable[_Span], other: Iterable[_Span]) -> tuple[_Span, ...]:
    mine, theirs = _merged(one), _merged(other)
    found: list[_Span] = []
    here = there = 0
    while here < len(mine) and there < len(theirs):
        (v, first, last), (w, begin, end) = mine[here], theirs[there]
        if v == w and max(first, begin) <= min(last, end):
            found.append((v, max(first, begin), min(last, end)))
        if (v, last) < (w, end):
            here += 1
        else:
            there += 1
    return tuple(found)


def _networks(spans: Iterable[_Span]) -> Iterator[Network]:
    for version, first, last in spans:
        if version == 4:
            yield from summarize_address_range(IPv4Address(first), IPv4Address(last))
        else:
            yield from summarize_address_range(IPv6Address(first), IPv6Address(last))


def _host(name: str, port: int | None) -> str:
    shown = f"[{name}]" if ":" in name else name
    return shown if port is None else f"{shown}:{port}"
