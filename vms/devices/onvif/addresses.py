"""An address that a device names is data; the one that answered is where we go.

Cameras name 127.0.0.1, the address behind their NAT, yesterday's DHCP address, a link-local one first, or several at
once.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit, urlunsplit

DEFAULT_PORTS = {"http": 80, "https": 443, "rtsp": 554, "rtsps": 322}
_MAX_LENGTH = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    uri: str
    """Host (and, for HTTP on a foreign host, port) are those that answered; no user or password in it."""
    moved: bool
    """The device had named another host."""
    port: int
    path: str
    """Path and query, as they go into a request line."""
    scheme: str


def place(uri: str, address: str, port: int) -> Placed | None:
    """The URI at the host that answered; None where it is none that we would use (http, https, rtsp, rtsps).

    RTSP keeps its port. HTTP keeps its port where the device named the very host that answered, else takes ours.
    """
    parts = _split(uri)
    if parts is None:
        return None
    scheme = parts.scheme.lower()
    default_port = DEFAULT_PORTS.get(scheme)
    if default_port is None:
        return None
    try:
        named_port = parts.port or default_port
    except ValueError:
        return None
    moved = not same_host(parts.hostname or "", address)
    use_port = port if moved and scheme in ("http", "https") else named_port
    use_scheme = scheme
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    netloc = bracketed(address) + ("" if use_port == default_port else f":{use_port}")
    clean = urlunsplit(SplitResult(use_scheme, netloc, parts.path, parts.query, ""))
    return Placed(uri=clean, moved=moved, port=use_port, path=path, scheme=use_scheme)


def named_port(uri: str) -> int | None:
    """The port that a URI names or its scheme implies; None where it is no address."""
    parts = _split(uri)
    try:
        return parts and (parts.port or DEFAULT_PORTS.get(parts.scheme.lower()))
    except ValueError:
        return None


def same_host(a: str, b: str) -> bool:
    first, second = plain_address(a), plain_address(b)
    return first is not None and first == second if (first or second) else a.lower() == b.lower()


def plain_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address without brackets and scope, IPv4 inside IPv6 as IPv4; None for a name."""
    try:
        address = ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def bracketed(address: str) -> str:
    bare = address.partition("%")[0]
    return f"[{bare}]" if ":" in bare else bare


def _split(uri: str) -> SplitResult | None:
    uri = uri.strip()
    if not uri or len(uri) > _MAX_LENGTH or any(ord(letter) <= 32 or ord(letter) == 127 for letter in uri):
        return None
    try:
        parts = urlsplit(uri)
        return parts if parts.hostname else None
    except ValueError:
        return None
