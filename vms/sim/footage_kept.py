"""What a pretend recorder has kept of a channel, and the searches that are open on it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

DAYS_KEPT = 30


class ReplayHabit(StrEnum):
    """What becomes of a replay that is asked for."""

    PLAYS = "plays"
    TELLS_NO_TIME = "tells_no_time"
    """Neither in its packets nor in its answers."""
    ANOTHER_TIME = "another_time"
    """An hour before, and says so."""
    SENDS_NOTHING = "sends_nothing"
    ENDLESS = "endless"
    """Without a key frame and without an end, as fast as it can."""
    RUBBISH = "rubbish"
    """Key frames that do not decode."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footage:
    since: datetime
    until: datetime | None = None
    """None: it records."""
    holes: tuple[tuple[datetime, datetime], ...] = ()

    def changes(self, start: datetime, end: datetime) -> list[tuple[datetime, bool, bool]]:
        """(when, data from then on, is the state at the start) between two instants."""
        borders = [(self.since, True)]
        for first, last in sorted(self.holes):
            borders += [(first, False), (last, True)]
        if self.until is not None:
            borders = [border for border in borders if border[0] < self.until] + [(self.until, False)]
        before = [has_data for at, has_data in borders if at <= start]
        within = [(at, has_data, False) for at, has_data in borders if start < at < end]
        return [(start, before[-1] if before else False, True), *within]

    def holds(self, at: datetime, now: datetime) -> bool:
        in_a_hole = any(first <= at < last for first, last in self.holes)
        return self.since <= at < (self.until or now) and not in_a_hole


@dataclass(slots=True)
class Search:
    """Answers are told once, page by page."""

    answers: list[str] = field(default_factory=list)
    told: int = 0
