"""Remembers over a crash which logins were shown to which device: an attempt is committed before it is sent."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable

from vms.core.clock import Clock, system_clock
from vms.devices.budget import Login, LoginGuard, Refusal
from vms.services.credentials.attempt_writer import AttemptWriter
from vms.store.database import Database
from vms.store.login_attempts import Attempt, AttemptState

PASSING = "0:"
"""Versions of logins that are stored nowhere: nothing is written about them."""


class LoginJournal(LoginGuard):
    """A guard with a store. Many devices that sign in at the same time share one commit."""

    def __init__(self, database: Database, refusals: Iterable[Refusal] = (), *, clock: Clock = system_clock) -> None:
        super().__init__(refusals)
        self._writer = AttemptWriter(database, clock)
        self._tried: defaultdict[str, set[str]] = defaultdict(set)
        self._held: defaultdict[str, set[str]] = defaultdict(set)
        self._marks: dict[str, str] = {}

    def remember(self, device: str, refused: Iterable[str]) -> None:
        """What is kept with the device in the inventory."""
        self._refused[device].update(refused)

    def mark(self, device: str, mark: str) -> None:
        """Who is there, as far as that is told without a login."""
        self._marks[device] = mark

    def hold_back(self, device: str, logins: Iterable[str]) -> None:
        """These count as refused by whoever is there now."""
        for login in logins:
            self._refused[device].add(login)
            self._held[device].add(login)

    def recall(self, device: str, attempts: Iterable[Attempt]) -> bool:
        """What an earlier run had begun counts as refused. Is there one of which nobody knows how it went?"""
        recalled = list(attempts)
        self.hold_back(device, (attempt.login for attempt in recalled))
        return any(attempt.state is AttemptState.SENT for attempt in recalled)

    def refusals_of(self, device: str) -> tuple[Refusal, ...]:
        return tuple(Refusal(device, version) for version in sorted(self._refused.get(device, ())))

    def held_back(self, device: str) -> frozenset[str]:
        """The logins that whoever is there now refused, or that count as refused by him; without those that are only
        known of the device that he is thought to be."""
        return frozenset(self._held.get(device, ()))

    def tried(self, device: str) -> frozenset[str]:
        """The logins that this device was shown by this run."""
        return frozenset(self._tried.get(device, ()))

    async def begin(self, device: str, login: Login) -> None:
        """Returns when it is committed, with all the refusals before it."""
        self._tried[device].add(login.version)
        if batch := self._note(device, login, AttemptState.SENT):
            await asyncio.shield(batch)

    def refuse(self, device: str, login: Login) -> None:
        super().refuse(device, login)
        self._held[device].add(login.version)
        self._note(device, login, AttemptState.REFUSED)

    def withhold(self, device: str, login: Login) -> None:
        super().withhold(device, login)
        self._held[device].add(login.version)
        self._note(device, login, AttemptState.REFUSED)

    def settle(self, device: str, login: Login) -> None:
        self._note(device, login, None)

    def forget(self, device: str) -> None:
        """By this run; the store remembers."""
        super().forget(device)
        for memory in (self._tried, self._held, self._marks):
            memory.pop(device, None)

    async def flush(self) -> None:
        """Everything that was noted so far is committed when this returns."""
        await self._writer.flush()

    def _note(self, device: str, login: Login, state: AttemptState | None) -> asyncio.Future[None] | None:
        if login.version.startswith(PASSING):
            return None
        return self._writer.note(device, login.version, state, self._marks.get(device, ""))
