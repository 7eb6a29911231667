"""An event over an area in time: it begins, cameras come and go, it ends; decided from all looks of a moment."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from vms.core.ids import CameraId
from vms.health.picture.area import (
    LASTING_AREA_POLICY,
    SHOWS,
    USUAL_AREA_POLICY,
    AreaEvent,
    AreaPolicy,
    CameraLook,
    Weather,
    area_events,
)
from vms.health.picture.fell_in_weather import events_that_fell_together, kinds_since


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An event that has begun and is not over."""

    outage_id: int
    weather: Weather
    camera_ids: frozenset[CameraId]
    """Those that lie under it now."""
    changed_at: datetime
    """When a camera came under it or out of it last."""
    fell_from: datetime | None = None
    """When the first of them fell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """What becomes of a standing event."""

    outage_id: int
    weather: Weather
    since: datetime | None = None
    """What a camera has shown for longer is its own."""
    came: frozenset[CameraId] = frozenset()
    left: frozenset[CameraId] = frozenset()
    is_over: bool = False
    """What its cameras still show is their own from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherNow:
    begun: tuple[AreaEvent, ...] = ()
    going: tuple[Going, ...] = ()
    """One for each standing event, also where nothing changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherPolicy:
    begins: AreaPolicy = field(default_factory=lambda: USUAL_AREA_POLICY)
    lasts: AreaPolicy = field(default_factory=lambda: LASTING_AREA_POLICY)
    rest_s: float = 3600.0
    """Few are left and none has come out for so long: those are ill on their own."""
    together_s: float = 1800.0
    """Who fell so long before everybody else did not fall with them: three rounds of stills."""


def follow_weather(
    looks: Sequence[CameraLook], standing: Sequence[Standing], now: datetime, policy: WeatherPolicy
) -> WeatherNow:
    """Every camera is under one event of a weather at most. Costs two passes over the looks for each weather, and one
    more where somebody fell long before the others."""
    lasting = area_events(looks, policy.lasts) if standing else ()
    showing = {look.camera_id: look for look in looks if look.kinds}
    taken = {(one.weather, camera_id) for one in standing for camera_id in one.camera_ids}
    going = []
    for one in sorted(standing, key=lambda event: event.outage_id):
        since = None if one.fell_from is None else one.fell_from - timedelta(seconds=policy.together_s)
        kinds = SHOWS[one.weather]
        shown = {camera_id for camera_id, look in showing.items() if kinds_since(look, kinds, since)}
        under = _under(one, lasting) & shown
        came = frozenset(camera_id for camera_id in under if (one.weather, camera_id) not in taken)
        still = one.camera_ids & shown
        rested = now - one.changed_at >= timedelta(seconds=policy.rest_s)
        if not still or (not under and rested):
            going.append(Going(outage_id=one.outage_id, weather=one.weather, left=one.camera_ids, is_over=True))
            continue
        taken |= {(one.weather, camera_id) for camera_id in came}
        left = one.camera_ids - still
        going.append(Going(outage_id=one.outage_id, weather=one.weather, since=since, came=came, left=left))
    begun = [
        event
        for event in events_that_fell_together(looks, policy.begins, policy.together_s)
        if all((event.weather, camera_id) not in taken for camera_id in event.camera_ids)
    ]
    return WeatherNow(begun=tuple(begun), going=tuple(going))


def _under(one: Standing, events: Sequence[AreaEvent]) -> set[CameraId]:
    """Who lies under the events that this one has become."""
    mine = [
        event for event in events if event.weather is one.weather and not one.camera_ids.isdisjoint(event.camera_ids)
    ]
    return {camera_id for event in mine for camera_id in event.camera_ids}
