"""The time in which a camera was of the owner who registered it: nothing from before or after is theirs to read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from vms.access.consent import Consent
from vms.access.registration import RegistrationStatus
from vms.core.ids import CameraId
from vms.store import consents
from vms.store.registrations import Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnersTime:
    camera_id: CameraId
    since: datetime
    until: datetime | None
    """None: it goes on."""
    consent: Consent | None
    """The one in force; of an owner who left, the last."""


def owners_time(tx: Connection, registration: Registration) -> OwnersTime | None:
    """None: it was never approved."""
    camera_id, since = registration.camera_id, registration.decided_at
    if camera_id is None or since is None:
        return None
    if registration.status is RegistrationStatus.WITHDRAWN:
        consent = consents.first_withdrawn(tx, camera_id, since)
        until = since if consent is None else consent.withdrawn_at
        return OwnersTime(camera_id=camera_id, since=since, until=until, consent=consent)
    return OwnersTime(camera_id=camera_id, since=since, until=None, consent=consents.of_camera(tx, camera_id))
