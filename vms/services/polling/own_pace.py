"""Keeps count of how late the poller itself wakes up, and says of each look whether it was kept from running in it."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from time import process_time

from vms.core.clock import Clock
from vms.health.held_up import Beat, HeldUpPolicy, held_of, in_words, share_held

BEAT_S = 0.25
KEPT_S = 300.0


@dataclass(frozen=True, slots=True)
class PaceNews:
    """The poller is held up from now on, or no longer."""

    at: datetime
    held_up: bool
    because: str


class OwnPace:
    """Call `beat` every `BEAT_S`. `now_s`: a steady clock; `worked_s`: processor time that we have had, all threads."""

    def __init__(
        self,
        policy: HeldUpPolicy,
        *,
        timeout_s: float,
        clock: Clock,
        now_s: Callable[[], float],
        worked_s: Callable[[], float] = process_time,
    ) -> None:
        self._policy = policy
        self._timeout_s = timeout_s
        self._clock = clock
        self._now_s = now_s
        self._worked_s = worked_s
        self._began_s = now_s()
        self._due_s = now_s() + BEAT_S
        self._worked = worked_s()
        self._beats: deque[Beat] = deque()
        self._news: list[PaceNews] = []
        self.held_up_since: datetime | None = None

    @property
    def is_held_up(self) -> bool:
        return self.held_up_since is not None

    def beat(self) -> None:
        now_s = self._now_s()
        self._beats.appendleft(self._waiting(now_s))
        self._due_s, self._worked = now_s + BEAT_S, self._worked_s()
        while self._beats[-1].at_s < now_s - KEPT_S:
            self._beats.pop()
        self._tell(now_s)

    def was_held(self, began_s: float) -> bool:
        """Whether what was silent since then may have answered without our reading it."""
        now_s = self._now_s()
        return self._share(min(began_s, now_s - self._timeout_s), now_s) >= self._policy.share

    @property
    def share(self) -> float:
        """Of the last while, for the poller's figures."""
        now_s = self._now_s()
        return self._share(now_s - self._policy.told_s, now_s)

    def news(self) -> list[PaceNews]:
        """What was not told yet; forgotten here."""
        told, self._news = self._news, []
        return told

    def _tell(self, now_s: float) -> None:
        share = self.share
        if now_s - self._began_s < self._policy.told_s:
            return
        if share >= self._policy.share if not self.is_held_up else share < self._policy.over_share:
            now = self._clock()
            self.held_up_since = None if self.is_held_up else now
            self._news.append(PaceNews(now, self.is_held_up, in_words(share) if self.is_held_up else ""))

    def _share(self, since_s: float, now_s: float) -> float:
        return share_held(chain((self._waiting(now_s),), self._beats), since_s, now_s)

    def _waiting(self, now_s: float) -> Beat:
        """The beat that is under way, as though it came now."""
        return Beat(now_s, held_of(now_s - self._due_s, self._worked_s() - self._worked))
