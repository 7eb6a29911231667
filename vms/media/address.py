"""Addresses of streams and stills: taken apart once, and the only place that is ever connected to."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from vms.media.login import Login
from vms.media.trouble import PictureFailed, Trouble

MAX_URI_CHARS = 2048
DEFAULT_PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}
_NOT_IN_A_REQUEST_LINE = re.compile(r"[\x00-\x20\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaAddress:
    host: str
    port: int
    tls: bool
    uri: str
    """As given, without user name and password."""
    path: str
    """Path and query, for HTTP."""
    login: Login | None = None
    """The login that was written into the address, if any."""


def take_apart(uri: str, *, schemes: tuple[str, ...]) -> MediaAddress:
    """Raises `PictureFailed(bad_address)`; the message never holds the address, which may hold a password."""
    try:
        if len(uri) > MAX_URI_CHARS or _NOT_IN_A_REQUEST_LINE.search(uri):
            raise ValueError("it is too long or holds spaces or control characters")
        parts = urlsplit(uri)
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
        if scheme not in schemes:
            raise ValueError(f"it must begin with {' or '.join(schemes)}")
        if not host or not all(0 < len(label) < 64 for label in host.rstrip(".").split(".")) or len(host) > 253:
            raise ValueError("it names no usable host")
    except ValueError as problem:
        raise PictureFailed(Trouble.BAD_ADDRESS, f"the address cannot be used: {problem}") from problem
    login = None
    if parts.username is not None:
        login = Login(unquote(parts.username), unquote(parts.password or ""))
    net_location = parts.netloc.rpartition("@")[2]
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    bare = f"{scheme}://{net_location}{parts.path}" + (f"?{parts.query}" if parts.query else "")
    return MediaAddress(
        host=host,
        port=port or DEFAULT_PORTS[scheme],
        tls=scheme in ("rtsps", "https"),
        uri=bare,
        path=path,
        login=login,
    )
