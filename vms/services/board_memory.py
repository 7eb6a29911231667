"""The counts of a whole city, which everybody's screen asks for: counted anew by one thread, told a moment old.

In a small town counting is cheap and done for whoever asks. In a large one nobody waits for it: the last counts are
told while the next are made, and they say when they were made.
"""

import threading
import time
from dataclasses import dataclass
from datetime import datetime

from vms.core.clock import Clock
from vms.health.session import WatchSession
from vms.store.database import Database
from vms.store.health_summary import SummaryBy, SummaryRow, summary
from vms.store.watch_sessions import latest_session

CHEAP_S = 0.03
"""Counting that took no longer is done while somebody waits."""
OLDEST_S = 30.0
"""Older counts are not told."""
REST_SHARE = 4.0
"""The thread rests so many times as long as it counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    at: datetime
    rows: list[SummaryRow]
    session: WatchSession | None
    took_s: float


class BoardMemory:
    """One per application; asked from threads."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[SummaryBy, Counted] = {}
        self._counting: set[SummaryBy] = set()

    def counted(self, by: SummaryBy) -> Counted:
        known = self._known.get(by)
        age_s = (self._clock() - known.at).total_seconds() if known else OLDEST_S
        if known is None or known.took_s <= CHEAP_S or not 0 <= age_s < OLDEST_S:
            return self._count(by)
        if age_s > known.took_s * REST_SHARE:
            with self._lock:
                if by in self._counting:
                    return known
                self._counting.add(by)
            threading.Thread(target=self._count_beside, args=(by,), name="counts", daemon=True).start()
        return known

    def _count_beside(self, by: SummaryBy) -> None:
        try:
            self._count(by)
        finally:
            with self._lock:
                self._counting.discard(by)

    def _count(self, by: SummaryBy) -> Counted:
        now, began_s = self._clock(), time.thread_time()
        with self._database.reading() as tx:
            session = latest_session(tx)
            rows = summary(tx, by, now)
        found = self._known[by] = Counted(at=now, rows=rows, session=session, took_s=time.thread_time() - began_s)
        return found
