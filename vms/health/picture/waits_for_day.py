"""Faults of a view that no look can tell at night: whether they are gone shows when the sun is up."""

from datetime import datetime

from vms.core.geo import Wgs84
from vms.health.fault import FaultKind
from vms.health.picture.as_faults import OF_A_LIGHT
from vms.health.picture.baseline import Light
from vms.health.picture.daylight import light_by_sun


def waits_for_day(kind: FaultKind, position: Wgs84 | None, *, night_is_known: bool, now: datetime) -> bool:
    """`night_is_known`: what is normal for this camera at night has been learnt. Without colour is no fault at night.
    In the twilight the picture itself tells its light: by the time the sun stands, the looks of the day have told."""
    told_at_night = kind not in OF_A_LIGHT or (night_is_known and kind is not FaultKind.MONO)
    return position is not None and not told_at_night and light_by_sun(position, now) is not Light.DAY
