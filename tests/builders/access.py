"""People, cameras and incidents for the tests of access."""

from datetime import UTC, datetime, timedelta
from typing import Any

from vms.access.consent import Consent, ConsentMode
from vms.access.decide import CameraAccess, Grant, IncidentScene
from vms.access.roles import Person, Role
from vms.core.geo import LocalFrame, Wgs84
from vms.core.ids import CameraId, IncidentId, OwnerId, UserId
from vms.inventory.camera import LifeCycle
from vms.inventory.tier import Tier

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
SQUARE = Wgs84(113.62, 34.75)
CAMERA = CameraId(7)


def a_person(role: Role = Role.OPERATOR, **other: Any) -> Person:
    return Person(**{"user_id": UserId(3), "name": "li", "role": role, **other})


def a_camera(tier: Tier = Tier.GOVERNMENT, **other: Any) -> CameraAccess:
    known = {"camera_id": CAMERA, "tier": tier, "life_cycle": LifeCycle.APPROVED, "position": SQUARE}
    return CameraAccess(**{**known, **other})


def a_consent(mode: ConsentMode, **other: Any) -> Consent:
    return Consent(**{"camera_id": CAMERA, "mode": mode, "radius_m": 150.0, "given_at": NOON, **other})


def a_shop(mode: ConsentMode, **consent: Any) -> CameraAccess:
    return a_camera(Tier.UNIT, registered=True, owner_id=OwnerId(5), consent=a_consent(mode, **consent))


def an_incident(away_m: float = 0.0, *, is_open: bool = True, incident_id: int = 11) -> IncidentScene:
    position = LocalFrame(SQUARE).to_wgs84(away_m, 0.0)
    return IncidentScene(incident_id=IncidentId(incident_id), position=position, open=is_open)


def a_grant(**other: Any) -> Grant:
    return Grant(**{"camera_id": CAMERA, "user_id": UserId(3), "until": NOON + timedelta(hours=1), **other})
