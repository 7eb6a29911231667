"""One lean HTTP GET from a device: signs in when asked, follows nobody, bounded in time and size."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from vms.media.address import MediaAddress, take_apart
from vms.media.login import Login
from vms.media.rtsp.digest import SignIn
from vms.media.tls import TlsTrust, check_certificate, context_of
from vms.media.trouble import WITHHELD, PictureFailed, Trouble

MAX_HEAD_BYTES = 16 * 1024
MAX_CHUNK_LINE_BYTES = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    status: int
    headers: Mapping[str, str]
    challenges: tuple[str, ...]
    body: bytes = field(repr=False)


async def get(
    uri: str, login: Login | None, *, timeout_s: float, max_bytes: int, trust: TlsTrust | None = None
) -> HttpAnswer:
    """The good answer's body. Raises `PictureFailed` for everything else. At most two requests, one of them signed."""
    address = take_apart(uri, schemes=("http", "https"))
    sign_in = SignIn(login or address.login)
    trust = trust or TlsTrust()
    try:
        async with asyncio.timeout(timeout_s):
            answer = await _exchange(address, sign_in, max_bytes, trust)
            if answer.status == 401 and sign_in.learn(answer.challenges):
                answer = await _exchange(address, sign_in, max_bytes, trust)
    except TimeoutError as problem:
        raise PictureFailed(Trouble.TIMEOUT, f"the still did not come within {timeout_s:g} s") from problem
    except ConnectionRefusedError as problem:
        raise PictureFailed(Trouble.UNREACHABLE, "the device refused the connection") from problem
    except asyncio.IncompleteReadError as problem:
        raise PictureFailed(Trouble.ENDED, "the device hung up in the middle of its answer") from problem
    except asyncio.LimitOverrunError as problem:
        raise PictureFailed(Trouble.TOO_LARGE, "the device's answer has a head without an end") from problem
    except OSError as problem:
        raise PictureFailed(
            Trouble.UNREACHABLE, f"the device cannot be reached: {problem.strerror or problem}"
        ) from problem
    _check(answer.status, sign_in)
    return answer


def _check(status: int, sign_in: SignIn) -> None:
    if 200 <= status < 300:
        return
    if status == 401 and sign_in.was_withheld:
        raise PictureFailed(Trouble.LOGIN_WITHHELD, WITHHELD)
    if status in (401, 403):
        asked = "" if sign_in.has_login else "; it asks for a user name and password"
        raise PictureFailed(Trouble.LOGIN_REFUSED, f"the device answered {status}{asked}")
    if 300 <= status < 400:
        raise PictureFailed(Trouble.MOVED, "the device points to another address, which is not followed")
    trouble = {404: Trouble.NOT_FOUND, 410: Trouble.NOT_FOUND, 503: Trouble.BUSY}.get(status, Trouble.ERROR_ANSWER)
    raise PictureFailed(trouble, f"the device answered {status}")


async def _exchange(address: MediaAddress, sign_in: SignIn, max_bytes: int, trust: TlsTrust) -> HttpAnswer:
    reader, writer = await asyncio.open_connection(
        address.host, address.port, ssl=context_of(trust) if address.tls else None, limit=MAX_HEAD_BYTES
    )
    try:
        check_certificate(trust, writer)
        host = f"[{address.host}]" if ":" in address.host else address.host
        headers = {
            "Host": f"{host}:{address.port}",
            "Accept": "image/jpeg, */*",
            "User-Agent": "vms",
            "Connection": "close",
            **sign_in.header("GET", address.path),
        }
        lines = [f"GET {address.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        return await _read_answer(reader, max_bytes)
    finally:
        writer.transport.abort()


async def _read_answer(reader: asyncio.StreamReader, max_bytes: int) -> HttpAnswer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    start, *lines = head.split("\r\n")
    words = start.split(" ", 2)
    if not start.startswith("HTTP/1.") or len(words) < 2 or not (words[1].isdecimal() and len(words[1]) == 3):
        raise PictureFailed(Trouble.MALFORMED, "the device answered something that is not HTTP")
    headers: dict[str, str] = {}
    challenges: list[str] = []
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
        if name.strip().lower() == "www-authenticate":
            challenges.append(value.strip())
    status = int(words[1])
    body = await _read_body(reader, headers, max_bytes) if 200 <= status < 300 else b""
    return HttpAnswer(status=status, headers=headers, challenges=tuple(challenges), body=body)


async def _read_body(reader: asyncio.StreamReader, headers: Mapping[str, str], max_bytes: int) -> bytes:
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return await _read_chunks(reader, max_bytes)
    length = headers.get("content-length", "")
    if not length:
        return await _read_to_end(reader, max_bytes)
    if not length.isdecimal() or len(length) > 12:
        raise PictureFailed(Trouble.MALFORMED, "the device's answer has no readable Content-Length")
    if int(length) > max_bytes:
        raise _too_large(max_bytes)
    return await reader.readexactly(int(length))


async def _read_to_end(reader: asyncio.StreamReader, max_bytes: int) -> bytes:
    body = bytearray()
    while data := await reader.read(64 * 1024):
        body += data
        if len(body) > max_bytes:
            raise _too_large(max_bytes)
    return bytes(body)


async def _read_chunks(reader: asyncio.StreamReader, max_bytes: int) -> bytes:
    body = bytearray()
    while True:
        line = await reader.readuntil(b"\n")
        if len(line) > MAX_CHUNK_LINE_BYTES:
            raise PictureFailed(Trouble.MALFORMED, "the device's answer is wrongly chunked")
        try:
            size = int(line.split(b";")[0].strip(), 16)
        except ValueError:
            raise PictureFailed(Trouble.MALFORMED, "the device's answer is wrongly chunked") from None
        if size == 0:
            return bytes(body)
        if size < 0 or len(body) + size > max_bytes:
            raise _too_large(max_bytes)
        body += await reader.readexactly(size)
        await reader.readuntil(b"\n")


def _too_large(max_bytes: int) -> PictureFailed:
    return PictureFailed(Trouble.TOO_LARGE, f"the still is larger than {max_bytes} bytes")
