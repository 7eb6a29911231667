"""The counts of a whole city, which everybody's screen asks for: counted anew by one thread, told a moment old.

In a small town counting is cheap and done for whoever asks. In a large one nobody waits for it: the last counts are
told while the next are made, and they say when they were made.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from vms.core.clock import Clock
from vms.health.board import Board
from vms.places.regions import RegionTree
from vms.services.count_board import count_board, last_full_day
from vms.services.coverage.answers import Gaps
from vms.services.missed_figures import MissedFigures, missed_figures
from vms.store import maintainers, regions
from vms.store.database import Database

CHEAP_S = 0.03
"""Counting that took no longer is done while somebody waits."""
OLDEST_S = 30.0
"""Older counts are not told."""
REST_SHARE = 12.0
"""The thread rests so many times as long as it counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    at: datetime
    board: Board
    tree: RegionTree
    maintainers: dict[int, str]
    recorded_day: date
    """Whose footage is told."""
    gaps: Gaps
    figures: MissedFigures | None
    """None: no report has been made yet."""
    took_s: float


class BoardMemory:
    """One per application; asked from threads."""

    def __init__(self, database: Database, clock: Clock, zone: ZoneInfo, gaps: Callable[[], Gaps]) -> None:
        self._database = database
        self._clock = clock
        self._zone = zone
        self._gaps = gaps
        self._lock = threading.Lock()
        self._first = threading.Lock()
        self._known: Counted | None = None
        self._counting = False

    def counted(self) -> Counted:
        known = self._known
        age_s = (self._clock() - known.at).total_seconds() if known else OLDEST_S
        if known is None or known.took_s <= CHEAP_S or not 0 <= age_s < OLDEST_S:
            with self._first:  # who comes meanwhile is told what is being counted
                return self._count() if self._known is known else self._last()
        if age_s > known.took_s * REST_SHARE:
            with self._lock:
                if self._counting:
                    return known
                self._counting = True
            threading.Thread(target=self._count_beside, name="counts", daemon=True).start()
        return known

    def _last(self) -> Counted:
        assert self._known is not None
        return self._known

    def _count_beside(self) -> None:
        try:
            self._count()
        finally:
            self._counting = False

    def _count(self) -> Counted:
        now, began_s = self._clock(), time.thread_time()
        gaps = self._gaps()
        with self._database.reading() as tx:
            found = self._known = Counted(
                at=now,
                board=count_board(tx, now, self._zone),
                tree=regions.tree(tx),
                maintainers=maintainers.names(tx),
                recorded_day=last_full_day(now, self._zone),
                gaps=gaps,
                figures=missed_figures(tx, self._known.figures if self._known else None),
                took_s=time.thread_time() - began_s,
            )
        return found
