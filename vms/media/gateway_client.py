"""The other end of the gateway's socket: `LivePictures` for the web process."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from vms.core.errors import BadInput, TryAgain
from vms.media.live import GatewayStatus, LiveMessage, LiveNews, LiveSource, NewsKind
from vms.media.live_wire import (
    HEAD_BYTES,
    REPLY,
    Close,
    ForgetRefusals,
    Open,
    Request,
    Status,
    Warm,
    message_of,
    read_head,
    read_status,
    write_request,
)
from vms.media.trouble import PictureFailed, Trouble

ANSWER_WITHIN_S = 5.0
READ_AHEAD_BYTES = 128 * 1024


class GatewayClient:
    """Every call is a connection of its own, so nothing has to be closed here."""

    def __init__(self, socket_path: Path) -> None:
        self._socket_path = socket_path

    async def open(self, source: LiveSource) -> AsyncGenerator[LiveMessage, None]:
        """Raises TryAgain where the gateway is away."""
        async with self._asked(Open(source=source)) as reader:
            while True:
                try:
                    kind, flags, payload = await _frame(reader)
                except (asyncio.IncompleteReadError, OSError):
                    yield LiveNews(kind=NewsKind.ENDED, because="gateway_away", message="the live gateway went away")
                    return
                if kind == REPLY:
                    raise _error(payload)
                message = message_of(kind, flags, payload)
                yield message
                if isinstance(message, LiveNews) and message.kind in (NewsKind.ENDED, NewsKind.REFUSED):
                    return

    async def warm(self, source: LiveSource, *, seconds: float) -> None:
        """Raises PictureFailed where the device's budget is used up or its login was refused before."""
        await self._ask(Warm(source=source, seconds=seconds))

    async def close(self, camera: str, *, because: str, message: str = "") -> int:
        fields = json.loads(await self._ask(Close(camera=camera, because=because, message=message)))
        return int(fields["viewers"])

    async def forget_refusals(self, host: str) -> int:
        """After a person has put the account right on the device itself; gives how many refusals were forgotten."""
        return int(json.loads(await self._ask(ForgetRefusals(host=host)))["forgotten"])

    async def status(self) -> GatewayStatus:
        return read_status(await self._ask(Status()))

    async def _ask(self, request: Request) -> bytes:
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S), self._asked(request) as reader:
                _, _, payload = await _frame(reader)
        except (TimeoutError, asyncio.IncompleteReadError, OSError) as problem:
            raise TryAgain("the live gateway does not answer", code="gateway_away") from problem
        if b'"error"' in payload[:16]:
            raise _error(payload)
        return payload

    @asynccontextmanager
    async def _asked(self, request: Request) -> AsyncIterator[asyncio.StreamReader]:
        try:
            reader, writer = await asyncio.open_unix_connection(str(self._socket_path), limit=READ_AHEAD_BYTES)
        except OSError as problem:
            raise TryAgain("the live gateway is not running", code="gateway_away") from problem
        try:
            writer.write(write_request(request))
            yield reader
        finally:
            writer.close()


def connect(socket_path: Path) -> GatewayClient:
    return GatewayClient(socket_path)


async def _frame(reader: asyncio.StreamReader) -> tuple[int, int, bytes]:
    length, kind, flags = read_head(await reader.readexactly(HEAD_BYTES))
    return kind, flags, await reader.readexactly(length)


def _error(payload: bytes) -> Exception:
    fields = json.loads(payload)
    code, message = str(fields.get("error", "")), str(fields.get("message", ""))
    if code in [trouble.value for trouble in Trouble]:
        return PictureFailed(Trouble(code), message)
    return BadInput(message, code=code)
