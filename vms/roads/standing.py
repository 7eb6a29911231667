"""When a standing ring counts as open and who is told: one message for one cause, none for what passes by itself.

What opens a ring must last `HOLD_S`; then everything that opens it by then is told as one. A ring that was told to be
open is quiet for `QUIET_S`: a switch that takes its cameras one after another is one message more at most. A cause that
only explains better what is open already (the outage behind four cameras) is not told again.
"""

from collections.abc import Iterable, Mapping
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
    openings: Iterable[Opening],
    holes: Mapping[Cause, Hole],
    told_last_at: datetime | None,
    now: datetime,
    *,
    silently: bool = False,
) -> Step:
    """`openings`: those that are not closed. `silently`: a ring that was just made is told to nobody as it is."""
    kept, passed = [], []
    known: set[Cause] = set()
    for opening in openings:
        known.add(opening.cause)
        after = _go_on(opening, holes.get(opening.cause), now)
        (passed if after is None else kept).append(opening if after is None else after)
    for cause, hole in holes.items():
        if cause not in known:
            kept.append(Opening(cause=cause, hole=hole, seen_at=now, counts=silently))
    kept = [_counting(opening, now) for opening in kept]
    was_told = any(one.told for one in openings)
    due = [] if silently or _quiet(told_last_at, now) else _due(kept)
    names = {(one.cause, one.seen_at) for one in due}
    explained = _explained(kept)
    told = [one for one in due if one.cause not in explained]
    after_all = tuple(replace(one, told=True) if silently or (one.cause, one.seen_at) in names else one for one in kept)
    over = was_told and all(one.closed_at is not None for one in after_all if one.told)
    whole = not any(one.closed_at is None and one.counts for one in after_all)
    return Step(openings=after_all, passed=tuple(passed), told=tuple(told), closed=over and whole)


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


def _explained(openings: Iterable[Opening]) -> set[Cause]:
    """Causes whose points all were told to be open before, by what still lasts or ends just now."""
    told_points: set[int] = set()
    for one in openings:
        if one.told:
            told_points |= one.hole.points
    return {one.cause for one in openings if not one.told and one.hole.points <= told_points}
