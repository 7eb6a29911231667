"""From which servers the device has its time."""

import ipaddress
from dataclasses import dataclass

from vms.devices.configure.hand import Hand
from vms.devices.onvif.operations import Operation, Service
from vms.devices.onvif.xml import anywhere, children, text

_GET_NTP = Operation(Service.DEVICE, "GetNTP", f'<o:GetNTP xmlns:o="{Service.DEVICE.value}"/>')


@dataclass(frozen=True, slots=True, kw_only=True)
class NtpNow:
    from_dhcp: bool
    servers: tuple[str, ...]
    """Addresses or names, in the device's order."""


async def read_ntp(hand: Hand) -> NtpNow:
    """Raises what OnvifClient.call raises."""
    told = anywhere(await hand.ask(_GET_NTP), "NTPInformation")
    from_dhcp = text(told, "FromDHCP").lower() in ("true", "1")
    listed = children(told, "NTPFromDHCP" if from_dhcp else "NTPManual")
    servers = (text(one, "IPv4Address") or text(one, "IPv6Address") or text(one, "DNSname") for one in listed)
    return NtpNow(from_dhcp=from_dhcp, servers=tuple(server[:253] for server in servers if server)[:8])


async def write_ntp(hand: Hand, *, from_dhcp: bool, servers: tuple[str, ...]) -> None:
    """Raises ChangeRefused, NotSent, AnswerLost."""
    parameters: dict[str, object] = {"FromDHCP": from_dhcp}
    if not from_dhcp:
        parameters["NTPManual"] = [_host(server) for server in servers]
    await hand.change(Service.DEVICE, "SetNTP", parameters)


def _host(server: str) -> dict[str, object]:
    try:
        version = ipaddress.ip_address(server).version
    except ValueError:
        return {"Type": "DNS", "DNSname": server}
    return {"Type": f"IPv{version}", f"IPv{version}Address": server}
