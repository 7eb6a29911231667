"""WS-Discovery of the pretend city: each device has an own address; one socket hears the multicast for all."""

import asyncio
import random
import socket
import struct
import uuid
from collections.abc import Callable, Iterable
from typing import cast
from xml.sax.saxutils import escape

from lxml import etree

from vms.sim.device import LiveDevice
from vms.sim.makers import PREFIXES
from vms.sim.soap import SOAP_12

GROUP, PORT = "239.255.255.250", 3702
WSD = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
WSA04 = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
NETWORK = "http://www.onvif.org/ver10/network/wsdl"
MAX_PROBE_BYTES = 8192
SPREAD_S = 0.1
"""Answers to one multicast probe are spread over this time, as the standard asks."""
_TYPES = {"NetworkVideoTransmitter": NETWORK, "Device": PREFIXES["tds"]}

Address = tuple[str, int]


class Probe:
    """What a probe asks for. ValueError: not a probe."""

    __slots__ = ("has_newline", "message_id", "scopes", "types")

    def __init__(self, data: bytes) -> None:
        if len(data) > MAX_PROBE_BYTES:
            raise ValueError("too long for a probe")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise ValueError("not XML") from error
        if root.getroottree().docinfo.doctype:
            raise ValueError("a document type declaration is refused")
        probe = root.find(f"{{*}}Body/{{{WSD}}}Probe")
        if probe is None:
            raise ValueError("not a probe")
        self.message_id = (root.findtext("{*}Header/{*}MessageID") or "").strip()[:200]
        self.types = [name.rpartition(":")[2] for name in (probe.findtext(f"{{{WSD}}}Types") or "").split()]
        self.scopes = (probe.findtext(f"{{{WSD}}}Scopes") or "").split()
        self.has_newline = b"\n" in data

    def wants(self, device: LiveDevice) -> bool:
        """ONVIF's scope rule: each asked scope is a prefix of one that the device has."""
        if not all(name in _TYPES for name in self.types):
            return False
        held = device.scopes() if self.scopes else []
        return all(any(scope.startswith(asked) for scope in held) for asked in self.scopes)


def probe_match(device: LiveDevice, message_id: str) -> bytes:
    habits = device.plan.personality
    addresses = [device.service_address("device")]
    if habits.link_local_xaddr:
        addresses.insert(0, addresses[0].replace(device.believed_host, "169.254.33.7"))
    match = (
        f"<d:ProbeMatch><a:EndpointReference><a:Address>{device.endpoint_reference}</a:Address></a:EndpointReference>"
        f"<d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types><d:Scopes>{escape(' '.join(device.scopes()))}"
        f"</d:Scopes><d:XAddrs>{' '.join(addresses)}</d:XAddrs><d:MetadataVersion>10</d:MetadataVersion></d:ProbeMatch>"
    )
    if not habits.bare_probe_match:
        match = f"<d:ProbeMatches>{match}</d:ProbeMatches>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="{SOAP_12}" xmlns:a="{WSA04}" xmlns:d="{WSD}" '
        f'xmlns:dn="{NETWORK}" xmlns:tds="{PREFIXES["tds"]}"><s:Header>'
        f"<a:MessageID>uuid:{uuid.uuid4()}</a:MessageID><a:RelatesTo>{escape(message_id)}</a:RelatesTo>"
        "<a:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To>"
        f"<a:Action>{WSD}/ProbeMatches</a:Action></s:Header><s:Body>{match}</s:Body></s:Envelope>"
    ).encode()


class DeviceEar(asyncio.DatagramProtocol):
    """A device's own UDP address: hears unicast probes and sends every answer."""

    __slots__ = ("_device", "_transport")

    def __init__(self, device: LiveDevice) -> None:
        self._device = device
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    def datagram_received(self, data: bytes, addr: Address) -> None:
        try:
            probe = Probe(data)
        except ValueError:
            return
        self.answer(probe, addr)

    def answer(self, probe: Probe, to: Address) -> None:
        deaf = self._device.plan.personality.ignores_probe_with_newline and probe.has_newline
        if self._transport is None or deaf or "silent" in self._device.faults or not probe.wants(self._device):
            return
        self._transport.sendto(probe_match(self._device, probe.message_id), to)


class GroupEar(asyncio.DatagramProtocol):
    """Hears the multicast group on the loopback interface for all ears."""

    def __init__(self, ears: Callable[[], Iterable[DeviceEar]]) -> None:
        self._ears = ears

    def datagram_received(self, data: bytes, addr: Address) -> None:
        try:
            probe = Probe(data)
        except ValueError:
            return
        loop = asyncio.get_running_loop()
        for ear in self._ears():
            loop.call_later(random.uniform(0.0, SPREAD_S), ear.answer, probe, addr)


def group_socket() -> socket.socket:
    """Bound to the group itself, so that it hears nothing else; shared with other cities on the machine."""
    heard = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    heard.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    heard.setblocking(False)
    heard.bind((GROUP, PORT))
    member = struct.pack("4s4s", socket.inet_aton(GROUP), socket.inet_aton("127.0.0.1"))
    heard.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
    return heard
