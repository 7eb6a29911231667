"""Cameras for tests: a small HTTP server on loopback that says what a test tells it to, and remembers what it was
asked."""

import asyncio
import itertools
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
_HOSTS = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as the camera got it."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def operation(self) -> str:
        match = re.search(rb"<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)", self.body)
        return match.group(1).decode() if match else ""

    @property
    def service(self) -> str:
        match = re.search(rb'<o:\w+ xmlns:o="([^"]+)"', self.body)
        return match.group(1).decode() if match else ""

    @property
    def signed(self) -> bool:
        return b"UsernameToken" in self.body or "authorization" in self.headers

    @property
    def soap_11(self) -> bool:
        return SOAP_11.encode() in self.body


Answer = Callable[[Asked], bytes | None]
"""The raw HTTP answer; None: never answers."""


@dataclass(slots=True)
class StubCamera:
    address: str
    port: int
    answer: Answer
    asked: list[Asked] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    @property
    def operations(self) -> list[str]:
        return [one.operation for one in self.asked]

    @property
    def signed_operations(self) -> list[str]:
        return [one.operation for one in self.asked if one.signed]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.decode().split("\r\n")
            pairs = (line.partition(":") for line in lines[1:] if line)
            headers = {name.lower(): value.strip() for name, _, value in pairs}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            asked = Asked(path=lines[0].split(" ")[1], headers=headers, body=body)
            self.asked.append(asked)
            raw = self.answer(asked)
            if raw is None:
                await reader.read()
                return
            for start in range(0, len(raw), _CHUNK):  # so that a huge answer does not pile up in this process
                writer.write(raw[start : start + _CHUNK])
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.at_once -= 1
            writer.close()


_CHUNK = 64 * 1024


def next_address() -> str:
    """A loopback address that no other test of this run uses."""
    number = next(_HOSTS)
    return f"127.22.{number // 250}.{number % 250 + 1}"


@asynccontextmanager
async def a_camera(answer: Answer, *, address: str = "", port: int = 0) -> AsyncIterator[StubCamera]:
    """Answers on its own loopback address until the test is over."""
    camera = StubCamera(address=address or next_address(), port=port, answer=answer)
    server = await asyncio.start_server(camera.serve, camera.address, port)
    camera.port = server.sockets[0].getsockname()[1]
    try:
        yield camera
    finally:
        server.close()


def http(body: bytes | str, *, status: int = 200, headers: str = "", length: int | None = None) -> bytes:
    """A raw HTTP answer; `length` where the camera lies about it."""
    raw = body.encode() if isinstance(body, str) else body
    announced = len(raw) if length is None else length
    return f"HTTP/1.1 {status} X\r\nContent-Length: {announced}\r\n{headers}\r\n".encode() + raw


def soap(inner: str, *, version: str = SOAP_12, prefix: str = "env") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><{prefix}:Envelope xmlns:{prefix}="{version}" '
        'xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" '
        'xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tr2="http://www.onvif.org/ver20/media/wsdl" '
        f'xmlns:ter="http://www.onvif.org/ver10/error"><{prefix}:Body>{inner}</{prefix}:Body></{prefix}:Envelope>'
    )


def soap_fault(subcode: str, reason: str = "no") -> str:
    return soap(
        "<env:Fault><env:Code><env:Value>env:Sender</env:Value><env:Subcode><env:Value>"
        f"{subcode}</env:Value></env:Subcode></env:Code><env:Reason><env:Text>{reason}</env:Text></env:Reason></env:Fault>"
    )


def clock_answer(when: str = "2026 11 21 12 0 0", *, zone: str = "UTC0", local: str = "") -> str:
    """`when` and `local` as `year month day hour minute second`; an empty one is left out."""
    return soap(
        "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>"
        f"<tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>{zone}</tt:TZ></tt:TimeZone>"
        f"{_instant('UTCDateTime', when)}{_instant('LocalDateTime', local)}"
        "</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
    )


def plain_answers(address: str = "127.0.0.1", port: int = 80) -> dict[str, str]:
    """What a well-behaved camera with one channel and two streams says, per operation."""
    host = f"http://{address}:{port}"
    profiles = "".join(
        f'<trt:Profiles token="{token}"><tt:Name>{token}</tt:Name><tt:VideoSourceConfiguration token="VSC">'
        "<tt:Name>人民路口</tt:Name><tt:SourceToken>VS</tt:SourceToken></tt:VideoSourceConfiguration>"
        f"<tt:VideoEncoderConfiguration><tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>{width}</tt:Width>"
        f"<tt:Height>{height}</tt:Height></tt:Resolution></tt:VideoEncoderConfiguration></trt:Profiles>"
        for token, width, height in (("sub", 640, 360), ("main", 1280, 720))
    )
    return {
        "GetSystemDateAndTime": clock_answer(),
        "GetDeviceInformation": soap(
            "<tds:GetDeviceInformationResponse><tds:Manufacturer>Pretend</tds:Manufacturer><tds:Model>P-1</tds:Model>"
            "<tds:FirmwareVersion>1.2.3</tds:FirmwareVersion><tds:SerialNumber>S-42</tds:SerialNumber>"
            "<tds:HardwareId>H</tds:HardwareId></tds:GetDeviceInformationResponse>"
        ),
        "GetServices": soap(
            "<tds:GetServicesResponse><tds:Service><tds:Namespace>http://www.onvif.org/ver10/media/wsdl</tds:Namespace>"
            f"<tds:XAddr>{host}/onvif/media_service</tds:XAddr></tds:Service></tds:GetServicesResponse>"
        ),
        "GetNetworkInterfaces": soap(
            '<tds:GetNetworkInterfacesResponse><tds:NetworkInterfaces token="eth0"><tt:Info><tt:HwAddress>'
            "AA-BB-CC-00-11-22</tt:HwAddress></tt:Info></tds:NetworkInterfaces></tds:GetNetworkInterfacesResponse>"
        ),
        "GetProfiles": soap(f"<trt:GetProfilesResponse>{profiles}</trt:GetProfilesResponse>"),
        "GetStreamUri": soap(
            f"<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>rtsp://{address}:554/live</tt:Uri></trt:MediaUri>"
            "</trt:GetStreamUriResponse>"
        ),
        "GetSnapshotUri": soap(
            f"<trt:GetSnapshotUriResponse><trt:MediaUri><tt:Uri>{host}/still.jpg</tt:Uri></trt:MediaUri>"
            "</trt:GetSnapshotUriResponse>"
        ),
    }


def says(answers: Mapping[str, str | bytes]) -> Answer:
    """Answers per operation; ActionNotSupported for any other."""

    def answer(asked: Asked) -> bytes:
        body = answers.get(asked.operation)
        return http(soap_fault("ter:ActionNotSupported"), status=500) if body is None else http(body)

    return answer


def recorded(folder: Path) -> dict[str, bytes]:
    """The recorded answers of one device of onvif-nvt (`<room>/<Operation>.Response.xml`), by operation."""
    answers: dict[str, bytes] = {}
    for kind in ("Error", "Response"):
        for file in sorted(folder.glob(f"*/*.{kind}.xml")):
            answers[file.name.partition(".")[0]] = file.read_bytes()
    return answers


def _instant(name: str, when: str) -> str:
    if not when:
        return ""
    year, month, day, hour, minute, second = when.split()
    return (
        f"<tt:{name}><tt:Time><tt:Hour>{hour}</tt:Hour><tt:Minute>{minute}</tt:Minute><tt:Second>{second}</tt:Second>"
        f"</tt:Time><tt:Date><tt:Year>{year}</tt:Year><tt:Month>{month}</tt:Month><tt:Day>{day}</tt:Day></tt:Date></tt:{name}>"
    )
