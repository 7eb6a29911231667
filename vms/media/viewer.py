"""Viewers of one pull: each takes what it can; one that is too slow loses pictures up to the next key frame."""

import asyncio
from collections import deque
from typing import Protocol

from vms.media.live import LiveMessage, LiveNews, MediaFragment, NewsKind

MIN_BACKLOG_BYTES = 256 * 1024
MAX_BACKLOG_BYTES = 4 * 1024 * 1024
BACKLOG_S = 2.0
MAX_WAITING_NEWS = 256
"""A viewer who has not even taken these is gone, or the camera changes its parameter sets without end."""
TOO_SLOW = LiveNews(kind=NewsKind.ENDED, because="too_slow", message="the viewer does not take what it is sent")


def backlog_limit_bytes(bitrate_bps: float) -> int:
    """How much may wait for one viewer: two seconds of the stream, within bounds."""
    return int(min(max(BACKLOG_S * bitrate_bps / 8, MIN_BACKLOG_BYTES), MAX_BACKLOG_BYTES))


class Viewer(Protocol):
    def offer(self, message: LiveMessage, *, limit_bytes: int) -> bool:
        """Takes the message at once or drops it (False). Never waits, never raises."""
        ...


class KeyGate:
    """Lets media through in playable order: after one was dropped, nothing before the next key frame."""

    __slots__ = ("_closed",)

    def __init__(self) -> None:
        self._closed = True

    def admits(self, fragment: MediaFragment, *, room: bool) -> bool:
        if not room or (self._closed and not fragment.key):
            self._closed = True
            return False
        self._closed = False
        return True


class QueueViewer:
    """A viewer inside this process."""

    def __init__(self) -> None:
        self._queue: deque[LiveMessage] = deque()
        self._bytes = 0
        self._over = False
        self._gate = KeyGate()
        self._news = asyncio.Event()

    def offer(self, message: LiveMessage, *, limit_bytes: int) -> bool:
        if self._over:
            return False
        if isinstance(message, MediaFragment):
            if not self._gate.admits(message, room=self._bytes <= limit_bytes):
                self._forget_pictures()
                return False
            self._bytes += len(message.data)
        elif len(self._queue) >= MAX_WAITING_NEWS:
            self._forget_pictures()
            if len(self._queue) >= MAX_WAITING_NEWS:
                message = TOO_SLOW
                self._queue.clear()
        self._over = is_last(message)
        self._queue.append(message)
        self._news.set()
        return True

    def _forget_pictures(self) -> None:
        """What waits is older than the next key frame already."""
        self._queue = deque(message for message in self._queue if not isinstance(message, MediaFragment))
        self._bytes = 0

    async def take(self) -> LiveMessage:
        while not self._queue:
            self._news.clear()
            await self._news.wait()
        message = self._queue.popleft()
        if isinstance(message, MediaFragment):
            self._bytes -= len(message.data)
        return message


def is_last(message: LiveMessage) -> bool:
    return isinstance(message, LiveNews) and message.kind in (NewsKind.ENDED, NewsKind.REFUSED)
