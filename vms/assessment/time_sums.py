"""How the cameras' time was spent, exactly: one sweep over the borders of all their intervals.

Instants are whole microseconds in int64, so nothing is rounded and the parts of a period add up to it. The cost is that
of sorting the borders: a million of them take about a second.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Mark(StrEnum):
    """What may hold of a camera for a stretch of time."""

    IN_SERVICE = "in_service"
    ONLINE = "online"
    """Watched and up, or suspect: one failure that is not yet believed counts as online."""
    DOWN = "down"
    BLIND = "blind"
    """Our own side was cut off: what was said meanwhile counts as not watched."""
    NOTICE = "notice"
    """Inside an approved notice (报备)."""
    OUTAGE = "outage"
    """Fell with others through a cause that is not its own."""
    ILL = "ill"
    """A fault of major weight or worse stands."""
    PICTURE_ILL = "picture_ill"
    CLOCK_ILL = "clock_ill"


class Part(StrEnum):
    """Parts of a camera's time. The first five add up to the period; the others lie inside `assessable`."""

    NOT_IN_SERVICE = "not_in_service"
    UNWATCHED = "unwatched"
    NOTICE = "notice"
    OUTAGE = "outage"
    ASSESSABLE = "assessable"
    ONLINE = "online"
    INTACT = "intact"
    """Online and without a fault of weight."""
    PICTURE_GOOD = "picture_good"
    """Online and without a fault of the picture; who was dead showed none."""
    CLOCK_GOOD = "clock_good"


WHOLE = (Part.NOT_IN_SERVICE, Part.UNWATCHED, Part.NOTICE, Part.OUTAGE, Part.ASSESSABLE)
"""They add up to the period."""


@dataclass(slots=True)
class Stretches:
    """Intervals of one mark, of many cameras: they may overlap, touch, and lie outside the period."""

    row: list[int] = field(default_factory=list)
    """Which camera: its place in the list of cameras, from 0."""
    start_us: list[int] = field(default_factory=list)
    end_us: list[int] = field(default_factory=list)

    many: list[tuple[Ints, Ints, Ints]] = field(default_factory=list)
    """The same as arrays: (rows, starts, ends)."""

    def add(self, row: int, start: datetime, end: datetime) -> None:
        self.row.append(row)
        self.start_us.append(microseconds(start))
        self.end_us.append(microseconds(end))

    def add_many(self, rows: Ints, start_us: Ints, end_us: Ints) -> None:
        if len(rows):
            self.many.append((rows, start_us, end_us))

    def together(self) -> tuple[Ints, Ints, Ints]:
        one_by_one = [np.array(found, dtype=np.int64) for found in (self.row, self.start_us, self.end_us)]
        row, start_us, end_us = (np.concatenate(parts) for parts in zip(one_by_one, *self.many, strict=True))
        return row, start_us, end_us


def microseconds(instant: datetime) -> int:
    """Since 1970, exactly."""
    return (instant - _EPOCH) // _MICROSECOND


def time_sums(
    cameras: int,
    marks: Mapping[Mark, Stretches],
    borders: Iterable[datetime],
    *,
    outages_are_charged: bool = False,
) -> dict[Part, Ints]:
    """Microseconds per part, each an array of shape (cameras, buckets): bucket i lies between borders i and i + 1.

    `borders`: ascending, at least two. `outages_are_charged`: time in somebody else's outage stays assessable.
    """
    edges = np.array([microseconds(border) for border in borders], dtype=np.int64)
    rows, at_us, steps = _borders(cameras, marks, edges)
    order = np.argsort(rows * (edges[-1] - edges[0] + 1) + at_us - edges[0])  # what is at the same instant: as it comes
    rows, at_us = rows[order], at_us[order]
    holds: dict[Mark, Flags] = {}
    for column, mark in enumerate(Mark):
        # every stretch opens and closes with its own camera, so the running sum is zero where the next one begins
        holds[mark] = np.cumsum(steps[order, column], dtype=np.int32)[:-1] > 0
    length_us = np.where(rows[1:] == rows[:-1], np.diff(at_us), 0)
    bucket = np.clip(np.searchsorted(edges, at_us[:-1], side="right") - 1, 0, len(edges) - 2)
    place = rows[:-1] * (len(edges) - 1) + bucket
    shape = (cameras, len(edges) - 1)
    begins = np.flatnonzero(np.r_[True, place[1:] != place[:-1]]) if len(place) else np.empty(0, dtype=np.int64)
    return {
        part: _sum(place, begins, length_us * where, shape)
        for part, where in _parts(holds, outages_are_charged=outages_are_charged).items()
    }


def _borders(cameras: int, marks: Mapping[Mark, Stretches], edges: Ints) -> tuple[Ints, Ints, NDArray[np.int8]]:
    """(camera, instant, what opens or closes there: a column per mark) of every border inside the period."""
    start_us, end_us = int(edges[0]), int(edges[-1])
    rows = [np.repeat(np.arange(cameras, dtype=np.int64), len(edges))]
    at_us = [np.tile(edges, cameras)]
    steps = [np.zeros((cameras * len(edges), len(Mark)), dtype=np.int8)]
    for column, mark in enumerate(Mark):
        found = marks.get(mark)
        if found is None:
            continue
        row, opens, closes = found.together()
        opens, closes = np.clip(opens, start_us, end_us), np.clip(closes, start_us, end_us)
        kept = closes > opens
        step = np.zeros((2 * int(kept.sum()), len(Mark)), dtype=np.int8)
        step[: len(step) // 2, column] = 1
        step[len(step) // 2 :, column] = -1
        rows += [row[kept], row[kept]]
        at_us += [opens[kept], closes[kept]]
        steps.append(step)
    return np.concatenate(rows), np.concatenate(at_us), np.concatenate(steps)


def _parts(holds: Mapping[Mark, Flags], *, outages_are_charged: bool) -> dict[Part, Flags]:
    in_service = holds[Mark.IN_SERVICE]
    watched = in_service & (holds[Mark.ONLINE] | holds[Mark.DOWN]) & ~holds[Mark.BLIND]
    announced = watched & holds[Mark.NOTICE]
    shared = watched & ~announced & holds[Mark.OUTAGE]
    if outages_are_charged:
        shared = np.zeros_like(shared)
    assessable = watched & ~announced & ~shared
    online = assessable & holds[Mark.ONLINE] & ~holds[Mark.DOWN]
    return {
        Part.NOT_IN_SERVICE: ~in_service,
        Part.UNWATCHED: in_service & ~watched,
        Part.NOTICE: announced,
        Part.OUTAGE: shared,
        Part.ASSESSABLE: assessable,
        Part.ONLINE: online,
        Part.INTACT: online & ~holds[Mark.ILL],
        Part.PICTURE_GOOD: online & ~holds[Mark.PICTURE_ILL],
        Part.CLOCK_GOOD: online & ~holds[Mark.CLOCK_ILL],
    }


def _sum(place: Ints, begins: Ints, values: Ints, shape: tuple[int, int]) -> Ints:
    """Exact: `np.bincount` would add in floating point. `begins`: where the values of the next place begin."""
    sums = np.zeros(shape[0] * shape[1], dtype=np.int64)
    if len(begins):
        sums[place[begins]] = np.add.reduceat(values, begins)
    return sums.reshape(shape)
