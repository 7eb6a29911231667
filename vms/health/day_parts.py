"""How a camera's days were spent: announced, down, ill, good, not watched; the parts add up to the day exactly."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from vms.core.intervals import Interval, merged, overlap, without
from vms.health.status import Status
from vms.health.uptime import Spell


class DayPart(StrEnum):
    NOTICE = "notice"
    """Inside an approved notice (报备), whatever happened."""
    DOWN = "down"
    ILL = "ill"
    """Online, with an open fault of weight."""
    GOOD = "good"
    UNWATCHED = "unwatched"


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySpent:
    day: date
    start: datetime
    end: datetime
    """Of the stretch that is told: a day that is not over ends now."""
    parts: dict[DayPart, timedelta]


def days_spent(
    days: Sequence[date],
    borders: Sequence[datetime],
    until: datetime,
    *,
    spells: Iterable[Spell],
    ill: Iterable[Interval],
    announced: Iterable[Interval],
) -> list[DaySpent]:
    """`borders`: where each day begins, and where the last one ends. O((spells + faults) log)."""
    if until <= borders[0]:
        return []
    period = [Interval(borders[0], min(until, borders[-1]))]
    told = [(spell.status, Interval(spell.start, spell.end)) for spell in spells]
    notice = overlap(period, announced)
    rest = without(period, notice)
    down = overlap(rest, [stretch for status, stretch in told if status is Status.DOWN])
    online = overlap(rest, [stretch for status, stretch in told if status is not Status.DOWN])
    bad = overlap(online, ill)
    sums = {
        DayPart.NOTICE: _by_day(notice, borders),
        DayPart.DOWN: _by_day(down, borders),
        DayPart.ILL: _by_day(bad, borders),
        DayPart.GOOD: _by_day(without(online, bad), borders),
        DayPart.UNWATCHED: _by_day(without(rest, merged((*down, *online))), borders),
    }
    return [
        DaySpent(day=day, start=start, end=min(end, until), parts={part: sums[part][n] for part in DayPart})
        for n, (day, start, end) in enumerate(zip(days, borders[:-1], borders[1:], strict=True))
        if start < until
    ]


def _by_day(stretches: Iterable[Interval], borders: Sequence[datetime]) -> list[timedelta]:
    found = [timedelta()] * (len(borders) - 1)
    for stretch in stretches:
        number = bisect_right(borders, stretch.start) - 1
        start = stretch.start
        while start < stretch.end:
            end = min(stretch.end, borders[number + 1])
            found[number] += end - start
            start, number = end, number + 1
    return found
