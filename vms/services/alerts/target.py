"""Where a message may go: checked when a channel is written, and again with the resolved addresses when it is sent."""

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from vms.core.errors import BadInput

Networks = Sequence[IPv4Network | IPv6Network]
MOST_ADDRESSES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTarget:
    tls: bool
    host: str
    port: int
    path: str
    """With its query."""


def webhook_target(uri: str) -> WebhookTarget:
    """Raises BadInput."""
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError as problem:
        raise BadInput(f"not an address: {problem}", where="target") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadInput("an address that begins with http:// or https:// is wanted", where="target")
    if parts.username is not None or parts.password is not None:
        raise BadInput("no user name and password in the address: messages are signed", where="target")
    if not uri.isascii() or any(ord(letter) <= 32 or ord(letter) == 127 for letter in uri):
        raise BadInput("letters in the address that are none", where="target")
    tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return WebhookTarget(tls=tls, host=parts.hostname, port=port or (443 if tls else 80), path=path)


def check_literal(target: WebhookTarget, networks: Networks) -> None:
    """A written address that lies outside is refused at once; a name is looked at when it is used. Raises BadInput."""
    try:
        address = ip_address(target.host)
    except ValueError:
        return
    if not is_allowed(address, networks):
        raise BadInput(f"{address} is outside the networks of the setting alerts.networks", where="target")


def is_allowed(address: IPv4Address | IPv6Address, networks: Networks) -> bool:
    """IPv4 in IPv6's clothes counts as what it is."""
    plain = getattr(address, "ipv4_mapped", None) or address
    return any(plain.version == network.version and plain in network for network in networks)


async def resolve(target: WebhookTarget, networks: Networks) -> str:
    """One address that may be called. Raises OSError where there is none, BadInput where any lies outside: a name that
    points inside and outside is a trap."""
    found = await asyncio.get_running_loop().getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(one[4][0]).partition("%")[0] for one in found))
    for one in addresses:
        if not is_allowed(ip_address(one), networks):
            raise BadInput(f"{one} is outside the networks of the setting alerts.networks", where=target.host)
    if not addresses:
        raise OSError(f"{target.host} has no address")
    return addresses[0]


def mail_addresses(text: str) -> tuple[str, ...]:
    """Of a line with commas. Raises BadInput."""
    found = [one.strip() for one in text.replace(";", ",").split(",") if one.strip()]
    if not found or len(found) > MOST_ADDRESSES:
        raise BadInput(f"1 … {MOST_ADDRESSES} addresses are wanted", where="target")
    for one in found:
        _check_address(one)
    return tuple(found)


def _check_address(text: str) -> None:
    try:
        parsed = Address(addr_spec=text)
    except (ValueError, IndexError):
        raise BadInput(f"{text!r} is no mail address", where="target") from None
    plain = text.isascii() and not any(ord(letter) <= 32 or letter in '<>()[]:;,\\"' for letter in text)
    if not parsed.username or not parsed.domain or not plain:
        raise BadInput(f"{text!r} is no mail address", where="target")
