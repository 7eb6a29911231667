"""Exact sums over stretches of time: half-open intervals [start, end), so neighbours neither overlap nor leave a gap.

Sums are taken over `timedelta`, which counts whole microseconds: nothing is lost to rounding however many there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From `start` on, up to but without `end`; both aware. Empty intervals are not built: end > start."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("an interval needs aware instants")
        if self.end <= self.start:
            raise ValueError(f"an interval ends after it starts: {self.start} … {self.end}")

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def __contains__(self, instant: datetime) -> bool:
        return self.start <= instant < self.end


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same instants as few sorted intervals that neither overlap nor touch. O(n log n)."""
    result: list[Interval] = []
    for interval in sorted(intervals):
        if result and interval.start <= result[-1].end:
            result[-1] = Interval(result[-1].start, max(result[-1].end, interval.end))
        else:
            result.append(interval)
    return tuple(result)


def overlap(a: Iterable[Interval], b: Iterable[Interval]) -> tuple[Interval, ...]:
    """The instants that lie in both."""
    left, right = merged(a), merged(b)
    result: list[Interval] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i].start, right[j].start), min(left[i].end, right[j].end)
        if start < end:
            result.append(Interval(start, end))
        if left[i].end <= right[j].end:
            i += 1
        else:
            j += 1
    return tuple(result)


def without(a: Iterable[Interval], b: Iterable[Interval]) -> tuple[Interval, ...]:
    """The instants of `a` that do not lie in `b`: assessable time less approved outages."""
    result: list[Interval] = []
    holes = merged(b)
    for interval in merged(a):
        start = interval.start
        for hole in holes:
            if hole.end <= start:
                continue
            if hole.start >= interval.end:
                break
            if hole.start > start:
                result.append(Interval(start, hole.start))
            start = hole.end
        if start < interval.end:
            result.append(Interval(start, interval.end))
    return tuple(result)


def total(intervals: Iterable[Interval]) -> timedelta:
    """How much time they cover; what overlaps counts once."""
    return sum((interval.length for interval in merged(intervals)), timedelta())
