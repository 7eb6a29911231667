"""The day's summary: how long each camera was up, suspect, down and unwatched, exact from its flips."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from vms.core.ids import CameraId
from vms.core.intervals import Interval
from vms.health.session import WatchSession
from vms.health.uptime import Blind, uptime
from vms.health.watch import Flip
from vms.store import daily_numbers
from vms.store.blind_spells import blind_of
from vms.store.daily_numbers import DailyNumber, Sum
from vms.store.database import Database
from vms.store.existing import every_camera_id
from vms.store.watch_sessions import sessions_between
from vms.store.watching import all_flips

log = logging.getLogger(__name__)

METRICS = ("up_s", "suspect_s", "down_s", "unknown_s")
_BATCH = 500


def summarise_day(database: Database, day: date) -> int:
    """Writes the four metrics of every camera for a whole UTC day, replacing an earlier summary. Returns the cameras.

    Blocking; a transaction per 500 cameras. A day that nobody watched at all is left out.
    """
    start = datetime.combine(day, time(), UTC)
    period = Interval(start, start + timedelta(days=1))
    with database.reading() as tx:
        sessions = sessions_between(tx, period.start, period.end)
        ids = every_camera_id(tx)
    if not sessions:
        return 0
    for first in range(0, len(ids), _BATCH):
        some = ids[first : first + _BATCH]
        with database.writing() as tx:
            flips = all_flips(tx, some, period.start, period.end)
            blind = blind_of(tx, some, period.start, period.end)
            numbers = [
                number
                for camera_id in some
                for number in _numbers(camera_id, day, _fared(camera_id, flips, sessions, period, blind))
            ]
            daily_numbers.replace_many(tx, numbers)
    return len(ids)


def summarise_missing_days(database: Database, now: datetime, back_days: int = 7) -> list[date]:
    """Yesterday and those before it that were missed, because nothing ran at their end. Returns the days done."""
    yesterday = now.astimezone(UTC).date() - timedelta(days=1)
    wanted = [yesterday - timedelta(days=back) for back in range(back_days)]
    with database.reading() as tx:
        done = daily_numbers.days_with(tx, METRICS[0], since=wanted[-1])
    missing = [day for day in reversed(wanted) if day not in done]
    return [day for day in missing if summarise_day(database, day)]


def _fared(
    camera_id: CameraId,
    flips: Mapping[CameraId, Sequence[Flip]],
    sessions: Sequence[WatchSession],
    period: Interval,
    blind: Mapping[CameraId, Sequence[Blind]],
) -> tuple[float, float, float, float]:
    return uptime(flips.get(camera_id, ()), sessions, period, blind.get(camera_id, ())).parts_s


def _numbers(camera_id: CameraId, day: date, parts_s: tuple[float, float, float, float]) -> list[DailyNumber]:
    return [
        DailyNumber(camera_id=camera_id, day=day, metric=metric, sum=Sum(1, value, value, value))
        for metric, value in zip(METRICS, parts_s, strict=True)
    ]
