"""Which network belongs to whom: an address becomes a tier, a region, an owner and the credentials to try."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from vms.core.errors import BadInput
from vms.inventory.tier import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    cidr: str
    tier: Tier
    region_code: str = ""
    owner: str = ""
    """Name of the owner of the cameras that are found there; empty: nobody said."""
    credentials: tuple[str, ...] = ()
    """Names of credential sets, in the order to try them."""
    trusted: bool = False
    """Cameras found there are taken in without a person's approval."""


class NetworkPlan:
    """The longest prefix wins."""

    __slots__ = ("_networks",)

    def __init__(self, networks: Iterable[Network]) -> None:
        """Raises BadInput for what is no network and for one that is named twice."""
        parsed: dict[IPv4Network | IPv6Network, Network] = {}
        for network in networks:
            try:
                cidr = ip_network(network.cidr, strict=False)
            except ValueError:
                raise BadInput("not a network such as 10.20.0.0/16", where=network.cidr) from None
            if cidr in parsed:
                raise BadInput("this network is named twice", where=network.cidr)
            parsed[cidr] = network
        self._networks = sorted(parsed.items(), key=lambda item: item[0].prefixlen, reverse=True)

    def of(self, address: str) -> Network | None:
        """None for an address outside all networks, and for a host name."""
        try:
            parsed = ip_address(address.split("%")[0])
        except ValueError:
            return None
        for cidr, network in self._networks:
            if parsed.version == cidr.version and parsed in cidr:
                return network
        return None
