"""A request that is cut off because the server stops is told so: 503, and nobody knows whether it was done."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vms.api.failures import answer


class TellOfStopping:
    """The server cancels what is still running when its grace is over."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except asyncio.CancelledError:
            if not begun:
                text = "the server stops; look whether it was done before you try again"
                await answer(503, "stopping", text, headers={"Connection": "close"})(scope, receive, send)
            raise
