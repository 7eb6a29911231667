"""How many key places were covered, hour by hour where it changed: what an assessment of these days will ask."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, delete, select

from vms.store.schema import settings
from vms.store.upsert import upsert

_KEY = "coverage.places."
_HOUR = "%Y-%m-%dT%H"
KEPT = timedelta(days=3 * 366)


class KeyPlaces(NamedTuple):
    covered: int
    """By a camera that works."""
    places: int


def put(tx: Connection, found: KeyPlaces, now: datetime) -> None:
    """As it is from now on; nothing is written where nothing changed."""
    if at(tx, now + timedelta(hours=1)) == found:
        return
    c = settings.c
    tx.execute(delete(settings).where(c.key >= _KEY, c.key < _key(now - KEPT)))
    row = {"key": _key(now), "value": {"covered": found.covered, "places": found.places}}
    upsert(tx, settings, [row], lambda excluded: {"value": excluded.value})


def at(tx: Connection, end: datetime) -> KeyPlaces | None:
    """As it was last before the hour of `end`; None: it was not measured yet."""
    c = settings.c
    statement = select(c.value).where(c.key >= _KEY, c.key < _key(end)).order_by(c.key.desc()).limit(1)
    value = tx.execute(statement).scalar_one_or_none()
    return None if value is None else KeyPlaces(int(value["covered"]), int(value["places"]))


def _key(instant: datetime) -> str:
    return _KEY + instant.astimezone(UTC).strftime(_HOUR)
