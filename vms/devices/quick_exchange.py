"""The poll's own HTTP exchange: the same promises as `http.exchange`, for a third of its cost.

The common case parses no head: the answer's end is in the first packet. Everything else goes to the lenient reader.
"""

import asyncio
from time import perf_counter
from typing import cast

from vms.devices.http import ExchangeFailed, connect_failure
from vms.devices.http_answer import ENVELOPE_END, AnswerReader, BadAnswer, HttpAnswer

_OK = (b"HTTP/1.1 200", b"HTTP/1.0 200")
_MAX_BODY_BYTES = 262_144


class _QuickExchange(asyncio.Protocol):
    __slots__ = ("_began", "_reader", "_request", "_transport", "connect_s", "done", "total_s")

    def __init__(self, loop: asyncio.AbstractEventLoop, request: bytes) -> None:
        self._request = request
        self._began = perf_counter()
        self._transport: asyncio.Transport | None = None
        self._reader: AnswerReader | None = None
        self.connect_s: float | None = None
        self.total_s = 0.0
        self.done: asyncio.Future[HttpAnswer] = loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport = cast(asyncio.Transport, transport)
        self.connect_s = perf_counter() - self._began
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if self.done.done():
            return
        if self._reader is None and data[:12] in _OK and ENVELOPE_END.search(data, max(0, len(data) - 64)):
            head, _, body = data.partition(b"\r\n\r\n")
            if b"chunked" not in head.lower():
                self._finish(HttpAnswer(status=200, headers=(), body=body))
                return
        try:
            if self._reader is None:
                self._reader = AnswerReader(max_body_bytes=_MAX_BODY_BYTES)
            if self._reader.feed(data):
                self._finish(self._reader.end())
        except BadAnswer as bad:
            self._fail(bad.code, str(bad))

    def connection_lost(self, exc: Exception | None) -> None:
        if self.done.done():
            return
        try:
            if self._reader is None:
                raise BadAnswer("closed", "the device closed the connection before it answered")
            self._finish(self._reader.end())
        except BadAnswer as bad:
            self._fail("closed" if bad.code == "not_http" else bad.code, str(bad))

    def _finish(self, answer: HttpAnswer) -> None:
        self.total_s = perf_counter() - self._began
        self.done.set_result(answer)
        self.hang_up()

    def _fail(self, code: str, message: str) -> None:
        self.done.set_exception(ExchangeFailed(code, message, connect_s=self.connect_s))
        self.hang_up()

    def hang_up(self) -> None:
        if self._transport is not None:
            self._transport.abort()
            self._transport = None


async def quick_exchange(address: str, port: int, request: bytes, *, timeout_s: float) -> HttpAnswer:
    """Raises ExchangeFailed and nothing else. The answer's `connect_s` and `total_s` are measured here."""
    loop = asyncio.get_running_loop()
    protocol = _QuickExchange(loop, request)
    try:
        async with asyncio.timeout(timeout_s):
            await loop.create_connection(lambda: protocol, address, port)
            answer = await protocol.done
    except TimeoutError:
        raise ExchangeFailed("timeout", f"no answer within {timeout_s:g} s", connect_s=protocol.connect_s) from None
    except OSError as error:
        raise connect_failure(error) from None
    finally:
        protocol.hang_up()
    return HttpAnswer(
        status=answer.status,
        headers=answer.headers,
        body=answer.body,
        oddities=answer.oddities,
        connect_s=protocol.connect_s or 0.0,
        total_s=protocol.total_s,
    )
