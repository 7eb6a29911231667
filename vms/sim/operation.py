"""What an ONVIF operation is here: a function from device and request to the answer's body."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from vms.inventory.camera import StreamRole
from vms.sim.device import LiveDevice
from vms.sim.plan import PretendChannel
from vms.sim.soap import SoapFault, SoapRequest, sender_fault

Handler: TypeAlias = Callable[[LiveDevice, SoapRequest], "str | Awaitable[str]"]


@dataclass(frozen=True, slots=True)
class Operation:
    handler: Handler
    pre_auth: bool = False
    """Answered without a login (ONVIF Core, access class PRE_AUTH)."""
    changes: bool = False
    """Changes the device; some refuse that, or only say that they did it."""


Table: TypeAlias = dict[str, Operation]


def profile_token(channel: PretendChannel, role: StreamRole) -> str:
    return f"Profile_{channel.number}_{role}"


def profiles(device: LiveDevice) -> list[tuple[str, PretendChannel, StreamRole]]:
    return [(profile_token(channel, role), channel, role) for channel in device.plan.channels for role in StreamRole]


def profile_named(device: LiveDevice, token: str) -> tuple[PretendChannel, StreamRole]:
    for name, channel, role in profiles(device):
        if name == token:
            return channel, role
    raise sender_fault(("ter:InvalidArgVal", "ter:NoProfile"), f"no profile {token[:60]!r}")


def channel_of_source(device: LiveDevice, token: str) -> PretendChannel:
    for channel in device.plan.channels:
        if channel.token == token:
            return channel
    raise sender_fault(("ter:InvalidArgVal", "ter:NoSource"), f"no video source {token[:60]!r}")


def not_supported(operation: str) -> SoapFault:
    return SoapFault(500, "Receiver", ("ter:ActionNotSupported",), f"{operation[:80]} is not supported")
