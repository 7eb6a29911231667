"""One device on the network: its listeners, which really close when it is switched off."""

import asyncio
from collections.abc import Iterable

from vms.sim.device import LiveDevice
from vms.sim.discovery import PORT, DeviceEar
from vms.sim.faults import Fault
from vms.sim.onvif_server import OnvifConnection, OnvifPort
from vms.sim.rtsp_server import RtspConnection, RtspPort
from vms.sim.studio import Studio


class Site:
    __slots__ = ("_listening", "_servers", "_studio", "_udp", "device", "ear", "onvif", "rtsp")

    def __init__(self, device: LiveDevice, studio: Studio, *, delay_s: float) -> None:
        self.device = device
        self.onvif = OnvifPort(device, studio, delay_s)
        self.rtsp = RtspPort(device, studio)
        self.ear = DeviceEar(device)
        self._studio = studio
        self._servers: list[asyncio.Server] = []
        self._udp: asyncio.DatagramTransport | None = None
        self._listening = asyncio.Lock()
        device.on_sync = lambda channel: studio.force_key_frames(device, channel)

    async def follow(self) -> None:
        """Listens or not, as the device's faults say."""
        async with self._listening:
            if Fault.OFF in self.device.faults:
                await self._close()
            elif not self._servers:
                await self._open()
            if self.device.faults & {Fault.STREAM_DEAD}:
                self._drop(self.rtsp.connections)

    async def close(self) -> None:
        async with self._listening:
            await self._close()

    async def _open(self) -> None:
        loop, plan = asyncio.get_running_loop(), self.device.plan
        self._servers = [
            await loop.create_server(lambda: OnvifConnection(self.onvif), plan.address, plan.onvif_port),
            await loop.create_server(lambda: RtspConnection(self.rtsp), plan.address, plan.rtsp_port),
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
