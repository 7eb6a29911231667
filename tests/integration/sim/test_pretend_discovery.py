"""The pretend city is heard on the network: by multicast on loopback and by unicast, with real habits."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from lxml import etree

from tests.builders.sim import a_city, a_device
from vms.sim.faults import Fault
from vms.sim.personality import habit

GROUP = ("239.255.255.250", 3702)
MESSAGE_ID = "uuid:11111111-2222-3333-4444-555555555555"


def probe(types: str = "dn:NetworkVideoTransmitter", scopes: str = "") -> bytes:
    return (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"><s:Header>'
        f"<a:MessageID>{MESSAGE_ID}</a:MessageID><a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>"
        "<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action></s:Header><s:Body>"
        '<d:Probe xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" '
        'xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl">'
        f"<d:Types>{types}</d:Types><d:Scopes>{scopes}</d:Scopes></d:Probe></s:Body></s:Envelope>"
    ).encode()


class Ear(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.news = asyncio.Event()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.heard.append((addr[0], data))
        self.news.set()

    async def until(self, addresses: set[str], within_s: float = 10.0) -> dict[str, bytes]:
        """The answers of those addresses; what others on the machine say is not ours."""
        async with asyncio.timeout(within_s):
            while not addresses <= {address for address, _ in self.heard}:
                self.news.clear()
                await self.news.wait()
        return {address: data for address, data in self.heard if address in addresses}


@asynccontextmanager
async def probing(out: asyncio.DatagramTransport, message: bytes) -> AsyncIterator[None]:
    """Asks the group again and again meanwhile, as everybody has to who asks by UDP."""

    async def again() -> None:
        while True:
            out.sendto(message, GROUP)
            await asyncio.sleep(0.5)

    task = asyncio.create_task(again())
    try:
        yield
    finally:
        task.cancel()


@asynccontextmanager
async def an_ear() -> AsyncIterator[tuple[Ear, asyncio.DatagramTransport]]:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    sock.bind(("127.0.0.1", 0))
    transport, ear = await asyncio.get_running_loop().create_datagram_endpoint(Ear, sock=sock)
    try:
        yield ear, transport
    finally:
        transport.close()


async def test_one_multicast_probe_is_answered_by_everybody_from_their_own_address() -> None:
    async with a_city(60) as city, an_ear() as (ear, out):
        async with probing(out, probe()):
            answers = await ear.until(set(city.sites))
        for device in city.plan.devices:
            match = etree.fromstring(answers[device.address])
            assert next(match.iter("{*}RelatesTo")).text == MESSAGE_ID
            assert device.endpoint_reference in [e.text for e in match.iter("{*}Address")]
            assert f"//{device.address}:{device.onvif_port}/" in next(match.iter("{*}XAddrs")).text


async def test_a_unicast_probe_is_answered_at_once() -> None:
    async with a_device() as (_, device), an_ear() as (ear, out):
        out.sendto(probe(types=""), (device.address, 3702))
        assert device.endpoint_reference.encode() in (await ear.until({device.address}))[device.address]


async def test_only_those_asked_for_answer() -> None:
    async with a_device() as (_, device), an_ear() as (ear, out):
        for wrong in (
            probe(types="x:Printer"),
            probe(scopes="onvif://www.onvif.org/hardware/other"),
            b"<a/>",
            b"\xff\x00 not XML",
            b'<!DOCTYPE x [<!ENTITY y "z">]><x>&y;</x>',
            b" " * 20_000,
        ):
            out.sendto(wrong, (device.address, 3702))
        out.sendto(probe(scopes="onvif://www.onvif.org/hardware"), (device.address, 3702))
        await ear.until({device.address})
        assert len(ear.heard) == 1


async def test_some_overlook_a_probe_with_newlines_and_some_wrap_their_answer_badly() -> None:
    async with a_device(habit("one_line_probe")) as (_, device), an_ear() as (ear, out):
        out.sendto(probe().replace(b"<s:Body>", b"\n<s:Body>"), (device.address, 3702))
        out.sendto(probe().replace(MESSAGE_ID.encode(), b"uuid:second"), (device.address, 3702))
        await ear.until({device.address})
        assert [b"uuid:second" in data for _, data in ear.heard] == [True]
    async with a_device(habit("bare_probe_match")) as (_, device), an_ear() as (ear, out):
        out.sendto(probe(), (device.address, 3702))
        assert b"ProbeMatches>" not in (await ear.until({device.address}))[device.address].partition(b"<s:Body>")[2]
    async with a_device(habit("link_local")) as (_, device), an_ear() as (ear, out):
        out.sendto(probe(), (device.address, 3702))
        answer = etree.fromstring((await ear.until({device.address}))[device.address])
        assert next(answer.iter("{*}XAddrs")).text.split()[0].startswith("http://169.254.")


async def test_a_device_that_is_off_is_not_heard_and_one_that_returns_is() -> None:
    async with a_city(4) as city, an_ear() as (ear, out):
        gone, *others = city.sites
        await city.set_fault(gone, Fault.OFF, True)
        async with probing(out, probe()):
            await ear.until(set(others))
        assert gone not in {address for address, _ in ear.heard}
        await city.set_fault(gone, Fault.OFF, False)
        async with probing(out, probe()):
            await ear.until({gone})
