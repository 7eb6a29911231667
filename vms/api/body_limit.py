"""No request body above the limit is read, whatever its headers say."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vms.api.failures import answer

LIMIT_BYTES = 1_000_000


class BodyLimit:
    def __init__(self, app: ASGIApp, limit_bytes: int = LIMIT_BYTES) -> None:
        self._app = app
        self._limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdigit() or int(declared[:18]) > self._limit_bytes:
            refusal = answer(413, "too_large", "at most 1 MB is taken", headers={"Connection": "close"})
            await refusal(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            if message["type"] == "http.request":
                read += len(message.get("body", b""))
                if read > self._limit_bytes:
                    raise HTTPException(413, headers={"Connection": "close"})
            return message

        await self._app(scope, counted, send)
