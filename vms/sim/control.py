"""The control interface of the pretend city: a little HTTP with JSON, on loopback only.

GET /devices · GET /switches · GET /operations · POST /reset
POST /faults {"address" | "switch", "fault", "on", "channel"?}
"""

import asyncio
import ipaddress
import json
from typing import Protocol, cast

from vms.core.errors import BadInput, NotFound, VmsError
from vms.sim.device import LiveDevice
from vms.sim.faults import Fault
from vms.sim.plan import CityPlan, PretendChannel
from vms.sim.request_message import Malformed, Request, RequestReader

REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed"}


class Controlled(Protocol):
    """The part of a city that can be controlled."""

    @property
    def plan(self) -> CityPlan: ...
    @property
    def switches(self) -> dict[str, list[str]]: ...
    @property
    def broken_switches(self) -> frozenset[str]: ...
    def device(self, address: str) -> LiveDevice: ...
    async def set_fault(self, address: str, fault: Fault, on: bool, channel: int | None = None) -> None: ...
    async def set_switch(self, switch: str, *, broken: bool) -> None: ...
    async def reset(self) -> None: ...


def check_loopback(host: str) -> None:
    """Raises BadInput for an address that others could reach."""
    try:
        inside = ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = host == "localhost"
    if not inside:
        raise BadInput(f"the control interface listens on loopback only, not on {host!r}", where="control")


class Control(asyncio.Protocol):
    def __init__(self, city: Controlled) -> None:
        self._city = city
        self._reader = RequestReader()
        self._transport: asyncio.Transport | None = None
        self._queue: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is not derived from it

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        try:
            for request in self._reader.feed(data):
                self._queue = asyncio.get_running_loop().create_task(self._serve(request, self._queue))
        except Malformed as error:
            self._write(error.status, {"error": error.reason}, keep=False)

    async def _serve(self, request: Request, before: "asyncio.Task[None] | None") -> None:
        if before is not None:
            await before
        try:
            status, answer = 200, await self._answer(request)
        except NotFound as error:
            status, answer = 404, {"error": error.message}
        except VmsError as error:
            status, answer = 400, {"error": error.message}
        self._write(status, answer, keep=request.keep_alive)

    def _write(self, status: int, answer: object, *, keep: bool) -> None:
        if self._transport is None:
            return
        body = json.dumps(answer, ensure_ascii=False).encode()
        head = f"HTTP/1.1 {status} {REASONS.get(status, 'Error')}\r\nContent-Type: application/json\r\n"
        head += f"Content-Length: {len(body)}\r\nConnection: {'keep-alive' if keep else 'close'}\r\n\r\n"
        self._transport.write(head.encode() + body)
        if not keep:
            self._transport.close()

    async def _answer(self, request: Request) -> object:
        match request.method, request.path:
            case "GET", "/devices":
                return {"devices": [_device(self._city.device(device.address)) for device in self._city.plan.devices]}
            case "GET", "/operations":
                devices = (self._city.device(device.address) for device in self._city.plan.devices)
                return {"devices": [_operations(device) for device in devices]}
            case "GET", "/switches":
                return {
                    "switches": [
                        {"switch": name, "addresses": wired, "broken": name in self._city.broken_switches}
                        for name, wired in self._city.switches.items()
                    ]
                }
            case "POST", "/faults":
                await self._set_fault(_object(request.body))
                return {"ok": True}
            case "POST", "/reset":
                await self._city.reset()
                return {"ok": True}
            case _:
                raise NotFound(f"no such thing: {request.method} {request.path[:80]}")

    async def _set_fault(self, asked: dict[str, object]) -> None:
        unknown = asked.keys() - {"address", "switch", "fault", "on", "channel"}
        if unknown:
            raise BadInput(f"unknown: {', '.join(sorted(unknown))}")
        on, switch, address, channel = asked.get("on"), asked.get("switch"), asked.get("address"), asked.get("channel")
        if not isinstance(on, bool):
            raise BadInput("true or false is wanted", where="on")
        if isinstance(switch, str) and address is None:
            await self._city.set_switch(switch, broken=on)
            return
        if not isinstance(address, str) or switch is not None:
            raise BadInput("one of address and switch is wanted")
        if channel is not None and (not isinstance(channel, int) or isinstance(channel, bool)):
            raise BadInput("a whole number is wanted", where="channel")
        if asked.get("fault") not in set(Fault):
            raise BadInput(f"one of {', '.join(Fault)} is wanted", where="fault")
        await self._city.set_fault(address, Fault(str(asked["fault"])), on, channel)


def _object(body: bytes) -> dict[str, object]:
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadInput("the body is no JSON") from error
    if not isinstance(asked, dict):
        raise BadInput("a JSON object is wanted")
    return asked


def _operations(device: LiveDevice) -> dict[str, object]:
    return {
        "address": device.plan.address,
        "operations": device.operations,
        "refused_logins": device.login.refused_in_all,
        "reboots": device.reboots,
    }


def _device(device: LiveDevice) -> dict[str, object]:
    plan = device.plan
    return {
        "address": plan.address,
        "onvif_port": plan.onvif_port,
        "rtsp_port": plan.rtsp_port,
        "channels": [_channel(channel) for channel in plan.channels],
        "names": [channel.name for channel in plan.channels],
        "tokens": [channel.token for channel in plan.channels],
        "model": plan.model,
        "tier": plan.tier,
        "switch": plan.switch,
        "personality": plan.personality.label,
        "faults": device.all_faults(),
        "lon": plan.channels[0].pose.position.lon,
        "lat": plan.channels[0].pose.position.lat,
    }


def _channel(channel: PretendChannel) -> dict[str, object]:
    pose = channel.pose
    return {
        "number": channel.number,
        "token": channel.token,
        "name": channel.name,
        "lon": pose.position.lon,
        "lat": pose.position.lat,
        "bearing_deg": pose.bearing_deg,
        "h_fov_deg": pose.h_fov_deg,
        "mount_height_m": pose.mount_height_m,
        "ptz": channel.ptz,
    }
