"""The live gateway: at most one pull per stream, whoever looks; knows nothing of permissions or the database."""

import asyncio
import logging
import resource
import time
from collections.abc import AsyncGenerator

from vms.media.address import take_apart
from vms.media.live import GatewayStatus, LiveMessage, LiveNews, LiveSource, NewsKind
from vms.media.login import Login
from vms.media.trouble import PictureFailed, Trouble
from vms.media.upstream import GatewaySettings, Upstream
from vms.media.viewer import QueueViewer, Viewer, is_last

log = logging.getLogger(__name__)
MAX_REMEMBERED_REFUSALS = 100_000
SESSION_ENDS_S = 5.0
"""After a goodbye a refusal tells nothing about how many streams a device bears."""
_PLENTY_BYTES = 1 << 30


class LiveGateway:
    """Use as `async with LiveGateway() as gateway`; leaving it ends every pull."""

    def __init__(self, settings: GatewaySettings | None = None) -> None:
        self.settings = settings or GatewaySettings()
        self._upstreams: dict[LiveSource, Upstream] = {}
        self._tasks: dict[Upstream, asyncio.Task[None]] = {}
        self._refused: dict[tuple[str, Login | None], str] = {}
        self._borne: dict[str, int] = {}
        """By host: so many streams played when it refused one more."""
        self._left_s: dict[str, float] = {}
        """By host: when a pull that played was given up last; the device may hold its session for a moment longer."""
        self._ticker: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "LiveGateway":
        self._ticker = asyncio.create_task(self._tick_for_ever())
        return self

    async def __aexit__(self, *_: object) -> None:
        for upstream in tuple(self._upstreams.values()):
            self._drop(upstream, LiveNews(kind=NewsKind.ENDED, because="gateway_stops", message="the gateway stops"))
        tasks = [*self._tasks.values(), *([self._ticker] if self._ticker else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def open(self, source: LiveSource) -> AsyncGenerator[LiveMessage, None]:
        viewer = QueueViewer()
        try:
            self.join(source, viewer)
            while True:
                message = await viewer.take()
                yield message
                if is_last(message):
                    return
        finally:
            self.leave(source, viewer)

    def join(self, source: LiveSource, viewer: Viewer) -> None:
        """The viewer is offered messages from now on, until it leaves or is told `ended` or `refused`."""
        try:
            self._upstream(source).join(viewer)
        except PictureFailed as failure:
            viewer.offer(_refusal(failure), limit_bytes=_PLENTY_BYTES)

    def leave(self, source: LiveSource, viewer: Viewer) -> None:
        upstream = self._upstreams.get(source)
        if upstream is not None:
            upstream.leave(viewer)

    async def warm(self, source: LiveSource, *, seconds: float) -> None:
        """Raises `PictureFailed` where the device's budget is used up or its login is known to be refused."""
        upstream = self._upstream(source)
        upstream.warm_until_s = max(upstream.warm_until_s, time.monotonic() + seconds)

    async def close(self, camera: str, *, because: str, message: str = "") -> int:
        lost = 0
        for upstream in tuple(self._upstreams.values()):
            if upstream.source.camera == camera:
                lost += upstream.viewers
                self._drop(upstream, LiveNews(kind=NewsKind.ENDED, because=because, message=message))
        return lost

    async def forget_refusals(self, host: str) -> int:
        """A person has put the account right on the device itself: its login may be tried again."""
        names = [key for key in self._refused if key[0].rpartition(":")[0] == host]
        for name in names:
            del self._refused[name]
        self._borne.pop(host, None)
        return len(names)

    async def status(self) -> GatewayStatus:
        now_s = time.monotonic()
        used = resource.getrusage(resource.RUSAGE_SELF)
        upstreams = tuple(upstream.status(now_s) for upstream in self._upstreams.values())
        return GatewayStatus(
            upstreams=upstreams,
            viewers=sum(upstream.viewers for upstream in upstreams),
            cpu_s=used.ru_utime + used.ru_stime,
            refused_logins=len(self._refused),
        )

    def _upstream(self, source: LiveSource) -> Upstream:
        running = self._upstreams.get(source)
        if running is not None:
            return running
        refusal = self._refused.get(_sign_in_key(source))
        if refusal is not None:
            raise PictureFailed(Trouble.LOGIN_REFUSED, refusal)
        upstream = Upstream(source, self.settings, self._end, self._learn_limit)
        self._make_room(upstream.host, source.session_limit)
        self._upstreams[source] = upstream
        task = asyncio.create_task(upstream.run())
        self._tasks[upstream] = task
        task.add_done_callback(lambda _: self._tasks.pop(upstream, None))
        return upstream

    def _learn_limit(self, refused: Upstream) -> int:
        """How many others of its device play now; that many it bears, and no more for the time being."""
        others = sum(one.host == refused.host and one.plays for one in self._upstreams.values() if one is not refused)
        if time.monotonic() - self._left_s.get(refused.host, float("-inf")) < SESSION_ENDS_S:
            return 0
        if others:
            if len(self._borne) >= MAX_REMEMBERED_REFUSALS:
                self._borne.pop(next(iter(self._borne)))
            self._borne[refused.host] = others
        return others

    def _make_room(self, host: str, session_limit: int) -> None:
        """Within the device's budget, if need be at the cost of a pull that nobody looks at. What it has borne in this
        run counts before what was known of it."""
        borne = self._borne.get(host) or session_limit or self.settings.pulls_per_host
        allowed = min(self.settings.pulls_per_host, borne)
        pulls = [upstream for upstream in self._upstreams.values() if upstream.host == host]
        if len(pulls) < allowed:
            return
        watched = sum(bool(upstream.viewers) for upstream in pulls)
        if watched >= allowed:
            raise PictureFailed(
                Trouble.BUDGET, f"{watched} streams of this device are being watched, more would overload it"
            )
        unwatched = [upstream for upstream in pulls if not upstream.viewers]
        unwatched.sort(key=lambda upstream: (upstream.warm_until_s, upstream.unwatched_since_s))
        for oldest in unwatched[: len(pulls) + 1 - allowed]:
            self._drop(oldest, LiveNews(kind=NewsKind.ENDED, because=Trouble.BUDGET.value))

    def _end(self, upstream: Upstream, failure: PictureFailed) -> None:
        if failure.trouble == Trouble.LOGIN_REFUSED:
            if len(self._refused) >= MAX_REMEMBERED_REFUSALS:
                self._refused.pop(next(iter(self._refused)))
            self._refused[_sign_in_key(upstream.source)] = failure.message
        self._drop(upstream, _refusal(failure))

    def _drop(self, upstream: Upstream, last_word: LiveNews) -> None:
        if self._upstreams.get(upstream.source) is upstream:
            del self._upstreams[upstream.source]
        if upstream.plays:
            self._left_s[upstream.host] = time.monotonic()
        upstream.tell(last_word)
        task = self._tasks.get(upstream)
        if task is not None and task is not asyncio.current_task():
            task.cancel()

    async def _tick_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self.settings.tick_s)
            now_s = time.monotonic()
            self._left_s = {host: at_s for host, at_s in self._left_s.items() if now_s - at_s < SESSION_ENDS_S}
            for upstream in tuple(self._upstreams.values()):
                upstream.look_at_the_clock(now_s)
                if upstream.idle(now_s):
                    self._drop(upstream, LiveNews(kind=NewsKind.ENDED))


def _refusal(failure: PictureFailed) -> LiveNews:
    return LiveNews(kind=NewsKind.REFUSED, because=failure.trouble.value, message=failure.message)


def _sign_in_key(source: LiveSource) -> tuple[str, Login | None]:
    """A refused login is not tried again on the device, whatever the stream."""
    address = take_apart(source.uri, schemes=("rtsp", "rtsps"))
    return f"{address.host}:{address.port}", source.login or address.login
