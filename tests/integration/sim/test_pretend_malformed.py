"""What is no request: every reader of the pretend city answers clearly or hangs up, holds little, and goes on."""

import asyncio
import tracemalloc

import pytest

from tests.builders.sim import SOAP_12, a_device, call, envelope, exchange, parse_http, post
from vms.sim.request_message import MAX_BODY_BYTES, MAX_HEAD_BYTES

CLOCK = "<tds:GetSystemDateAndTime/>"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 10) for c in b"bcdefghij")
    + b']><s:Envelope xmlns:s="%s"><s:Body><x>&j;</x></s:Body></s:Envelope>' % SOAP_12.encode()
)
OUTSIDE = (
    b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><s:Envelope xmlns:s="%s"><s:Body><x>&f;</x></s:Body>'
    b"</s:Envelope>" % SOAP_12.encode()
)
WHOLE = envelope(CLOCK)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        WHOLE[:-20],
        WHOLE[: len(WHOLE) // 2],
        b"<a>" * 20_000,
        b"<a>" * 5_000 + b"</a>" * 5_000,
        BOMB,
        OUTSIDE,
        b"\x00\x01\x02\xff" * 500,
        "<a>\u00e9</a>".encode("latin-1"),
        WHOLE.decode().encode("utf-16")[:-40],
        b'<?xml version="1.0" encoding="utf-16"?>' + WHOLE,
        b'<?xml version="1.0" encoding="klingon"?>' + WHOLE,
        b"<html><body>login</body></html>",
        b'<s:Envelope xmlns:s="%s"/>' % SOAP_12.encode(),
        b'<s:Envelope xmlns:s="%s"><s:Body/></s:Envelope>' % SOAP_12.encode(),
    ],
    ids=lambda body: body[:24].decode("latin-1") or "empty",
)
async def test_a_body_that_is_no_soap_gets_a_fault_and_the_device_lives(body: bytes) -> None:
    async with a_device() as (_, device):
        answer = await post(device, body)
        assert answer.status == 400
        assert "ter:WellFormed" in answer.texts("Value")
        assert b"root:" not in answer.body
        assert (await call(device, CLOCK, login=False)).status == 200


async def test_utf_16_is_xml_too() -> None:
    async with a_device() as (_, device):
        assert (await post(device, WHOLE.decode().encode("utf-16"))).texts("Hour")


async def test_a_hundred_megabytes_are_refused_at_the_head() -> None:
    async with a_device() as (_, device):
        head = f"POST /onvif/device_service HTTP/1.1\r\nContent-Length: {100 * 1024 * 1024}\r\n\r\n".encode()
        assert parse_http(await exchange(device.address, device.onvif_port, head)).status == 413


async def test_whoever_sends_without_end_is_cut_off_and_little_is_held() -> None:
    async with a_device() as (_, device):
        for port in (device.onvif_port, device.rtsp_port):
            tracemalloc.start()
            reader, writer = await asyncio.open_connection(device.address, port)
            sent = 0
            with pytest.raises((ConnectionError, TimeoutError)):
                async with asyncio.timeout(10):
                    while sent < 100 * 1024 * 1024:
                        writer.write(b"A" * 65536)
                        sent += 65536
                        await writer.drain()
                        if reader.at_eof() or (await _said(reader)):
                            raise ConnectionError("the device has answered and closed")
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            writer.close()
            assert sent < 20 * 1024 * 1024
            assert peak < 20 * 1024 * 1024
        assert (await call(device, CLOCK, login=False)).status == 200


async def _said(reader: asyncio.StreamReader) -> bool:
    try:
        return bool(await asyncio.wait_for(reader.read(1), 0.001))
    except TimeoutError:
        return False


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello TLS\r\n\r\n", 400),
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon here\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * (MAX_HEAD_BYTES + 1) + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY_BYTES + 1), 413),
    ],
)
async def test_a_broken_http_head_gets_its_status_and_the_line_is_closed(raw: bytes, status: int) -> None:
    async with a_device() as (_, device):
        assert parse_http(await exchange(device.address, device.onvif_port, raw)).status == status


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"\xff\xfe\x00garbage\r\n\r\n", 400),
        (b"DESCRIBE\r\n\r\n", 400),
        (b"DESCRIBE rtsp://x/ RTSP/1.0\r\nContent-Length: 99999999\r\n\r\n", 413),
        (b"GET_PARAMETER * RTSP/1.0\r\nX: " + b"y" * (MAX_HEAD_BYTES + 1), 431),
    ],
)
async def test_a_broken_rtsp_head_gets_its_status_and_the_line_is_closed(raw: bytes, status: int) -> None:
    async with a_device() as (_, device):
        answer = await exchange(device.address, device.rtsp_port, raw)
        assert answer.startswith(b"RTSP/1.0 %d " % status)


async def test_rtsp_channels_out_of_range_are_refused() -> None:
    async with a_device() as (city, device):
        path = city.device(device.address).stream_path(1, "sub")
        raw = f"SETUP rtsp://x{path} RTSP/1.0\r\nCSeq: 1\r\nTransport: RTP/AVP/TCP;interleaved=9999-1\r\n\r\n"
        reader, writer = await asyncio.open_connection(device.address, device.rtsp_port)
        writer.write(raw.encode())
        assert (await asyncio.wait_for(reader.readline(), 3)).split(b" ")[1] in (b"400", b"401")
        writer.close()
