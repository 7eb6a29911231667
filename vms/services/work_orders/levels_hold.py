"""A service level that its calendar cannot hold is refused before an order needs its deadlines."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import Connection

from vms.core.errors import BadInput
from vms.maintenance.calendar import deadline_if_any
from vms.maintenance.service_level import ServiceLevel, longest_s
from vms.store import calendars, maintainers, service_levels
from vms.store.calendars import StoredCalendar


def refuse_levels_without_time(tx: Connection, now: datetime, where: str, calendar_id: int | None = None) -> None:
    """As everything stands within this transaction; `calendar_id`: where this calendar alone has changed. Raises
    BadInput that names the level and its calendar."""
    every = {one.calendar_id: one for one in calendars.every(tx)}
    pairs = [pair for pair in _goes_by(tx) if pair[0] in every and calendar_id in (None, pair[0])]
    pairs.sort(key=lambda pair: (pair[0], -longest_s(pair[1])))
    for number, of_calendar in groupby(pairs, key=lambda pair: pair[0]):
        _, level = next(of_calendar)  # what holds the longest holds the others
        _refuse(every[number], level, now, where)


def _refuse(stored: StoredCalendar, level: ServiceLevel, now: datetime, where: str) -> None:
    longest = timedelta(seconds=longest_s(level))
    if deadline_if_any(now, longest, stored.calendar) is None:
        hours = round(longest / timedelta(hours=1), 1)
        raise BadInput(
            f"service level {level.name}: calendar {stored.name} has not enough working time for {hours:g} h",
            where=where,
        )


def _goes_by(tx: Connection) -> Iterator[tuple[int, ServiceLevel]]:
    """(calendar, level): the level's own; without one, those of the firms that it may hold for."""
    firms = [one for one in maintainers.every(tx) if one.retired_at is None and one.calendar_id is not None]
    for level in service_levels.every(tx):
        if level.calendar_id is not None:
            yield level.calendar_id, level
            continue
        only = level.fits.maintainers
        for firm in firms:
            if firm.calendar_id is not None and (not only or firm.maintainer_id in only):
                yield firm.calendar_id, level
