"""A unit or household registers its camera, comes back with its key, changes its mind, leaves."""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address

from sqlalchemy import Connection

from vms.access.consent import Consent, ConsentMode
from vms.access.registration import RegistrationStatus, Sentence, what_is_allowed, who_may_see
from vms.core.errors import BadInput, Conflict, PersonMustAct
from vms.core.ids import CameraId, RegistrationId
from vms.inventory.camera import LifeCycle
from vms.inventory.device import ObservedDevice
from vms.services.owners_time import owners_time
from vms.services.passwords import new_token, token_hash
from vms.store import access_requests, cameras, consents, credentials, looks, owners, registrations
from vms.store.camera_changes import Author
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.registrations import Registration, Submission
from vms.store.secret_box import SecretBox

Probe = Callable[[str, int, StoredLogin | None], Awaitable[ObservedDevice]]
"""Asks the device at address and port about itself; never raises for a bad device."""
Networks = Sequence[IPv4Network | IPv6Network]

MOST_WAITING = 500
"""Registrations that nobody has decided yet; above this no more are taken."""
LONGEST_PAUSE = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    registration_id: RegistrationId
    access_key: str = field(repr=False)
    """Shown once; only its hash is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnersView:
    """A registration as its owner sees it."""

    registration: Registration
    consent: Consent | None
    sentence: Sentence
    looks_total: int
    open_requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMode:
    mode: ConsentMode
    radius_m: float | None = None
    """None: as before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    until: datetime | None
    """None ends the pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """For good; to come back is a new registration."""


def submit_registration(
    database: Database,
    box: SecretBox,
    submission: Submission,
    login: tuple[str, str] | None,
    allowed: Networks,
    now: datetime,
) -> Submitted:
    """Nothing is called and no camera is made before a reviewer has approved. Raises BadInput."""
    check_address(submission.address, allowed)
    access_key = new_token()
    with database.writing() as tx:
        waiting = registrations.page(tx, status=RegistrationStatus.SUBMITTED, limit=1).total
        if waiting >= MOST_WAITING:
            raise PersonMustAct("too many registrations wait for a decision; please come back later", code="too_many")
        owner_id = owners.add_registered(tx, submission.owner_name, submission.tier, submission.contact, now)
        registration_id = registrations.add(
            tx, submission, owner_id=owner_id, access_key_hash=token_hash(access_key), now=now
        )
        if login is not None:
            name = f"registration-{registration_id}-{secrets.token_hex(4)}"
            credential_id = credentials.put(tx, box, name, login[0], login[1], now)
            registrations.set_credential(tx, registration_id, credential_id)
    return Submitted(registration_id=registration_id, access_key=access_key)


def check_address(address: str, allowed: Networks) -> None:
    """Only an IP address inside the configured networks is ever called. Raises BadInput."""
    try:
        parsed = ip_address(address)
    except ValueError:
        raise BadInput("give the camera's IP address, not a name", where="address") from None
    if not any(parsed in network for network in allowed if network.version == parsed.version):
        raise BadInput("this address is in no network where cameras may be registered", where="address")


def owners_view(database: Database, registration_id: RegistrationId, now: datetime) -> OwnersView:
    with database.reading() as tx:
        registration = registrations.get(tx, registration_id)
        time = owners_time(tx, registration)
        consent = None if time is None else time.consent
        asked = registration.submission
        return OwnersView(
            registration=registration,
            consent=consent,
            sentence=(
                what_is_allowed(consent, now)
                if consent is not None and registration.status is RegistrationStatus.APPROVED
                else who_may_see(registration.status, asked.consent_mode, asked.radius_m)
            ),
            looks_total=0
            if time is None
            else looks.of_camera(tx, time.camera_id, since=time.since, until=time.until, limit=1).total,
            open_requests=0 if time is None or time.until else access_requests.count_open(tx, time.camera_id),
        )


def change_consent(
    database: Database, registration_id: RegistrationId, change: NewMode | Pause | Withdrawal, now: datetime
) -> None:
    """In force with the end of this transaction. Raises Conflict, BadInput."""
    with database.writing() as tx:
        registration = registrations.get(tx, registration_id)
        if isinstance(change, Withdrawal) and registration.status is RegistrationStatus.SUBMITTED:
            registrations.withdraw(tx, registration_id, now)
            registrations.forget_login(tx, registration)
            return
        if registration.camera_id is None or registration.status is not RegistrationStatus.APPROVED:
            raise Conflict(f"there is nothing to change: the registration is {registration.status.value}")
        before = consents.of_camera(tx, registration.camera_id)
        if before is None:
            raise Conflict("there is no consent to change")
        consents.put(tx, _changed(before, change, now), now)
        if isinstance(change, Withdrawal):
            _leave(tx, registration, registration.camera_id, now)


LEFT = Author(who="registration", why="its owner has left")


def _leave(tx: Connection, registration: Registration, camera_id: CameraId, now: datetime) -> None:
    registrations.withdraw(tx, registration.registration_id, now)
    access_requests.close_all(tx, camera_id, now)
    cameras.set_life_cycle(tx, camera_id, LifeCycle.RETIRED, now, author=LEFT)
    registrations.forget_login(tx, registration)


def _changed(before: Consent, change: NewMode | Pause | Withdrawal, now: datetime) -> Consent:
    match change:
        case NewMode():
            radius_m = before.radius_m if change.radius_m is None else change.radius_m
            return replace(before, mode=change.mode, radius_m=radius_m, given_at=now)
        case Pause():
            if change.until is not None and not now < change.until <= now + LONGEST_PAUSE:
                raise BadInput("a pause ends in the future, within a year", where="paused_until")
            return replace(before, paused_until=change.until)
        case Withdrawal():
            return replace(before, withdrawn_at=now)
