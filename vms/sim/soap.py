"""SOAP requests read without trust, and answers in each maker's spelling."""

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

from lxml import etree

from vms.sim.makers import PREFIXES, Maker

SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
WSA = PREFIXES["wsa"]
_PARSER = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UsernameToken:
    username: str
    password: str
    is_digest: bool
    nonce: str
    created: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SoapRequest:
    is_12: bool
    namespace: str
    operation: str
    body: etree._Element
    token: UsernameToken | None
    message_id: str


class SoapFault(Exception):
    """What a device answers instead. `subcodes` as QNames under the prefixes of PREFIXES."""

    def __init__(self, status: int, code: str, subcodes: tuple[str, ...], reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.code = code
        """`Sender`, `Receiver` or `VersionMismatch`."""
        self.subcodes = subcodes
        self.reason = reason


class StaleNonce(SoapFault):
    """The login was right but for the age or the count of its nonce: the client shall try again with the new one."""


def sender_fault(subcodes: tuple[str, ...], reason: str, *, status: int = 400) -> SoapFault:
    return SoapFault(status, "Sender", subcodes, reason)


def read_request(data: bytes) -> SoapRequest:
    """Raises SoapFault for whatever is no SOAP request."""
    try:
        root = etree.fromstring(data, etree.XMLParser(**_PARSER))
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise sender_fault(("ter:WellFormed",), f"not well-formed XML: {str(error)[:200]}") from error
    if root.getroottree().docinfo.doctype:
        raise sender_fault(("ter:WellFormed",), "a document type declaration is refused")
    name = etree.QName(root)
    if name.localname != "Envelope" or name.namespace not in (SOAP_11, SOAP_12):
        raise sender_fault(("ter:WellFormed",), "not a SOAP envelope")
    header, body = root.find(f"{{{name.namespace}}}Header"), root.find(f"{{{name.namespace}}}Body")
    operation = next(iter(body), None) if body is not None else None
    if operation is None:
        raise sender_fault(("ter:WellFormed",), "the SOAP body is empty")
    asked = etree.QName(operation)
    return SoapRequest(
        is_12=name.namespace == SOAP_12,
        namespace=asked.namespace or "",
        operation=asked.localname,
        body=operation,
        token=None if header is None else _token(header),
        message_id="" if header is None else (header.findtext(f"{{{WSA}}}MessageID") or "").strip()[:200],
    )


def _token(header: etree._Element) -> UsernameToken | None:
    token = header.find(f"{{{WSSE}}}Security/{{{WSSE}}}UsernameToken")
    if token is None:
        return None
    password = token.find(f"{{{WSSE}}}Password")
    return UsernameToken(
        username=(token.findtext(f"{{{WSSE}}}Username") or "").strip(),
        password="" if password is None else (password.text or "").strip(),
        is_digest=password is not None and password.get("Type", "").endswith("#PasswordDigest"),
        nonce=(token.findtext(f"{{{WSSE}}}Nonce") or "").strip(),
        created=(token.findtext(f"{{{WSU}}}Created") or "").strip(),
    )


def text_of(element: etree._Element, *names: str) -> str:
    """Text of the first descendant with one of those local names; empty where there is none."""
    for name in names:
        for found in element.iter(f"{{*}}{name}"):
            return (found.text or "").strip()
    return ""


class Spelling:
    """How a maker writes an envelope. One per maker and SOAP version."""

    __slots__ = ("_close", "_open", "_prefix", "_rename", "_renames", "is_12")

    def __init__(self, maker: Maker, *, is_12: bool) -> None:
        self.is_12 = is_12
        self._prefix = maker.envelope_prefix
        self._renames = dict(maker.renamed)
        self._rename = re.compile(rf"(</?)({'|'.join(self._renames)}):") if self._renames else None
        spaces = {self._prefix: SOAP_12 if is_12 else SOAP_11}
        spaces |= {self._renames.get(prefix, prefix): uri for prefix, uri in PREFIXES.items()}
        spaces |= {f"u{n}": f"urn:pretend:unused:{n}" for n in range(maker.extra_namespaces)}
        declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items())
        self._open = f'<?xml version="1.0" encoding="UTF-8"?>\n<{self._prefix}:Envelope {declared}>'
        self._close = f"</{self._prefix}:Envelope>"

    def envelope(self, body: str, *, header: str = "") -> bytes:
        """`body` and `header` are written under the prefixes of PREFIXES."""
        p = self._prefix
        if self._rename is not None:
            body = self._rename.sub(lambda found: f"{found[1]}{self._renames[found[2]]}:", body)
        head = f"<{p}:Header>{header}</{p}:Header>" if header else ""
        return f"{self._open}{head}<{p}:Body>{body}</{p}:Body>{self._close}".encode()

    def fault(self, fault: SoapFault) -> bytes:
        p, reason = self._prefix, escape(fault.reason)
        if not self.is_12:
            code = {"Sender": "Client", "Receiver": "Server"}.get(fault.code, fault.code)
            detail = f"<detail><ter:Code>{fault.subcodes[-1]}</ter:Code></detail>" if fault.subcodes else ""
            inner = f"<faultcode>{p}:{code}</faultcode><faultstring>{reason}</faultstring>{detail}"
            return self.envelope(f"<{p}:Fault>{inner}</{p}:Fault>")
        nested = ""
        for subcode in reversed(fault.subcodes):
            nested = f"<{p}:Subcode><{p}:Value>{subcode}</{p}:Value>{nested}</{p}:Subcode>"
        return self.envelope(
            f"<{p}:Fault><{p}:Code><{p}:Value>{p}:{fault.code}</{p}:Value>{nested}</{p}:Code>"
            f'<{p}:Reason><{p}:Text xml:lang="en">{reason}</{p}:Text></{p}:Reason></{p}:Fault>'
        )
