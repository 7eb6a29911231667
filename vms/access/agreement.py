"""Networks whose unit and compound cameras may be used by agreement with those who run them."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreements:
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def cover(self, address: str) -> bool:
        """Is a camera at this address used by agreement? An address that is none is not."""
        if not self.networks:
            return False
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self.networks if network.version == parsed.version)
