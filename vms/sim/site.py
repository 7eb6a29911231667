"""One device on the network: its listeners, which really close when it is switched off."""

import asyncio
from collections.abc import Iterable

from vms.sim.device import LiveDevice
from vms.sim.discovery import PORT, DeviceEar
from vms.sim.faults import Fault
from vms.sim.onvif_server import OnvifConnection, OnvifPort
from vms.sim.own_certificate import server_tls
from vms.sim.rtsp_server import RtspConnection, RtspPort
from vms.sim.studio import Studio

ANSWERED_BEFORE_S = 0.05
"""A device that is told to reboot still answers."""


class Site:
    __slots__ = ("_away", "_listening", "_restarting", "_servers", "_studio", "_udp", "device", "ear", "onvif", "rtsp")

    def __init__(self, device: LiveDevice, studio: Studio, *, delay_s: float) -> None:
        self.device = device
        self.onvif = OnvifPort(device, studio, delay_s)
        self.rtsp = RtspPort(device, studio)
        self.ear = DeviceEar(device)
        self._studio = studio
        self._servers: list[asyncio.Server] = []
        self._udp: asyncio.DatagramTransport | None = None
        self._listening = asyncio.Lock()
        self._away = False
        self._restarting: asyncio.Task[None] | None = None
        device.on_reboot = self._reboot
        device.on_sync = lambda channel: studio.force_key_frames(device, channel)

    async def follow(self) -> None:
        """Listens or not, as the device's faults say."""
        async with self._listening:
            if self._away or Fault.OFF in self.device.faults:
                await self._close()
            elif not self._servers:
                await self._open()
            if self.device.faults & {Fault.STREAM_DEAD}:
                self._drop(self.rtsp.connections)

    async def close(self) -> None:
        if self._restarting is not None:
            self._restarting.cancel()
        async with self._listening:
            await self._close()

    def _reboot(self) -> None:
        self._restarting = asyncio.get_running_loop().create_task(self._restart())

    async def _restart(self) -> None:
        """Off the network for a moment; subscriptions and the clock that was set are forgotten."""
        await asyncio.sleep(ANSWERED_BEFORE_S)
        self._away = True
        await self.follow()
        await asyncio.sleep(self.device.plan.personality.away_s)
        self.device.forget_the_clock()
        self._away = False
        await self.follow()

    async def _open(self) -> None:
        loop, plan = asyncio.get_running_loop(), self.device.plan
        habits = plan.personality
        tls = server_tls(habits.tls, plan.serial_no if habits.keeps_certificate else "")
        self._servers = [
            await loop.create_server(lambda: OnvifConnection(self.onvif), plan.address, plan.onvif_port, ssl=tls),
            await loop.create_server(
                lambda: RtspConnection(self.rtsp), plan.address, plan.rtsp_port, ssl=server_tls(habits.rtsps)
            ),
        ]
        self._udp, _ = await loop.create_datagram_endpoint(lambda: self.ear, local_addr=(plan.address, PORT))

    async def _close(self) -> None:
        self._drop(self.onvif.connections)
        self._drop(self.rtsp.connections)
        servers, self._servers = self._servers, []
        for server in servers:
            server.close()
        for server in servers:
            await server.wait_closed()
        if self._udp is not None:
            self._udp.close()
            self._udp = None
        self.device.pull.close_all()

    def _drop(self, connections: Iterable[OnvifConnection | RtspConnection]) -> None:
        for connection in tuple(connections):
            connection.abort()
