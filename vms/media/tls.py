"""TLS towards cameras, which sign their own certificates: any will do, unless one is known; old TLS only if allowed."""

import asyncio
import functools
import hashlib
import ssl
from dataclasses import dataclass

from vms.media.trouble import PictureFailed, Trouble

_OP_LEGACY_SERVER_CONNECT = 0x4
"""OpenSSL's name; Python has it from 3.12 on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsTrust:
    """What is known and allowed of one device."""

    pinned_sha256: str = ""
    """Of its web server's certificate, hex."""
    stream_sha256: str = ""
    """Of the certificate that its streams showed first, where that is another one."""
    allow_legacy: bool = False
    """Protocol versions before TLS 1.2, old ciphers."""


def context_of(trust: TlsTrust) -> ssl.SSLContext:
    """Encrypts, but takes any certificate: a camera on a closed network has none that anybody could check."""
    return _context(trust.allow_legacy)


@functools.cache
def _context(allow_legacy: bool) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if allow_legacy:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.options |= _OP_LEGACY_SERVER_CONNECT
        context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def check_certificate(trust: TlsTrust, writer: asyncio.StreamWriter) -> None:
    """Before anything is said. Raises `PictureFailed(tls_certificate_changed)`."""
    shown = _shown(writer)
    if shown and trust.pinned_sha256 and shown != trust.pinned_sha256:
        raise _changed(shown)


def check_stream_certificate(trust: TlsTrust, writer: asyncio.StreamWriter) -> str:
    """The same for RTSP over TLS: the web server's certificate is good there too; one of its own is taken at first
    sight and held to from then on. Gives what was shown. Raises `PictureFailed(tls_certificate_changed)`."""
    shown = _shown(writer)
    if trust.stream_sha256 and shown not in (trust.stream_sha256, trust.pinned_sha256):
        raise _changed(shown)
    return shown


def _shown(writer: asyncio.StreamWriter) -> str:
    tls = writer.get_extra_info("ssl_object")
    return "" if tls is None else hashlib.sha256(tls.getpeercert(binary_form=True) or b"").hexdigest()


def _changed(shown: str) -> PictureFailed:
    told = f"the device shows the certificate {shown}, and not the one that it showed first"
    return PictureFailed(Trouble.CERTIFICATE_CHANGED, told)
