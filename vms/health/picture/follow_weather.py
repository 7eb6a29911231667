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


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An event that has begun and is not over."""

    outage_id: int
    weather: Weather
    camera_ids: frozenset[CameraId]
    """Those that lie under it now."""
    changed_at: datetime
    """When a camera came under it or out of it last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """What becomes of a standing event."""

    outage_id: int
    weather: Weather
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


def follow_weather(
    looks: Sequence[CameraLook], standing: Sequence[Standing], now: datetime, policy: WeatherPolicy
) -> WeatherNow:
    """Every camera is under one event of a weather at most. Costs two passes over the looks for each weather."""
    lasting = area_events(looks, policy.lasts) if standing else ()
    showing = {look.camera_id: look.kinds for look in looks if look.kinds}
    taken = {(one.weather, camera_id) for one in standing for camera_id in one.camera_ids}
    going = []
    for one in sorted(standing, key=lambda event: event.outage_id):
        under = _under(one, lasting)
        came = frozenset(camera_id for camera_id in under if (one.weather, camera_id) not in taken)
        kinds = SHOWS[one.weather]
        still = {camera_id for camera_id in one.camera_ids if not kinds.isdisjoint(showing.get(camera_id, ()))}
        rested = now - one.changed_at >= timedelta(seconds=policy.rest_s)
        if not still or (not under and rested):
            going.append(Going(outage_id=one.outage_id, weather=one.weather, left=one.camera_ids, is_over=True))
            continue
        taken |= {(one.weather, camera_id) for camera_id in came}
        going.append(Going(outage_id=one.outage_id, weather=one.weather, came=came, left=one.camera_ids - still))
    begun = [
        event
        for event in area_events(looks, policy.begins)
        if all((event.weather, camera_id) not in taken for camera_id in event.camera_ids)
    ]
    return WeatherNow(begun=tuple(begun), going=tuple(going))


def _under(one: Standing, events: Sequence[AreaEvent]) -> set[CameraId]:
    """Who lies under the events that this one has become."""
    mine = [
        event for event in events if event.weather is one.weather and not one.camera_ids.isdisjoint(event.camera_ids)
    ]
    return {camera_id for event in mine for camera_id in event.camera_ids}
