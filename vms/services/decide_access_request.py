"""An operator asks an owner for access; the owner answers."""

from datetime import datetime, timedelta

from vms.access.agreement import Agreements
from vms.access.decide import LookKind, Verdict
from vms.access.registration import RegistrationStatus
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
    """By the owner of the registration; None refuses or takes back. Raises NotFound, Conflict.

    Only whose camera it is now has a say: the key of an owner who has left opens nothing any more.
    """
    with database.writing() as tx:
        registration = registrations.get(tx, registration_id)
        request = access_requests.get(tx, request_id)
        decided_at = registration.decided_at
        if registration.camera_id != request.camera_id or decided_at is None or request.asked_at < decided_at:
            raise NotFound(f"there is no request {request_id}")
        latest = registrations.of_camera(tx, request.camera_id)
        if registration.status is not RegistrationStatus.APPROVED or latest != registration:
            raise Conflict("there is nothing to answer: the registration is no longer in force")
        until = None if grant_minutes is None else now + timedelta(minutes=grant_minutes)
        return access_requests.decide(tx, request, until, now)
