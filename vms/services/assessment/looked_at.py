"""Which cameras were looked at in a period, as it was noted day by day; for a period that lasts, also as it is now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from vms.assessment.figure import FigureKind
from vms.assessment.period import Period
from vms.assessment.words import not_kept
from vms.services.assessment.note_day import day_start, looked_at
from vms.store import daily_sets
from vms.store.daily_sets import EMPTY, CameraSet, What

_SHOWN_BY = {
    FigureKind.IMAGE_QUALITY_RATE: What.DIAGNOSED,
    FigureKind.CLOCK_ACCURACY_RATE: What.CLOCK_READ,
    FigureKind.RETENTION_COMPLIANCE: What.CHECKED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    diagnosed: CameraSet
    clock_read: CameraSet
    checked: CameraSet
    retained: CameraSet
    """As it was found last in the period."""
    untold: Mapping[FigureKind, str]
    """Why a figure cannot be told: nothing was kept of these days."""


def looked_at_in(tx: Connection, period: Period, now: datetime) -> LookedAt:
    lasts = period.interval.end >= now
    today = looked_at(tx, day_start(now, period.zone)) if lasts else {}
    found = {
        what: _ever(tx, period, what) | today.get(what, EMPTY)
        for what in (What.DIAGNOSED, What.CLOCK_READ, What.CHECKED)
    }
    untold: dict[FigureKind, str] = {}
    for kind, what in _SHOWN_BY.items():
        since = daily_sets.kept_since(tx, what)
        if not lasts and (since is None or since > period.last):
            untold[kind] = not_kept(since)
    return LookedAt(
        diagnosed=found[What.DIAGNOSED],
        clock_read=found[What.CLOCK_READ],
        checked=found[What.CHECKED],
        retained=_retained(tx, period, today),
        untold=untold,
    )


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
