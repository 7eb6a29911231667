"""Writes what the poller found: transitions in batches, the heartbeat, stills, refused logins, the day's numbers."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from vms.core.clock import Clock
from vms.core.ids import CameraId, DeviceId, SessionId
from vms.inventory.device import Quirks
from vms.services.credentials.note_use import UseBook
from vms.services.polling.book import WatchBook
from vms.services.polling.ledger import Ledger
from vms.services.polling.own_pace import PaceNews
from vms.services.polling.own_side import SpellNews
from vms.services.polling.picture_memory import PictureMemory
from vms.services.polling.roster import PolledDevice
from vms.services.poses.keep_heads import keep_heads
from vms.store import (
    blind_spells,
    credential_uses,
    daily_numbers,
    device_costs,
    devices,
    events,
    login_attempts,
    picture_baselines,
    stills,
)
from vms.store.database import Database
from vms.store.device_costs import DeviceCost
from vms.store.heads import HeadSeen
from vms.store.stills import Still
from vms.store.watch_sessions import beat, end_session, note_held_up
from vms.store.watching import save

log = logging.getLogger(__name__)

_AT_ONCE = 500
"""Rows of one transaction that nobody waits for: the store is held for a moment only, also where we get little time."""
_LAST_TRIES = 3
"""To write what devices were asked, when the run ends."""
_NORMALS_AT_ONCE = 200
"""The same, of 4 kB each."""


@dataclass(frozen=True, slots=True)
class KeptSpell:
    news: SpellNews
    camera_ids: tuple[CameraId, ...]


class Keeper:
    """One transaction at a time, in a thread. What could not be written is kept for the next time."""

    def __init__(
        self,
        database: Database,
        book: WatchBook,
        session_id: SessionId,
        clock: Clock,
        uses: UseBook,
        ledger: Ledger,
        memory: PictureMemory,
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._memory = memory
        self._uses = uses
        self._book = book
        self._session_id = session_id
        self._clock = clock
        self._writing = asyncio.Lock()
        self._stills: dict[CameraId, Still] = {}
        self._heads: dict[CameraId, HeadSeen] = {}
        self._refusals: dict[int, tuple[int, int]] = {}
        self._learnt: dict[int, Quirks] = {}
        self._spells: list[KeptSpell] = []
        self._pace: list[PaceNews] = []
        self.something = asyncio.Event()
        """Set while there is something to write."""

    def keep_still(self, still: Still) -> None:
        self._stills[still.camera_id] = still
        self.something.set()

    def keep_head(self, seen: HeadSeen) -> None:
        before = self._heads.get(seen.camera_id)
        if before is not None and seen.presets is None:
            seen = replace(seen, presets=before.presets)
        self._heads[seen.camera_id] = seen
        self.something.set()

    def keep_refusal(self, device: PolledDevice) -> None:
        if device.login is not None:
            self._refusals[device.target.device_id] = (device.login.credential_id, device.login.version)
            self.something.set()

    def keep_learnt(self, device: PolledDevice) -> None:
        self._learnt[device.target.device_id] = device.target.quirks
        self.something.set()

    def keep_spell(self, news: SpellNews, camera_ids: Sequence[CameraId]) -> None:
        """`camera_ids`: whom it covers, where it does not cover everybody."""
        self._spells.append(KeptSpell(news, tuple(camera_ids)))
        self.something.set()

    def keep_pace(self, news: PaceNews) -> None:
        self._pace.append(news)
        self.something.set()

    @property
    def unsaved_refusals(self) -> frozenset[DeviceId]:
        return frozenset(DeviceId(device_id) for device_id in self._refusals)

    def notice(self) -> None:
        if self._book.pending:
            self.something.set()

    async def flush(self) -> None:
        """Raises Conflict when a newer poller has taken over; a database that cannot be written is logged."""
        async with self._writing:
            self.something.clear()
            pending = self._book.take_pending()
            new_stills, self._stills = self._stills, {}
            heads, self._heads = self._heads, {}
            refusals, self._refusals = self._refusals, {}
            learnt, self._learnt = self._learnt, {}
            spells, self._spells = self._spells, []
            pace, self._pace = self._pace, []
            if not (pending or new_stills or heads or refusals or learnt or spells or pace):
                return
            forgotten: set[CameraId] = set()

            def write() -> None:
                now = self._clock()
                with self._database.writing() as tx:
                    save(tx, self._session_id, pending, now)
                    stills.put_many(tx, list(new_stills.values()))
                    if heads:
                        forgotten.update(keep_heads(tx, list(heads.values()), now))
                    for device_id, (credential_id, version) in refusals.items():
                        _note_refusal(tx, device_id, credential_id, version)
                        shown = (login_attempts.of_device_key(device_id), f"{credential_id}:{version}", "")
                        login_attempts.settle(tx, [shown])
                    _note_learnt(tx, learnt)
                    for spell in spells:
                        _note_spell(tx, self._session_id, spell, now)
                    for one in pace:
                        _note_pace(tx, self._session_id, one, now)

            try:
                await asyncio.to_thread(write)
            except SQLAlchemyError:
                log.exception("%d transitions could not be written; they are kept", len(pending))
                self._book.put_back(pending)
                self._stills = {**new_stills, **self._stills}
                self._heads = {**heads, **self._heads}
                self._refusals = {**refusals, **self._refusals}
                self._learnt = {**learnt, **self._learnt}
                self._spells = spells + self._spells
                self._pace = pace + self._pace
                self.something.set()
            for camera_id in forgotten:
                self._memory.forget(camera_id)

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
        """In small pieces, so that nobody else waits long for the database. What could not be written is kept for the
        next time."""
        while self._book.has_numbers:
            numbers = self._book.take_numbers(_AT_ONCE)
            if not await self._written(partial(daily_numbers.add_many, found=numbers)):
                self._book.put_back_numbers(numbers)
                return

    async def flush_normals(self) -> None:
        """What was learnt of pictures, in small pieces. What could not be written is kept for the next time."""
        while self._memory.unsaved:
            learnt = self._memory.take(_NORMALS_AT_ONCE)
            if not await self._written(partial(picture_baselines.put_many, learnt=learnt, now=self._clock())):
                self._memory.put_back(learnt)
                return

    async def flush_costs(self) -> None:
        """The same. What could not be written is kept for the next time. Then the accounts also know what other
        processes have spent on these devices."""
        asked = self._ledger.asked()
        for first in range(0, max(1, len(asked)), _AT_ONCE):
            some = asked[first : first + _AT_ONCE]
            day, costs = self._ledger.day, self._ledger.take(some)
            spent: dict[DeviceId, tuple[int, int]] = {}
            if not costs:
                continue
            if not await self._written(partial(_add_costs, costs=costs, of=some, day=day, spent=spent)):
                self._ledger.put_back(costs)
                return
            self._ledger.learn(day, spent)

    async def _written(self, write: Callable[[Connection], None]) -> bool:
        def in_a_transaction() -> None:
            with self._database.writing() as tx:
                write(tx)

        async with self._writing:
            try:
                await asyncio.to_thread(in_a_transaction)
            except SQLAlchemyError:
                log.exception("what devices were asked and told could not be written; it is kept and tried again")
                return False
        return True

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
        """The run stops in good order: everything is written, then the end. Where it could not be written what devices
        were asked, the run has no end in the store, and the next one counts it among those that were killed."""
        await self.flush()
        await self.flush_numbers()
        await self.flush_normals()
        for _ in range(_LAST_TRIES):
            await self.flush_costs()
            if not self._ledger.has_unsaved:
                break
        await self.flush_uses()
        if self._ledger.has_unsaved:
            log.error("what devices were asked could not be written; the next run allows for it")
            return

        def write() -> None:
            with self._database.writing() as tx:
                end_session(tx, self._session_id, self._clock())

        async with self._writing:
            await asyncio.to_thread(write)


def _add_costs(
    tx: Connection,
    costs: Sequence[DeviceCost],
    of: Sequence[DeviceId],
    day: date,
    spent: dict[DeviceId, tuple[int, int]],
) -> None:
    """`spent` is filled with what the store says of the day afterwards."""
    device_costs.add_many(tx, costs)
    spent.update(device_costs.spent_by(tx, of, day))


def _note_spell(tx: Connection, session_id: SessionId, kept: KeptSpell, now: datetime) -> None:
    """With the news of it, which changes what is shown of every camera behind that ground."""
    spell, until_at = kept.news.spell, kept.news.until_at
    told = {"ground": spell.ground, "since": spell.from_at.isoformat(), "whole": spell.whole}
    if until_at is None:
        blind_spells.open_spell(tx, session_id, spell, kept.camera_ids)
        events.append(tx, "poller.cut_off", None, {**told, "because": spell.because}, now)
    else:
        blind_spells.close_spell(tx, session_id, spell.ground, until_at)
        events.append(tx, "poller.back", None, {**told, "until": until_at.isoformat()}, now)


def _note_pace(tx: Connection, session_id: SessionId, news: PaceNews, now: datetime) -> None:
    note_held_up(tx, session_id, news.at if news.held_up else None)
    kind = "poller.held_up" if news.held_up else "poller.runs_again"
    events.append(tx, kind, None, {"at": news.at.isoformat(), "because": news.because}, now)


def _note_refusal(tx: Connection, device_id: int, credential_id: int, version: int) -> None:
    """Unless the device got another credential meanwhile."""
    for known in devices.by_ids(tx, [device_id]):
        if known.credential_id == credential_id:
            devices.set_login(tx, device_id, known.credential_id, {**known.refused_logins, credential_id: version})


def _note_learnt(tx: Connection, learnt: Mapping[int, Quirks]) -> None:
    """Unless somebody else has learnt it meanwhile, who could sign in and knows more."""
    still = [known.device_id for known in devices.by_ids(tx, learnt) if known.observed.quirks.forgotten]
    devices.set_quirks(tx, {device_id: learnt[device_id] for device_id in still})
