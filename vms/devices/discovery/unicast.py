"""Asks every address of the networks directly, which is how devices behind a router are heard; paced per /24."""

import asyncio
import socket
from collections import defaultdict
from collections.abc import Callable, Iterable

from vms.devices.discovery.listener import Listener, Packet
from vms.devices.discovery.messages import PORT, ProbeTypes, probe
from vms.devices.discovery.request import DiscoveryRequest

_TICK_S = 0.02
_MOST_PER_TICK = 1000


async def ask_by_unicast(
    request: DiscoveryRequest,
    addresses: Iterable[str],
    hear: Callable[[Packet], None],
    *,
    silent: Callable[[str], bool],
    sent: Callable[[int], None],
) -> None:
    """Two rounds: for transmitters, then for anything among those still `silent`. `sent` is told how many were
    asked."""
    every = list(addresses)
    listeners: dict[bool, Listener] = {}
    try:
        for types in (ProbeTypes.TRANSMITTER, ProbeTypes.ANYTHING):
            waiting = [address for address in every if silent(address)]
            await _one_round(request, waiting, probe(types), listeners, hear, sent)
            await asyncio.sleep(request.limits.listen_s / 2)
    finally:
        for listener in listeners.values():
            listener.close()


async def _one_round(
    request: DiscoveryRequest,
    addresses: list[str],
    question: bytes,
    listeners: dict[bool, Listener],
    hear: Callable[[Packet], None],
    sent: Callable[[int], None],
) -> None:
    subnets: defaultdict[str, list[str]] = defaultdict(list)
    for address in reversed(addresses):
        subnets[address.rpartition(":" if ":" in address else ".")[0]].append(address)
    share = max(1, round(request.limits.per_subnet_per_s * _TICK_S))
    while subnets:
        asked = 0
        for subnet in list(subnets):
            left = subnets[subnet]
            for _ in range(min(share, len(left))):
                address = left.pop()
                version_6 = ":" in address
                if version_6 not in listeners:
                    listeners[version_6] = Listener(socket.AF_INET6 if version_6 else socket.AF_INET, hear)
                if listeners[version_6].send(question, (address, PORT)) == "busy":
                    left.append(address)
                    break
                asked += 1
            if not left:
                del subnets[subnet]
            if asked >= _MOST_PER_TICK:
                break
        sent(asked)
        await asyncio.sleep(_TICK_S)
