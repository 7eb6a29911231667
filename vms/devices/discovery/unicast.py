"""Asks every address of the networks directly, which is how devices behind a router are heard; paced per /24."""

import asyncio
import socket
from collections import defaultdict
from collections.abc import Callable, Iterable

from vms.devices.discovery.listener import Listener, Packet
from vms.devices.discovery.messages import PORT, ProbeTypes, probe
from vms.devices.discovery.pace import Pace, subnet_of
from vms.devices.discovery.request import DiscoveryRequest
from vms.devices.discovery.traffic import Traffic

_TICK_S = 0.02


async def ask_by_unicast(
    request: DiscoveryRequest,
    addresses: Iterable[str],
    hear: Callable[[Packet], None],
    *,
    silent: Callable[[str], bool],
    sent: Callable[[int], None],
    pace: Pace,
    traffic: Traffic,
) -> None:
    """Two rounds: for transmitters, then for anything among those still `silent`. `sent` is told how many were
    asked in the first."""
    every = list(addresses)
    round_of = _Rounds(hear, pace, traffic)
    try:
        await round_of.ask(every, probe(ProbeTypes.TRANSMITTER), sent)
        await asyncio.sleep(request.limits.listen_s / 2)
        await round_of.ask([one for one in every if silent(one)], probe(ProbeTypes.ANYTHING), lambda count: None)
        await asyncio.sleep(request.limits.listen_s / 2)
    finally:
        round_of.close()


class _Rounds:
    """One socket per kind of address, kept open over all rounds: late answers count."""

    def __init__(self, hear: Callable[[Packet], None], pace: Pace, traffic: Traffic) -> None:
        self._hear = hear
        self._pace = pace
        self._traffic = traffic
        self._listeners: dict[bool, Listener] = {}

    async def ask(self, addresses: list[str], question: bytes, sent: Callable[[int], None]) -> None:
        subnets: defaultdict[str, list[str]] = defaultdict(list)
        for address in reversed(addresses):
            subnets[subnet_of(address)].append(address)
        loop = asyncio.get_running_loop()
        while subnets:
            asked = 0
            for subnet, left in list(subnets.items()):
                for _ in range(self._pace.allow(subnet, len(left), loop.time())):
                    if not self._send(left[-1], question):
                        break
                    left.pop()
                    asked += 1
                if not left:
                    del subnets[subnet]
            sent(asked)
            if subnets:
                await asyncio.sleep(_TICK_S)

    def _send(self, address: str, question: bytes) -> bool:
        """False: the socket is full, the same address comes again."""
        version_6 = ":" in address
        listener = self._listeners.get(version_6)
        if listener is None:
            family = socket.AF_INET6 if version_6 else socket.AF_INET
            listener = self._listeners[version_6] = Listener(family, self._hear)
        because = listener.send(question, (address, PORT))
        if because == "busy":
            return False
        (self._traffic.unsent if because else self._traffic.sent)["unicast"] += 1
        return True

    def close(self) -> None:
        for listener in self._listeners.values():
            listener.close()
