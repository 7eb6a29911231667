"""What an owner allows; a closed choice, enforced by `vms.access.decide`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vms.core.ids import CameraId


class ConsentMode(StrEnum):
    NEVER = "never"
    ON_REQUEST = "on_request"
    NEAR_INCIDENT = "near_incident"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    camera_id: CameraId
    mode: ConsentMode
    radius_m: float = 150.0
    """With `near_incident`: how far from an open incident the camera may be used."""
    given_at: datetime
    withdrawn_at: datetime | None = None
    paused_until: datetime | None = None
