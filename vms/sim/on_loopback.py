"""A pretend city stands on loopback: its cameras have known passwords and obey whoever asks."""

from collections.abc import Iterable
from ipaddress import IPv4Address, ip_address

from vms.core.errors import BadInput


def check_on_loopback(addresses: Iterable[str], where: str) -> None:
    """Raises BadInput that names the first address that others could reach."""
    for address in addresses:
        try:
            inside = ip_address(address).is_loopback
        except ValueError:
            inside = False
        if not inside:
            raise BadInput(f"pretend cameras stand on loopback (127.0.0.0/8) only, not on {address!r}", where=where)


def check_range_on_loopback(first: str, count: int, where: str) -> None:
    """Raises BadInput where one of so many addresses in a row could be reached by others."""
    check_on_loopback([first], where)
    try:
        last = IPv4Address(first) + (count - 1)
    except ValueError:
        raise BadInput(f"an IPv4 address is wanted, not {first!r}", where=where) from None
    if not last.is_loopback:
        message = f"{count} pretend devices from {first} on would end at {last}, outside loopback (127.0.0.0/8)"
        raise BadInput(message, where=where)
