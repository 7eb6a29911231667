"""Devices that mean harm or are broken: a named outcome, in time, in bounded memory."""

import asyncio
import time
import tracemalloc
from itertools import pairwise

import pytest

from tests.builders.media_camera import Habits, a_camera, a_clip, fragments
from vms.media.login import Login
from vms.media.proof import prove_stream
from vms.media.rtsp.client import playing

BODY = b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n"


def described(*lines: bytes) -> bytes:
    body = b"\r\n".join(lines) + b"\r\n"
    return BODY % len(body) + body


@pytest.mark.parametrize(
    ("answer", "because"),
    [
        (b"\x00\xff\x17binary" * 50, "malformed"),
        (b"HTTP/1.1 200 OK\r\n\r\n", "malformed"),
        (b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Le", "ended"),
        (BODY % 500 + b"v=0\r\n", "ended"),
        (BODY % 100_000_000, "too_large"),
        (BODY.replace(b"%d", b"-5"), "malformed"),
        (BODY.replace(b"%d", "²".encode()), "malformed"),
        ("RTSP/1.0 200 OK\r\nCSeq: ²\r\n\r\n".encode(), "no_video"),
        (b"RTSP/1.0 401 No\r\nCSeq: 1\r\nWWW-Authenticate: Negotiate\r\n\r\n", "login_refused"),
        (BODY.replace(b"%d", b"9" * 5000), "malformed"),
        (described(b"v=0", b"m=audio 0 RTP/AVP 8"), "no_video"),
        (described(b"v=0", b"m=video 0 RTP/AVP 26"), "unsupported_codec"),
        (described(b"v=0", b"m=video 0 RTP/AVP 96", b"a=rtpmap:96 MP4V-ES/90000"), "unsupported_codec"),
        (described(b"m="), "no_video"),
        (described(b"m=video x y zz", b"a=rtpmap:96 H264/0"), "no_video"),
        (
            described(b"m=video 0 RTP/AVP 96", b"a=rtpmap:96 H264/90000", b"a=control:rtsp://a b\x01/"),
            "malformed",
        ),
        (described(*[b"a=x:" + b"y" * 100] * 1500), "no_video"),
        ("RTSP/1.0 200 OK\r\nCSeq: 1\r\nX: é中\r\n\r\n".encode("gb18030"), "no_video"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
async def test_an_answer_that_makes_no_sense(answer: bytes, because: str) -> None:
    async with a_camera(Habits(answer_raw={"DESCRIBE": answer})) as camera:
        proof = await prove_stream(camera.uri, Login("operator", "secret"), timeout_s=2)
        assert proof.reading.because == because, proof.message


async def test_one_byte_every_tenth_of_a_second() -> None:
    async with a_camera(Habits(drip=True)) as camera:
        began_s = time.monotonic()
        proof = await prove_stream(camera.uri, timeout_s=0.6)
        assert proof.reading.because == "timeout"
        assert time.monotonic() - began_s < 1.5


@pytest.mark.parametrize("kind", ["head", "body", "packets", "answers"])
async def test_a_hundred_megabytes_are_not_kept(kind: str) -> None:
    block = {
        "head": b"RTSP/1.0 200 OK\r\nX: " + b"y" * 1_000_000,
        "body": BODY % 200_000 + b"v=0\r\n" * 40_000,
        "packets": b"".join(b"$\x00\xff\xff" + b"\x80" + bytes(65_534) for _ in range(16)),
        "answers": b"RTSP/1.0 200 OK\r\nCSeq: 77\r\n\r\n" * 30_000,
    }[kind]

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            for _ in range(100_000_000 // len(block)):
                writer.write(block)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(flood, "127.21.0.2", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        tracemalloc.start()
        try:
            began_s = time.monotonic()
            proof = await prove_stream(f"rtsp://127.21.0.2:{port}/", timeout_s=3)
            _, peak_bytes = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert not proof.reading.playing
    assert proof.reading.because in ("too_large", "timeout", "ended", "no_video", "malformed")
    assert time.monotonic() - began_s < 4.5
    assert peak_bytes < 16_000_000


async def test_after_lost_packets_the_next_picture_is_a_key_frame() -> None:
    before = sum(len(fragments(nal)) for picture in a_clip().pictures[:4] for nal in picture)
    async with a_camera(Habits(lose_packet=before, speed=6)) as camera, playing(camera.uri) as session:
        units = []
        while sum(unit.key for unit in units) < 2:
            units += await session.units(within_s=5)
        assert session.lost_packets == 1
        assert units[0].key
        steps = [later.time_90k - earlier.time_90k for earlier, later in pairwise(units)]
        gap = next(index for index, step in enumerate(steps) if step != 6000)
        assert units[gap + 1].key


async def test_a_wrong_packet_length_is_survived() -> None:
    async with a_camera(Habits(wrong_length_at=5, speed=6)) as camera, playing(camera.uri) as session:
        units = []
        while sum(unit.key for unit in units) < 3:
            received = await session.units(within_s=5)
            assert received
            units += received
        assert session.lost_packets > 0


async def test_the_wall_time_of_a_picture_comes_from_sender_reports() -> None:
    async with a_camera(Habits(sender_reports=True, speed=2)) as camera, playing(camera.uri) as session:
        units = []
        while len(units) < 8:
            units += await session.units(within_s=5)
        told = [unit.captured_at_s for unit in units if unit.captured_at_s is not None]
        assert told
        assert abs(told[-1] - time.time()) < 2


async def test_a_stream_stays_alive_by_asking_now_and_then() -> None:
    async with a_camera(Habits(session_timeout_s=1, speed=3)) as camera, playing(camera.uri) as session:
        while "GET_PARAMETER" not in camera.requests:
            assert await session.units(within_s=5)
        assert await session.units(within_s=5)


async def test_silence_is_not_an_error_of_the_stream() -> None:
    async with a_camera(Habits(stop_after=3)) as camera, playing(camera.uri) as session:
        units = []
        while len(units) < 3:
            units += await session.units(within_s=5)
        assert await session.units(within_s=0.2) == []
