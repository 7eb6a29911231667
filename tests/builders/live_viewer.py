"""A viewer of live pictures: a plain WebSocket client that keeps what it was told."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.builders.web import Web


class Viewer:
    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.told: list[dict[str, Any]] = []
        self.bytes = 0

    async def until_it_plays(self, within_s: float = 15.0) -> dict[str, Any]:
        """The `init` message, once the first fragment has come."""
        async with asyncio.timeout(within_s):
            while True:
                message = await self._socket.recv()
                if isinstance(message, bytes):
                    self.bytes += len(message)
                    if b"moof" in message[:64]:
                        return next(one for one in self.told if one["kind"] == "init")
                else:
                    self.told.append(json.loads(message))

    async def until(self, kind: str, within_s: float = 10.0) -> dict[str, Any]:
        """The first message of that kind."""
        async with asyncio.timeout(within_s):
            while True:
                message = await self._socket.recv()
                if isinstance(message, str):
                    self.told.append(json.loads(message))
                    if self.told[-1]["kind"] == kind:
                        return self.told[-1]

    async def until_it_ends(self, within_s: float = 10.0) -> tuple[int, str]:
        """Close code and the `because` of the last words."""
        async with asyncio.timeout(within_s):
            try:
                while True:
                    message = await self._socket.recv()
                    if isinstance(message, str):
                        self.told.append(json.loads(message))
            except ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd else 0
                return code, self.told[-1]["because"] if self.told else ""


@contextlib.asynccontextmanager
async def a_viewer(web: Web, path: str, token: str | None, **headers: str) -> AsyncIterator[Viewer]:
    """`path` as a feed names it, e.g. /api/v1/live/7?incident=3&role=sub"""
    signed = {"Authorization": f"Bearer {token}"} if token else {}
    address = web.url.replace("http://", "ws://") + path
    async with connect(address, additional_headers={**signed, **headers}, max_size=16_000_000) as socket:
        yield Viewer(socket)
