"""Stands between us and a device and counts the HTTP requests that really reach it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class CountingRelay:
    to: tuple[str, int]
    requests: int = 0
    open_now: int = 0
    most_at_once: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open_now += 1
        self.most_at_once = max(self.most_at_once, self.open_now)
        try:
            there, back = await asyncio.open_connection(*self.to)
            await asyncio.gather(self._pass(reader, back, counts=True), self._pass(there, writer))
        except OSError:
            pass
        finally:
            self.open_now -= 1
            writer.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counts: bool = False) -> None:
        try:
            while data := await reader.read(65_536):
                self.requests += counts * data.count(b" HTTP/1.1\r\n")
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def counting_relay(address: str, port: int, to: tuple[str, int]) -> AsyncIterator[CountingRelay]:
    relay = CountingRelay(to)
    server = await asyncio.start_server(relay.serve, address, port)
    try:
        yield relay
    finally:
        server.close()
        await server.wait_closed()
