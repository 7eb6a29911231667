"""An operator asks an owner for access; the owner answers."""

from datetime import datetime, timedelta

from vms.access.agreement import Agreements
from vms.access.decide import LookKind, Verdict
from vms.access.roles import Person
from vms.core.errors import Conflict, NotAllowed, NotFound
from vms.core.ids import CameraId
from vms.services.look_at_camera import Asked, decide_now
from vms.store import access_requests, registrations
from vms.store.access_requests import AccessRequest
from vms.store.database import Database

OPEN_AT_ONCE = 3
"""Requests of one person for one camera that wait for an answer; more would be nagging."""


def ask_owner(
    database: Database,
    person: Person,
    camera_id: CameraId,
    incident_id: int | None,
    purpose: str,
    agreements: Agreements,
    now: datetime,
) -> AccessRequest:
    """Raises NotFound, NotAllowed where asking is pointless, Conflict where it is not needed or asked already."""
    asked = Asked(person=person, camera_id=camera_id, kind=LookKind.LIVE, incident_id=incident_id)
    with database.writing() as tx:
        decision = decide_now(tx, asked, agreements, now)
        if decision.allowed:
            raise Conflict("no request is needed: you may look")
        if decision.verdict is not Verdict.ASK:
            raise NotAllowed(decision.because_en, code=decision.code)
        if access_requests.count_open(tx, camera_id, user_id=person.user_id) >= OPEN_AT_ONCE:
            raise Conflict("your earlier requests for this camera wait for an answer")
        return access_requests.add(tx, camera_id, person.user_id, incident_id, purpose, now)


def answer_request(
    database: Database, registration_id: int, request_id: int, grant_minutes: int | None, now: datetime
) -> AccessRequest:
    """By the owner of the registration; None refuses or takes back. Raises NotFound, Conflict."""
    with database.writing() as tx:
        request = access_requests.get(tx, request_id)
        if registrations.get(tx, registration_id).camera_id != request.camera_id:
            raise NotFound(f"there is no request {request_id}")
        until = None if grant_minutes is None else now + timedelta(minutes=grant_minutes)
        return access_requests.decide(tx, request, until, now)
