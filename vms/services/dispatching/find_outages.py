"""One turn of the outages: the poller's news become outages, decided at once and written in pieces."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from vms.core.ids import CameraId, EventId
from vms.health.fault import FaultKind
from vms.health.outages.book import OutageBook
from vms.health.outages.graph import SupplyGraph
from vms.health.outages.outage import Decisions
from vms.health.status import Status
from vms.services.dispatching.carry_out import carry_out
from vms.services.dispatching.keep_decisions import OutageCounts, keep_decisions
from vms.services.dispatching.settings import DispatchSettings
from vms.store import dispatch, dispatch_pieces, events, ill_cameras, outages, supply
from vms.store.database import Database
from vms.store.events import Event

log = logging.getLogger(__name__)

CURSOR = "outages"
MOST_UNREAD = 1_000_000
FLIP, OPENED, CLOSED = "camera.flip", "fault.opened", "fault.closed"
_INVENTORY = ("camera.", "device.", "registration.", "identity.", "list.", "region.")
_NOT_INVENTORY = (FLIP, "camera.still", "camera.turned")
_START_ANEW = ("supply.changed", "outage.judged")
"""What people say about causes changes more than a book in its middle can take in."""


class OutageFinder:
    """Keeps the book between turns; makes it anew from the store whenever a turn was not kept."""

    def __init__(self, database: Database, settings: DispatchSettings) -> None:
        self._database = database
        self._settings = settings
        self._book: OutageBook | None = None
        self._event_id = EventId(0)
        self._decided_until: datetime | None = None
        self._graph: SupplyGraph | None = None
        self._graph_is_old = True
        self._graph_read_at: datetime | None = None

    def look(self, now: datetime) -> Sequence[Event]:
        """The news to work in, oldest first; also makes the book ready. Blocking, reads only."""
        if self._book is None:
            self._begin(now)
        with self._database.reading() as tx:
            news = events.after(tx, self._event_id, self._settings.news_at_a_time)
        self._graph_is_old = self._graph_is_old or any(_touches_inventory(event.kind) for event in news)
        if self._graph_is_old and self._may_read_graph(now):
            self._read_graph(now)
            if self._book is not None and self._graph is not None:
                self._book.take_graph(self._graph)
        return news

    def is_due(self, now: datetime) -> bool:
        """Something is to be decided without any news."""
        return self._book is None or self._book.is_due(now)

    def forget(self) -> None:
        """The turn was not kept."""
        self._book = None

    def work_in(self, news: Sequence[Event], now: datetime) -> OutageCounts | None:
        """Decides, and keeps the decision and the cursor in one transaction; what follows from it is written in pieces
        right after it, or after a kill. None: somebody else has read on meanwhile, so this turn is void.

        After as many news as are taken at a time nothing is decided yet: the rest is read first.
        """
        book = self._book
        if book is None:
            return None
        fallen = _take_in(book, news)
        if len(news) < self._settings.news_at_a_time:
            done, self._decided_until = book.decide(now), now
        else:
            done = book.nothing_yet()
        counts = self._keep(book, done, fallen, news, now)
        if counts is not None:
            carry_out(self._database, self._settings.rows_at_a_time)
        if counts is None or any(event.kind in _START_ANEW for event in news):
            self.forget()
        if any(event.kind in _START_ANEW for event in news):
            self._graph_is_old, self._graph_read_at = True, None
        return counts

    def _keep(
        self, book: OutageBook, done: Decisions, fallen: set[CameraId], news: Sequence[Event], now: datetime
    ) -> OutageCounts | None:
        with self._database.writing() as tx:
            dispatch_pieces.take_turn(tx)
            if dispatch.cursor(tx, CURSOR) != self._event_id:
                return None
            counts = keep_decisions(tx, done, book, fallen, now, self._settings.rows_at_a_time)
            if news:
                self._event_id = news[-1].event_id
            dispatch.move(tx, CURSOR, self._event_id, self._decided_until or now)
            return counts

    def _begin(self, now: datetime) -> None:
        carry_out(self._database, self._settings.rows_at_a_time)
        with self._database.reading() as tx:
            known = dispatch.cursor(tx, CURSOR)
        if known is None:
            with self._database.writing() as tx:
                dispatch.begin(tx, CURSOR, now)
        if self._graph is None or self._graph_is_old:
            self._read_graph(now)
        assert self._graph is not None
        policy = self._settings.outages
        with self._database.reading() as tx:
            self._event_id = dispatch.cursor(tx, CURSOR) or EventId(0)
            kept = outages.remembered(tx, now - timedelta(seconds=2 * policy.reopen_s))
            by_id = {one.outage_id: one for one in kept if one.outage_id is not None and one.closed_at is None}
            ill = ill_cameras.ill_cameras(tx, by_id)
            up = ill_cameras.cameras_up(tx)
            wrong = outages.misnamed(tx)
            self._decided_until = dispatch.decided_until(tx, CURSOR) or now
            unread = {one.subject for one in events.subjects_after(tx, self._event_id, [OPENED], MOST_UNREAD)}
        book = OutageBook(self._graph, policy, wrong)
        book.restore(up, ill, kept, self._decided_until, unread=unread)
        self._book = book

    def _may_read_graph(self, now: datetime) -> bool:
        pause = timedelta(seconds=self._settings.inventory_every_s)
        return self._graph_read_at is None or now - self._graph_read_at >= pause

    def _read_graph(self, now: datetime) -> None:
        with self._database.reading() as tx:
            self._graph = supply.read_graph(tx)
        self._graph_is_old, self._graph_read_at = False, now


def _take_in(book: OutageBook, news: Sequence[Event]) -> set[CameraId]:
    """Cameras of which a fault was opened."""
    fallen: set[CameraId] = set()
    for event in news:
        if event.kind not in (FLIP, OPENED, CLOSED) or event.subject is None:
            continue
        camera_id, at = CameraId(event.subject), _instant(event)
        if event.kind == FLIP:
            book.flipped(camera_id, Status(event.content["to"]), at)
        elif event.kind == OPENED:
            fallen.add(camera_id)
            book.opened(camera_id, FaultKind(event.content["kind"]), at)
        else:
            book.closed(camera_id, FaultKind(event.content["kind"]), at)
    return fallen


def _instant(event: Event) -> datetime:
    """When it happened; news of before that was told say only when they were told."""
    told = event.content.get("at")
    return event.at if told is None else datetime.fromisoformat(told)


def _touches_inventory(kind: str) -> bool:
    return kind.startswith(_INVENTORY) and kind not in _NOT_INVENTORY
