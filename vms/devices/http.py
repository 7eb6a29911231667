"""One HTTP request to one camera: a new connection, a hard total time-out, no redirects, nothing larger than allowed.

Only the address handed in is ever contacted. TLS follows a policy per device, since many cameras sign for themselves.
"""

import asyncio
import functools
import hashlib
import ssl
from dataclasses import dataclass, replace
from time import perf_counter
from typing import cast

from vms.core.errors import DeviceUnreachable
from vms.devices.http_answer import AnswerReader, BadAnswer, HttpAnswer

TLS_PORTS = frozenset({443, 8443})
"""Where TLS is spoken without anybody having said so."""
_OP_LEGACY_SERVER_CONNECT = 0x4
"""OpenSSL's name; Python has it from 3.12 on."""
_LEGACY_REASONS = frozenset(
    {
        "UNSUPPORTED_PROTOCOL",
        "WRONG_SSL_VERSION",
        "TLSV1_ALERT_PROTOCOL_VERSION",
        "SSLV3_ALERT_HANDSHAKE_FAILURE",
        "NO_SHARED_CIPHER",
        "DH_KEY_TOO_SMALL",
        "EE_KEY_TOO_SMALL",
        "CA_MD_TOO_WEAK",
        "WRONG_SIGNATURE_TYPE",
        "LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED",
        "UNSAFE_LEGACY_RENEGOTIATION_DISABLED",
    }
)


class ExchangeFailed(DeviceUnreachable):
    """No usable answer; `code`: refused, timeout, unreachable, closed, not_http, too_large, truncated, and of TLS:
    tls (no handshake), tls_legacy (only an old one), tls_certificate_changed."""

    def __init__(self, code: str, message: str, *, connect_s: float | None = None) -> None:
        super().__init__(message, code=code)
        self.connect_s = connect_s
        """How long the connection took; None where there was none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    total_s: float = 10.0
    max_head_bytes: int = 32_768
    max_body_bytes: int = 1_048_576


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsPolicy:
    """How a device is to be trusted. With no field: any certificate will do at first sight (the network is ours, the
    certificate is the camera's own); with `pinned_sha256` only the one with that fingerprint."""

    pinned_sha256: str = ""
    """Hex digest of the certificate in DER, lower case."""
    verify_with_system_roots: bool = False
    allow_legacy: bool = False
    """Protocol versions before TLS 1.2, old ciphers, short keys, unsafe renegotiation."""

    def context(self) -> ssl.SSLContext:
        return _context(self.verify_with_system_roots, self.allow_legacy)


@functools.cache
def _context(verify_with_system_roots: bool, allow_legacy: bool) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if verify_with_system_roots:
        context.load_default_certs()
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if allow_legacy:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.options |= _OP_LEGACY_SERVER_CONNECT
        context.set_ciphers("ALL:@SECLEVEL=0")
    else:
        context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class _Exchange(asyncio.Protocol):
    """Sends, reads until the answer is complete, closes."""

    __slots__ = ("_began", "_policy", "_reader", "_request", "_tls_sha256", "_transport", "connect_s", "done")

    def __init__(
        self, loop: asyncio.AbstractEventLoop, request: bytes, limits: Limits, policy: TlsPolicy | None
    ) -> None:
        self._request = request
        self._policy = policy
        self._reader = AnswerReader(max_head_bytes=limits.max_head_bytes, max_body_bytes=limits.max_body_bytes)
        self._began = perf_counter()
        self._transport: asyncio.Transport | None = None
        self._tls_sha256 = ""
        self.connect_s: float | None = None
        self.done: asyncio.Future[HttpAnswer] = loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport = cast(asyncio.Transport, transport)
        self.connect_s = perf_counter() - self._began
        if self._policy:
            self._tls_sha256 = _fingerprint(transport)
            pinned = plain_fingerprint(self._policy.pinned_sha256)
            if pinned and self._tls_sha256 != pinned:
                told = f"the device shows the certificate {self._tls_sha256}, and not {pinned} as before"
                self._fail("tls_certificate_changed", told)
                return
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if self.done.done():
            return
        try:
            if self._reader.feed(data):
                self._finish()
        except BadAnswer as bad:
            self._fail(bad.code, str(bad))

    def connection_lost(self, exc: Exception | None) -> None:
        if self.done.done():
            return
        if self._reader.started or exc is None:
            try:
                self._finish()
            except BadAnswer as bad:
                self._fail("closed" if bad.code == "not_http" else bad.code, str(bad))
        else:
            self._fail("closed", "the device closed the connection before it answered")

    def out_of_time(self, total_s: float) -> None:
        """An envelope that never ends, or a length that lied: what came counts if it reads as an answer."""
        if self.done.done():
            return
        if self._reader.started:
            try:
                self._finish()
                return
            except BadAnswer:
                pass
        self._fail("timeout", f"no complete answer within {total_s:g} s")

    def _finish(self) -> None:
        answer = self._reader.end()
        total_s = perf_counter() - self._began
        connect_s, sha256 = self.connect_s or 0.0, self._tls_sha256
        self.done.set_result(replace(answer, connect_s=connect_s, total_s=total_s, tls_sha256=sha256))
        if self._transport:
            self._transport.abort()

    def _fail(self, code: str, message: str) -> None:
        self.done.set_exception(ExchangeFailed(code, message, connect_s=self.connect_s))
        if self._transport:
            self._transport.abort()


async def exchange(
    address: str, port: int, request: bytes, *, limits: Limits | None = None, tls: TlsPolicy | None = None
) -> HttpAnswer:
    """Send the request as it is and return the answer, whatever its status. Raises ExchangeFailed and nothing else."""
    limits = limits or Limits()
    loop = asyncio.get_running_loop()
    protocol = _Exchange(loop, request, limits, tls)
    transport: asyncio.BaseTransport | None = None
    try:
        async with asyncio.timeout(limits.total_s):
            transport, _ = await loop.create_connection(
                lambda: protocol, address, port, ssl=tls.context() if tls else None
            )
    except TimeoutError:
        raise ExchangeFailed("timeout", f"no connection within {limits.total_s:g} s") from None
    except OSError as error:
        if tls is not None and isinstance(error, ConnectionResetError):
            told = "the device hung up in the TLS handshake; perhaps it speaks old TLS only, which nobody allowed"
            raise ExchangeFailed("tls", told) from None
        raise connect_failure(error) from None
    left_s = max(0.0, limits.total_s - (protocol.connect_s or 0.0))
    alarm = loop.call_later(left_s, protocol.out_of_time, limits.total_s)
    try:
        return await protocol.done
    finally:
        alarm.cancel()
        transport.abort()


def connect_failure(error: OSError) -> ExchangeFailed:
    """Name what went wrong before anything was said."""
    if isinstance(error, ConnectionRefusedError):
        return ExchangeFailed("refused", "the connection was refused")
    if isinstance(error, ssl.SSLError):
        reason = error.reason or str(error)
        if reason in _LEGACY_REASONS:
            return ExchangeFailed("tls_legacy", f"the device speaks old TLS only, which nobody allowed: {reason}")
        return ExchangeFailed("tls", f"no TLS with this device: {reason}")
    if isinstance(error, TimeoutError):
        return ExchangeFailed("timeout", "no connection: the network gave up")
    if isinstance(error, ConnectionResetError):
        return ExchangeFailed("closed", "the device closed the connection before it answered")
    return ExchangeFailed("unreachable", f"no connection: {error.strerror or error}")


def plain_fingerprint(told: str) -> str:
    """Hex digits in lower case, without the colons between them."""
    return told.strip().lower().replace(":", "")


def _fingerprint(transport: asyncio.Transport) -> str:
    tls = transport.get_extra_info("ssl_object")
    der: bytes = (tls.getpeercert(binary_form=True) if tls else None) or b""
    return hashlib.sha256(der).hexdigest()
