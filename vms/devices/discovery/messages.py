"""WS-Discovery as functions of bytes: the probe that asks, the match that answers."""

import uuid
from dataclasses import dataclass
from enum import StrEnum

from vms.devices.onvif.xml import BadXml, anywhere, everywhere, local, read_xml, text, words

PORT = 3702
GROUP_V4 = "239.255.255.250"
GROUP_V6 = "ff02::c"
_MAX_MATCHES = 64
_MAX_WORDS = 64
_MAX_WORD = 512


class ProbeTypes(StrEnum):
    """What is asked for: some devices answer only to one of these."""

    TRANSMITTER = "dn:NetworkVideoTransmitter"
    DEVICE = "tds:Device"
    ANYTHING = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a device says about itself, unchecked."""

    endpoint_reference: str
    types: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    xaddrs: tuple[str, ...] = ()
    oddities: tuple[str, ...] = ()


def probe(types: ProbeTypes, *, message_id: uuid.UUID | None = None) -> bytes:
    """One line: some devices ignore a probe with line breaks in it."""
    asked = f"<d:Types>{types.value}</d:Types>" if types.value else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"'
        ' xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
        ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
        ' xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl">'
        f"<e:Header><w:MessageID>urn:uuid:{message_id or uuid.uuid4()}</w:MessageID>"
        '<w:To e:mustUnderstand="true">urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>'
        '<w:Action e:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action>'
        f"</e:Header><e:Body><d:Probe>{asked}</d:Probe></e:Body></e:Envelope>"
    ).encode()


def read_matches(data: bytes) -> tuple[Match, ...]:
    """The matches in an answer, also where the wrapper or the action is missing. Empty for other people's probes;
    raises
    BadXml for what cannot be read."""
    read = read_xml(data, max_bytes=65_536)
    body = anywhere(read.root, "Body")
    if body is None:
        raise BadXml("not_soap", "no SOAP body in the answer")
    found: list[Match] = []
    for one in everywhere(body, "ProbeMatch"):
        oddities = list(read.oddities)
        if not any(local(each) == "ProbeMatches" for each in body):
            oddities.append("probe_match_without_wrapper")
        xaddrs = _words(text(one, "XAddrs"))
        if not xaddrs:
            oddities.append("no_xaddrs")
        found.append(
            Match(
                endpoint_reference=text(one, "EndpointReference", "Address")[:_MAX_WORD],
                types=_words(text(one, "Types")),
                scopes=_words(words(one, "Scopes")),
                xaddrs=xaddrs,
                oddities=tuple(oddities),
            )
        )
        if len(found) == _MAX_MATCHES:
            break
    return tuple(found)


def _words(told: str) -> tuple[str, ...]:
    return tuple(word[:_MAX_WORD] for word in told.split()[:_MAX_WORDS])
