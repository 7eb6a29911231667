"""Writes what the poller found: transitions in batches, the heartbeat, stills, refused logins, the day's numbers."""

import asyncio
import logging
from collections.abc import Mapping

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from vms.core.clock import Clock
from vms.core.ids import CameraId, SessionId
from vms.inventory.device import Quirks
from vms.services.credentials.note_use import UseBook
from vms.services.polling.book import WatchBook
from vms.services.polling.roster import PolledDevice
from vms.store import credential_uses, daily_numbers, devices, stills
from vms.store.database import Database
from vms.store.stills import Still
from vms.store.watch_sessions import beat, end_session
from vms.store.watching import save

log = logging.getLogger(__name__)


class Keeper:
    """One transaction at a time, in a thread. What could not be written is kept for the next time."""

    def __init__(self, database: Database, book: WatchBook, session_id: SessionId, clock: Clock, uses: UseBook) -> None:
        self._database = database
        self._uses = uses
        self._book = book
        self._session_id = session_id
        self._clock = clock
        self._writing = asyncio.Lock()
        self._stills: dict[CameraId, Still] = {}
        self._refusals: dict[int, tuple[int, int]] = {}
        self._learnt: dict[int, Quirks] = {}
        self.something = asyncio.Event()
        """Set while there is something to write."""

    def keep_still(self, still: Still) -> None:
        self._stills[still.camera_id] = still
        self.something.set()

    def keep_refusal(self, device: PolledDevice) -> None:
        if device.login is not None:
            self._refusals[device.target.device_id] = (device.login.credential_id, device.login.version)
            self.something.set()

    def keep_learnt(self, device: PolledDevice) -> None:
        self._learnt[device.target.device_id] = device.target.quirks
        self.something.set()

    def notice(self) -> None:
        if self._book.pending:
            self.something.set()

    async def flush(self) -> None:
        """Raises Conflict when a newer poller has taken over; a database that cannot be written is logged."""
        async with self._writing:
            self.something.clear()
            pending = self._book.take_pending()
            new_stills, self._stills = self._stills, {}
            refusals, self._refusals = self._refusals, {}
            learnt, self._learnt = self._learnt, {}
            if not (pending or new_stills or refusals or learnt):
                return

            def write() -> None:
                now = self._clock()
                with self._database.writing() as tx:
                    save(tx, self._session_id, pending, now)
                    stills.put_many(tx, list(new_stills.values()))
                    for device_id, (credential_id, version) in refusals.items():
                        _note_refusal(tx, device_id, credential_id, version)
                    _note_learnt(tx, learnt)

            try:
                await asyncio.to_thread(write)
            except SQLAlchemyError:
                log.exception("%d transitions could not be written; they are kept", len(pending))
                self._book.put_back(pending)
                self._stills = {**new_stills, **self._stills}
                self._refusals = {**refusals, **self._refusals}
                self._learnt = {**learnt, **self._learnt}
                self.something.set()

    async def beat(self, figures: Mapping[str, float]) -> None:
        """Raises Conflict when a newer poller has taken over."""

        def write() -> None:
            with self._database.writing() as tx:
                beat(tx, self._session_id, self._clock(), figures)

        async with self._writing:
            try:
                await asyncio.to_thread(write)
            except SQLAlchemyError:
                log.exception("the heartbeat could not be written")

    async def flush_numbers(self) -> None:
        numbers = self._book.take_numbers()

        def write() -> None:
            with self._database.writing() as tx:
                daily_numbers.add_many(tx, numbers)

        async with self._writing:
            try:
                await asyncio.to_thread(write)
            except SQLAlchemyError:
                log.exception("%d daily numbers could not be written; they are lost", len(numbers))

    async def flush_uses(self) -> None:
        uses = self._uses.take()

        def write() -> None:
            with self._database.writing() as tx:
                credential_uses.note(tx, uses, self._clock())

        if not uses:
            return
        async with self._writing:
            try:
                await asyncio.to_thread(write)
            except SQLAlchemyError:
                log.exception("%d uses of credentials could not be written; they are kept", len(uses))
                self._uses.put_back(uses)

    async def end(self) -> None:
        """The run stops in good order: everything is written, then the end."""
        await self.flush()
        await self.flush_numbers()
        await self.flush_uses()

        def write() -> None:
            with self._database.writing() as tx:
                end_session(tx, self._session_id, self._clock())

        async with self._writing:
            await asyncio.to_thread(write)


def _note_refusal(tx: Connection, device_id: int, credential_id: int, version: int) -> None:
    """Unless the device got another credential meanwhile."""
    for known in devices.by_ids(tx, [device_id]):
        if known.credential_id == credential_id:
            devices.set_login(tx, device_id, known.credential_id, {**known.refused_logins, credential_id: version})


def _note_learnt(tx: Connection, learnt: Mapping[int, Quirks]) -> None:
    """Unless somebody else has learnt it meanwhile, who could sign in and knows more."""
    still = [known.device_id for known in devices.by_ids(tx, learnt) if known.observed.quirks.forgotten]
    devices.set_quirks(tx, {device_id: learnt[device_id] for device_id in still})
