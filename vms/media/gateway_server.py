"""The gateway's socket: each connection is one viewer or one question."""

import asyncio
import contextlib
import json
import os
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from vms.core.errors import Conflict, VmsError
from vms.media.gateway import LiveGateway
from vms.media.live import LiveMessage, LiveSource, MediaFragment
from vms.media.live_wire import (
    MAX_FRAME_BYTES,
    MAX_REQUEST_BYTES,
    REPLY,
    Close,
    ForgetRefusals,
    Open,
    Request,
    Status,
    Warm,
    frame,
    frame_of,
    read_request,
    status_json,
)
from vms.media.viewer import KeyGate, is_last

REQUEST_WITHIN_S = 5.0


class SocketViewer:
    """Offers go straight to the connection; its send buffer is the queue."""

    def __init__(self, transport: asyncio.WriteTransport) -> None:
        self._transport = transport
        self._gate = KeyGate()
        self.done = asyncio.Event()

    def offer(self, message: LiveMessage, *, limit_bytes: int) -> bool:
        if self._transport.is_closing():
            return False
        waiting_bytes = self._transport.get_write_buffer_size()
        if isinstance(message, MediaFragment):
            if not self._gate.admits(message, room=waiting_bytes <= limit_bytes):
                return False
        elif waiting_bytes > limit_bytes + MAX_FRAME_BYTES:
            self._transport.abort()
            return False
        self._transport.writelines(frame_of(message))
        if is_last(message):
            self.done.set()
        return True


class GatewayServer:
    def __init__(self, gateway: LiveGateway) -> None:
        self._gateway = gateway

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(REQUEST_WITHIN_S):
                line = await reader.readuntil(b"\n")
            await self._answer(read_request(line), reader, writer)
        except VmsError as problem:
            _reply(writer, {"error": problem.code, "message": problem.message})
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError, OSError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(REQUEST_WITHIN_S):
                    await writer.wait_closed()

    async def _answer(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        match request:
            case Open(source=source):
                await self._show(source, reader, writer)
            case Warm(source=source, seconds=seconds):
                await self._gateway.warm(source, seconds=seconds)
                _reply(writer, {"warm_s": seconds})
            case Close(camera=camera, because=because, message=message):
                lost = await self._gateway.close(camera, because=because, message=message)
                _reply(writer, {"viewers": lost})
            case ForgetRefusals(host=host):
                _reply(writer, {"forgotten": await self._gateway.forget_refusals(host)})
            case Status():
                writer.writelines(frame(REPLY, status_json(await self._gateway.status())))

    async def _show(self, source: LiveSource, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Until the client hangs up (it has nothing more to say) or the gateway has said its last word."""
        viewer = SocketViewer(writer.transport)
        hung_up = asyncio.create_task(reader.read(1))
        done = asyncio.create_task(viewer.done.wait())
        try:
            self._gateway.join(source, viewer)
            await asyncio.wait((hung_up, done), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._gateway.leave(source, viewer)
            for task in (hung_up, done):
                task.cancel()
            await asyncio.gather(hung_up, done, return_exceptions=True)


def _reply(writer: asyncio.StreamWriter, fields: dict[str, object]) -> None:
    if not writer.is_closing():
        writer.writelines(frame(REPLY, json.dumps(fields, ensure_ascii=False).encode()))


@asynccontextmanager
async def serving(gateway: LiveGateway, socket_path: Path) -> AsyncIterator[None]:
    """Listens on `socket_path`, which only this user may open. Raises Conflict where another gateway listens there."""
    if _is_there(socket_path):
        await _remove_stale(socket_path)
    before = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(
            GatewayServer(gateway).serve, path=str(socket_path), limit=MAX_REQUEST_BYTES
        )
    finally:
        os.umask(before)
    try:
        yield
    finally:
        server.close()
        _forget(socket_path)


def _is_there(socket_path: Path) -> bool:
    try:
        mode = socket_path.stat().st_mode
    except FileNotFoundError:
        return False
    if not stat.S_ISSOCK(mode):
        raise Conflict(f"{socket_path} exists and is not a socket")
    return True


def _forget(socket_path: Path) -> None:
    socket_path.unlink(missing_ok=True)


async def _remove_stale(socket_path: Path) -> None:
    """A socket that nobody listens on is what a killed gateway left."""
    try:
        _, writer = await asyncio.open_unix_connection(str(socket_path))
    except OSError:
        _forget(socket_path)
        return
    writer.close()
    raise Conflict(f"another gateway listens on {socket_path}")
