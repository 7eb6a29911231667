"""No request body above the limit is read, whatever its headers say."""

import re

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vms.api.failures import answer

LIMIT_BYTES = 1_000_000
LARGER: tuple[tuple[str, re.Pattern[str], int], ...] = (
    ("POST", re.compile(r"/api/v1/imports(/preview)?"), 64_000_000),
    ("POST", re.compile(r"/api/v1/map/imports"), 300_000_000),
    ("POST", re.compile(r"/api/v1/(cameras|work-orders|coverage/gaps)/[0-9]{1,18}/photographs"), 12_000_000),
)
"""Method, path, limit: the few endpoints that take files."""


class BodyLimit:
    def __init__(self, app: ASGIApp, limit_bytes: int = LIMIT_BYTES) -> None:
        self._app = app
        self._limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit_bytes = self._limit_of(scope)
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdigit() or int(declared[:18]) > limit_bytes:
            sentence = f"at most {limit_bytes // 1_000_000} MB is taken"
            refusal = answer(413, "too_large", sentence, headers={"Connection": "close"})
            await refusal(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            if message["type"] == "http.request":
                read += len(message.get("body", b""))
                if read > limit_bytes:
                    raise HTTPException(413, headers={"Connection": "close"})
            return message

        await self._app(scope, counted, send)

    def _limit_of(self, scope: Scope) -> int:
        method, path = scope["method"], scope["path"]
        larger = (limit for wanted, pattern, limit in LARGER if wanted == method and pattern.fullmatch(path))
        return next(larger, self._limit_bytes)
