"""Which cameras were looked at on which days, as it was noted then; for a period that lasts, also as it is now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from sqlalchemy import Connection

from vms.assessment.figure import FigureKind
from vms.assessment.period import Period
from vms.assessment.time_sums import Flags, Ints
from vms.assessment.words import not_kept
from vms.services.assessment.note_day import day_start, looked_at
from vms.store import daily_sets
from vms.store.daily_sets import EMPTY, CameraSet, What

_SHOWN_BY = {
    FigureKind.IMAGE_QUALITY_RATE: What.DIAGNOSED,
    FigureKind.CLOCK_ACCURACY_RATE: What.CLOCK_READ,
    FigureKind.RETENTION_COMPLIANCE: What.CHECKED,
}


VOUCHES_FOR_DAYS = 2
"""A look is good for its own day of the office and the next: 24 hours at least, also for one made at midnight."""


@dataclass(frozen=True, slots=True)
class Looks:
    of_day: Mapping[date, CameraSet]

    def vouch(self, camera_ids: Ints, days: Sequence[date]) -> Flags:
        """Shape (cameras, days): whether a look vouches for the camera on that day."""
        found = np.zeros((len(camera_ids), len(days)), dtype=np.bool_)
        for place, day in enumerate(days):
            for back in range(VOUCHES_FOR_DAYS):
                looked_at = self.of_day.get(day - timedelta(days=back))
                if looked_at is not None:
                    found[:, place] |= looked_at.holds(camera_ids)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    diagnosed: Looks
    clock_read: Looks
    checked: CameraSet
    retained: CameraSet
    """As it was found last in the period."""
    untold: Mapping[FigureKind, str]
    """Why a figure cannot be told: nothing was kept of these days."""


def looked_at_in(tx: Connection, period: Period, now: datetime) -> LookedAt:
    lasts = period.interval.end >= now
    today = looked_at(tx, day_start(now, period.zone)) if lasts else {}
    this_day = now.astimezone(period.zone).date()
    untold: dict[FigureKind, str] = {}
    for kind, what in _SHOWN_BY.items():
        since = daily_sets.kept_since(tx, what)
        if not lasts and (since is None or since > period.last):
            untold[kind] = not_kept(since)
    return LookedAt(
        diagnosed=_looks(tx, period, What.DIAGNOSED, this_day, today),
        clock_read=_looks(tx, period, What.CLOCK_READ, this_day, today),
        checked=_ever(tx, period, What.CHECKED) | today.get(What.CHECKED, EMPTY),
        retained=_retained(tx, period, today),
        untold=untold,
    )


def _looks(tx: Connection, period: Period, what: What, this_day: date, today: Mapping[What, CameraSet]) -> Looks:
    before = period.first - timedelta(days=VOUCHES_FOR_DAYS - 1)
    found = dict(daily_sets.of_days(tx, before, period.last, what))
    if what in today:
        found[this_day] = found.get(this_day, EMPTY) | today[what]
    return Looks(found)


def _ever(tx: Connection, period: Period, what: What) -> CameraSet:
    found = EMPTY
    for _, cameras in daily_sets.of_days(tx, period.first, period.last, what):
        found |= cameras
    return found


def _retained(tx: Connection, period: Period, today: Mapping[What, CameraSet]) -> CameraSet:
    """By the last day on which each camera was checked."""
    retained: dict[date, CameraSet] = dict(daily_sets.of_days(tx, period.first, period.last, What.RETAINED))
    found = EMPTY
    for day, checked in daily_sets.of_days(tx, period.first, period.last, What.CHECKED):
        found = (found - checked) | retained.get(day, EMPTY)
    return (found - today.get(What.CHECKED, EMPTY)) | today.get(What.RETAINED, EMPTY)
