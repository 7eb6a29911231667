"""A camera's video over RTSP: one TCP connection, packets interleaved, every wait timed, every size bounded."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from vms.media.address import MediaAddress, take_apart
from vms.media.h264 import AccessUnit
from vms.media.login import Login
from vms.media.rtsp.digest import SignIn
from vms.media.rtsp.messages import Answer, Packet, RtspReader, write_request
from vms.media.rtsp.replay import ReplayAsk, packet_instant
from vms.media.rtsp.rtp import Pictures
from vms.media.rtsp.sdp import VideoTrack, find_video
from vms.media.tls import TlsTrust, check_stream_certificate, context_of
from vms.media.trouble import WITHHELD, PictureFailed, Trouble

READ_BYTES = 64 * 1024
GOODBYE_S = 0.5
MAX_EARLY_BYTES = 4 * 1024 * 1024
MAX_UNASKED_ANSWERS = 32
_TROUBLE_BY_STATUS = {
    401: Trouble.LOGIN_REFUSED,
    403: Trouble.LOGIN_REFUSED,
    404: Trouble.NOT_FOUND,
    410: Trouble.NOT_FOUND,
    453: Trouble.BUSY,
    454: Trouble.ENDED,
    461: Trouble.TRANSPORT_REFUSED,
}


class RtspSession:
    """A stream that plays. Made by `playing`; `units` is called again and again."""

    def __init__(
        self, address: MediaAddress, login: Login | None, trust: TlsTrust, replay: ReplayAsk | None = None
    ) -> None:
        self._address = address
        self._replay = replay
        self._trust = trust
        self._tls = context_of(trust) if address.tls else None
        self._sign_in = SignIn(login)
        self._rtsp = RtspReader()
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._answers: list[Answer] = []
        self._ready: list[AccessUnit] = []
        self._cseq = 0
        self._session = ""
        self._play_uri = address.uri
        self._alive_method = "OPTIONS"
        self._alive_every_s = 25.0
        self._alive_at_s = 0.0
        self._channel = 0
        self._pictures: Pictures | None = None
        self._track: VideoTrack | None = None
        self.step = "connecting"
        """What is being waited for, in words."""
        self.received_bytes = 0
        self.told_range = ""
        """What the answer to PLAY says of where it begins."""
        self.tls_sha256 = ""
        """Of the certificate that was shown; empty without TLS."""

    @property
    def track(self) -> VideoTrack:
        if self._track is None:
            raise RuntimeError("the track is known only after the description has come")
        return self._track

    @property
    def lost_packets(self) -> int:
        return self._pictures.lost_packets if self._pictures else 0

    @property
    def packets(self) -> int:
        return self._pictures.packets if self._pictures else 0

    async def units(self, *, within_s: float) -> list[AccessUnit]:
        """The pictures that came next, at least one; none where nothing whole came within the time.

        The first is a key frame, and so is the first after packets were lost. Raises `PictureFailed(ended)` where the
        device hangs up.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while not self._ready:
                    await self._receive()
                    self._answer_news()
        units, self._ready = self._ready, []
        self._stay_alive()
        return units

    async def start(self, *, greet: bool) -> None:
        await self._connect()
        if greet:
            await self._greet()
        required = self._replay.describe_headers if self._replay else {}
        description = await self._ask("DESCRIBE", self._address.uri, {"Accept": "application/sdp", **required})
        base = description.headers.get("content-base") or description.headers.get("content-location") or ""
        self._track, self._play_uri = find_video(
            description.body, base if base.lower().startswith(("rtsp://", "rtsps://")) else self._address.uri
        )
        self._pictures = Pictures(
            self._track.codec, clock_rate_hz=self._track.clock_rate_hz, payload_type=self._track.payload_type
        )
        await self._set_up(self._track)
        asked = self._replay.play_headers if self._replay else {"Range": "npt=0.000-"}
        played = await self._ask("PLAY", self._play_uri, {"Session": self._session, **asked})
        self.told_range = played.headers.get("range", "")[:256]
        self._alive_at_s = asyncio.get_running_loop().time() + self._alive_every_s

    async def stop(self) -> None:
        """Says goodbye, so that the device frees the session, and waits for nobody."""
        if self._writer is None:
            return
        if self._session:
            with contextlib.suppress(OSError, RuntimeError):
                self._send("TEARDOWN", self._play_uri, {"Session": self._session})
        self._writer.close()
        try:
            async with asyncio.timeout(GOODBYE_S):
                await self._writer.wait_closed()
        except (OSError, TimeoutError):
            pass
        finally:
            self._writer.transport.abort()

    async def _connect(self) -> None:
        if self._writer is not None:
            self._writer.transport.abort()
        self.step = "connecting"
        self._rtsp = RtspReader()
        try:
            self._reader, self._writer = await asyncio.open_connection(
                self._address.host, self._address.port, ssl=self._tls
            )
        except ConnectionRefusedError as problem:
            raise PictureFailed(Trouble.UNREACHABLE, "the device refused the connection") from problem
        except ssl.SSLError as problem:
            raise PictureFailed(Trouble.MALFORMED, "the device does not speak TLS there") from problem
        except OSError as problem:
            raise PictureFailed(
                Trouble.UNREACHABLE, f"the device cannot be reached: {problem.strerror or problem}"
            ) from problem
        if self._tls is not None:
            self.tls_sha256 = check_stream_certificate(self._trust, self._writer)

    async def _greet(self) -> None:
        """OPTIONS tells how to stay alive; a device that refuses it loses nothing."""
        self.step = "waiting for the answer to OPTIONS"
        cseq = self._send("OPTIONS", self._address.uri, {})
        answer = await self._answer_to(cseq)
        if "GET_PARAMETER" in answer.headers.get("public", "").upper():
            self._alive_method = "GET_PARAMETER"

    async def _set_up(self, track: VideoTrack) -> None:
        required = self._replay.describe_headers if self._replay else {}
        transport_wanted = {"Transport": "RTP/AVP/TCP;unicast;interleaved=0-1"}
        answer = await self._ask("SETUP", track.control, {**transport_wanted, **required})
        session, *parameters = answer.headers.get("session", "").split(";")
        self._session = session.strip()[:256]
        for parameter in parameters:
            name, _, value = parameter.strip().partition("=")
            if name.lower() == "timeout" and value.isdecimal() and len(value) < 6:
                self._alive_every_s = min(max(int(value) / 2, 2.0), 25.0)
        transport = answer.headers.get("transport", "").lower()
        if transport and "tcp" not in transport:
            raise PictureFailed(Trouble.TRANSPORT_REFUSED, "the device does not send video over the connection")
        for parameter in transport.split(";"):
            name, _, value = parameter.strip().partition("=")
            first = value.partition("-")[0]
            if name == "interleaved" and first.isdecimal() and len(first) < 4:
                self._channel = int(first) & 0xFF
        self._rtsp.channels = frozenset({self._channel, self._channel + 1})

    async def _ask(self, method: str, uri: str, headers: Mapping[str, str]) -> Answer:
        """Asks, signs in when asked to (once), and gives the answer if it is a good one."""
        self.step = f"waiting for the answer to {method}"
        answer = await self._answer_to(self._send(method, uri, headers))
        for _ in range(2):
            if answer.status != 401 or not self._sign_in.learn(answer.challenges):
                break
            try:
                answer = await self._answer_to(self._send(method, uri, headers))
            except PictureFailed as failure:
                if failure.trouble != Trouble.ENDED or method != "DESCRIBE":
                    raise
                await self._connect()
                self.step = f"waiting for the answer to {method}"
                answer = await self._answer_to(self._send(method, uri, headers))
        if 200 <= answer.status < 300:
            return answer
        raise self._refusal(method, answer)

    def _refusal(self, method: str, answer: Answer) -> PictureFailed:
        reason = "".join(character for character in answer.reason if character.isprintable())[:80]
        if 300 <= answer.status < 400:
            return PictureFailed(Trouble.MOVED, "the device points to another address, which is not followed")
        trouble = _TROUBLE_BY_STATUS.get(answer.status, Trouble.ERROR_ANSWER)
        if answer.status == 401 and self._sign_in.was_withheld:
            return PictureFailed(Trouble.LOGIN_WITHHELD, WITHHELD)
        if answer.status == 503 and method != "DESCRIBE":
            # What it describes it has; it lacks the means to send it to one more.
            trouble = Trouble.BUSY
        if trouble == Trouble.LOGIN_REFUSED and not self._sign_in.has_login:
            return PictureFailed(trouble, "the device asks for a user name and password for its video")
        return PictureFailed(trouble, f"the device answered {method} with {answer.status} {reason}".rstrip())

    def _send(self, method: str, uri: str, headers: Mapping[str, str]) -> int:
        if self._writer is None:
            raise RuntimeError("not connected")
        self._cseq += 1
        self._writer.write(write_request(method, uri, self._cseq, {**headers, **self._sign_in.header(method, uri)}))
        return self._cseq

    async def _answer_to(self, cseq: int) -> Answer:
        unasked = 0
        while True:
            unasked += len(self._answers)
            if unasked > MAX_UNASKED_ANSWERS:
                raise PictureFailed(Trouble.MALFORMED, f"the device sends answers to nothing, {self.step}")
            for answer in self._answers:
                if answer.status >= 200 and answer.cseq in (cseq, None):
                    self._answers.clear()
                    return answer
            self._answers.clear()
            await self._receive()
            if self._ready and sum(unit.size_bytes for unit in self._ready) > MAX_EARLY_BYTES:
                raise PictureFailed(Trouble.TOO_LARGE, f"the device sends video instead of answering, {self.step}")

    async def _receive(self) -> None:
        if self._reader is None:
            raise RuntimeError("not connected")
        try:
            data = await self._reader.read(READ_BYTES)
        except OSError as problem:
            raise PictureFailed(Trouble.ENDED, f"the connection broke while {self.step}") from problem
        if not data:
            raise PictureFailed(Trouble.ENDED, f"the device hung up while {self.step}")
        self.received_bytes += len(data)
        if self._replay is not None and self.received_bytes > self._replay.most_bytes:
            raise PictureFailed(Trouble.TOO_LARGE, f"the device sends without an end, {self.step}")
        for found in self._rtsp.feed(data):
            if isinstance(found, Answer):
                self._answers.append(found)
            else:
                self._take(found)

    def _take(self, packet: Packet) -> None:
        channel, payload = packet
        if self._pictures is None:
            return
        if channel == self._channel:
            if self._replay is not None and (told := packet_instant(payload)) is not None:
                self._pictures.note_instant(*told)
            self._ready += self._pictures.take(payload)
        elif channel == self._channel + 1 and self._replay is None:  # of recordings it may tell when they are sent
            self._pictures.take_report(payload)

    def _answer_news(self) -> None:
        """What came back to a sign of life: a new nonce is learnt, a lost session ends the stream."""
        for answer in self._answers:
            if answer.status == 401:
                if not self._sign_in.learn(answer.challenges):
                    raise self._refusal(self._alive_method, answer)
                self._alive_at_s = 0.0
            elif answer.status == 454:
                raise self._refusal(self._alive_method, answer)
        self._answers.clear()

    def _stay_alive(self) -> None:
        now_s = asyncio.get_running_loop().time()
        if now_s < self._alive_at_s:
            return
        self._alive_at_s = now_s + self._alive_every_s
        self.step = "playing"
        self._send(self._alive_method, self._play_uri, {"Session": self._session})


@asynccontextmanager
async def playing(
    uri: str,
    login: Login | None = None,
    *,
    timeout_s: float = 5.0,
    greet: bool = True,
    trust: TlsTrust | None = None,
    replay: ReplayAsk | None = None,
) -> AsyncIterator[RtspSession]:
    """Plays the video at `uri`; `timeout_s` bounds everything up to the agreement to play. Raises `PictureFailed`.

    A login inside the address is used where none is given. By rtsps nothing is said before the certificate is known
    to be the device's (see `TlsTrust`).
    """
    address = take_apart(uri, schemes=("rtsp", "rtsps"))
    session = RtspSession(address, login or address.login, trust or TlsTrust(), replay)
    try:
        try:
            async with asyncio.timeout(timeout_s):
                await session.start(greet=greet)
        except TimeoutError as problem:
            raise PictureFailed(
                Trouble.TIMEOUT, f"nothing came within {timeout_s:g} s while {session.step}"
            ) from problem
        session.step = "playing"
        yield session
    finally:
        await session.stop()
