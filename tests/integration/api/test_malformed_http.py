"""Hostile requests: a clear error in our form, at once, with bounded memory."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import httpx
import psutil

from tests.builders.web import Web
from vms.access.roles import Role

CASES = {
    "truncated": b'{"lon": 113.62, "lat": 34.',
    "empty": b"",
    "binary": bytes(range(256)) * 20,
    "utf-16": '{"lon": 113.62}'.encode("utf-16"),
    "gb18030": '{"address_text": "人民路"}'.encode("gb18030"),
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "not an object": b"[1, 2, 3]",
    "a huge number": b'{"lon": 1e999, "lat": 34.75}',
    "NaN": b'{"lon": NaN, "lat": 34.75}',
    "a long whole number": b'{"level": ' + b"9" * 5000 + b"}",
    "unknown key": b'{"lon": 113.62, "lat": 34.75, "is_admin": true}',
    "lone surrogate": b'{"lon": 113.62, "lat": 34.75, "summary": "\\ud800"}',
    "nul": b'{"lon": 113.62, "lat": 34.75, "summary": "a\\u0000b"}',
}


async def test_broken_bodies_are_refused_in_our_form(web: Web) -> None:
    operator = await web.signed_in(Role.OPERATOR)
    for case, body in CASES.items():
        started = time.monotonic()
        answer = await operator.post("/incidents", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 422), f"{case}: {answer.text}"
        assert set(answer.json()["error"]) == {"code", "message", "where"}, case
        assert len(answer.content) < 2000, case
        assert time.monotonic() - started < 3.0, case


async def test_a_body_that_says_it_is_too_large_is_not_read(web: Web) -> None:
    answer = await raw(web, b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n")
    assert b"413" in answer.split(b"\r\n")[0]
    assert b'"too_large"' in answer


async def test_a_hundred_megabytes_without_a_length_are_cut_off(web: Web) -> None:
    async def flood() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1_000_000

    before = psutil.Process().memory_info().rss
    started = time.monotonic()
    try:
        answer = await web.client().post("/session", content=flood())
        assert answer.status_code == 413
    except httpx.TransportError:
        pass  # cut off in the middle of the flood
    assert time.monotonic() - started < 10.0
    assert psutil.Process().memory_info().rss - before < 60_000_000
    assert (await web.client().get(f"{web.url}/healthz")).status_code == 200


BROKEN_HTTP = {
    "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
    "version": b"GET / HTTP/9.9\r\n\r\n",
    "large cookie": b"GET /api/v1/cameras HTTP/1.1\r\nHost: x\r\nCookie: " + b"a" * 100_000 + b"\r\n\r\n",
    "negative length": b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    "two lengths": b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 500\r\n\r\nabcde",
    "bad chunk": b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzzzz\r\n",
    "newlines": b"\r\n" * 1000,
}


async def test_broken_http_harms_nobody(web: Web) -> None:
    for case, request in BROKEN_HTTP.items():
        answer = await raw(web, request, patience_s=1.0)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 4"), f"{case}: {answer[:200]!r}"
        assert (await web.client().get(f"{web.url}/healthz")).status_code == 200, case


ODD_QUESTIONS = (
    "/cameras?limit=1e9",
    "/cameras?bbox=1,2,3",
    "/cameras?bbox=nan,nan,nan,nan",
    "/cameras?sort=password_hash",
    "/cameras?offset=99999999999999999999",
    "/cameras/99999999999999999999",
    "/cameras/-1",
    "/coverage/at?lon=inf&lat=1",
    "/map/search?q=",
    "/faults?kind=%00",
    "/incidents/0/feeds?limit=0",
)


async def test_odd_questions_get_a_4xx(web: Web) -> None:
    admin = await web.signed_in()
    for path in ODD_QUESTIONS:
        answer = await admin.get(path)
        assert 400 <= answer.status_code < 500, f"{path}: {answer.status_code} {answer.text[:200]}"
        assert "code" in answer.json()["error"], path


async def test_a_path_that_climbs_out_of_the_console_is_not_served(web: Web) -> None:
    for path in (b"/../../app.py", b"/%2e%2e/%2e%2e/vms/api/app.py", b"/js/..%2f..%2f..%2fapi/app.py", b"//etc/passwd"):
        answer = await raw(web, b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert b"404" in answer.split(b"\r\n")[0] or b"400" in answer.split(b"\r\n")[0], answer[:100]
        assert b"create_app" not in answer
        assert b"root:" not in answer


async def test_the_console_is_served_at_the_root_and_asked_again_each_time(web: Web) -> None:
    page = await web.client().get(web.url + "/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "no-cache"
    assert "worker-src 'self' blob:" in page.headers["content-security-policy"]


async def test_every_answer_fences_the_page_in(web: Web) -> None:
    answer = await web.client().get("/cameras")
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert json.loads(answer.content)["error"]["code"] == "not_signed_in"


async def raw(web: Web, request: bytes, *, patience_s: float = 10.0) -> bytes:
    """What comes back until the server closes, the answer is whole or patience ends."""
    reader, writer = await asyncio.open_connection(*web.address)
    got = b""
    try:
        async with asyncio.timeout(patience_s):
            writer.write(request)
            await writer.drain()
            while not got.endswith((b"}", b">")) and (chunk := await reader.read(65536)):
                got += chunk
    except (TimeoutError, ConnectionResetError, BrokenPipeError):
        pass
    finally:
        writer.close()
    return got
