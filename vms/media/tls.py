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
    """Of its web server's certificate, hex. Streams by RTSP over TLS may have another one and are not held to it."""
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
    tls = writer.get_extra_info("ssl_object")
    if not trust.pinned_sha256 or tls is None:
        return
    shown = hashlib.sha256(tls.getpeercert(binary_form=True) or b"").hexdigest()
    if shown != trust.pinned_sha256:
        told = f"the device shows the certificate {shown}, and not the one that it showed first"
        raise PictureFailed(Trouble.CERTIFICATE_CHANGED, told)
