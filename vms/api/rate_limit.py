"""So many calls of one caller in a sliding window; memory is bounded."""

import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

from vms.core.errors import PersonMustAct

CALLERS_KEPT = 10_000


class TooMany(PersonMustAct):
    code = "too_many"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"too many requests from your address; try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class RateLimit:
    def __init__(self, *, calls: int, window: timedelta) -> None:
        self._calls = calls
        self._window = window
        self._seen: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def count(self, caller: str, now: datetime) -> None:
        """Raises TooMany; a refused call does not count."""
        with self._lock:
            times = self._seen.setdefault(caller, deque())
            self._seen.move_to_end(caller)
            while times and now - times[0] >= self._window:
                times.popleft()
            if len(times) >= self._calls:
                left = self._window - (now - times[0])
                raise TooMany(max(1, int(left.total_seconds())))
            times.append(now)
            while len(self._seen) > CALLERS_KEPT:
                self._seen.popitem(last=False)
