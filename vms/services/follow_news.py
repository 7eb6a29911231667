"""Follow the events of the store: one reader for all who wait, and who may hear what."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from vms.access.hide_addresses import without_addresses
from vms.access.roles import STAFF, Person, Role, may_know_of, sees_addresses
from vms.store import camera_board, events
from vms.store.database import Database
from vms.store.events import Event

LOG = logging.getLogger(__name__)
KEPT = 2000
AT_A_TIME = 500


class News:
    """Reads new events once, however many wait. `wake` shortens the wait after a change by this process."""

    def __init__(self, database: Database, *, look_every_s: float = 0.25) -> None:
        self._database = database
        self._look_every_s = look_every_s
        self._kept: deque[Event] = deque(maxlen=KEPT)
        self._first_kept_after = 0
        self._latest_id = 0
        self._came = asyncio.Event()
        self._wake = asyncio.Event()

    @property
    def latest_id(self) -> int:
        return self._latest_id

    async def run(self) -> None:
        """Until cancelled. A database that is away is asked again."""
        self._latest_id = self._first_kept_after = await asyncio.to_thread(self._latest_in_store)
        while True:
            try:
                fresh = await asyncio.to_thread(self._read_after, self._latest_id)
            except SQLAlchemyError as problem:
                LOG.warning("news cannot be read: %s", problem)
                fresh = []
            if fresh:
                self._keep(fresh)
                continue
            self._wake.clear()
            try:
                async with asyncio.timeout(self._look_every_s):
                    await self._wake.wait()
            except TimeoutError:
                pass

    def wake(self) -> None:
        self._wake.set()

    async def after(self, event_id: int, *, within_s: float) -> Sequence[Event]:
        """Events after this one, oldest first, as soon as there are some; empty when none came in time."""
        if event_id >= self._latest_id:
            came = self._came
            try:
                async with asyncio.timeout(within_s):
                    await came.wait()
            except TimeoutError:
                return ()
        if event_id >= self._first_kept_after:
            return [event for event in self._kept if event.event_id > event_id][:AT_A_TIME]
        return await asyncio.to_thread(self._read_after, event_id)

    def _keep(self, fresh: Sequence[Event]) -> None:
        self._kept.extend(fresh)
        if len(self._kept) == KEPT:
            self._first_kept_after = self._kept[0].event_id - 1
        self._latest_id = fresh[-1].event_id
        came, self._came = self._came, asyncio.Event()
        came.set()

    def _read_after(self, event_id: int) -> list[Event]:
        with self._database.reading() as tx:
            return events.after(tx, event_id, AT_A_TIME)

    def _latest_in_store(self) -> int:
        with self._database.reading() as tx:
            return events.latest_id(tx)


_OF_CAMERAS = ("camera.", "fault.", "consent.", "access.", "still.")
_LISTENERS: dict[str, frozenset[Role]] = {
    "camera": frozenset(Role),
    "fault": STAFF,
    "still": STAFF,
    "consent": frozenset({Role.ADMIN, Role.OPERATOR, Role.REVIEWER, Role.OWNER}),
    "access": frozenset({Role.ADMIN, Role.OWNER}),
    "incident": STAFF,
    "order": STAFF,
    "outage": STAFF,
    "poller": STAFF,
    "notice": STAFF,
    "supply": frozenset({Role.ADMIN, Role.MAINTAINER}),
    "sweep": STAFF,
    "coverage": STAFF,
    "ring": STAFF,
    "plan": STAFF,
    "list": frozenset({Role.ADMIN, Role.MAINTAINER}),
    "task": frozenset({Role.ADMIN, Role.MAINTAINER}),
    "device": frozenset({Role.ADMIN, Role.MAINTAINER}),
    "identity": frozenset({Role.ADMIN, Role.MAINTAINER}),
    "map": frozenset(Role),
    "registration": frozenset({Role.ADMIN, Role.REVIEWER}),
}
_OF_THE_OFFICE = frozenset({"coverage", "ring", "plan", "device", "identity", "list", "task"})
"""What is not seen, what is to be built, who keeps the archive (devices are told with their addresses): no business
of a firm's crew."""
_WITH_ADDRESSES = ("outage.", "order.", "ring.", "supply.", "poller.")
_NAMING = ("name", "cause", "ground", "because")
_OTHERS = frozenset({Role.ADMIN})
"""Sign-ins, users, settings and whatever is not named above."""


def what_may_be_heard(tx: Connection, person: Person, news: Sequence[Event]) -> list[Event]:
    """Only what the person may know: cameras that nobody has approved, for instance, do not exist for an operator."""
    subjects = {event.subject for event in news if event.subject is not None and event.kind.startswith(_OF_CAMERAS)}
    known = camera_board.standing(tx, subjects)
    heard = []
    for event in news:
        if event.kind.startswith(_OF_CAMERAS):
            camera = known.get(event.subject or 0)
            if camera is None or not may_know_of(person, *camera):
                continue
        if _concerns(person, event):
            heard.append(_as_heard(person, event))
    return heard


def _as_heard(person: Person, event: Event) -> Event:
    """Of outages and orders, what they are called, without addresses."""
    own = person.maintainer_id is not None and event.kind.startswith("order.")
    if own or sees_addresses(person) or not event.kind.startswith(_WITH_ADDRESSES):
        return event
    content = {key: without_addresses(told) if isinstance(told, str) and key in _NAMING else told
               for key, told in event.content.items()}  # fmt: skip
    return replace(event, content=content)


def _concerns(person: Person, event: Event) -> bool:
    area = event.kind.partition(".")[0]
    if area == "order" and person.maintainer_id is not None:
        return event.content.get("maintainer_id") == person.maintainer_id
    if area in _OF_THE_OFFICE and person.maintainer_id is not None:
        return False
    if area == "access" and event.content.get("user_id") == person.user_id:
        return True
    return person.role in _LISTENERS.get(area, _OTHERS)
