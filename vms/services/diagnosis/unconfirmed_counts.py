"""How many reference pictures wait for somebody's look, counted again after a minute where counting a city is dear."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from vms.store import unconfirmed_references

CHEAP_S = 0.01
"""Counting that took no longer is done for whoever asks."""
OLDEST_S = 60.0
MOST_REGIONS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    at_s: float
    took_s: float
    total: int


class UnconfirmedCounts:
    """One per application; asked from threads. `now_s`: a steady clock; `worked_s`: processor time of this thread."""

    def __init__(
        self, now_s: Callable[[], float] = time.monotonic, worked_s: Callable[[], float] = time.thread_time
    ) -> None:
        self._now_s = now_s
        self._worked_s = worked_s
        self._lock = threading.Lock()
        self._known: dict[str, _Counted] = {}

    def total(self, tx: Connection, region_code: str, *, offset: int, limit: int, found: int) -> int:
        """`found`: so many are on the page, which is exact; where the page shows the end, so is the total."""
        if found < limit and (found or not offset):
            return offset + found
        return max(self._counted(tx, region_code), offset + found if found else 0)

    def _counted(self, tx: Connection, region_code: str) -> int:
        known = self._known.get(region_code)
        if known is not None and known.took_s > CHEAP_S and self._now_s() - known.at_s < OLDEST_S:
            return known.total
        began_s = self._worked_s()
        total = unconfirmed_references.count(tx, region_code)
        counted = _Counted(at_s=self._now_s(), took_s=self._worked_s() - began_s, total=total)
        with self._lock:
            self._known.pop(region_code, None)
            self._known[region_code] = counted
            if len(self._known) > MOST_REGIONS:
                del self._known[next(iter(self._known))]
        return total
