"""Business calendars, as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from vms.core.errors import BadInput, Conflict, NotFound
from vms.maintenance.calendar import Calendar, Spans
from vms.store.schema import calendars, maintainers, service_levels


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCalendar:
    calendar_id: int
    name: str
    calendar: Calendar


def every(tx: Connection) -> list[StoredCalendar]:
    return [_stored(row) for row in tx.execute(select(calendars).order_by(calendars.c.name)).mappings()]


def by_id(tx: Connection) -> dict[int, Calendar]:
    return {one.calendar_id: one.calendar for one in every(tx)}


def put(tx: Connection, name: str, calendar: Calendar) -> StoredCalendar:
    """A new one, or this one in place of what it was."""
    c = calendars.c
    values = {
        "time_zone": calendar.zone.key,
        "week": [_plain(spans) for spans in calendar.week],
        "days": {day.isoformat(): _plain(spans) for day, spans in sorted(calendar.days.items())},
    }
    if tx.execute(update(calendars).where(c.name == name).values(values)).rowcount == 0:
        tx.execute(insert(calendars).values(name=name, **values))
    row = tx.execute(select(calendars).where(c.name == name)).mappings().one()
    return _stored(row)


def remove(tx: Connection, name: str) -> None:
    """Raises NotFound; Conflict while a service level or a firm goes by it."""
    c = calendars.c
    found = tx.execute(select(c.id).where(c.name == name)).scalar_one_or_none()
    if found is None:
        raise NotFound(f"there is no calendar {name}")
    for table in (service_levels, maintainers):
        used = tx.execute(select(table.c.name).where(table.c.calendar_id == found).limit(1)).scalar_one_or_none()
        if used is not None:
            raise Conflict(f"{used} goes by this calendar")
    tx.execute(delete(calendars).where(c.id == found))


def id_of(tx: Connection, name: str, where: str) -> int:
    """Raises BadInput."""
    found = tx.execute(select(calendars.c.id).where(calendars.c.name == name)).scalar_one_or_none()
    if found is None:
        raise BadInput(f"there is no calendar {name}", where=where)
    return int(found)


def calendar_from(zone: str, week: Sequence[Any], days: Mapping[str, Any]) -> Calendar:
    """Of plain values. Raises BadInput."""
    return Calendar(
        zone=zone_from(zone, "time_zone"),
        week=tuple(spans_from(spans, f"week.{number}") for number, spans in enumerate(week)),
        days={_day(day): spans_from(spans, f"days.{day}") for day, spans in days.items()},
    )


def zone_from(name: str, where: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(f"there is no time zone {name!r}", where=where) from None


def spans_from(spans: Any, where: str) -> Spans:
    try:
        return tuple((int(first), int(until)) for first, until in spans)
    except (TypeError, ValueError):
        raise BadInput("pairs [from, until] in minutes of the day are wanted", where=where) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("a day such as 2026-10-01 is wanted", where=f"days.{text}") from None


def _plain(spans: Spans) -> list[list[int]]:
    return [[first, until] for first, until in spans]


def _stored(row: RowMapping) -> StoredCalendar:
    calendar = calendar_from(row["time_zone"], row["week"], row["days"])
    return StoredCalendar(calendar_id=row["id"], name=row["name"], calendar=calendar)
