"""Fog, darkness, glare over an area: the picture faults of its cameras are one event, in the dispatcher's turn."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.health.picture.area import SHOWS, CameraLook, Cell, Weather, crowd_of, may_be_weather
from vms.health.picture.baseline import Light
from vms.health.picture.daylight import light_by_sun
from vms.health.picture.fell_in_weather import showing_less
from vms.health.picture.follow_weather import WeatherNow, WeatherPolicy, follow_weather
from vms.store import area_weather
from vms.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherSettings:
    policy: WeatherPolicy = field(default_factory=WeatherPolicy)
    look_every_s: float = 30.0
    """Between two questions whether many show something; costs one query of the open faults."""
    follow_every_s: float = 60.0
    """Between two looks at all cameras while an event stands; costs one pass over them."""
    window_s: float = 1800.0
    """A camera counts where its last still is at most so old: three rounds of stills."""
    crowd_every_s: float = 1800.0
    """Between two counts of how many cameras stand where; one pass over the inventory."""
    wrong_for_s: float = 12 * 3600.0
    """What a person called wrong is not found again for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherFound:
    now: WeatherNow
    lights: dict[int, Light | None]
    """By the place of the event in `now.begun`: what the sun says there."""


class WeatherFinder:
    def __init__(self, database: Database, settings: WeatherSettings | None = None) -> None:
        self._database = database
        self._settings = settings or WeatherSettings()
        self._next_at: datetime | None = None
        self._crowd: dict[Cell, int] = {}
        self._crowd_at: datetime | None = None

    def look(self, now: datetime) -> WeatherFound | None:
        """Blocking, reads only. None: nothing to keep."""
        if self._next_at is not None and now < self._next_at:
            return None
        settings = self._settings
        with self._database.reading() as tx:
            showing = area_weather.shown(tx)
            standing = area_weather.standing(tx)
            pause_s = settings.follow_every_s if standing else settings.look_every_s
            self._next_at = now + timedelta(seconds=pause_s)
            if not standing and not self._may_begin(tx, showing, now):
                return None
            looks = area_weather.looked_at(tx, now - timedelta(seconds=settings.window_s), showing)
            wrong = area_weather.called_wrong(tx, now - timedelta(seconds=settings.wrong_for_s))
        found = follow_weather(_without(looks, wrong), standing, now, settings.policy)
        if not found.begun and not found.going:
            return None
        places = {look.camera_id: Wgs84(look.lon_deg, look.lat_deg) for look in looks} if found.begun else {}
        lights = {number: light_by_sun(places[event.camera_ids[0]], now) for number, event in enumerate(found.begun)}
        return WeatherFound(now=found, lights=lights)

    def _may_begin(self, tx: Connection, showing: list[CameraLook], now: datetime) -> bool:
        begins = self._settings.policy.begins
        if len(showing) < begins.least_devices:
            return False
        if self._crowd_at is None or now - self._crowd_at >= timedelta(seconds=self._settings.crowd_every_s):
            self._crowd, self._crowd_at = crowd_of(area_weather.everybody(tx), begins), now
        return may_be_weather(showing, self._crowd, begins)

    def again(self) -> None:
        """What was found last was not kept."""
        self._next_at = None


def _without(looks: list[CameraLook], wrong: AbstractSet[tuple[Weather, CameraId]]) -> list[CameraLook]:
    """What a person called wrong shows nothing of that weather."""
    pretended: dict[CameraId, frozenset[FaultKind]] = {}
    for weather, camera_id in wrong:
        pretended[camera_id] = pretended.get(camera_id, frozenset()) | SHOWS[weather]
    if not pretended:
        return looks
    return showing_less(looks, pretended)
