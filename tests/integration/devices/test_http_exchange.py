"""Our HTTP client against servers that misbehave on real sockets."""

import asyncio
import contextlib
import socket
import ssl
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.builders.device_certificates import a_certificate
from tests.builders.devices import next_address
from vms.devices.http import ExchangeFailed, Limits, TlsPolicy, exchange

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def a_server(talk: Talk, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[tuple[str, int]]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    address = next_address()
    server = await asyncio.start_server(serve, address, 0, ssl=tls)
    try:
        yield address, server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def code_of(talk: Talk, *, total_s: float = 5.0) -> ExchangeFailed:
    async with a_server(talk) as (address, port):
        with pytest.raises(ExchangeFailed) as failed:
            await exchange(address, port, b"POST / HTTP/1.1\r\n\r\n", limits=Limits(total_s=total_s))
    return failed.value


async def test_a_server_that_never_answers_costs_the_time_out_and_no_more() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    began = asyncio.get_running_loop().time()
    failed = await code_of(silent, total_s=0.2)
    assert failed.code == "timeout"
    assert failed.connect_s is not None
    assert asyncio.get_running_loop().time() - began < 1.0


async def test_a_server_that_drips_is_cut_off() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"H")
            await writer.drain()
            await asyncio.sleep(0.01)

    assert (await code_of(drip, total_s=0.2)).code in ("timeout", "not_http")


async def test_a_server_that_floods_is_cut_off_early() -> None:
    sent = 0

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
        for _ in range(1000):
            writer.write(b"x" * 100_000)
            await writer.drain()
            sent += 100_000

    assert (await code_of(flood)).code == "too_large"
    assert sent < 20_000_000


async def test_a_server_that_hangs_up_is_named() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)

    assert (await code_of(hang_up)).code == "closed"


async def test_another_protocol_is_named() -> None:
    async def other(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.2p1 Debian\r\n")
        await reader.read()

    assert (await code_of(other)).code == "not_http"


async def test_a_closed_door_is_refused_without_connection() -> None:
    with pytest.raises(ExchangeFailed) as failed:
        await exchange(next_address(), 9, b"x")
    assert (failed.value.code, failed.value.connect_s) == ("refused", None)


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    asked = 0

    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")

    async with a_server(redirect) as (address, port):
        answer = await exchange(address, port, b"POST / HTTP/1.1\r\n\r\n")
    assert (answer.status, asked) == (302, 1)


async def answer_ok(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


async def test_a_self_signed_camera_is_trusted_unless_its_certificate_is_pinned(tmp_path: Path) -> None:
    context, fingerprint = a_certificate(tmp_path)
    async with a_server(answer_ok, tls=context) as (address, port):
        request = b"POST / HTTP/1.1\r\n\r\n"
        assert (await exchange(address, port, request, tls=TlsPolicy())).body == b"ok"
        assert (await exchange(address, port, request, tls=TlsPolicy(pinned_sha256=fingerprint))).body == b"ok"
        for policy, code in (
            (TlsPolicy(pinned_sha256="00" * 32), "tls_certificate_changed"),
            (TlsPolicy(verify_with_system_roots=True), "tls"),
        ):
            with pytest.raises(ExchangeFailed) as failed:
                await exchange(address, port, request, tls=policy)
            assert failed.value.code == code


async def test_tls_to_a_server_without_it_is_named() -> None:
    async with a_server(answer_ok) as (address, port):
        with pytest.raises(ExchangeFailed) as failed:
            await exchange(address, port, b"x", tls=TlsPolicy(), limits=Limits(total_s=0.5))
    assert failed.value.code in ("tls", "timeout", "closed")


def refuse_modern_tls(folder: Path, listening: socket.socket) -> None:
    """One handshake with a server before TLS 1.2, which says why it refuses, as OpenSSL does."""
    context, _ = a_certificate(folder)
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.options |= ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_3
    context.set_ciphers("ALL:@SECLEVEL=0")
    for _ in range(2):
        line, _ = listening.accept()
        with contextlib.suppress(OSError), context.wrap_socket(line, server_side=True) as spoken:
            spoken.recv(1000)
            spoken.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


@pytest.mark.habit(14)
async def test_old_tls_is_a_problem_of_its_own_name_until_somebody_allows_it(tmp_path: Path) -> None:
    with socket.create_server((next_address(), 0)) as listening:
        listening.settimeout(10)
        address, port = listening.getsockname()
        serving = asyncio.create_task(asyncio.to_thread(refuse_modern_tls, tmp_path, listening))
        with pytest.raises(ExchangeFailed) as failed:
            await exchange(address, port, b"x", tls=TlsPolicy())
        answer = await exchange(address, port, b"x", tls=TlsPolicy(allow_legacy=True))
        await serving
    assert failed.value.code == "tls_legacy"
    assert answer.body == b"ok"
    assert len(answer.tls_sha256) == 64
