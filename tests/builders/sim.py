"""Visitors of the pretend city that share no code with it: a SOAP caller and an RTSP viewer, small and blunt."""

import asyncio
import base64
import hashlib
import itertools
import os
import re
import secrets
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from lxml import etree

from vms.sim.city import City, running_city
from vms.sim.personality import PLAIN, Personality
from vms.sim.plan import CityPlan, PretendDevice, plan_city

_blocks = itertools.count(os.getpid() % 97)
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
DIGEST = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest"
SPACES = {
    "tds": "http://www.onvif.org/ver10/device/wsdl",
    "trt": "http://www.onvif.org/ver10/media/wsdl",
    "tr2": "http://www.onvif.org/ver20/media/wsdl",
    "tptz": "http://www.onvif.org/ver20/ptz/wsdl",
    "timg": "http://www.onvif.org/ver20/imaging/wsdl",
    "tev": "http://www.onvif.org/ver10/events/wsdl",
    "tse": "http://www.onvif.org/ver10/search/wsdl",
    "wsnt": "http://docs.oasis-open.org/wsn/b-2",
    "tt": "http://www.onvif.org/ver10/schema",
}
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"


def own_block() -> str:
    """First address of a block that no other city of this test run uses."""
    block = next(_blocks)
    return f"127.20.{block % 250}.1"


def in_a_hurry(plan: CityPlan) -> CityPlan:
    """Its slow devices take a tenth of the time: asked everything, one of them lasts as long as all the others."""
    devices = (
        replace(one, personality=replace(one.personality, slow_s=one.personality.slow_s / 10)) for one in plan.devices
    )
    return replace(plan, devices=tuple(devices))


@asynccontextmanager
async def a_city(cameras: int = 1, *, control: bool = False, **options: object) -> AsyncIterator[City]:
    plan = plan_city(cameras, first_address=own_block(), **{"personalities": False, **options})  # type: ignore[arg-type]
    async with running_city(plan, ("127.0.0.1", 0) if control else None) as city:
        yield city


@asynccontextmanager
async def a_device(personality: Personality = PLAIN, **changes: object) -> AsyncIterator[tuple[City, PretendDevice]]:
    """One camera of that kind; `changes` to its plan."""
    plan = plan_city(1, first_address=own_block(), personalities=False)
    device = replace(plan.devices[0], personality=personality, **changes)  # type: ignore[arg-type]
    async with running_city(CityPlan(seed=plan.seed, town=plan.town, devices=(device,))) as city:
        yield city, device


async def until(holds: Callable[[], bool], within_s: float = 5.0) -> None:
    """Waits for something that the city does by itself; TimeoutError where it does not."""
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110 - what is awaited has no event to wait for
            await asyncio.sleep(0.005)


def token(username: str, password: str, *, created: str | None = None, nonce: bytes | None = None) -> str:
    """A WS-UsernameToken header, now unless told."""
    nonce = nonce or secrets.token_bytes(16)
    created = created or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = base64.b64encode(hashlib.sha1(nonce + created.encode() + password.encode()).digest()).decode()
    return (
        f'<w:Security xmlns:w="{WSSE}"><w:UsernameToken><w:Username>{username}</w:Username>'
        f'<w:Password Type="{DIGEST}">{digest}</w:Password><w:Nonce>{base64.b64encode(nonce).decode()}</w:Nonce>'
        f'<u:Created xmlns:u="{WSU}">{created}</u:Created></w:UsernameToken></w:Security>'
    )


def signed(device: PretendDevice, *, offset_s: float = 0.0) -> str:
    created = (datetime.now(UTC) + timedelta(seconds=offset_s)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return token(device.username, device.password, created=created)


def envelope(body: str, *, header: str = "", soap: str = SOAP_12) -> bytes:
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in SPACES.items())
    inner = f"<s:Header>{header}</s:Header><s:Body>{body}</s:Body>"
    return f'<s:Envelope xmlns:s="{soap}" {spaces}>{inner}</s:Envelope>'.encode()


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name.lower()), "")

    @property
    def xml(self) -> etree._Element:
        return etree.fromstring(self.body)

    def text(self, name: str) -> str:
        return next((e.text or "" for e in self.xml.iter(f"{{*}}{name}")), "")

    def texts(self, name: str) -> list[str]:
        return [e.text or "" for e in self.xml.iter(f"{{*}}{name}")]


async def exchange(address: str, port: int, request: bytes, *, timeout_s: float = 10.0) -> bytes:
    """Everything that comes until the other side closes."""
    async with asyncio.timeout(timeout_s):
        reader, writer = await asyncio.open_connection(address, port)
        try:
            writer.write(request)
            await writer.drain()
            return await reader.read()
        except (ConnectionResetError, BrokenPipeError):
            return b""
        finally:
            writer.close()


def parse_http(raw: bytes) -> HttpAnswer:
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = [(n.strip().lower(), v.strip()) for n, _, v in (line.partition(":") for line in lines[1:])]
    return HttpAnswer(int(lines[0].split(" ")[1]), headers, body)


async def post(
    device: PretendDevice,
    body: bytes,
    *,
    path: str = "/onvif/device_service",
    content_type: str = "application/soap+xml; charset=utf-8",
    authorization: str = "",
    timeout_s: float = 10.0,
) -> HttpAnswer:
    login = f"Authorization: {authorization}\r\n" if authorization else ""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {device.address}\r\nContent-Type: {content_type}\r\n{login}"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return parse_http(await exchange(device.address, device.onvif_port, head.encode() + body, timeout_s=timeout_s))


async def call(
    device: PretendDevice, body: str, *, login: bool = True, offset_s: float = 0.0, **how: object
) -> HttpAnswer:
    """One SOAP 1.2 request, signed unless told otherwise."""
    header = signed(device, offset_s=offset_s) if login else ""
    return await post(device, envelope(body, header=header), **how)  # type: ignore[arg-type]


async def get(device: PretendDevice, target: str, *, authorization: str = "") -> HttpAnswer:
    login = f"Authorization: {authorization}\r\n" if authorization else ""
    request = f"GET {target} HTTP/1.1\r\nHost: {device.address}\r\n{login}Connection: close\r\n\r\n"
    return parse_http(await exchange(device.address, device.onvif_port, request.encode()))


def answer_challenge(
    challenge: str, *, method: str, uri: str, username: str, password: str, count: int = 1, cnonce: str = "abcdef"
) -> str:
    """The Authorization header for a Digest challenge."""
    fields = dict(re.findall(r'(\w+)="?([^",]*)"?', challenge))
    name = fields.get("algorithm", "MD5")

    def digest(text: str) -> str:
        return hashlib.new({"MD5": "md5", "SHA-256": "sha256"}[name], text.encode()).hexdigest()

    secret, asked = digest(f"{username}:{fields['realm']}:{password}"), digest(f"{method}:{uri}")
    head = f'Digest username="{username}", realm="{fields["realm"]}", nonce="{fields["nonce"]}", uri="{uri}"'
    if "qop" not in fields:
        plain = digest(f"{secret}:{fields['nonce']}:{asked}")
        return f'{head}, response="{plain}"'
    response = digest(f"{secret}:{fields['nonce']}:{count:08x}:{cnonce}:auth:{asked}")
    return f'{head}, algorithm={name}, qop=auth, nc={count:08x}, cnonce="{cnonce}", response="{response}"'


@dataclass(slots=True)
class RtspAnswer:
    status: int
    headers: list[tuple[str, str]]
    body: str = ""

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name.lower()), "")


@dataclass(slots=True)
class RtspViewer:
    """One connection to one stream. Not clever: digest on every request once challenged."""

    uri: str
    username: str
    password: str
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    sequence: int = 0
    challenge: str = ""
    session: str = ""
    packets: list[tuple[int, bytes]] = field(default_factory=list)

    async def request(
        self, method: str, *, uri: str | None = None, timeout_s: float = 5.0, **headers: str
    ) -> RtspAnswer:
        async with asyncio.timeout(timeout_s):
            answer = await self._once(method, uri or self.uri, headers)
            if answer.status == 401 and not self.challenge:
                self.challenge = answer.header("www-authenticate")
                answer = await self._once(method, uri or self.uri, headers)
            return answer

    async def _once(self, method: str, uri: str, headers: dict[str, str]) -> RtspAnswer:
        self.sequence += 1
        lines = [f"{method} {uri} RTSP/1.0", f"CSeq: {self.sequence}", *(f"{n}: {v}" for n, v in headers.items())]
        if self.session:
            lines.append(f"Session: {self.session}")
        if self.challenge:
            login = answer_challenge(
                self.challenge, method=method, uri=uri, username=self.username, password=self.password
            )
            lines.append(f"Authorization: {login}")
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        while True:
            first = await self.reader.readexactly(1)
            if first == b"$":
                self.packets.append(await self._packet())
                continue
            head = (first + await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            pairs = [(n.strip().lower(), v.strip()) for n, _, v in (line.partition(":") for line in head[1:] if line)]
            answer = RtspAnswer(int(head[0].split(" ")[1]), pairs)
            if length := int(answer.header("content-length") or 0):
                answer.body = (await self.reader.readexactly(length)).decode()
            return answer

    async def _packet(self) -> tuple[int, bytes]:
        channel, length = struct.unpack(">BH", await self.reader.readexactly(3))
        return channel, await self.reader.readexactly(length)

    async def play(self, *, channel: int = 0, timeout_s: float = 5.0) -> RtspAnswer:
        """DESCRIBE, SETUP, PLAY; the last answer."""
        described = await self.request("DESCRIBE", Accept="application/sdp", timeout_s=timeout_s)
        if described.status != 200:
            return described
        base = described.header("content-base")
        transport = f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}"
        setup = await self.request("SETUP", uri=f"{base}trackID=1", Transport=transport, timeout_s=timeout_s)
        if setup.status != 200:
            return setup
        self.session = setup.header("session").partition(";")[0]
        return await self.request("PLAY", uri=base, timeout_s=timeout_s)

    async def next_packet(self, *, timeout_s: float = 5.0) -> tuple[int, bytes]:
        if self.packets:
            return self.packets.pop(0)
        async with asyncio.timeout(timeout_s):
            while await self.reader.readexactly(1) != b"$":
                pass
            return await self._packet()

    async def frame(self, *, channel: int = 0, timeout_s: float = 5.0) -> list[bytes]:
        """NAL units of the next whole picture."""
        nals: list[bytes] = []
        while True:
            on, packet = await self.next_packet(timeout_s=timeout_s)
            if on != channel:
                continue
            payload, marker = packet[12:], packet[1] & 0x80
            if payload[0] & 31 == 28:
                if payload[1] & 0x80:
                    nals.append(bytes([payload[0] & 0xE0 | payload[1] & 31]))
                if nals:
                    nals[-1] += payload[2:]
            else:
                nals.append(payload)
            if marker:
                return nals

    def close(self) -> None:
        self.writer.close()


async def a_viewer(device: PretendDevice, path: str, *, password: str | None = None) -> RtspViewer:
    reader, writer = await asyncio.open_connection(device.address, device.rtsp_port)
    uri = f"rtsp://{device.address}:{device.rtsp_port}{path}"
    return RtspViewer(uri, device.username, password or device.password, reader, writer)
