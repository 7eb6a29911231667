"""A small RTSP camera for the media tests: real packets on a real socket, with every bad habit on request."""

import asyncio
import base64
import functools
import hashlib
import re
import ssl
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from fractions import Fraction

import av
import numpy as np

MTU_BYTES = 1400


@dataclass(frozen=True)
class Clip:
    pictures: tuple[tuple[bytes, ...], ...]
    """NAL units of each picture; key frames carry no parameter sets."""
    keys: tuple[bool, ...]
    parameter_sets: tuple[bytes, ...]
    fps: int
    codec: str = "H264"


@functools.cache
def a_clip(
    width: int = 320,
    height: int = 240,
    pictures: int = 30,
    fps: int = 15,
    gop: int = 15,
    codec: str = "H264",
    slices: int = 1,
) -> Clip:
    """A white square that moves over grey noise."""
    encoder = av.CodecContext.create({"H264": "libx264", "H265": "libx265"}[codec], "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, fps), Fraction(fps)
    encoder.options = {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "g": str(gop),
        "crf": "28",
    } | (
        {"x265-params": f"keyint={gop}:min-keyint={gop}:log-level=none:scenecut=0"}
        if codec == "H265"
        else {"x264-params": f"slices={slices}:sliced-threads=0"}
    )
    ground = np.random.default_rng(5).integers(60, 180, (height, width, 3), dtype=np.uint8)
    packets = []
    for number in range(pictures):
        image = ground.copy()
        left = (number * 7) % (width - 32)
        image[40:72, left : left + 32] = 255
        frame = av.VideoFrame.from_ndarray(image, format="rgb24")
        frame.pts = number
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    sets: dict[bytes, None] = {}
    found, keys = [], []
    for packet in packets:
        nals = [nal for nal in re.split(rb"\x00\x00\x00?\x01", bytes(packet)) if nal]
        kinds = [nal[0] & 0x1F if codec == "H264" else nal[0] >> 1 & 0x3F for nal in nals]
        settings = (7, 8) if codec == "H264" else (32, 33, 34)
        sets.update({nal: None for nal, kind in zip(nals, kinds, strict=True) if kind in settings})
        picture = tuple(
            nal for nal, kind in zip(nals, kinds, strict=True) if (1 <= kind <= 5 if codec == "H264" else kind < 32)
        )
        found.append(picture)
        keys.append(any(kind == 5 for kind in kinds) if codec == "H264" else any(16 <= k <= 21 for k in kinds))
    return Clip(tuple(found), tuple(keys), tuple(sets), fps, codec)


def fragments(nal: bytes, codec: str = "H264") -> list[bytes]:
    """RTP payloads of one NAL unit."""
    if len(nal) <= MTU_BYTES:
        return [nal]
    if codec == "H264":
        head, kind, body = bytes((nal[0] & 0xE0 | 28,)), nal[0] & 0x1F, nal[1:]
    else:
        head, kind, body = bytes((nal[0] & 0x81 | 49 << 1, nal[1])), nal[0] >> 1 & 0x3F, nal[2:]
    pieces = [body[at : at + MTU_BYTES] for at in range(0, len(body), MTU_BYTES)]
    last = len(pieces) - 1
    return [
        head + bytes(((0x80 if index == 0 else 0) | (0x40 if index == last else 0) | kind,)) + piece
        for index, piece in enumerate(pieces)
    ]


def aggregate(nals: tuple[bytes, ...], codec: str = "H264") -> bytes:
    head = b"\x18" if codec == "H264" else bytes((48 << 1, 1))
    return head + b"".join(struct.pack(">H", len(nal)) + nal for nal in nals)


@dataclass
class Habits:
    login: tuple[str, str] | None = None
    scheme: str = "md5"
    """`md5`, `sha256`, `basic`."""
    sets_in_sdp: bool = True
    sets_in_band: bool = False
    audio_first: bool = False
    start_at: int = 0
    """The picture of the clip with which PLAY begins."""
    speed: float = 1.0
    stall_at: str = ""
    """A method that is never answered, or `media`."""
    status_for: dict[str, int] = field(default_factory=dict)
    hang_up_at: str = ""
    """A method at which the connection is closed, or `media` (after 20 pictures)."""
    answer_raw: dict[str, bytes] = field(default_factory=dict)
    """Bytes sent instead of an answer."""
    drip: bool = False
    """Everything is sent a byte at a time, one every tenth of a second."""
    lose_packet: int = -1
    """The n-th RTP packet (counted from 0) is never sent."""
    wrong_length_at: int = -1
    """The n-th packet's interleave header claims 5000 bytes too many."""
    wrong_markers: bool = False
    """Every packet carries the marker."""
    sender_reports: bool = False
    max_sessions: int = 100
    session_timeout_s: int = 60
    close_after_401: bool = False
    stop_after: int = -1
    """Falls silent after that many pictures, the connection stays."""
    channel: int = 0
    clips: tuple[Clip, ...] = ()
    """Played one after the other, parameter sets in band."""


@dataclass
class PretendRtsp:
    clip: Clip
    habits: Habits
    host: str
    port: int = 0
    connections: int = 0
    playing: int = 0
    played: int = 0
    refused_logins: int = 0
    requests: list[str] = field(default_factory=list)
    problems: list[BaseException] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    scheme: str = "rtsp"

    @property
    def uri(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}/stream"

    async def until(self, condition, within_s: float = 10.0) -> None:
        """Waits until the condition on this camera holds."""
        async with asyncio.timeout(within_s):
            while not condition():
                self.changed.clear()
                await self.changed.wait()

    def note(self) -> None:
        self.changed.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.note()
        talk = _Talk(self, reader, writer)
        try:
            await talk.run()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            talk.stop()
            writer.close()


class _Talk:
    def __init__(self, camera: PretendRtsp, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.camera, self.reader, self.writer = camera, reader, writer
        self.player: asyncio.Task[None] | None = None

    def stop(self) -> None:
        if self.player is not None:
            self.player.cancel()
            self.player = None
            self.camera.playing -= 1
            self.camera.note()

    async def run(self) -> None:
        habits = self.camera.habits
        while True:
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
            method, uri, _ = head.split("\r\n")[0].split(" ")
            fields = dict(re.findall(r"(?m)^([\w-]+):\s*(.*?)\r$", head))
            self.camera.requests.append(method)
            self.camera.note()
            if habits.stall_at == method:
                await asyncio.Event().wait()
            if habits.hang_up_at == method:
                return
            if method in habits.answer_raw:
                await self.send(habits.answer_raw[method])
                if not habits.drip:
                    self.writer.write_eof()
                continue
            if method == "TEARDOWN":
                self.stop()
                await self.reply(fields, 200)
                continue
            if method in habits.status_for:
                await self.reply(fields, habits.status_for[method])
            elif habits.login and method != "OPTIONS" and not self.signed_in(method, uri, fields):
                if "Authorization" in fields:
                    self.camera.refused_logins += 1
                await self.reply(fields, 401, self.challenge())
                if habits.close_after_401:
                    return
            else:
                await self.answer(method, fields)

    def challenge(self) -> str:
        scheme = self.camera.habits.scheme
        if scheme == "basic":
            return 'WWW-Authenticate: Basic realm="cam"\r\n'
        algorithm = ', algorithm="SHA-256", qop="auth"' if scheme == "sha256" else ""
        return f'WWW-Authenticate: Digest realm="cam", nonce="abc123"{algorithm}\r\n'

    def signed_in(self, method: str, uri: str, fields: dict[str, str]) -> bool:
        username, password = self.camera.habits.login or ("", "")
        given = fields.get("Authorization", "")
        if self.camera.habits.scheme == "basic":
            return given == "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()
        parts = {name: quoted or plain for name, quoted, plain in re.findall(r'(\w+)=(?:"([^"]*)"|([^,\s]+))', given)}
        hashing = hashlib.sha256 if self.camera.habits.scheme == "sha256" else hashlib.md5

        def hashed(text: str) -> str:
            return hashing(text.encode()).hexdigest()

        middle = f":{parts.get('nc')}:{parts.get('cnonce')}:auth" if self.camera.habits.scheme == "sha256" else ""
        expected = hashed(f"{hashed(f'{username}:cam:{password}')}:abc123{middle}:{hashed(f'{method}:{uri}')}")
        return parts.get("response") == expected and parts.get("uri") == uri and parts.get("username") == username

    async def answer(self, method: str, fields: dict[str, str]) -> None:
        habits, camera = self.camera.habits, self.camera
        if method == "OPTIONS":
            await self.reply(fields, 200, "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER\r\n")
        elif method == "DESCRIBE":
            extra = f"Content-Base: {camera.uri}/\r\nContent-Type: application/sdp\r\n"
            await self.reply(fields, 200, extra, self.description())
        elif method == "SETUP":
            if camera.playing >= habits.max_sessions:
                await self.reply(fields, 453)
                return
            channels = f"{habits.channel}-{habits.channel + 1}"
            await self.reply(
                fields,
                200,
                f"Transport: RTP/AVP/TCP;unicast;interleaved={channels}\r\n"
                f"Session: 4711;timeout={habits.session_timeout_s}\r\n",
            )
        elif method == "PLAY":
            await self.reply(fields, 200, "Session: 4711\r\n")
            camera.playing += 1
            camera.played += 1
            camera.note()
            self.player = asyncio.create_task(self.play())
        else:
            await self.reply(fields, 200)

    def description(self) -> bytes:
        clip, habits = self.camera.clip, self.camera.habits
        lines = ["v=0", "o=- 0 0 IN IP4 0.0.0.0", "s=camera", "t=0 0", "a=control:*"]
        if habits.audio_first:
            lines += ["m=audio 0 RTP/AVP 8", "a=control:track1"]
        lines += ["m=video 0 RTP/AVP 96", f"a=rtpmap:96 {clip.codec}/90000", "a=control:track2"]
        if habits.sets_in_sdp and clip.codec == "H264":
            sets = ",".join(base64.b64encode(nal).decode() for nal in clip.parameter_sets)
            lines.append(f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={sets}")
        elif habits.sets_in_sdp:
            sets = ";".join(
                f"sprop-{name}={base64.b64encode(nal).decode()}"
                for name, nal in zip(("vps", "sps", "pps"), clip.parameter_sets, strict=True)
            )
            lines.append(f"a=fmtp:96 {sets}")
        return ("\r\n".join(lines) + "\r\n").encode()

    async def reply(self, fields: dict[str, str], status: int, extra: str = "", body: bytes = b"") -> None:
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        word = "OK" if status == 200 else "Sorry"
        head = f"RTSP/1.0 {status} {word}\r\nCSeq: {fields.get('CSeq', '0')}\r\n{extra}{length}\r\n"
        await self.send(head.encode() + body)

    async def send(self, data: bytes) -> None:
        if self.camera.habits.drip:
            for byte in data:
                self.writer.write(bytes((byte,)))
                await self.writer.drain()
                await asyncio.sleep(0.1)
        else:
            self.writer.write(data)
            await self.writer.drain()

    async def play(self) -> None:
        try:
            await self.send_pictures()
        except OSError:
            pass
        except BaseException as problem:
            if not isinstance(problem, asyncio.CancelledError):
                self.camera.problems.append(problem)
            raise

    async def send_pictures(self) -> None:
        habits = self.camera.habits
        if habits.stall_at == "media":
            return
        clips = habits.clips or (self.camera.clip,)
        sequence, sent, due_s = 65_530, 0, time.monotonic()
        timestamp = 0xFFFF_F000
        number, turn = habits.start_at, 0
        while True:
            clip = clips[turn % len(clips)]
            if number == len(clip.pictures):
                number, turn = 0, turn + 1
                continue
            if habits.sender_reports and number % 5 == 0:
                self.report(timestamp)
            for payload, last in self.payloads(clip, number):
                packet = struct.pack(
                    ">BBHII",
                    0x80,
                    96 | (0x80 if last or habits.wrong_markers else 0),
                    sequence & 0xFFFF,
                    timestamp & 0xFFFF_FFFF,
                    0xCAFE,
                )
                length = len(packet) + len(payload) + (5000 if sent == habits.wrong_length_at else 0)
                if sent != habits.lose_packet:
                    await self.send(struct.pack(">BBH", 0x24, habits.channel, length) + packet + payload)
                sequence, sent = sequence + 1, sent + 1
            timestamp += 90_000 // clip.fps
            number += 1
            shown = turn * len(clip.pictures) + number - habits.start_at
            if habits.hang_up_at == "media" and shown >= 20:
                self.writer.close()
                return
            if shown == habits.stop_after:
                return
            due_s += 1 / clip.fps / habits.speed
            await asyncio.sleep(max(0.0, due_s - time.monotonic()))

    def payloads(self, clip: Clip, number: int) -> list[tuple[bytes, bool]]:
        habits = self.camera.habits
        payloads: list[bytes] = []
        if clip.keys[number] and (habits.sets_in_band or habits.clips):
            payloads.append(aggregate(clip.parameter_sets, clip.codec))
        for nal in clip.pictures[number]:
            payloads += fragments(nal, clip.codec)
        return [(payload, index == len(payloads) - 1) for index, payload in enumerate(payloads)]

    def report(self, timestamp: int) -> None:
        now = time.time() + 2_208_988_800
        body = struct.pack(
            ">BBHIIIIII",
            0x80,
            200,
            6,
            0xCAFE,
            int(now),
            int(now % 1 * 2**32),
            timestamp & 0xFFFF_FFFF,
            0,
            0,
        )
        self.writer.write(struct.pack(">BBH", 0x24, self.camera.habits.channel + 1, len(body)) + body)


@asynccontextmanager
async def a_camera(
    habits: Habits | None = None,
    clip: Clip | None = None,
    host: str = "127.21.0.1",
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[PretendRtsp]:
    """With `tls` its address is an rtsps one."""
    camera = PretendRtsp(clip or a_clip(), habits or Habits(), host, scheme="rtsps" if tls else "rtsp")
    server = await asyncio.start_server(camera.serve, host, 0, ssl=tls)
    camera.port = server.sockets[0].getsockname()[1]
    try:
        yield camera
    finally:
        server.close()
        tasks = [task for task in asyncio.all_tasks() if "PretendRtsp.serve" in repr(task.get_coro())]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert not camera.problems
