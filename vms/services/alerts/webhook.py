"""One webhook call: signed, to an address that was looked at, without redirects, bounded in time and size."""

import asyncio
import hashlib
import hmac
import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vms.core.errors import BadInput
from vms.services.alerts.target import Networks, WebhookTarget, resolve
from vms.services.alerts.trusted import trusted, what_is_wrong

TIMEOUT_S = 10.0
MAX_HEAD_BYTES = 16 * 1024
MAX_BODY_BYTES = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of one attempt."""

    arrived: bool
    answer: str
    for_good: bool = False
    """It makes no sense to try again."""


def signature(secret: str, at: datetime, body: bytes) -> str:
    """`sha256=` and the HMAC of the time's seconds, a dot and the body."""
    signed = str(int(at.timestamp())).encode() + b"." + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


async def call_webhook(
    target: WebhookTarget,
    body: bytes,
    secret: str,
    delivery: str,
    networks: Networks,
    now: datetime,
    *,
    authority: Path | None = None,
) -> Told:
    """Never raises for a bad receiver. `authority`: the office's own, see `trusted`."""
    try:
        async with asyncio.timeout(TIMEOUT_S):
            address = await resolve(target, networks)
            context = trusted(authority) if target.tls else None
            return await _post(target, address, context, body, secret, delivery, now)
    except BadInput as problem:
        return Told(arrived=False, answer=problem.message)
    except TimeoutError:
        return Told(arrived=False, answer=f"no answer within {TIMEOUT_S:g} s")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return Told(arrived=False, answer="the answer is no HTTP")
    except ssl.SSLError as problem:
        return Told(arrived=False, answer=what_is_wrong(problem))
    except OSError as problem:
        return Told(arrived=False, answer=f"cannot be reached: {problem.strerror or problem}")


async def _post(
    target: WebhookTarget,
    address: str,
    context: ssl.SSLContext | None,
    body: bytes,
    secret: str,
    delivery: str,
    now: datetime,
) -> Told:
    """To the address that was looked at: the name is not asked a second time."""
    reader, writer = await asyncio.open_connection(
        address,
        target.port,
        ssl=context,
        server_hostname=target.host if target.tls else None,
        limit=MAX_HEAD_BYTES,
    )
    try:
        host = f"[{target.host}]" if ":" in target.host else target.host
        headers = {
            "Host": f"{host}:{target.port}",
            "User-Agent": "vms",
            "Content-Type": "application/json; charset=utf-8",
            "Content-Length": str(len(body)),
            "Connection": "close",
            "X-VMS-Delivery": delivery,
            "X-VMS-Timestamp": str(int(now.timestamp())),
            "X-VMS-Signature": signature(secret, now, body),
        }
        lines = [f"POST {target.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        words = head.split("\r\n", 1)[0].split(" ", 2)
        if not words[0].startswith("HTTP/1.") or len(words) < 2 or not words[1].isdecimal():
            return Told(arrived=False, answer="the answer is no HTTP")
        said = (await reader.read(MAX_BODY_BYTES)).decode("utf-8", "replace")
    finally:
        writer.transport.abort()
    return _told(int(words[1][:3]), said)


def _told(status: int, said: str) -> Told:
    text = f"{status} {''.join(letter if letter.isprintable() else ' ' for letter in said)[:200]}".strip()
    if 200 <= status < 300:
        return Told(arrived=True, answer=text)
    if 300 <= status < 400:
        return Told(arrived=False, answer=f"{status}: it points to another address, which is not followed")
    return Told(arrived=False, answer=text, for_good=status == 410)
