"""One RTSP connection of a pretend device: describe, set up, play over the same TCP connection."""

import asyncio
import base64
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from vms.inventory.camera import StreamRole
from vms.sim.device import LiveDevice
from vms.sim.faults import SLOW_S, Fault
from vms.sim.footage import Footage
from vms.sim.footage_kept import ReplayHabit
from vms.sim.live_encoder import parameter_sets
from vms.sim.personality import Codec, SignIn
from vms.sim.plan import FRAMES_PER_S, SIZES
from vms.sim.replay import PATH, ROLE, Replay
from vms.sim.request_message import Malformed, Request, RequestReader
from vms.sim.soap import SoapFault, StaleNonce
from vms.sim.studio import Studio

SESSION_TIMEOUT_S = 60
BACKLOG_BYTES = 1_000_000
"""A viewer that is further behind gets nothing until the next key frame."""
METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER, SET_PARAMETER"
REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Request Entity Too Large",
    431: "Request Header Fields Too Large",
    453: "Not Enough Bandwidth",
    454: "Session Not Found",
    455: "Method Not Valid in This State",
    457: "Invalid Range",
    461: "Unsupported Transport",
    501: "Not Implemented",
    503: "Service Unavailable",
    551: "Option not supported",
}
_CLOCK = re.compile(r"clock=(\d{8}T\d{6}(?:\.\d+)?)Z-(\d{8}T\d{6}(?:\.\d+)?)Z")


@dataclass(slots=True)
class RtspPort:
    """What the connections to one device's RTSP port share."""

    device: LiveDevice
    studio: Studio
    connections: set["RtspConnection"] = field(default_factory=set)

    @property
    def sessions(self) -> int:
        return sum(1 for connection in self.connections if connection.session)


class Refused(Exception):
    def __init__(self, status: int, *headers: str) -> None:
        super().__init__(status)
        self.status = status
        self.headers = headers


class RtspConnection(asyncio.Protocol):
    def __init__(self, port: RtspPort) -> None:
        self._port = port
        self._device = port.device
        self._loop = asyncio.get_running_loop()
        self._reader = RequestReader()
        self._footage: Footage | Replay | None = None
        self._asked: tuple[int, StreamRole] | None = None
        self._playing = False
        self._skipping = False
        self._drip = bytearray()
        self._idle: asyncio.TimerHandle | None = None
        self._heard_s = 0.0
        self._transport: asyncio.Transport | None = None
        self.session = ""
        self.rtp_channel = 0

    # --- asyncio
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is not derived from it
        self._transport.set_write_buffer_limits(high=4 * BACKLOG_BYTES)
        self._port.connections.add(self)
        self._watch_idle()

    def connection_lost(self, exc: Exception | None) -> None:
        self._port.connections.discard(self)
        self._stop_playing()
        if self._idle is not None:
            self._idle.cancel()
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._heard_s = self._loop.time()
        if Fault.SILENT in self._device.faults:
            return
        try:
            for request in self._reader.feed(data):
                self._serve(request)
        except Malformed as error:
            self._write(f"RTSP/1.0 {error.status} {REASONS.get(error.status, 'Bad Request')}\r\n\r\n".encode())
            self.close()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _watch_idle(self) -> None:
        """Ends a session whose client sends neither requests nor receiver reports."""
        now_s = self._loop.time()
        self._heard_s = self._heard_s or now_s
        if now_s - self._heard_s > SESSION_TIMEOUT_S * 1.25:
            self.close()
        self._idle = self._loop.call_later(SESSION_TIMEOUT_S / 4, self._watch_idle)

    # --- viewer of a footage
    def take(self, packets: bytes, *, key: bool) -> None:
        transport = self._transport
        if transport is None:
            return
        if self._skipping or transport.get_write_buffer_size() > BACKLOG_BYTES:
            self._skipping = not key or transport.get_write_buffer_size() > BACKLOG_BYTES
            if self._skipping:
                return
        transport.write(packets)

    def report(self, packet: bytes) -> None:
        if self._transport is not None and not self._skipping:
            self._transport.write(packet)

    # --- requests
    def _serve(self, request: Request) -> None:
        headers: tuple[str, ...] = ()
        body = ""
        try:
            answer = self._answers.get(request.method)
            if answer is None:
                raise Refused(501 if request.version.startswith("RTSP/") else 400)
            made = answer(self, request)
            if made is None:
                return
            headers, body = made
            status = 200
        except Refused as refused:
            status, headers = refused.status, refused.headers
        lines = [f"RTSP/1.0 {status} {REASONS[status]}", f"CSeq: {request.headers.get('cseq', '0')}", *headers]
        if body:
            lines.append(f"Content-Length: {len(body.encode())}")
        self._send(("\r\n".join(lines) + "\r\n\r\n" + body).encode())

    def _send(self, data: bytes) -> None:
        if Fault.DRIPS in self._device.faults:
            dripping = bool(self._drip)
            self._drip += data
            if not dripping:
                self._drip_on()
        elif Fault.SLOW in self._device.faults:
            self._loop.call_later(SLOW_S, self._write, data)
        else:
            self._write(data)

    def _drip_on(self) -> None:
        if self._drip and self._transport is not None:
            self._write(bytes(self._drip[:1]))
            del self._drip[:1]
            self._loop.call_later(1.0, self._drip_on)

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def _options(self, request: Request) -> tuple[tuple[str, ...], str]:
        return (f"Public: {METHODS}",), ""

    def _describe(self, request: Request) -> tuple[tuple[str, ...], str] | None:
        channel, role = self._stream_asked(request)
        self._check_login(request)
        if Fault.STALLS_AT_DESCRIBE in self._device.faults:
            return None
        base = request.target if request.target.endswith("/") else request.target + "/"
        return (f"Content-Base: {base}", "Content-Type: application/sdp"), sdp(self._device, channel, role)

    def _setup(self, request: Request) -> tuple[tuple[str, ...], str] | None:
        channel, role = self._stream_asked(request)
        self._check_login(request)
        if Fault.STALLS_AT_SETUP in self._device.faults:
            return None
        transport = request.headers.get("transport", "")
        offered = [each for each in transport.split(",") if each.strip().startswith("RTP/AVP/TCP")]
        if not offered:
            raise Refused(461)
        chosen = _channels(offered[0])
        if not self.session:
            if self._port.sessions >= self._device.plan.personality.max_sessions:
                raise Refused(453)
            self.session = secrets.token_hex(8)
        is_audio = request.target.rstrip("/").endswith("audio")
        if not is_audio:
            self.rtp_channel = chosen
            self._asked = (channel, role)
            if PATH in request.target:
                self._footage = Replay(self._device, channel)
            else:
                self._footage = self._port.studio.footage(self._device, channel, role)
            self._footage.prepare()
        ssrc = f";ssrc={self._footage.ssrc:08X}" if self._footage is not None and not is_audio else ""
        return (
            f"Transport: RTP/AVP/TCP;unicast;interleaved={chosen}-{chosen + 1}{ssrc}",
            f"Session: {self.session};timeout={SESSION_TIMEOUT_S}",
        ), ""

    def _play(self, request: Request) -> tuple[tuple[str, ...], str] | None:
        self._check_login(request)
        self._check_session(request)
        if self._footage is None or self._asked is None:
            raise Refused(455)
        if Fault.STALLS_AT_PLAY in self._device.faults:
            return None
        begins = "npt=now-"
        if isinstance(self._footage, Replay):
            begins = self._seek(self._footage, request)
        if not self._playing:
            self._playing = True
            self._loop.call_soon(self._join)
        base = request.target.rstrip("/")
        info = f"url={base}/trackID=1;seq={self._footage.sequence};rtptime={self._footage.timestamp()}"
        return (f"Session: {self.session}", f"Range: {begins}", f"RTP-Info: {info}"), ""

    def _seek(self, replay: Replay, request: Request) -> str:
        asked = _CLOCK.search(request.headers.get("range", ""))
        if asked is None:
            raise Refused(457)
        start, end = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in asked.groups())
        if not replay.begin(start, end):
            raise Refused(457)
        if self._device.rare.replay is ReplayHabit.TELLS_NO_TIME:
            return "npt=0.000-"
        return f"clock={replay.told_start:%Y%m%dT%H%M%S}Z-"

    def _join(self) -> None:
        if self._footage is not None and self._playing and self._transport is not None:
            self._footage.join(self)

    def _pause(self, request: Request) -> tuple[tuple[str, ...], str]:
        self._check_session(request)
        self._stop_playing()
        return (f"Session: {self.session}",), ""

    def _teardown(self, request: Request) -> tuple[tuple[str, ...], str]:
        self._check_session(request)
        self._stop_playing()
        self._footage, self._asked, self.session = None, None, ""
        return (), ""

    def _parameter(self, request: Request) -> tuple[tuple[str, ...], str]:
        if self.session:
            self._check_session(request)
            return (f"Session: {self.session}",), ""
        return (), ""

    def _stop_playing(self) -> None:
        if self._playing and self._footage is not None:
            self._footage.leave(self)
        self._playing = False

    def _stream_asked(self, request: Request) -> tuple[int, StreamRole]:
        asked = self._device.find_stream(request.target)
        recorded = re.search(rf"{PATH}(\d{{1,4}})", request.target)
        if recorded is not None and self._device.plan.is_recorder:
            if request.headers.get("require", "") != "onvif-replay":
                raise Refused(551)
            asked = int(recorded.group(1)), ROLE
            if asked[0] not in {channel.number for channel in self._device.plan.channels}:
                raise Refused(404)
        if asked is None:
            raise Refused(404)
        if Fault.STREAM_DEAD in self._device.faults:
            raise Refused(503)
        return asked

    def _check_session(self, request: Request) -> None:
        if not self.session or request.headers.get("session", "").partition(";")[0].strip() != self.session:
            raise Refused(454)

    def _check_login(self, request: Request) -> None:
        if self._device.plan.personality.auth is SignIn.NONE:
            return
        now_s = self._device.steady_s()
        try:
            self._device.login.check_digest(request.headers.get("authorization"), method=request.method, now_s=now_s)
        except SoapFault as fault:
            stale = isinstance(fault, StaleNonce)
            challenges = self._device.login.digest.challenges(now_s, stale=stale, counted=False)
            raise Refused(401, *(f"WWW-Authenticate: {each}" for each in challenges)) from fault

    _answers: dict[str, Callable[["RtspConnection", Request], tuple[tuple[str, ...], str] | None]] = {  # noqa: RUF012
        "OPTIONS": _options,
        "DESCRIBE": _describe,
        "SETUP": _setup,
        "PLAY": _play,
        "PAUSE": _pause,
        "TEARDOWN": _teardown,
        "GET_PARAMETER": _parameter,
        "SET_PARAMETER": _parameter,
    }


def sdp(device: LiveDevice, channel: int, role: StreamRole) -> str:
    codec = device.plan.personality.codec(role)
    audio = ["m=audio 0 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=control:audio", "a=sendonly"]
    video = [
        "m=video 0 RTP/AVP 96",
        f"a=rtpmap:96 {codec}/90000",
        *_format_line(device, codec, role),
        f"a=framerate:{FRAMES_PER_S}",
        "a=control:trackID=1",
        "a=sendonly",
    ]
    head = [
        "v=0",
        f"o=- {channel} 1 IN IP4 {device.believed_host}",
        f"s={role}",
        "c=IN IP4 0.0.0.0",
        "t=0 0",
        "a=control:*",
    ]
    return "\r\n".join([*head, *(audio if device.plan.personality.audio_first else []), *video]) + "\r\n"


def _format_line(device: LiveDevice, codec: Codec, role: StreamRole) -> list[str]:
    sets = parameter_sets(codec, *SIZES[role])
    coded = [base64.b64encode(each).decode() for each in sets]
    fields = []
    if codec is Codec.H264:
        fields = ["packetization-mode=1", f"profile-level-id={sets[0][1:4].hex().upper()}"]
    if not device.plan.personality.sdp_without_parameter_sets:
        if codec is Codec.H264:
            fields.append(f"sprop-parameter-sets={','.join(coded)}")
        else:
            fields += [f"sprop-{name}={each}" for name, each in zip(("vps", "sps", "pps"), coded, strict=True)]
    return [f"a=fmtp:96 {';'.join(fields)}"] if fields else []


def _channels(transport: str) -> int:
    """The first of the two interleaved channels; 0 where the client names none."""
    for field_ in transport.split(";"):
        name, _, value = field_.strip().partition("=")
        if name.lower() == "interleaved":
            first = value.partition("-")[0]
            if not (first.isascii() and first.isdigit() and len(first) <= 3 and int(first) <= 254):
                raise Refused(400)
            return int(first)
    return 0
