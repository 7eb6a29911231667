"""The pretend city while it runs: all devices on their sockets, and the switch for breaking them."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from vms.core.clock import Clock, system_clock
from vms.core.errors import BadInput, NotFound
from vms.sim.control import Control
from vms.sim.device import LiveDevice
from vms.sim.discovery import GroupEar, group_socket
from vms.sim.faults import Fault
from vms.sim.onvif_events import TOPIC_OF_FAULT, message_of
from vms.sim.plan import CityPlan
from vms.sim.site import Site
from vms.sim.studio import Studio

STARTED_AT_ONCE = 64


class City:
    """Made by `running_city`. `control_address` is None where no control interface was asked for."""

    def __init__(self, plan: CityPlan, *, delay_s: float, clock: Clock = system_clock) -> None:
        self.plan = plan
        self.studio = Studio()
        self.control_address: tuple[str, int] | None = None
        self.sites = {
            device.address: Site(LiveDevice(device, clock=clock), self.studio, delay_s=delay_s)
            for device in plan.devices
        }
        self._broken_switches: set[str] = set()

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
        return self._site(address).device

    async def set_fault(self, address: str, fault: Fault, on: bool, channel: int | None = None) -> None:
        """Returns when it has taken effect. Picture faults without a channel concern every channel."""
        site = self._site(address)
        before = {c.number: site.device.faults_of(c.number) for c in site.device.plan.channels}
        try:
            site.device.set_fault(fault, on=on, channel=channel)
        except KeyError as error:
            raise BadInput(f"{address} has no channel {channel}", where="channel") from error
        await site.follow()
        if fault in TOPIC_OF_FAULT:
            for number, held in before.items():
                if held != site.device.faults_of(number):
                    site.device.pull.tell(message_of(site.device, fault, channel=number, on=on))

    async def set_switch(self, switch: str, *, broken: bool) -> None:
        """A broken switch takes all its devices off the network."""
        wired = self.switches.get(switch)
        if wired is None:
            raise NotFound(f"no switch is called {switch!r}")
        (self._broken_switches.add if broken else self._broken_switches.discard)(switch)
        await self._together(self.set_fault(address, Fault.OFF, broken) for address in wired)

    async def reset(self) -> None:
        """Everything works again."""
        self._broken_switches.clear()
        for site in self.sites.values():
            for text in site.device.all_faults():
                name, _, channel = text.partition(":")
                await self.set_fault(site.device.plan.address, Fault(name), False, int(channel) if channel else None)

    async def start(self) -> None:
        await self._together(site.follow() for site in self.sites.values())

    async def close(self) -> None:
        await self._together(site.close() for site in self.sites.values())
        self.studio.close()

    def _site(self, address: str) -> Site:
        site = self.sites.get(address)
        if site is None:
            raise NotFound(f"no device has the address {address!r}")
        return site

    async def _together(self, calls: Iterable[object]) -> None:
        waiting = list(calls)
        for first in range(0, len(waiting), STARTED_AT_ONCE):
            await asyncio.gather(*waiting[first : first + STARTED_AT_ONCE])  # type: ignore[call-overload]


@asynccontextmanager
async def running_city(
    plan: CityPlan, control: tuple[str, int] | None = None, *, delay_s: float = 0.0, clock: Clock = system_clock
) -> AsyncIterator[City]:
    """Starts every device on the running loop. `control`: where the control interface listens, port 0 for any."""
    city = City(plan, delay_s=delay_s, clock=clock)
    loop = asyncio.get_running_loop()
    server: asyncio.Server | None = None
    group: asyncio.DatagramTransport | None = None
    try:
        await city.start()
        group, _ = await loop.create_datagram_endpoint(
            lambda: GroupEar(lambda: [site.ear for site in city.sites.values()]), sock=group_socket()
        )
        if control is not None:
            server = await loop.create_server(lambda: Control(city), *control)
            host, port = server.sockets[0].getsockname()[:2]
            city.control_address = (host, port)
        yield city
    finally:
        if server is not None:
            server.close()
        if group is not None:
            group.close()
        await city.close()
