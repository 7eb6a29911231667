"""What lies between us and a device: interface and gateway by the kernel's routing table, and whether the link is up.

Read from files alone (/proc/net/route, /proc/net/if_inet6, /sys/class/net); nothing is sent.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROUTES = Path("/proc/net/route")
INTERFACES = Path("/sys/class/net")
_UP = 0x1
_GATEWAY = 0x2
LOOPBACK = "lo"
NO_ROUTE = "no route"
OTHER = "IPv6"
"""All of it is one ground."""


@dataclass(frozen=True, slots=True)
class Route:
    interface: str
    network: int
    mask: int
    gateway: str
    """Empty: its own network."""


class Grounds:
    """The routes as they were read; the narrowest that holds an address counts."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes = sorted(routes, key=lambda route: -route.mask)
        self._known: dict[int, str] = {}

    def of(self, address: str) -> str:
        """`eth0`, or `eth0 by 10.0.0.1` behind a gateway."""
        try:
            parsed = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return OTHER
        if parsed.is_loopback:
            return LOOPBACK
        if parsed.version == 6:
            return OTHER
        number = int(parsed)
        narrow = number & 0xFFFFFF00
        found = self._known.get(narrow) if self._routes_are_wide else None
        if found is None:
            found = self._find(number)
            if self._routes_are_wide:
                self._known[narrow] = found
        return found

    @property
    def _routes_are_wide(self) -> bool:
        """No route is narrower than a /24, so that neighbours share their ground."""
        return all(route.mask & 0xFF == 0 for route in self._routes[:1])

    def _find(self, number: int) -> str:
        for route in self._routes:
            if number & route.mask == route.network:
                return f"{route.interface} by {route.gateway}" if route.gateway else route.interface
        return NO_ROUTE


def read_grounds(file: Path = ROUTES) -> Grounds:
    """Nothing but loopback where there is no such file."""
    try:
        return Grounds(parse_routes(file.read_text()))
    except OSError:
        return Grounds(())


def parse_routes(text: str) -> list[Route]:
    """/proc/net/route: addresses are hexadecimal in the machine's (little-endian) order."""
    found = []
    for line in text.splitlines()[1:]:
        fields = line.split()
        if len(fields) < 8:
            continue
        try:
            network, gateway, flags, mask = (int(fields[at], 16) for at in (1, 2, 3, 7))
        except ValueError:
            continue
        if flags & _UP:
            via = str(ipaddress.IPv4Address(_turned(gateway))) if flags & _GATEWAY else ""
            found.append(Route(fields[0], _turned(network), _turned(mask), via))
    return found


def link_problem(ground: str, folder: Path = INTERFACES) -> str:
    """What can be seen to be wrong with our own link; empty: nothing."""
    if ground == NO_ROUTE:
        return "this machine has no route to them"
    name = ground.partition(" ")[0]
    if name in (LOOPBACK, OTHER):
        return ""
    interface = folder / name
    if not interface.is_dir():
        return f"the interface {name} is gone"
    try:
        has_carrier = (interface / "carrier").read_text().strip() != "0"
    except OSError:  # the kernel refuses to tell while an interface is switched off
        return f"the interface {name} is switched off"
    return "" if has_carrier else f"the interface {name} has no carrier"


def _turned(value: int) -> int:
    return int.from_bytes(value.to_bytes(4, "little"), "big")
