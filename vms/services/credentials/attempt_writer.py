"""Writes down which login is shown to which device: those that are shown at the same time share one commit."""

import asyncio

from vms.core.clock import Clock
from vms.store import login_attempts
from vms.store.database import Database
from vms.store.login_attempts import Attempt, AttemptState

_Note = tuple[str, str, str, AttemptState | None]
"""Device, login, who it was shown to, and its state; none: it was not refused."""


class AttemptWriter:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._waiting: list[_Note] = []
        self._batch: asyncio.Future[None] | None = None
        """Done when what waits is committed."""
        self._writer: asyncio.Task[None] | None = None

    def note(self, device: str, login: str, state: AttemptState | None, mark: str = "") -> asyncio.Future[None]:
        """Done when it is committed, with everything that was noted before. Without a state it is over, and the login
        was not refused."""
        self._waiting.append((device, login, mark, state))
        if self._batch is None:
            self._batch = asyncio.get_running_loop().create_future()
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        return self._batch

    async def flush(self) -> None:
        """Everything that was noted so far is committed when this returns."""
        while self._writer is not None and not self._writer.done():
            await asyncio.shield(self._writer)

    async def _write(self) -> None:
        while (batch := self._batch) is not None:
            notes, self._waiting, self._batch = self._waiting, [], None
            try:
                await asyncio.to_thread(self._commit, notes)
            except BaseException as problem:
                batch.set_exception(problem)
                batch.exception()  # where nobody waits for this batch, the next one says it
                raise
            batch.set_result(None)

    def _commit(self, notes: list[_Note]) -> None:
        last = {(device, login, mark): state for device, login, mark, state in notes}
        kept = [
            Attempt(device=device, login=login, mark=mark, state=state)
            for (device, login, mark), state in last.items()
            if state is not None
        ]
        with self._database.writing() as tx:
            login_attempts.put(tx, kept, self._clock())
            login_attempts.settle(tx, [which for which, state in last.items() if state is None])
            login_attempts.drop_older(tx, [one for one in kept if one.state is AttemptState.WORKED])
