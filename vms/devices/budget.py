"""A device is never harmed: how many requests it gets at once, how fast, and who may sign in to it.

Cameras drop clients when several connect at once, and lock accounts after a few refused logins.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Turn:
    free: asyncio.Semaphore
    waiting: int = 0
    last_end_s: float = float("-inf")


class RequestBudget:
    """One request at a time and device (host:port), with a pause between; forgets a device that nobody asks."""

    def __init__(self, *, in_flight: int = 1, spacing_s: float = 0.0) -> None:
        self._in_flight = in_flight
        self._spacing_s = spacing_s
        self._turns: dict[tuple[str, int], _Turn] = {}
        self.taken = 0
        """Requests so far."""
        self.by_place: Counter[tuple[str, int]] | None = None
        """Of each device, where somebody wants to know: he empties it, too."""

    def __len__(self) -> int:
        return len(self._turns)

    @asynccontextmanager
    async def turn(self, address: str, port: int) -> AsyncIterator[None]:
        key = (address, port)
        turn = self._turns.get(key)
        if turn is None:
            turn = self._turns[key] = _Turn(asyncio.Semaphore(self._in_flight))
        turn.waiting += 1
        loop = asyncio.get_running_loop()
        try:
            async with turn.free:
                pause_s = turn.last_end_s + self._spacing_s - loop.time()
                if pause_s > 0:
                    await asyncio.sleep(pause_s)
                self.taken += 1
                if self.by_place is not None:
                    self.by_place[key] += 1
                try:
                    yield
                finally:
                    turn.last_end_s = loop.time()
        finally:
            turn.waiting -= 1
            if turn.waiting == 0:
                if self._spacing_s > 0:
                    loop.call_later(self._spacing_s, self._forget, key)
                else:
                    self._forget(key)

    def _forget(self, key: tuple[str, int]) -> None:
        turn = self._turns.get(key)
        if turn is not None and turn.waiting == 0:
            del self._turns[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """`version` changes whenever user name or password do; a refusal is remembered against it."""

    username: str
    password: str = field(repr=False)
    version: str = "1"


@dataclass(frozen=True, slots=True)
class Refusal:
    """This device (by the caller's key, e.g. `host:port` or its id) refused this credential."""

    device: str
    version: str


class LoginGuard:
    """After one refusal nobody signs in to that device with that credential again, until its version changes.

    The memory is data: hand in what was stored, store what `refusals` gives.
    """

    def __init__(self, refusals: Iterable[Refusal] = ()) -> None:
        self._refused: defaultdict[str, set[str]] = defaultdict(set)
        for refusal in refusals:
            self._refused[refusal.device].add(refusal.version)

    def may_sign_in(self, device: str, login: Login) -> bool:
        return login.version not in self._refused.get(device, ())

    async def begin(self, device: str, login: Login) -> None:
        """The login is shown to the device when this returns; who must outlive a crash writes it down before."""

    def refuse(self, device: str, login: Login) -> None:
        self._refused[device].add(login.version)

    def withhold(self, device: str, login: Login) -> None:
        """Not tried, since the device warned; not to be tried later either."""
        self._refused[device].add(login.version)

    def settle(self, device: str, login: Login) -> None:
        """What was begun is over, and the login was not refused: it worked, or the device did not answer."""

    def forget(self, device: str) -> None:
        """A person reset the device's memory (for example after unlocking the account there)."""
        self._refused.pop(device, None)

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        pairs = ((device, version) for device, versions in self._refused.items() for version in versions)
        return tuple(Refusal(device, version) for device, version in sorted(pairs))
