"""What a pretend recorder has kept of a channel, and the searches that are open on it."""

from dataclasses import dataclass, field
from datetime import datetime

DAYS_KEPT = 30


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


@dataclass(slots=True)
class Search:
    """Answers are told once, page by page."""

    answers: list[str] = field(default_factory=list)
    told: int = 0
