"""One camera's past: its days as parts, and one stretch of time with statuses, faults and notices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from vms.assessment.period import Period
from vms.core.intervals import Interval
from vms.health.day_parts import DaySpent, days_spent
from vms.health.fault import breaks_intactness
from vms.health.outages.notice import Notice
from vms.health.session import WatchSession
from vms.health.uptime import Blind, Spell, spells
from vms.health.watch import Flip
from vms.store import faults, notices
from vms.store.blind_spells import blind_of
from vms.store.faults import FaultRow
from vms.store.watch_sessions import sessions_between
from vms.store.watching import flips_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What is known of one camera from `start` to `end`."""

    start: datetime
    end: datetime
    flips: Sequence[Flip]
    """Also the last one before the start."""
    sessions: Sequence[WatchSession]
    blind: Sequence[Blind]
    faults: Sequence[FaultRow]
    """Newest first."""
    notices: Sequence[Notice]

    @property
    def spells(self) -> list[Spell]:
        """Clipped to the stretch; between them nobody watched."""
        told = spells(self.flips, self.sessions, self.blind)
        clipped = (Spell(one.status, max(one.start, self.start), min(one.end, self.end)) for one in told)
        return [one for one in clipped if one.start < one.end]


def stretch_of(tx: Connection, camera_id: int, start: datetime, end: datetime) -> Stretch:
    return Stretch(
        start=start,
        end=end,
        flips=flips_of(tx, camera_id, start, end),
        sessions=sessions_between(tx, start, end),
        blind=next(iter(blind_of(tx, [camera_id], start, end).values()), ()),
        faults=faults.faults_between(tx, camera_id, start, end),
        notices=notices.covering(tx, camera_id, start, end),
    )


def day_of(day: date, zone: ZoneInfo) -> Interval:
    """In the office's calendar."""
    return Period(first=day, last=day, zone=zone).interval


def last_days(
    tx: Connection, camera_id: int, days: int, zone: ZoneInfo, now: datetime
) -> tuple[Stretch, list[DaySpent]]:
    """Today is the last of them, so far as it has gone."""
    today = now.astimezone(zone).date()
    period = Period(first=today - timedelta(days=days - 1), last=today, zone=zone)
    known = stretch_of(tx, camera_id, period.interval.start, now)
    spent = days_spent(
        period.days,
        period.borders(),
        now,
        spells=known.spells,
        ill=_ill(known.faults, now),
        announced=_announced(known.notices),
    )
    return known, spent


def _ill(found: Iterable[FaultRow], now: datetime) -> list[Interval]:
    """What keeps a camera that is online from being intact."""
    weighty = (one for one in found if breaks_intactness(one.severity))
    ends = ((one.opened_at, one.closed_at or now) for one in weighty)
    return [Interval(start, end) for start, end in ends if start < end]


def _announced(found: Iterable[Notice]) -> list[Interval]:
    return [Interval(one.start_at, one.end_at) for one in found if one.start_at < one.end_at]
