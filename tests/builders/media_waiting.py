"""Waiting for what nobody announces: asked again and again, with an end."""

import asyncio
from collections.abc import Awaitable, Callable


async def until_true(condition: Callable[[], Awaitable[bool]], within_s: float = 20.0) -> None:
    """Raises TimeoutError where the condition does not come true in time."""
    async with asyncio.timeout(within_s):
        while not await condition():  # noqa: ASYNC110 - other processes and files send no event
            await asyncio.sleep(0.02)
