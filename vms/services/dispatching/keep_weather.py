"""What was found of fog, darkness and glare over an area, into the store: a few cameras at a time."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from vms.health.picture.area import SHOWS, AreaEvent, Weather
from vms.health.picture.baseline import Light
from vms.health.picture.follow_weather import Going
from vms.services.dispatching.find_weather import WeatherFound
from vms.store import area_weather, events
from vms.store.database import Database

log = logging.getLogger(__name__)
WEATHER, LIGHTING = "weather", "lighting"
CAMERAS_AT_ONCE = 500
T = TypeVar("T")


def keep_weather(database: Database, found: WeatherFound, now: datetime, at_once: int = CAMERAS_AT_ONCE) -> int:
    """How many events have begun or ended. A fault that was closed, or an event that was judged, since the look is left
    as it is. After a kill the next look finds what was not kept: it begins with what stands in the store."""
    changed = 0
    for number, event in enumerate(found.now.begun):
        changed += _begin(database, event, found.lights[number], now, at_once)
    for going in found.now.going:
        changed += _go_on(database, going, now, at_once)
    return changed


def _begin(database: Database, event: AreaEvent, light: Light | None, now: datetime, at_once: int) -> int:
    """Darkness at night is street lamps that are off; by day it is a storm."""
    kind = LIGHTING if event.weather is Weather.DARKNESS and light is Light.NIGHT else WEATHER
    with database.reading() as tx:
        area = area_weather.area_of(tx, event)
    if area is None:
        return 0
    first, *others = _sliced(sorted(area.camera_ids), at_once)
    with database.writing() as tx:
        number = area_weather.begin(tx, event, area, kind, now)
        area_weather.come(tx, number, first, event.kinds, event.fell_from)
        content = {"kind": kind, "name": area.name, "cameras": len(event.camera_ids), "down": 0}
        events.append(tx, "outage.opened", number, content, now)
    for some in others:
        with database.writing() as tx:
            if area_weather.is_open(tx, number):
                area_weather.come(tx, number, some, event.kinds, event.fell_from)
    log.info("%s: %s", area.name, event.because)
    return 1


def _go_on(database: Database, going: Going, now: datetime, at_once: int) -> int:
    if going.is_over:
        return _end(database, going, now, at_once)
    number, kinds = going.outage_id, SHOWS[going.weather]
    for some in _sliced(sorted(going.left), at_once):
        with database.writing() as tx:
            if area_weather.is_open(tx, number):
                area_weather.leave(tx, number, some, now)
    for some in _sliced(sorted(going.came), at_once):
        with database.writing() as tx:
            if area_weather.is_open(tx, number):
                area_weather.come(tx, number, some, kinds, going.since)
    with database.reading() as tx:
        unmarked = area_weather.unmarked_members(tx, number, kinds, going.since)
    for some in _sliced(unmarked, at_once):
        with database.writing() as tx:
            if area_weather.is_open(tx, number):
                area_weather.mark(tx, number, some, kinds, going.since)
    return 0


def _end(database: Database, going: Going, now: datetime, at_once: int) -> int:
    with database.reading() as tx:
        members = area_weather.members(tx, going.outage_id)
    for some in _sliced(members, at_once):
        with database.writing() as tx:
            if area_weather.is_open(tx, going.outage_id):
                area_weather.let_go(tx, going.outage_id, some, now)
    with database.writing() as tx:
        if not area_weather.is_open(tx, going.outage_id):
            return 0
        kind, name = area_weather.end(tx, going.outage_id, now)
        content = {"kind": kind, "name": name, "cameras": len(going.left), "down": 0}
        events.append(tx, "outage.closed", going.outage_id, content, now)
        return 1


def _sliced(rows: Sequence[T], size: int) -> Iterator[list[T]]:
    for start in range(0, len(rows), size):
        yield list(rows[start : start + size])
