"""A server that sends a byte now and then and never comes to an end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class Dripping:
    address: str
    port: int = 0
    begun: int = 0
    """Connections so far."""
    open: int = 0
    is_over: bool = False
    """Cuts every line."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.begun, self.open = self.begun + 1, self.open + 1
        try:
            while not (self.is_over or reader.at_eof()):
                writer.write(b"2")
                await writer.drain()
                try:
                    await asyncio.wait_for(reader.read(1000), 0.05)
                except TimeoutError:
                    continue
        except ConnectionError:
            pass
        finally:
            self.open -= 1
            writer.close()


@asynccontextmanager
async def running_drip(address: str) -> AsyncIterator[Dripping]:
    found = Dripping(address)
    server = await asyncio.start_server(found.serve, address, 0)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()
        await server.wait_closed()
