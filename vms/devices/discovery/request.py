"""What to look for and where, and which addresses may be contacted at all."""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from vms.core.errors import BadInput
from vms.devices.onvif.addresses import plain_address
from vms.inventory.device import Problem

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

PORTS = (80, 8080, 8000, 8899, 2020, 5000, 443, 1000)
OWN_NETWORKS: tuple[Network, ...] = tuple(
    ipaddress.ip_network(one)
    for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "::1/128",
    "fc00::/7", "fe80::/10")
)  # fmt: skip
"""Where cameras live. Nothing public, and not 169.254.0.0/16, where clouds keep their secrets."""
MAX_PORTS = 64
MAX_INTERFACES = 100
_INTERFACE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,14}")
"""The kernel takes nearly any 15 bytes; what people name by hand has no more than this."""


class Method(StrEnum):
    MULTICAST = "multicast"
    UNICAST = "unicast"
    SWEEP = "sweep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    max_addresses: int = 131_072
    """Over all networks to be asked by unicast or swept."""
    multicast_rounds: int = 3
    round_s: float = 0.5
    """Between two multicast rounds."""
    listen_s: float = 1.5
    """After the last question."""
    per_subnet_per_s: float = 500.0
    """Packets per second into one /24 (IPv6: one /120): probes and knocks together."""
    total_per_s: float = 20_000.0
    """Packets per second into all of them together."""
    max_heard: int = 65_536
    sweep_width: int = 512
    """Doors knocked at together."""
    questions_width: int = 64
    """Open doors asked at once whether ONVIF is behind them."""
    connect_s: float = 1.0
    answer_s: float = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveryRequest:
    hosts: tuple[str, ...] = ()
    """`host` or `host:port`, IPv6 as `[::1]:80`; these are always asked, and are rows also when they do not answer."""
    cidrs: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()
    """Names, for multicast. Empty: none, unless `all_interfaces`."""
    all_interfaces: bool = False
    ports: tuple[int, ...] = PORTS
    methods: tuple[Method, ...] = tuple(Method)
    allow: tuple[Network, ...] = OWN_NETWORKS
    """No address outside is ever contacted, whoever names it."""
    whole: bool = False
    """The networks are pieces of larger ones: their first and last address may be devices too."""
    leave_out: tuple[str, ...] = ()
    """Addresses that are never devices: a larger network's own and its broadcast address."""
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        if len(self.ports) > MAX_PORTS:
            raise BadInput(f"{len(self.ports)} ports; {MAX_PORTS} are allowed in one search", where="ports")
        for port in self.ports:
            if not 1 <= port <= 65_535:
                raise BadInput(f"{port} is no port", where="ports")
        if len(self.interfaces) > MAX_INTERFACES:
            raise BadInput(f"{len(self.interfaces)} interfaces; {MAX_INTERFACES} are allowed", where="interfaces")
        for name in self.interfaces:
            check_interface_name(name)
        for host in self.hosts:
            split_host(host)
        total = sum(network.num_addresses for network in self.networks())
        if total > self.limits.max_addresses:
            raise BadInput(f"{total} addresses; {self.limits.max_addresses} are allowed at once", where="cidrs")

    def networks(self) -> tuple[Network, ...]:
        found: list[Network] = []
        for cidr in self.cidrs:
            try:
                found.append(ipaddress.ip_network(cidr.strip(), strict=False))
            except ValueError:
                raise BadInput(f"{_shown(cidr)} is no network such as 192.168.1.0/24", where="cidrs") from None
        return tuple(found)

    @property
    def listening_s(self) -> float:
        """How long the same device may still be heard in another way (the sweep asks only those who were silent)."""
        multicast = Method.MULTICAST in self.methods and (self.interfaces or self.all_interfaces)
        unicast = Method.UNICAST in self.methods and self.cidrs
        if not multicast and not unicast:
            return 0.0
        return self.limits.multicast_rounds * self.limits.round_s + self.limits.listen_s

    def addresses(self) -> Iterator[str]:
        """Every host of the networks, each once, without network and broadcast address, only what is allowed."""
        seen: set[Network] = set()
        for network in self.networks():
            if network not in seen and not any(network != other and _inside(network, other) for other in seen):
                seen.add(network)
                hosts = map(str, network if self.whole else network.hosts())
                yield from (host for host in hosts if host not in self.leave_out and self.allows(host))

    def allows(self, address: str) -> bool:
        plain = plain_address(address)
        return plain is not None and any(plain.version == one.version and plain in one for one in self.allow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Somebody answered, or a person named a host. The address is the one the answer came from, never one that it
    names."""

    address: str
    port: int
    path: str = ""
    tls: bool = False
    """It named only https."""
    endpoint_reference: str = ""
    scopes: tuple[str, ...] = ()
    xaddrs: tuple[str, ...] = ()
    by: str
    """`multicast:eth0`, `unicast`, `sweep`, `host`."""
    problems: tuple[Problem, ...] = ()

    @property
    def may_be_contacted(self) -> bool:
        return not any(problem.code in ("not_allowed", "name_unknown") for problem in self.problems)


def not_allowed(address: str) -> Problem:
    return Problem(code="not_allowed", message=f"{address} is outside the networks that may be contacted")


def check_interface_name(name: str) -> None:
    """Its form only. Raises BadInput."""
    if not _INTERFACE.fullmatch(name):
        raise BadInput(f"{_shown(name)} cannot be the name of an interface such as eth0", where="interfaces")


def split_host(host: str) -> tuple[str, int | None]:
    """`host`, `host:port`, `[v6]:port` or a bare IPv6 address. Raises BadInput."""
    told = host.strip()
    name, port = told, ""
    if told.startswith("["):
        name, bracket, rest = told[1:].partition("]")
        port = rest[1:] if bracket and rest.startswith(":") else ""
        if not bracket or ":" not in name or (rest and not rest.startswith(":")):
            raise _no_host(host)
    elif told.count(":") == 1:
        name, _, port = told.partition(":")
        if not port:
            raise BadInput(f"{_shown(host)} names no port after the colon", where="hosts")
    if not (_is_address(name) if ":" in name else _is_address(name) or _is_name(name)):
        raise _no_host(host)
    if not port:
        return name, None
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 1 <= int(port) <= 65_535):
        raise BadInput(f"{_shown(port)} is no port", where="hosts")
    return name, int(port)


def _is_address(name: str) -> bool:
    address, percent, scope = name.partition("%")
    scoped = not percent or (":" in address and _INTERFACE.fullmatch(scope) is not None)
    return scoped and plain_address(address) is not None


def _is_name(name: str) -> bool:
    """Letters of any script; one that ends in a number would be an address that is written wrongly."""
    labels = name.removesuffix(".").split(".")
    fits = all(0 < len(one) < 64 and all(sign.isalnum() or sign in "-_" for sign in one) for one in labels)
    return fits and len(name) <= 253 and not labels[-1].isdigit()


def _no_host(host: str) -> BadInput:
    return BadInput(f"{_shown(host)} is no host such as 10.20.0.7, 10.20.0.7:8080 or [fd00::7]:80", where="hosts")


def _shown(told: str) -> str:
    """In quotation marks, what cannot be printed as a code, and not without end."""
    return repr(told if len(told) <= 80 else told[:80] + "…")


def _inside(inner: Network, outer: Network) -> bool:
    if isinstance(inner, ipaddress.IPv4Network) and isinstance(outer, ipaddress.IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(inner, ipaddress.IPv6Network) and isinstance(outer, ipaddress.IPv6Network):
        return inner.subnet_of(outer)
    return False
