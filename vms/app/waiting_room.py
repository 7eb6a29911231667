"""Who comes while the server gets ready is told so: every address answers 503 with words, until the block ends."""

import json
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from vms.services.said_in_chinese import in_chinese

log = logging.getLogger(__name__)

EVERY_TIME = "the server is getting ready"
COME_BACK_AFTER_S = 3
LEAVES_WITHIN_S = 5.0
_MOST_AT_ONCE = 200
_PAGE = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="{seconds}">
<title>vms</title><body style="font:16px/1.6 system-ui,sans-serif;margin:20vh auto;max-width:36em;padding:0 1em">
<h1 style="font-size:1.3em">{chinese}</h1><p lang="en">{english}</p></body></html>
"""

_Send = Callable[[dict[str, Any]], Awaitable[None]]
_Receive = Callable[[], Awaitable[dict[str, Any]]]


@contextmanager
def waiting_room(host: str, port: int, sentence: str) -> Iterator[None]:
    """Listens in a thread of its own; the port is free again when the block has ended."""
    log.info("%s", sentence)
    began_s = time.monotonic()
    server = uvicorn.Server(
        uvicorn.Config(
            _Answers(sentence),
            host=host,
            port=port,
            lifespan="off",
            ws="none",
            access_log=False,
            log_level="warning",
            log_config=None,
            limit_concurrency=_MOST_AT_ONCE,
            timeout_keep_alive=1,
            timeout_graceful_shutdown=1,
        )
    )
    listener = threading.Thread(target=server.run, name="waiting room", daemon=True)
    listener.start()
    try:
        yield
        log.info("ready after %.0f s", time.monotonic() - began_s)
    finally:
        server.should_exit = True
        listener.join(LEAVES_WITHIN_S)


class _Answers:
    """A page for a browser at the door, JSON as the interface tells errors for all others."""

    def __init__(self, sentence: str) -> None:
        page = _PAGE.format(seconds=COME_BACK_AFTER_S, chinese=in_chinese(sentence), english=sentence)
        self._page = page.encode()
        self._error = json.dumps({"error": {"code": "getting_ready", "message": sentence, "where": ""}}).encode()

    async def __call__(self, scope: dict[str, Any], _receive: _Receive, send: _Send) -> None:
        at_the_door = scope["path"] in ("/", "/index.html", "/crew.html")
        body, kind = (self._page, b"text/html; charset=utf-8") if at_the_door else (self._error, b"application/json")
        headers = [
            (b"content-type", kind),
            (b"content-length", str(len(body)).encode()),
            (b"retry-after", str(COME_BACK_AFTER_S).encode()),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": 503, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
