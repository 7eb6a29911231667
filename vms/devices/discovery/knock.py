"""Knocks at TCP doors: many at once, each with a time-out, at the pace of the network, with one bare socket each."""

import asyncio
import errno
import socket
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from vms.devices.discovery.pace import Pace, subnet_of
from vms.devices.discovery.traffic import Traffic

Door = tuple[str, int]
TICK_S = 0.01
_SHARES = 16
_MOST_SHARES = 8
_TCP_SYNCNT = 7
"""Linux: how often the first packet is sent again."""
_NO_SOCKET = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL, errno.EAGAIN})
"""It is our own house that is full: the door is tried again later."""


@dataclass(slots=True)
class Hands:
    """How many doors may be knocked at together, over all searches that share this.

    Where they are few, whoever began first comes to an end first: later ones leave some free for those before them.
    """

    free: int
    _all: int = field(init=False)
    _line: list[object] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._all = self.free

    def begin(self, who: object) -> None:
        self._line.append(who)

    def end(self, who: object) -> None:
        self._line.remove(who)

    def left_for_others(self, who: object) -> int:
        return self._all * min(self._line.index(who), _MOST_SHARES) // _SHARES


class Knocker:
    """For one list of doors. `opened` is told of every one that opens.

    Doors of addresses that are to be skipped by then are left out; those of a `busy` one wait for their turn.
    """

    def __init__(
        self,
        *,
        pace: Pace,
        hands: Hands,
        traffic: Traffic,
        timeout_s: float,
        opened: Callable[[str, int], None],
        skip: Callable[[str], bool],
        busy: Callable[[str], bool],
    ) -> None:
        self._pace = pace
        self._hands = hands
        self._traffic = traffic
        self._timeout_s = timeout_s
        self._opened = opened
        self._skip = skip
        self._busy = busy
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[int, tuple[socket.socket, Door]] = {}
        self._deadlines: deque[tuple[float, int, socket.socket]] = deque()
        self._again: deque[Door] = deque()

    async def knock(self, doors: Iterable[Door]) -> None:
        left = iter(doors)
        self._hands.begin(self)
        try:
            while self._knock_at_some(left) or self._waiting:
                await asyncio.sleep(TICK_S)
                self._give_up_late_ones()
        finally:
            for descriptor in list(self._waiting):
                self._end(descriptor)
            self._hands.end(self)

    def _knock_at_some(self, doors: Iterator[Door]) -> bool:
        """Is anything left for later?"""
        now_s = self._loop.time()
        left_free = self._hands.left_for_others(self)
        put_off: list[Door] = []
        try:
            while True:
                door = self._again.popleft() if self._again else next(doors, None)
                if door is None:
                    return bool(put_off)
                if self._skip(door[0]):
                    continue
                if self._busy(door[0]):
                    put_off.append(door)
                    continue
                if not self._may_begin(door, now_s, left_free):
                    self._again.appendleft(door)
                    return True
        finally:
            self._again.extendleft(reversed(put_off))

    def _may_begin(self, door: Door, now_s: float, left_free: int) -> bool:
        allowed = self._hands.free > left_free and self._pace.allow(subnet_of(door[0]), 1, now_s) == 1
        return allowed and self._begin(door, now_s)

    def _begin(self, door: Door, now_s: float) -> bool:
        """False where our own machine has no socket for it now."""
        address, port = door
        version_6 = ":" in address
        try:
            target = _scoped(address, port) if version_6 else door
        except OSError:
            return True  # an interface that this machine does not have
        try:
            knocking = socket.socket(socket.AF_INET6 if version_6 else socket.AF_INET, socket.SOCK_STREAM)
        except OSError:
            return False
        knocking.setblocking(False)
        with suppress(OSError):
            knocking.setsockopt(socket.IPPROTO_TCP, _TCP_SYNCNT, 1)
        code = knocking.connect_ex(target)
        if code in _NO_SOCKET:
            knocking.close()
            self._traffic.unsent["sweep"] += 1
            return False
        self._traffic.sent["sweep"] += 1
        if code == errno.EINPROGRESS:
            descriptor = knocking.fileno()
            self._hands.free -= 1
            self._waiting[descriptor] = (knocking, door)
            self._deadlines.append((now_s + self._timeout_s, descriptor, knocking))
            self._loop.add_writer(descriptor, self._answered, descriptor)
            return True
        knocking.close()
        self._result(door, code)
        return True

    def _answered(self, descriptor: int) -> None:
        knocking, door = self._waiting[descriptor]
        code = knocking.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        self._end(descriptor)
        self._result(door, code)

    def _result(self, door: Door, code: int) -> None:
        if code in (0, errno.ECONNREFUSED):
            self._traffic.answered["sweep"] += 1
        if code == 0:
            self._opened(*door)

    def _give_up_late_ones(self) -> None:
        now_s = self._loop.time()
        while self._deadlines:
            deadline_s, descriptor, knocking = self._deadlines[0]
            held = self._waiting.get(descriptor)
            if held is None or held[0] is not knocking:
                self._deadlines.popleft()
                continue
            if deadline_s > now_s:
                return
            self._deadlines.popleft()
            self._end(descriptor)

    def _end(self, descriptor: int) -> None:
        knocking, _ = self._waiting.pop(descriptor)
        self._loop.remove_writer(descriptor)
        knocking.close()
        self._hands.free += 1


def _scoped(address: str, port: int) -> tuple[str, int, int, int]:
    found = socket.getaddrinfo(address, port, family=socket.AF_INET6, flags=socket.AI_NUMERICHOST)
    return found[0][4]  # type: ignore[return-value]
