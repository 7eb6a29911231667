"""A pretend city stands on loopback: its cameras have known passwords and obey whoever asks."""

from collections.abc import Iterable
from ipaddress import ip_address

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
