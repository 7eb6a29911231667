"""One pull of one camera's stream, shared by all who look at it."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from vms.media.address import take_apart
from vms.media.boxer import Boxer, TimeLine
from vms.media.fmp4 import write_fragment
from vms.media.gop import GopCache
from vms.media.h264 import AccessUnit, SpsFacts
from vms.media.live import InitSegment, LiveMessage, LiveNews, LiveSource, MediaFragment, NewsKind, UpstreamStatus
from vms.media.rtsp.client import RtspSession, playing
from vms.media.trouble import FINAL, PictureFailed, Trouble
from vms.media.viewer import Viewer, backlog_limit_bytes

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    linger_s: float = 5.0
    """How long a pull goes on after the last viewer has left."""
    stalled_after_s: float = 3.0
    reconnect_after_s: float = 8.0
    """Without a picture for this long, the connection is given up and made anew."""
    key_frame_within_s: float = 40.0
    """So long it goes on while packets come, but no key frame: some cameras send one every ten seconds or fewer."""
    connect_timeout_s: float = 5.0
    first_backoff_s: float = 0.5
    longest_backoff_s: float = 15.0
    pulls_per_host: int = 4
    tick_s: float = 0.5


class Upstream:
    """Lives as a task from the first viewer until a while after the last one."""

    def __init__(
        self,
        source: LiveSource,
        settings: GatewaySettings,
        on_final: Callable[["Upstream", PictureFailed], None],
        on_busy: Callable[["Upstream"], int] = lambda upstream: 0,
    ) -> None:
        """`on_busy` is told when the device refused one more stream, and says how many others of it play."""
        self.source = source
        self.host = take_apart(source.uri, schemes=("rtsp", "rtsps")).host
        self._settings = settings
        self._on_final = on_final
        self._on_busy = on_busy
        self._viewers: set[Viewer] = set()
        self._time_line = TimeLine()
        self._gop = GopCache()
        self._init: InitSegment | None = None
        self._facts: SpsFacts | None = None
        self._sequence = 0
        self._because = ""
        self._message = ""
        self._stalled = False
        self._tries = 0
        self._reconnects = 0
        self._session: RtspSession | None = None
        self._lost_before = 0
        self._packets_at_picture = 0
        self._pictures = 0
        self._dropped = 0
        self._bytes = 0
        self._measured_bytes = 0
        self._measured_at_s = time.monotonic()
        self._bitrate_bps = 0.0
        self._last_picture_s: float | None = None
        self._quiet_since_s = time.monotonic()
        self._capture_delay_s: float | None = None
        self.warm_until_s = 0.0
        self.unwatched_since_s = time.monotonic()

    @property
    def viewers(self) -> int:
        return len(self._viewers)

    @property
    def plays(self) -> bool:
        """The device holds a session for it."""
        return self._session is not None

    def idle(self, now_s: float) -> bool:
        """Nobody looks, nobody wants it warm, and nobody did a moment ago."""
        return (
            not self._viewers
            and now_s >= self.warm_until_s
            and now_s >= self.unwatched_since_s + self._settings.linger_s
        )

    def join(self, viewer: Viewer) -> None:
        self._viewers.add(viewer)
        if self._init is None:
            self._offer(viewer, LiveNews(kind=NewsKind.COLD))
        else:
            self._welcome(viewer, self._init)
        if self._stalled:
            self._offer(viewer, self._stalled_news())

    def leave(self, viewer: Viewer) -> None:
        self._viewers.discard(viewer)
        if not self._viewers:
            self.unwatched_since_s = time.monotonic()

    def tell(self, message: LiveMessage) -> None:
        """To every viewer."""
        for viewer in tuple(self._viewers):
            self._offer(viewer, message)

    def look_at_the_clock(self, now_s: float) -> None:
        """Called every now and then: measures the bit rate and notices silence."""
        elapsed_s = now_s - self._measured_at_s
        if elapsed_s >= 1.0:
            rate_bps = (self._bytes - self._measured_bytes) * 8 / elapsed_s
            self._bitrate_bps = rate_bps if self._bitrate_bps == 0 else 0.7 * self._bitrate_bps + 0.3 * rate_bps
            self._measured_bytes, self._measured_at_s = self._bytes, now_s
        if not self._stalled and now_s - self._quiet_since_s >= self._settings.stalled_after_s:
            self._tell_stalled(*self._why_silent())

    async def run(self) -> None:
        """Pulls until cancelled, or until the device gives an answer that trying again would not change."""
        while True:
            try:
                await self._pull()
            except PictureFailed as failure:
                if failure.trouble in FINAL:
                    log.info("%s %s: %s", self.source.camera, self.source.role, failure.message)
                    self._on_final(self, failure)
                    return
                sessions = self._on_busy(self) if failure.trouble is Trouble.BUSY else 0
                self._tell_stalled(failure.trouble.value, failure.message, sessions)
            except Exception:  # the head of the loop: what a stream is made of is hostile, one camera costs one camera
                log.exception("%s %s: the pull broke", self.source.camera, self.source.role)
                self._tell_stalled(Trouble.MALFORMED.value, "the stream could not be read")
            finally:
                self._lost_before += self._session.lost_packets if self._session else 0
                self._session, self._packets_at_picture = None, 0
            self._gop.clear()
            self._reconnects += 1
            pause_s = min(self._settings.first_backoff_s * 2**self._tries, self._settings.longest_backoff_s)
            self._tries = min(self._tries + 1, 16)
            await asyncio.sleep(pause_s)

    async def _pull(self) -> None:
        source = self.source
        within_s = self._settings.connect_timeout_s
        async with playing(source.uri, source.login, timeout_s=within_s, trust=source.trust) as session:
            if session.track.codec == "H265":
                raise PictureFailed(Trouble.H265, "the camera sends H.265, which the browser cannot play; stills only")
            self._session = session
            self._time_line.begin_anew()
            boxer = Boxer(self._time_line, session.track.parameter_sets)
            while True:
                for unit in await self._next_units(session):
                    self._take(unit, boxer)

    async def _next_units(self, session: RtspSession) -> list[AccessUnit]:
        """Raises `PictureFailed` where the stream is silent, or goes on without a key frame for too long."""
        began_s = time.monotonic()
        while True:
            packets = session.packets
            units = await session.units(within_s=self._settings.reconnect_after_s)
            if units:
                return units
            if session.packets == packets:
                raise PictureFailed(Trouble.NO_MEDIA, f"nothing came for {self._settings.reconnect_after_s:g} s")
            waited_s = time.monotonic() - began_s
            if waited_s >= self._settings.key_frame_within_s:
                raise PictureFailed(Trouble.NO_KEY_FRAME, f"video came, but no key frame for {waited_s:.0f} s")

    def _take(self, unit: AccessUnit, boxer: Boxer) -> None:
        boxed = boxer.box(unit)
        if boxed is None:
            self._because = Trouble.NO_PARAMETER_SETS.value
            self._message = "the stream has not said yet how to decode it"
            return
        self._quiet_since_s = self._last_picture_s = time.monotonic()
        self._pictures += 1
        self._packets_at_picture = self._session.packets if self._session else 0
        self._bytes += len(boxed.sample.data)
        self._tries = 0
        self._capture_delay_s = None if unit.captured_at_s is None else time.time() - unit.captured_at_s
        if boxed.new_init is not None and (self._init is None or boxed.new_init != self._init.data):
            self._begin(InitSegment(boxed.new_init), boxed.facts)
        self._gop.add(boxed.sample)
        self._because = self._message = ""
        if self._stalled:
            self._stalled = False
            self.tell(LiveNews(kind=NewsKind.PLAYING))
        if self._viewers:
            self._sequence += 1
            fragment = MediaFragment(write_fragment((boxed.sample,), sequence=self._sequence), boxed.sample.key)
            limit_bytes = self._limit_bytes
            for viewer in self._viewers:
                if not viewer.offer(fragment, limit_bytes=limit_bytes):
                    self._dropped += 1

    def _begin(self, init: InitSegment, facts: SpsFacts) -> None:
        self._init, self._facts = init, facts
        self.tell(self._init_news(facts))
        self.tell(init)

    def _welcome(self, viewer: Viewer, init: InitSegment) -> None:
        if self._facts is not None:
            self._offer(viewer, self._init_news(self._facts))
        self._offer(viewer, init)
        samples = self._gop.samples
        if samples:
            self._sequence += 1
            self._offer(viewer, MediaFragment(write_fragment(samples, sequence=self._sequence), True))

    def _offer(self, viewer: Viewer, message: LiveMessage) -> None:
        viewer.offer(message, limit_bytes=self._limit_bytes)

    @property
    def _limit_bytes(self) -> int:
        """Whoever has just joined is still taking in the group of pictures that was sent at once."""
        return backlog_limit_bytes(self._bitrate_bps) + self._gop.size_bytes

    @staticmethod
    def _init_news(facts: SpsFacts) -> LiveNews:
        return LiveNews(kind=NewsKind.INIT, codec=facts.codec, width=facts.width, height=facts.height)

    def _why_silent(self) -> tuple[str, str]:
        if self._because:
            return self._because, self._message
        if self._session is not None and self._session.packets > self._packets_at_picture:
            return Trouble.NO_KEY_FRAME.value, "video comes, the next key frame is awaited"
        return "no_frame", f"no picture for {self._settings.stalled_after_s:g} s"

    def _tell_stalled(self, because: str, message: str, sessions: int = 0) -> None:
        """Once for each reason."""
        told_already = self._stalled and self._because == because
        self._stalled, self._because, self._message = True, because, message
        if not told_already:
            self.tell(self._stalled_news(sessions))

    def _stalled_news(self, sessions: int = 0) -> LiveNews:
        return LiveNews(kind=NewsKind.STALLED, because=self._because, message=self._message, sessions=sessions)

    def status(self, now_s: float) -> UpstreamStatus:
        facts = self._facts
        state = "stalled" if self._stalled else "playing" if self._last_picture_s is not None else "connecting"
        return UpstreamStatus(
            camera=self.source.camera,
            role=self.source.role.value,
            host=self.host,
            state=state,
            because=self._because,
            viewers=len(self._viewers),
            warm=now_s < self.warm_until_s,
            codec=facts.codec if facts else "",
            width=facts.width if facts else 0,
            height=facts.height if facts else 0,
            pictures=self._pictures,
            bitrate_bps=round(self._bitrate_bps),
            lost_packets=self._lost_before + (self._session.lost_packets if self._session else 0),
            reconnects=self._reconnects,
            dropped_fragments=self._dropped,
            last_picture_age_s=None if self._last_picture_s is None else now_s - self._last_picture_s,
            capture_delay_s=self._capture_delay_s,
        )
