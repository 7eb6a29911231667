"""One camera's past: its days as parts, and one stretch of time with statuses, faults and notices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from vms.assessment.day_parts import DaySpent, days_spent
from vms.assessment.period import Period
from vms.core.intervals import Interval
from vms.health.outages.notice import Notice
from vms.health.session import WatchSession
from vms.health.uptime import Blind, Spell, spells
from vms.health.watch import Flip
from vms.services.assessment.gather_time import gather_time
from vms.services.assessment.profiles import profile_named
from vms.store import faults, notices
from vms.store.assessment_facts import assessed_camera
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
    """Today is the last of them, so far as it has gone; told as the assessment by the office's usual profile does."""
    today = now.astimezone(zone).date()
    period = Period(first=today - timedelta(days=days - 1), last=today, zone=zone)
    known = stretch_of(tx, camera_id, period.interval.start, now)
    borders = [border for border in period.borders() if border < now] + [now]
    camera = assessed_camera(tx, camera_id, now)
    charged = profile_named(tx, "").outages_are_charged
    sums = gather_time(tx, [camera], known.sessions, borders, outages_are_charged=charged).parts
    return known, days_spent(period.days[: len(borders) - 1], borders, {part: us[0] for part, us in sums.items()})
