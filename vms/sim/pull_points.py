"""A device's event subscriptions (pull points): bounded queues that a long poll waits on."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

MESSAGES_KEPT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    topic: str
    at: datetime
    source: str
    state: bool
    operation: str
    """`Initialized` or `Changed`."""


@dataclass(slots=True)
class PullPoint:
    ends_s: float
    waiting: deque[Message] = field(default_factory=lambda: deque(maxlen=MESSAGES_KEPT))
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    pulls: int = 0


class PullPoints:
    """`now_s` is a clock that does not go back."""

    __slots__ = ("_limit", "_next", "_points")

    def __init__(self, *, limit: int) -> None:
        self._limit = limit
        self._next = 1
        self._points: dict[str, PullPoint] = {}

    def open(self, now_s: float, lives_s: float, first: list[Message]) -> str | None:
        """The new subscription's name; None where there are too many."""
        self._points = {name: point for name, point in self._points.items() if point.ends_s > now_s}
        if len(self._points) >= self._limit:
            return None
        name = str(self._next)
        self._next += 1
        self._points[name] = PullPoint(now_s + lives_s, deque(first, MESSAGES_KEPT))
        return name

    def names(self) -> tuple[str, ...]:
        """Of all that nobody has ended."""
        return tuple(self._points)

    def get(self, name: str, now_s: float) -> PullPoint | None:
        point = self._points.get(name)
        return point if point is not None and point.ends_s > now_s else None

    def close(self, name: str) -> bool:
        point = self._points.pop(name, None)
        if point is not None:
            point.woken.set()
        return point is not None

    def close_all(self) -> None:
        for name in list(self._points):
            self.close(name)

    def tell(self, message: Message) -> None:
        for point in self._points.values():
            point.waiting.append(message)
            point.woken.set()

    async def pull(self, point: PullPoint, *, wait_s: float, at_most: int) -> list[Message]:
        """Waits until there is a message or the time is over."""
        if not point.waiting:
            point.woken.clear()
            try:
                await asyncio.wait_for(point.woken.wait(), wait_s)
            except TimeoutError:
                return []
        return [point.waiting.popleft() for _ in range(min(at_most, len(point.waiting)))]
