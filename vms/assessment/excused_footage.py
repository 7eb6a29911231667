"""What of a day's recordings lies in an approved notice, or in an outage that is not charged: it is left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Span = tuple[int, int]
"""Microseconds [from, until) since the day's midnight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FootageDay:
    """All in microseconds."""

    day: int
    """How long the day was: 23 to 25 hours."""
    planned: int
    recorded: int
    """Of what was planned."""
    missing: int
    expired: int
    gaps: Sequence[Span]
    """What is missing; the longest of them where there are very many."""


def left_out(of: FootageDay, excused: Iterable[Span]) -> tuple[int, int]:
    """(recorded, planned) microseconds inside `excused`: exact where all the day was to be recorded and its gaps are
    kept, as they are up to 50 a day; else what is not known by its place is shared out evenly over the day."""
    spans = merged(excused, of.day)
    inside = sum(end - start for start, end in spans)
    if not inside:
        return 0, 0
    gaps = merged(of.gaps, of.day) if of.gaps else []
    in_gaps = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in gaps for b in spans)
    elsewhere = max(0, of.missing - sum(end - start for start, end in gaps)) + of.expired
    planned = of.planned * inside // of.day
    recorded = planned - in_gaps - elsewhere * inside // of.day
    return min(max(recorded, 0, planned - (of.planned - of.recorded)), of.recorded), planned


def merged(spans: Iterable[Span], day: int) -> list[Span]:
    """Sorted, apart from each other, within the day."""
    found: list[Span] = []
    for start, end in sorted((max(0, start), min(day, end)) for start, end in spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        elif end > start:
            found.append((start, end))
    return found
