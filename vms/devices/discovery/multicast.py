"""Asks on every named interface, in IPv4 and IPv6, three times, in each of the ways that some device insists on."""

import asyncio
import contextlib
import ipaddress
import logging
import socket
import struct
from collections.abc import Callable, Iterable

from vms.core.errors import BadInput
from vms.devices.discovery.listener import Listener, Packet
from vms.devices.discovery.messages import GROUP_V4, GROUP_V6, PORT, ProbeTypes, probe
from vms.devices.discovery.request import DiscoveryRequest, check_interface_name
from vms.devices.discovery.traffic import Traffic

log = logging.getLogger(__name__)


async def ask_by_multicast(request: DiscoveryRequest, hear: Callable[[str, Packet], None], traffic: Traffic) -> None:
    """`hear` gets `multicast:<interface>` and the packet. An interface that cannot send is logged and left out."""
    listeners: list[tuple[str, int, Listener, bool]] = []
    try:
        for index, name in _interfaces(request):
            for version_6 in (False, True):
                listener = _listener(name, index, hear, version_6=version_6)
                if listener is not None:
                    listeners.append((name, index, listener, version_6))
        for number in range(request.limits.multicast_rounds):
            if number:
                await asyncio.sleep(request.limits.round_s)
            for types in ProbeTypes:
                for name, index, listener, version_6 in listeners:
                    target = (GROUP_V6, PORT, 0, index) if version_6 else (GROUP_V4, PORT)
                    because = listener.send(probe(types), target)
                    (traffic.unsent if because else traffic.sent)[f"multicast:{name}"] += 1
                    if because:
                        log.info("no probe on %s (%s): %s", name, "IPv6" if version_6 else "IPv4", because)
                await asyncio.sleep(0.02)
        await asyncio.sleep(request.limits.listen_s)
    finally:
        for _, _, listener, _ in listeners:
            listener.close()


def no_such_interface(names: Iterable[str]) -> str:
    """What is wrong with them on this machine now; empty: nothing."""
    here = [name for _, name in socket.if_nameindex()]
    unknown = sorted(set(names) - set(here))
    if not unknown:
        return ""
    return f"this machine has no interface {', '.join(unknown)}; it has {', '.join(here)}"


def check_interfaces(names: Iterable[str]) -> None:
    """Their form, and whether they are here. Raises BadInput."""
    named = tuple(names)
    for name in named:
        check_interface_name(name)
    if because := no_such_interface(named):
        raise BadInput(because, where="interfaces")


def _interfaces(request: DiscoveryRequest) -> list[tuple[int, str]]:
    every = socket.if_nameindex()
    if request.all_interfaces:
        return every
    if because := no_such_interface(request.interfaces):
        log.warning(because)
    return [(index, name) for index, name in every if name in request.interfaces]


def _listener(name: str, index: int, hear: Callable[[str, Packet], None], *, version_6: bool) -> Listener | None:
    def hear_here(packet: Packet) -> None:
        data, address = packet
        if version_6 and "%" not in address and ipaddress.ip_address(address).is_link_local:
            address = f"{address}%{name}"
        hear(f"multicast:{name}", (data, address))

    listener: Listener | None = None
    try:
        listener = Listener(socket.AF_INET6 if version_6 else socket.AF_INET, hear_here)
        if version_6:
            listener.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
            listener.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 1)
        else:
            interface = struct.pack("4s4si", b"\0\0\0\0", b"\0\0\0\0", index)
            listener.socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, interface)
            listener.socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
    except OSError as error:
        log.info("no %s multicast on %s: %s", "IPv6" if version_6 else "IPv4", name, error)
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.close()
        return None
    return listener
