"""Envelopes and HTTP requests as bytes, on one line, since some cameras choke on line breaks and pretty printing."""

import base64
import hashlib
from datetime import datetime
from xml.sax.saxutils import escape

from vms.devices.onvif.operations import Operation

_ENVELOPE = {"1.2": "http://www.w3.org/2003/05/soap-envelope", "1.1": "http://schemas.xmlsoap.org/soap/envelope/"}
_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
_DIGEST_TYPE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest"
_TEXT_TYPE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"
_ENCODING_TYPE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"


def envelope(operation: Operation, *, soap_version: str = "1.2", security: str = "") -> bytes:
    header = f"<s:Header>{operation.header}{security}</s:Header>" if security or operation.header else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="{_ENVELOPE[soap_version]}">'
        f"{header}<s:Body>{operation.body}</s:Body></s:Envelope>"
    ).encode()


def wsse_token(username: str, password: str, *, created: datetime, nonce: bytes) -> str:
    """The UsernameToken with PasswordDigest. `created` is by the camera's clock; `nonce` must never have been used
    before."""
    stamp = created.strftime("%Y-%m-%dT%H:%M:%S.") + f"{created.microsecond // 1000:03d}Z"
    # SHA-1 is what the WS-Security profile prescribes.
    digest = hashlib.sha1(nonce + stamp.encode() + password.encode(), usedforsecurity=False).digest()
    return (
        f'<w:Security s:mustUnderstand="1" xmlns:w="{_WSSE}" xmlns:u="{_WSU}"><w:UsernameToken>'
        f"<w:Username>{escape(username)}</w:Username>"
        f'<w:Password Type="{_DIGEST_TYPE}">{base64.b64encode(digest).decode()}</w:Password>'
        f'<w:Nonce EncodingType="{_ENCODING_TYPE}">{base64.b64encode(nonce).decode()}</w:Nonce>'
        f"<u:Created>{stamp}</u:Created></w:UsernameToken></w:Security>"
    )


def wsse_plain_token(username: str, password: str) -> str:
    """The UsernameToken with the password itself, for firmware that knows nothing else: over TLS only, if allowed."""
    return (
        f'<w:Security s:mustUnderstand="1" xmlns:w="{_WSSE}"><w:UsernameToken><w:Username>{escape(username)}'
        f'</w:Username><w:Password Type="{_TEXT_TYPE}">{escape(password)}</w:Password></w:UsernameToken></w:Security>'
    )


def http_request(
    body: bytes,
    operation: Operation,
    *,
    host: str,
    path: str,
    soap_version: str = "1.2",
    action_in_content_type: bool = True,
    authorization: str = "",
) -> bytes:
    """`host` is `address:port` as it goes into the Host line. Nothing here may hold a line break; that is checked."""
    if soap_version == "1.1":
        kind = f'Content-Type: text/xml; charset=utf-8\r\nSOAPAction: "{operation.action}"\r\n'
    elif action_in_content_type:
        kind = f'Content-Type: application/soap+xml; charset=utf-8; action="{operation.action}"\r\n'
    else:
        kind = "Content-Type: application/soap+xml; charset=utf-8\r\n"
    login = f"Authorization: {authorization}\r\n" if authorization else ""
    for piece in (path, host, authorization):
        if "\r" in piece or "\n" in piece:
            raise ValueError("a line break inside an HTTP line")
    return (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\n{kind}Content-Length: {len(body)}\r\n{login}Connection: close\r\n\r\n"
    ).encode("utf-8", "replace") + body


def host_line(address: str, port: int) -> str:
    """`address:port`, with brackets around IPv6 and without its scope."""
    bare = address.partition("%")[0]
    return f"[{bare}]:{port}" if ":" in bare else f"{bare}:{port}"
