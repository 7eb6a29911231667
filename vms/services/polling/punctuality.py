"""How late polls begin, and how many turns fell out: the poller's figures about itself."""

import time
from collections.abc import Mapping


class Punctuality:
    """Lateness is that of the time since the last `take`, and the worst so far; the rest counts up."""

    def __init__(self) -> None:
        self._lateness_s: list[float] = []
        self._worst_s = 0.0
        self.overruns = 0
        """Turns that were left out because the round before had not ended."""
        self.polls = 0
        self.requests = 0
        self.unjudged = 0
        """Silent looks while our own side was cut off."""

    def began(self, lateness_s: float) -> None:
        self._lateness_s.append(lateness_s)

    def take(self, **more: float) -> Mapping[str, float]:
        ordered = sorted(self._lateness_s)
        self._lateness_s = []
        self._worst_s = max(self._worst_s, *ordered[-1:], 0.0)
        return {
            "polls": self.polls,
            "requests": self.requests,
            "overruns": self.overruns,
            "unjudged": self.unjudged,
            "cpu_seconds": round(time.process_time(), 3),
            "lateness_p99_s": round(ordered[int(len(ordered) * 0.99)], 4) if ordered else 0.0,
            "lateness_max_s": round(ordered[-1], 4) if ordered else 0.0,
            "lateness_worst_s": round(self._worst_s, 4),
            **more,
        }
