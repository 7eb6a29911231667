"""Exact uptime over any period, from flips and the runs of the poller; time that nobody watched is unknown.

Sums are of `timedelta`, whole microseconds, so the four parts add up to the period without rounding.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from vms.core.ids import SessionId
from vms.core.intervals import Interval, without
from vms.health.session import WatchSession
from vms.health.status import Status
from vms.health.watch import Flip


@dataclass(frozen=True, slots=True, kw_only=True)
class Uptime:
    up: timedelta = timedelta()
    suspect: timedelta = timedelta()
    """One failure seen, not yet believed: counts as online."""
    down: timedelta = timedelta()
    unknown: timedelta = timedelta()

    @property
    def online_share(self) -> float | None:
        """Online ÷ watched, 0 … 1; None where nobody watched."""
        watched = self.up + self.suspect + self.down
        return (self.up + self.suspect) / watched if watched else None

    @property
    def parts_s(self) -> tuple[float, float, float, float]:
        """up, suspect, down, unknown."""
        up, suspect, down, unknown = (part.total_seconds() for part in (self.up, self.suspect, self.down, self.unknown))
        return up, suspect, down, unknown

    @property
    def watched_share(self) -> float:
        whole = self.up + self.suspect + self.down + self.unknown
        return 1.0 - self.unknown / whole if whole else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Blind:
    """Our own side was cut off during a run of the poller; it says nothing about any other run."""

    session_id: SessionId
    from_at: datetime
    until_at: datetime | None
    """None: to the end of its run."""


def uptime(
    flips: Sequence[Flip], sessions: Sequence[WatchSession], period: Interval, blind: Sequence[Blind] = ()
) -> Uptime:
    """How one camera fared. `flips`: its own; `sessions`: every run that touches the period, also the one before;
    `blind`: when our own side kept us from seeing this camera."""
    sums = dict.fromkeys(Status, timedelta())
    for spell in spells(flips, sessions, blind):
        sums[spell.status] += _shared(spell.start, spell.end, period)
    watched = sums[Status.UP] + sums[Status.SUSPECT] + sums[Status.DOWN]
    return Uptime(
        up=sums[Status.UP],
        suspect=sums[Status.SUSPECT],
        down=sums[Status.DOWN],
        unknown=period.length - watched,
    )


class Spell(NamedTuple):
    """One status from `start` on, up to but without `end`."""

    status: Status
    start: datetime
    end: datetime


def spells(flips: Sequence[Flip], sessions: Sequence[WatchSession], blind: Sequence[Blind] = ()) -> Iterator[Spell]:
    """One camera's statuses over time, without the gaps in which nobody watched; they neither overlap nor are empty.

    A run speaks from its start to its last heartbeat, or to the start of the next run; within it the camera is unknown
    until its first flip and while we were cut off. O((flips + sessions + spells) log).
    """
    by_session: dict[SessionId, list[Flip]] = defaultdict(list)
    for flip in flips:
        by_session[flip.session_id].append(flip)
    ordered = sorted(sessions, key=lambda session: (session.started_at, session.session_id))
    for i, session in enumerate(ordered):
        end = session.alive_at
        if i + 1 < len(ordered):
            end = min(end, ordered[i + 1].started_at)
        spoken = sorted(by_session[session.session_id], key=lambda flip: flip.at)
        for j, flip in enumerate(spoken):
            start = max(flip.at, session.started_at)
            until = min(end, spoken[j + 1].at) if j + 1 < len(spoken) else end
            if until > start and flip.to_status is not Status.UNKNOWN:
                for seen in _seen(Interval(start, until), session.session_id, blind):
                    yield Spell(flip.to_status, seen.start, seen.end)


def _seen(stretch: Interval, session_id: SessionId, blind: Sequence[Blind]) -> Sequence[Interval]:
    if not blind:
        return (stretch,)
    cut = ((spell.from_at, spell.until_at or stretch.end) for spell in blind if spell.session_id == session_id)
    return without([stretch], (Interval(start, end) for start, end in cut if start < end))


def _shared(start: datetime, end: datetime, period: Interval) -> timedelta:
    return max(timedelta(), min(end, period.end) - max(start, period.start))
