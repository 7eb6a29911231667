"""When a standing ring counts as open and who is told: one message for one cause, none for what passes by itself.

What opens a ring must last `HOLD_S`; then everything that opens it by then is told as one. A ring that was told to be
open is quiet for `QUIET_S`: a switch that takes its cameras one after another is one message more at most. A cause that
only explains better what is open already (the outage behind four cameras) is not told again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

HOLD_S = 60.0
QUIET_S = 300.0


class OpenBecause(StrEnum):
    OUTAGE = "outage"
    FAULTY = "faulty"
    NO_CONSENT = "no_consent"
    NONE_BUILT = "none_built"
    NO_ROAD = "no_road"
    """There is no such road on the map any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    because: OpenBecause
    key: str = ""
    """The outage's or the camera's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """What one cause takes from a ring."""

    name: str
    points: frozenset[int]
    cameras: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    opening_id: int = 0
    """0: not kept yet."""
    cause: Cause
    hole: Hole
    seen_at: datetime
    counts: bool = False
    told: bool = False
    """Nobody need be told (any more)."""
    told_at: datetime | None = None
    """When people were told; None of a ring that was made like this."""
    mended_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    openings: tuple[Opening, ...]
    """All that were open, as they are now, and the new ones."""
    passed: tuple[Opening, ...]
    """Gone before they counted: forget them."""
    told: tuple[Opening, ...]
    """Of `openings`: what opened the ring, to be told as one."""
    closed: bool
    """The ring had been told to be open and is closed again."""


def step(
    openings: Sequence[Opening],
    holes: Mapping[Cause, Hole],
    told_last_at: datetime | None,
    now: datetime,
    *,
    silently: bool = False,
) -> Step:
    """`openings`: those that are not closed. `silently`: a ring that was just made is told to nobody as it is."""
    kept: list[Opening] = []
    passed: list[Opening] = []
    for opening in openings:
        after = _go_on(opening, holes.get(opening.cause), now)
        if after is None:
            passed.append(opening)
        else:
            kept.append(_counting(after, now))
    known = {opening.cause for opening in openings}
    for cause, hole in holes.items():
        if cause not in known:
            kept.append(Opening(cause=cause, hole=hole, seen_at=now, counts=silently, told=silently))
    kept = _explained(kept, told_last_at)
    told = [] if _quiet(told_last_at, now) else _due(kept)
    after_all = [replace(one, told=True, told_at=now) if one in told else one for one in kept]
    were_told = [one for one in after_all if one.told_at is not None]
    over = bool(were_told) and all(one.closed_at is not None for one in were_told)
    return Step(openings=tuple(after_all), passed=tuple(passed), told=tuple(told), closed=over)


def _go_on(opening: Opening, hole: Hole | None, now: datetime) -> Opening | None:
    if hole is not None:
        return replace(opening, hole=hole, mended_at=None)
    if not opening.counts:
        return None
    since = opening.mended_at or now
    lasting = now - since >= timedelta(seconds=HOLD_S)
    return replace(opening, mended_at=since, closed_at=since if lasting else None)


def _counting(opening: Opening, now: datetime) -> Opening:
    lasting = now - opening.seen_at >= timedelta(seconds=HOLD_S)
    return replace(opening, counts=True) if lasting and opening.mended_at is None else opening


def _quiet(told_last_at: datetime | None, now: datetime) -> bool:
    return told_last_at is not None and now - told_last_at < timedelta(seconds=QUIET_S)


def _due(openings: Iterable[Opening]) -> list[Opening]:
    return [one for one in openings if one.counts and not one.told and one.closed_at is None]


def _explained(openings: Sequence[Opening], told_last_at: datetime | None) -> list[Opening]:
    """What counts and takes nothing that people have not been told of: it is told already, with those."""
    points: set[int] = set()
    for one in openings:
        if one.told_at is not None:
            points |= one.hole.points
    return [
        replace(one, told=True, told_at=told_last_at)
        if one.counts and not one.told and one.hole.points <= points
        else one
        for one in openings
    ]
