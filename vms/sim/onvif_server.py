"""One HTTP connection of a pretend device: ONVIF by POST, stills by GET, with the device's habits on the wire."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import cast

from vms.inventory.camera import StreamRole
from vms.sim.device import SERVICE_PATHS, LiveDevice
from vms.sim.faults import SLOW_S, Fault
from vms.sim.onvif_answer import Answer, OnvifAnswers
from vms.sim.onvif_device import KNOWN_PATHS
from vms.sim.onvif_events import SUBSCRIPTION_PATH
from vms.sim.personality import ActionHabit, Framing, SignIn
from vms.sim.request_message import Malformed, Request, RequestReader
from vms.sim.soap import SoapFault, StaleNonce, sender_fault
from vms.sim.studio import Studio

IDLE_S = 60.0
MAX_WAITING = 16
"""Requests that a client may send ahead of their answers."""
REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
}

CHUNK_BYTES = 700
USUAL_PATH = SERVICE_PATHS["device"]

log = logging.getLogger(__name__)


@dataclass(slots=True)
class OnvifPort:
    """What the connections to one device's HTTP port share. `delay_s` comes on top of every answer."""

    device: LiveDevice
    studio: Studio
    delay_s: float = 0.0
    connections: set["OnvifConnection"] = field(default_factory=set)
    answers: OnvifAnswers = field(init=False)

    def __post_init__(self) -> None:
        self.answers = OnvifAnswers(self.device)

    @property
    def answer_delay_s(self) -> float:
        slow = SLOW_S if Fault.SLOW in self.device.faults else 0.0
        return self.delay_s + self.device.plan.personality.slow_s + slow


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int
    content_type: str
    body: bytes
    headers: tuple[str, ...] = ()
    is_soap: bool = False
    hangs_up: bool = False


class OnvifConnection(asyncio.Protocol):
    __slots__ = ("_busy", "_idle", "_port", "_reader", "_task", "_transport", "_waiting")

    def __init__(self, port: OnvifPort) -> None:
        self._port = port
        self._reader = RequestReader()
        self._waiting: deque[Request] = deque()
        self._busy = False
        self._task: asyncio.Task[None] | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport | None = None

    # --- asyncio
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is not derived from it
        self._port.connections.add(self)
        limit = self._port.device.plan.personality.max_connections
        if limit is not None and len(self._port.connections) > limit:
            self.abort()
            return
        self._rest()

    def connection_lost(self, exc: Exception | None) -> None:
        self._port.connections.discard(self)
        self._transport = None
        for pending in (self._idle, self._task):
            if pending is not None:
                pending.cancel()

    def data_received(self, data: bytes) -> None:
        if Fault.SILENT in self._port.device.faults:
            return
        try:
            for request in self._reader.feed(data):
                self._waiting.append(request)
                if len(self._waiting) > MAX_WAITING:
                    self.abort()
                    return
        except Malformed as error:
            body = f"{error.reason}\n".encode()
            self._write(Reply(status=error.status, content_type="text/plain", body=body), keep=False)
            return
        self._next()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    # --- one request after the other
    def _next(self) -> None:
        if self._busy or not self._waiting or self._transport is None:
            return
        self._busy = True
        request = self._waiting.popleft()
        made = self._answer(request)
        if isinstance(made, Reply):
            self._delayed(request, made)
        else:
            self._task = asyncio.get_running_loop().create_task(self._finish(request, made))

    async def _finish(self, request: Request, made: Awaitable[Reply]) -> None:
        try:
            reply = await made
        except Exception:  # the head of a connection: one broken answer costs one connection
            log.exception("an answer of %s failed", self._port.device.plan.address)
            self.abort()
            return
        self._task = None
        self._delayed(request, reply)

    def _delayed(self, request: Request, reply: Reply) -> None:
        delay_s = self._port.answer_delay_s
        habits = self._port.device.plan.personality
        if habits.clock_slow_s and b"GetSystemDateAndTime" in request.body:
            delay_s += habits.clock_slow_s
        if delay_s:
            asyncio.get_running_loop().call_later(delay_s, self._reply, request, reply)
        else:
            self._reply(request, reply)

    def _reply(self, request: Request, reply: Reply) -> None:
        self._busy = False
        if reply.hangs_up:
            self.abort()
            return
        self._write(reply, keep=request.keep_alive)
        self._next()

    def _write(self, reply: Reply, *, keep: bool) -> None:
        if self._transport is None or Fault.SILENT in self._port.device.faults:
            return
        habits = self._port.device.plan.personality
        wrong = reply.is_soap and habits.wrong_content_length
        framing = habits.framing if reply.is_soap else Framing.LENGTH
        keep = keep and not wrong and framing is Framing.LENGTH
        version = "HTTP/1.0" if framing is Framing.CLOSED else "HTTP/1.1"
        lines = [
            f"{version} {reply.status} {REASONS.get(reply.status, 'Unknown')}",
            f"Content-Type: {reply.content_type}",
            *_length_lines(framing, len(reply.body) + (23 if wrong else 0)),
            f"Connection: {'keep-alive' if keep else 'close'}",
            *reply.headers,
        ]
        body = _in_chunks(reply.body) if framing is Framing.CHUNKED else reply.body
        self._transport.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        if keep:
            self._rest()
        else:
            self._transport.close()

    def _rest(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(IDLE_S, self.abort)

    # --- what to answer
    def _answer(self, request: Request) -> Reply | Awaitable[Reply]:
        if request.method == "POST":
            return self._soap(request)
        if request.method != "GET":
            return Reply(status=405, content_type="text/plain", body=b"GET or POST\n")
        asked = self._port.device.find_snapshot(request.target)
        if asked is None:
            return Reply(status=404, content_type="text/html", body=b"<html><body>404 Not Found</body></html>")
        refused = self._refused_still(request)
        return refused or self._still(*asked)

    def _soap(self, request: Request) -> Reply | Awaitable[Reply]:
        habits = self._port.device.plan.personality
        has_action = "action=" in request.headers.get("content-type", "")
        known = KNOWN_PATHS if not habits.own_path else (KNOWN_PATHS - {USUAL_PATH}) | {habits.own_path}
        if request.path not in known and not request.path.startswith(SUBSCRIPTION_PATH):
            return Reply(status=404, content_type="text/html", body=b"<html><body>404 Not Found</body></html>")
        if habits.action is ActionHabit.REQUIRED and not has_action and not habits.soap11:
            return Reply(status=200, content_type="application/soap+xml", body=b"")
        if habits.action is ActionHabit.REFUSED and has_action:
            return self._spoken(self._port.answers.refused(sender_fault((), "Content-Type is not understood")))
        authorization = request.headers.get("authorization")
        made = self._port.answers.answer(request.body, path=request.path, authorization=authorization)
        return self._spoken(made) if isinstance(made, Answer) else self._spoken_later(made)

    async def _spoken_later(self, made: Awaitable[Answer]) -> Reply:
        return self._spoken(await made)

    def _spoken(self, answer: Answer) -> Reply:
        content_type = "application/soap+xml; charset=utf-8" if answer.is_12 else "text/xml; charset=utf-8"
        challenge = answer.challenge and self._port.device.plan.personality.auth is SignIn.DIGEST
        return Reply(
            status=answer.status,
            content_type=content_type,
            body=answer.body,
            headers=self._challenges(stale=answer.stale) if challenge else (),
            is_soap=True,
            hangs_up=answer.hangs_up,
        )

    def _challenges(self, *, stale: bool = False) -> tuple[str, ...]:
        device = self._port.device
        challenges = device.login.digest.challenges(device.steady_s(), stale=stale)
        return tuple(f"WWW-Authenticate: {challenge}" for challenge in challenges)

    def _refused_still(self, request: Request) -> Reply | None:
        device = self._port.device
        if Fault.STREAM_DEAD in device.faults:
            return Reply(status=500, content_type="text/plain", body=b"no picture\n")
        if device.plan.personality.auth is SignIn.NONE:
            return None
        authorization = request.headers.get("authorization")
        try:
            device.login.check_digest(authorization, method="GET", now_s=device.steady_s())
        except SoapFault as fault:
            headers = self._challenges(stale=isinstance(fault, StaleNonce))
            return Reply(status=401, content_type="text/plain", body=f"{fault.reason}\n".encode(), headers=headers)
        return None

    async def _still(self, channel: int, role: StreamRole) -> Reply:
        jpeg = await self._port.studio.still(self._port.device, channel, role)
        return Reply(status=200, content_type="image/jpeg", body=jpeg, headers=("Cache-Control: no-store",))


def _length_lines(framing: Framing, length: int) -> tuple[str, ...]:
    return {
        Framing.LENGTH: (f"Content-Length: {length}",),
        Framing.CHUNKED: ("Transfer-Encoding: chunked",),
        Framing.CLOSED: (),
    }[framing]


def _in_chunks(body: bytes) -> bytes:
    pieces = [body[at : at + CHUNK_BYTES] for at in range(0, len(body), CHUNK_BYTES)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
