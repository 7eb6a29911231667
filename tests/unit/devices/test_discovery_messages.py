"""WS-Discovery as bytes, and what a packet tells about its sender."""

import uuid

import pytest

from tests.builders.devices import SOAP_12
from vms.devices.discovery.find import interpret
from vms.devices.discovery.messages import ProbeTypes, probe, read_matches
from vms.devices.discovery.request import DiscoveryRequest
from vms.devices.onvif.xml import BadXml, anywhere, read_xml, text

SOURCE = "127.22.0.9"
REQUEST = DiscoveryRequest()


def match(xaddrs: str, *, wrapped: bool = True, count: int = 1) -> bytes:
    one = (
        "<d:ProbeMatch><w:EndpointReference><w:Address>urn:uuid:42</w:Address></w:EndpointReference>"
        "<d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>onvif://www.onvif.org/name/A onvif://www.onvif.org/x</d:Scopes>"
        f"<d:XAddrs>{xaddrs}</d:XAddrs></d:ProbeMatch>"
    ) * count
    inner = f"<d:ProbeMatches>{one}</d:ProbeMatches>" if wrapped else one
    return (
        f'<s:Envelope xmlns:s="{SOAP_12}" xmlns:d="urn:d" xmlns:w="urn:w"><s:Body>{inner}</s:Body></s:Envelope>'
    ).encode()


@pytest.mark.parametrize("types", list(ProbeTypes))
def test_a_probe_is_one_line_and_asks_for_its_types(types: ProbeTypes) -> None:
    sent = probe(types, message_id=uuid.UUID(int=7))
    assert b"\n" not in sent
    root = read_xml(sent).root
    assert text(anywhere(root, "Types")) == types.value
    assert text(anywhere(root, "MessageID")) == f"urn:uuid:{uuid.UUID(int=7)}"


def test_our_own_probe_heard_back_is_nobody() -> None:
    assert interpret(probe(ProbeTypes.ANYTHING), SOURCE, "multicast:lo", REQUEST) == []


def test_the_source_is_believed_and_the_xaddr_is_not() -> None:
    (heard,) = interpret(match("http://192.168.1.108:8080/onvif/x"), SOURCE, "unicast", REQUEST)
    assert (heard.address, heard.port, heard.path) == (SOURCE, 8080, "/onvif/x")
    assert heard.endpoint_reference == "urn:uuid:42"
    assert [problem.code for problem in heard.problems] == ["xaddr_rewritten"]
    assert heard.xaddrs == ("http://192.168.1.108:8080/onvif/x",)


def test_of_several_xaddrs_the_one_that_answered_is_taken() -> None:
    told = f"http://169.254.3.4/onvif/a https://{SOURCE}/onvif/b http://{SOURCE}:81/onvif/c http://[fe80::1]/onvif/d"
    (heard,) = interpret(match(told), SOURCE, "unicast", REQUEST)
    assert (heard.port, heard.path, heard.tls, heard.problems) == (81, "/onvif/c", False, ())


def test_a_device_with_https_alone_is_asked_by_https() -> None:
    (heard,) = interpret(match(f"https://{SOURCE}/onvif/b"), SOURCE, "unicast", REQUEST)
    assert (heard.port, heard.tls) == (443, True)


def test_a_match_without_its_wrapper_is_read() -> None:
    (one,) = read_matches(match(f"http://{SOURCE}/a", wrapped=False))
    assert one.scopes == ("onvif://www.onvif.org/name/A", "onvif://www.onvif.org/x")
    assert one.oddities == ("probe_match_without_wrapper",)


def test_a_match_without_address_is_asked_on_the_usual_port() -> None:
    (heard,) = interpret(match(""), SOURCE, "unicast", REQUEST)
    assert (heard.port, heard.problems[0].code) == (80, "no_xaddrs")


def test_hundreds_of_matches_in_one_packet_are_not_kept() -> None:
    assert len(read_matches(match("http://a/", count=200))) == 64


@pytest.mark.parametrize(
    "packet", [b"", b"hello", b"<a", b"\x00" * 100, match("x")[:200], b"<a>" * 1000, b"<!DOCTYPE a><a/>"]
)
def test_a_malformed_packet_is_a_problem_of_its_sender(packet: bytes) -> None:
    (heard,) = interpret(packet, SOURCE, "multicast:lo", REQUEST)
    assert (heard.address, heard.problems[0].code) == (SOURCE, "answer_unreadable")


def test_a_packet_of_a_megabyte_is_refused() -> None:
    with pytest.raises(BadXml):
        read_matches(b"<a>" + b"x" * 1_000_000 + b"</a>")


def test_a_sender_outside_the_allowed_networks_may_not_be_contacted() -> None:
    (heard,) = interpret(match("http://127.0.0.1/a"), "8.8.8.8", "unicast", REQUEST)
    assert not heard.may_be_contacted
