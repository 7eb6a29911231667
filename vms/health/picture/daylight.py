"""Day or night as the sun says, so that a camera is compared with its own normal of that light."""

from datetime import datetime

from astral import Observer
from astral.sun import elevation

from vms.core.geo import Wgs84
from vms.health.picture.baseline import Light

DAY_FROM_DEG = 3.0
NIGHT_BELOW_DEG = -8.0
"""Between them cameras switch to infrared and back, each in its own time: the picture itself must tell."""


def light_by_sun(position: Wgs84 | None, at: datetime) -> Light | None:
    """None: the sun does not tell. 25 µs."""
    if position is None:
        return None
    height_deg = elevation(Observer(position.lat, position.lon), at, with_refraction=False)
    if height_deg >= DAY_FROM_DEG:
        return Light.DAY
    return Light.NIGHT if height_deg < NIGHT_BELOW_DEG else None


def light_taken_by(position: Wgs84 | None, at: datetime, own: Light) -> Light:
    """The one rule for stills, normals and references: the sun's word; where it does not tell, the picture's `own`."""
    return light_by_sun(position, at) or own
