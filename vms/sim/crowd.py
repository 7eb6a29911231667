"""Control traffic for a whole city in one process: 100,000 devices behind one listener, which answer and nothing more.

A listener per address would need as many open files as devices; here one socket listens on the port of every address,
tied to the loopback interface so that nobody else can reach it, and an accepted connection tells by its own address
which device was meant. No RTSP, no discovery. The question of the poll is answered from a prepared text; whatever else
comes is answered by the whole device, which is made at that moment.
"""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from vms.core.clock import system_clock
from vms.core.errors import BadInput, NotFound
from vms.sim.control import Control
from vms.sim.crowd_connection import CrowdConnection
from vms.sim.device import LiveDevice
from vms.sim.faults import Fault
from vms.sim.makers import Maker
from vms.sim.onvif_answer import OnvifAnswers
from vms.sim.onvif_server import OnvifPort
from vms.sim.personality import PLAIN
from vms.sim.plan import CityPlan, PretendDevice
from vms.sim.studio import Studio

BACKLOG = 4096
LOOPBACK_INTERFACE = b"lo"
QUESTION = (
    b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
    b'<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>'
)


class Crowd:
    """Made by `running_crowd`. `control_address` is None where no control interface was asked for."""

    def __init__(self, plan: CityPlan, *, delay_s: float) -> None:
        self.plan = plan
        self.delay_s = delay_s
        self.control_address: tuple[str, int] | None = None
        self.known: dict[str, PretendDevice] = {device.address: device for device in plan.devices}
        self.off: set[str] = set()
        """They hang up at once: one listener for all cannot refuse for one."""
        self.silent: set[str] = set()
        """They accept and never answer."""
        self.odd = {device.address for device in plan.devices if device.personality is not PLAIN}
        """Not answered from the prepared text."""
        self.asked = 0
        self.open_now: Counter[str] = Counter()
        self.most_at_once = 0
        """Connections to one device."""
        self._studio = Studio()
        self._ports: dict[str, OnvifPort] = {}
        self._broken_switches: set[str] = set()
        self._prepared: dict[str, tuple[datetime, bytes]] = {}

    @property
    def broken_switches(self) -> frozenset[str]:
        return frozenset(self._broken_switches)

    @property
    def switches(self) -> dict[str, list[str]]:
        """Addresses by switch."""
        wired: dict[str, list[str]] = {}
        for device in self.plan.devices:
            wired.setdefault(device.switch, []).append(device.address)
        return wired

    def device(self, address: str) -> LiveDevice:
        return self.port(address).device

    def port(self, address: str) -> OnvifPort:
        """The whole device, made when it is first needed."""
        port = self._ports.get(address)
        if port is None:
            if address not in self.known:
                raise NotFound(f"no device has the address {address!r}")
            port = self._ports[address] = OnvifPort(LiveDevice(self.known[address]), self._studio, self.delay_s)
        return port

    def prepared(self, maker: Maker) -> bytes:
        """The answer to the poll's question at this second, in that maker's spelling, head and all."""
        second = system_clock().replace(microsecond=0)
        at, answer = self._prepared.get(maker.name, (None, b""))
        if at != second:
            model = next(one for one in self.plan.devices if one.maker is maker and one.personality is PLAIN)
            made = OnvifAnswers(LiveDevice(model)).answer(QUESTION, path="/onvif/device_service", authorization=None)
            body = getattr(made, "body", b"")
            head = "HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml; charset=utf-8\r\n"
            answer = f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
            self._prepared[maker.name] = (second, answer)
        return answer

    async def set_fault(self, address: str, fault: Fault, on: bool, channel: int | None = None) -> None:
        """Returns when it has taken effect."""
        device = self.device(address)
        try:
            device.set_fault(fault, on=on, channel=channel)
        except KeyError as error:
            raise BadInput(f"{address} has no channel {channel}", where="channel") from error
        for wanted, held in ((Fault.OFF, self.off), (Fault.SILENT, self.silent)):
            (held.add if wanted in device.faults else held.discard)(address)
        is_odd = bool(device.all_faults()) or device.plan.personality is not PLAIN
        (self.odd.add if is_odd else self.odd.discard)(address)

    async def set_switch(self, switch: str, *, broken: bool) -> None:
        """A broken switch takes all its devices off the network."""
        wired = self.switches.get(switch)
        if wired is None:
            raise NotFound(f"no switch is called {switch!r}")
        (self._broken_switches.add if broken else self._broken_switches.discard)(switch)
        for address in wired:
            await self.set_fault(address, Fault.OFF, broken)

    async def reset(self) -> None:
        """Everything works again; the dead come alive too."""
        self._broken_switches.clear()
        self.silent.clear()
        for address, port in self._ports.items():
            for text in port.device.all_faults():
                name, _, channel = text.partition(":")
                await self.set_fault(address, Fault(name), False, int(channel) if channel else None)

    def close(self) -> None:
        self._studio.close()


def crowd_socket(port: int) -> socket.socket:
    """Listens at that port of every loopback address. Raises OSError."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, LOOPBACK_INTERFACE)
        listener.bind(("0.0.0.0", port))  # noqa: S104 - tied to the loopback interface one line above
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener


@asynccontextmanager
async def running_crowd(
    plan: CityPlan, control: tuple[str, int] | None = None, *, delay_s: float = 0.0
) -> AsyncIterator[Crowd]:
    """Starts on the running loop. All devices of the plan have one ONVIF port."""
    crowd = Crowd(plan, delay_s=delay_s)
    loop = asyncio.get_running_loop()
    listener = crowd_socket(plan.devices[0].onvif_port)
    servers = [await loop.create_server(lambda: CrowdConnection(crowd), sock=listener, backlog=BACKLOG)]
    try:
        if control is not None:
            servers.append(await loop.create_server(lambda: Control(crowd), *control))
            host, port = servers[-1].sockets[0].getsockname()[:2]
            crowd.control_address = (host, port)
        yield crowd
    finally:
        for server in servers:
            server.close()
        crowd.close()
