"""A reviewer approves or refuses a registration; approval asks the camera who it is and puts the consent in force."""

import asyncio
from datetime import datetime

from sqlalchemy import Connection

from vms.access.consent import Consent
from vms.access.registration import RegistrationStatus
from vms.access.roles import Person
from vms.core.clock import Clock
from vms.core.errors import BadInput, Conflict, DeviceUnreachable, LoginRefused
from vms.core.ids import CameraId
from vms.inventory.camera import Camera, Declared, LifeCycle
from vms.inventory.device import ObservedDevice
from vms.inventory.networks import NetworkPlan
from vms.inventory.tier import Tier
from vms.services.credentials.note_use import note_refused, note_use
from vms.services.record_device import Outcome, SignedIn, record_device
from vms.services.register_camera import Networks, Probe, check_address
from vms.store import cameras, consents, credentials, registrations
from vms.store.camera_changes import Author
from vms.store.credential_uses import Purpose
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.registrations import Registration
from vms.store.secret_box import SecretBox


def refuse_registration(
    database: Database, registration_id: int, reason: str, reviewer: Person, now: datetime
) -> Registration:
    """Raises NotFound, Conflict, BadInput."""
    if not reason:
        raise BadInput("a refusal needs a reason", where="reason")
    with database.writing() as tx:
        refused = registrations.decide(
            tx,
            registrations.get(tx, registration_id).registration_id,
            RegistrationStatus.REFUSED,
            decided_by=reviewer.user_id,
            reason=reason,
            camera_id=None,
            now=now,
        )
        registrations.forget_login(tx, refused)
        return registrations.get(tx, registration_id)


def begin_approval(
    database: Database, box: SecretBox, registration_id: int, allowed: Networks, reviewer: Person, now: datetime
) -> tuple[Registration, StoredLogin | None]:
    """What to ask the camera with. Raises NotFound, Conflict, BadInput where the address is allowed no longer."""
    with database.reading() as tx:
        registration = registrations.get(tx, registration_id)
        if registration.status is not RegistrationStatus.SUBMITTED:
            raise Conflict("this registration has been decided already")
        check_address(registration.submission.address, allowed)
        login = credentials.login_of(tx, box, registration.credential_id)
    note_use(database, login, None, Purpose.REGISTRATION, reviewer.name, now)
    return registration, login


async def ask_camera(
    database: Database,
    probe: Probe,
    registration: Registration,
    login: StoredLogin | None,
    reviewer: Person,
    now: datetime,
) -> ObservedDevice:
    """Raises DeviceUnreachable, LoginRefused, Conflict: the registration stays as it is and can be decided later."""
    submission = registration.submission
    observed = await probe(submission.address, submission.port, login)
    if observed.login_refused:
        await asyncio.to_thread(note_refused, database, login, Purpose.REGISTRATION, reviewer.name, now)
        raise LoginRefused("the camera refused the user name or password of this registration")
    if not observed.channels:
        because = "; ".join(problem.message for problem in observed.problems) or "no answer"
        raise DeviceUnreachable(
            f"the camera at {submission.address}:{submission.port} did not tell its streams: {because}"
        )
    return observed


def finish_approval(
    database: Database,
    registration: Registration,
    observed: ObservedDevice,
    reviewer: Person,
    reason: str,
    clock: Clock,
) -> Registration:
    """Device, camera, owner and consent in one transaction. Raises Conflict where the camera is somebody else's."""
    now = clock()
    submission = registration.submission
    with database.writing() as tx:
        recorded = record_device(
            tx,
            observed,
            networks=NetworkPlan(()),
            now=now,
            signed_in=_signed_in(registration),
        )
        if recorded.outcome not in (Outcome.NEW, Outcome.SAME):
            raise Conflict("it is not clear which device this is: " + "; ".join(recorded.reasons))
        camera = _chosen(tx, recorded.camera_ids, submission.channel)
        _check_free(tx, camera)
        declared = Declared(
            name=submission.camera_name,
            tier=submission.tier,
            install_address=submission.install_address,
            address=submission.address,
            port=submission.port,
            pose=submission.pose,
            entered_x=submission.entered_x,
            entered_y=submission.entered_y,
            entered_system=submission.entered_system,
        )
        author = Author(who=reviewer.name, why=f"registration {registration.registration_id}")
        cameras.update_declared(tx, camera.camera_id, declared, now, owner_id=registration.owner_id, author=author)
        consent = Consent(
            camera_id=camera.camera_id, mode=submission.consent_mode, radius_m=submission.radius_m, given_at=now
        )
        decided = registrations.decide(
            tx,
            registration.registration_id,
            RegistrationStatus.APPROVED,
            decided_by=reviewer.user_id,
            reason=reason,
            camera_id=camera.camera_id,
            now=now,
        )
        consents.put(tx, consent, now)
        cameras.set_life_cycle(tx, camera.camera_id, LifeCycle.APPROVED, now, author=author)
        return decided


def _signed_in(registration: Registration) -> SignedIn | None:
    """None: it came without a login; the one that a device has for another channel stays."""
    return None if registration.credential_id is None else SignedIn(credential_id=registration.credential_id)


def _chosen(tx: Connection, camera_ids: tuple[CameraId, ...], channel: str) -> Camera:
    found = cameras.by_ids(tx, camera_ids)
    chosen = next((camera for camera in found if channel in ("", camera.channel)), None)
    if chosen is None:
        known = ", ".join(camera.channel for camera in found)
        raise Conflict(f"the device has no channel {channel!r}; it has {known}")
    return chosen


def _check_free(tx: Connection, camera: Camera) -> None:
    """Nobody takes over, by registering it, a camera that is somebody else's, in use or not; one that its owner has
    left is free."""
    if camera.declared.tier is Tier.GOVERNMENT:
        raise Conflict("this is a government camera that is in the inventory already")
    earlier = registrations.of_camera(tx, camera.camera_id)
    if earlier is not None and earlier.status is RegistrationStatus.APPROVED:
        raise Conflict(f"this camera is registered already (registration {earlier.registration_id})")
    if camera.owner_id not in (None, None if earlier is None else earlier.owner_id):
        raise Conflict("this camera is in the inventory already and belongs to somebody else")
