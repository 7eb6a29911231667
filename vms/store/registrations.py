"""Cameras that units and households bring: as submitted, decided, left."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from vms.access.consent import ConsentMode
from vms.access.registration import RegistrationStatus
from vms.core.errors import Conflict, NotFound
from vms.core.geo import Wgs84
from vms.core.ids import CameraId, CredentialId, OwnerId, RegistrationId
from vms.inventory.camera import CoordinateSystem, Pose
from vms.inventory.tier import Tier
from vms.store import credentials, events
from vms.store.devices import set_login
from vms.store.page import Page
from vms.store.schema import cameras, devices, registrations


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What the owner wrote, without the login of the camera."""

    owner_name: str
    tier: Tier
    contact: str
    camera_name: str
    install_address: str
    entered_x: float
    entered_y: float
    entered_system: CoordinateSystem
    pose: Pose
    address: str
    port: int
    channel: str
    consent_mode: ConsentMode
    radius_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    registration_id: RegistrationId
    status: RegistrationStatus
    submitted_at: datetime
    submission: Submission
    owner_id: OwnerId
    camera_id: CameraId | None
    credential_id: CredentialId | None
    decided_at: datetime | None
    decided_by: int | None
    reason: str


def add(
    tx: Connection,
    submission: Submission,
    *,
    owner_id: OwnerId,
    access_key_hash: str,
    now: datetime,
) -> RegistrationId:
    values = {
        "status": RegistrationStatus.SUBMITTED.value,
        "submitted_at": now,
        "owner_id": owner_id,
        "content": _content(submission),
        "access_key_hash": access_key_hash,
    }
    statement = insert(registrations).values(**values).returning(registrations.c.id)
    registration_id = RegistrationId(tx.execute(statement).scalar_one())
    events.append(tx, "registration.submitted", registration_id, {"tier": submission.tier.value}, now)
    return registration_id


def set_credential(tx: Connection, registration_id: int, credential_id: CredentialId | None) -> None:
    tx.execute(update(registrations).where(registrations.c.id == registration_id).values(credential_id=credential_id))


def forget_login(tx: Connection, registration: Registration) -> None:
    """The login that came with a registration goes with it; a device that used it is signed in to with the login of
    another registration in force for one of its channels, if there is one."""
    if registration.credential_id is None:
        return
    set_credential(tx, registration.registration_id, None)
    used_by = select(devices.c.id).where(devices.c.credential_id == registration.credential_id)
    for device_id in tx.execute(used_by).scalars().all():
        set_login(tx, device_id, _other_login(tx, device_id))
    credentials.remove(tx, registration.credential_id)


def _other_login(tx: Connection, device_id: int) -> CredentialId | None:
    r = registrations.c
    statement = select(r.credential_id).join(cameras, cameras.c.id == r.camera_id)
    in_force = (r.status == RegistrationStatus.APPROVED.value, r.credential_id.is_not(None))
    newest = statement.where(cameras.c.device_id == device_id, *in_force).order_by(r.id.desc()).limit(1)
    found = tx.execute(newest).scalar_one_or_none()
    return None if found is None else CredentialId(found)


def get(tx: Connection, registration_id: int) -> Registration:
    row = tx.execute(select(registrations).where(registrations.c.id == registration_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no registration {registration_id}")
    return _registration(row)


def key_hash(tx: Connection, registration_id: int) -> str | None:
    """The hash of the owner's access key; None: no such registration."""
    statement = select(registrations.c.access_key_hash).where(registrations.c.id == registration_id)
    return tx.execute(statement).scalar_one_or_none()


def of_camera(tx: Connection, camera_id: int) -> Registration | None:
    """The latest one that was approved for this camera."""
    statement = select(registrations).where(registrations.c.camera_id == camera_id)
    row = tx.execute(statement.order_by(registrations.c.id.desc()).limit(1)).mappings().one_or_none()
    return None if row is None else _registration(row)


def camera_ids(tx: Connection) -> frozenset[CameraId]:
    """All cameras that an owner brought, now or once."""
    statement = select(registrations.c.camera_id).where(registrations.c.camera_id.is_not(None)).distinct()
    return frozenset(CameraId(camera_id) for camera_id in tx.execute(statement).scalars())


def page(
    tx: Connection, *, status: RegistrationStatus | None = None, limit: int = 50, offset: int = 0
) -> Page[Registration]:
    """Newest first."""
    where = () if status is None else (registrations.c.status == status.value,)
    total = tx.execute(select(func.count()).select_from(registrations).where(*where)).scalar_one()
    statement = select(registrations).where(*where).order_by(registrations.c.id.desc()).limit(limit).offset(offset)
    return Page(items=tuple(_registration(row) for row in tx.execute(statement).mappings()), total=total)


def decide(
    tx: Connection,
    registration_id: int,
    status: RegistrationStatus,
    *,
    decided_by: int,
    reason: str,
    camera_id: CameraId | None,
    now: datetime,
) -> Registration:
    """Raises Conflict where it has been decided already."""
    r = registrations.c
    statement = update(registrations).where(r.id == registration_id, r.status == RegistrationStatus.SUBMITTED.value)
    values: dict[str, Any] = {
        "status": status.value,
        "decided_at": now,
        "decided_by": decided_by,
        "reason": reason,
        "camera_id": camera_id,
    }
    if tx.execute(statement.values(**values)).rowcount == 0:
        raise Conflict("this registration has been decided already")
    events.append(tx, "registration.decided", registration_id, {"status": status.value, "camera_id": camera_id}, now)
    return get(tx, registration_id)


def withdraw(tx: Connection, registration_id: int, now: datetime) -> None:
    tx.execute(
        update(registrations)
        .where(registrations.c.id == registration_id)
        .values(status=RegistrationStatus.WITHDRAWN.value)
    )
    events.append(tx, "registration.withdrawn", registration_id, {}, now)


def _content(submission: Submission) -> dict[str, Any]:
    pose = submission.pose
    return {
        "owner_name": submission.owner_name,
        "tier": submission.tier.value,
        "contact": submission.contact,
        "camera_name": submission.camera_name,
        "install_address": submission.install_address,
        "entered_x": submission.entered_x,
        "entered_y": submission.entered_y,
        "entered_system": submission.entered_system.value,
        "lon": pose.position.lon,
        "lat": pose.position.lat,
        "bearing_deg": pose.bearing_deg,
        "h_fov_deg": pose.h_fov_deg,
        "mount_height_m": pose.mount_height_m,
        "address": submission.address,
        "port": submission.port,
        "channel": submission.channel,
        "consent_mode": submission.consent_mode.value,
        "radius_m": submission.radius_m,
    }


def _submission(content: dict[str, Any]) -> Submission:
    pose = Pose(
        position=Wgs84(content["lon"], content["lat"]),
        bearing_deg=content["bearing_deg"],
        h_fov_deg=content["h_fov_deg"],
        mount_height_m=content["mount_height_m"],
    )
    return Submission(
        owner_name=content["owner_name"],
        tier=Tier(content["tier"]),
        contact=content["contact"],
        camera_name=content["camera_name"],
        install_address=content["install_address"],
        entered_x=content["entered_x"],
        entered_y=content["entered_y"],
        entered_system=CoordinateSystem(content["entered_system"]),
        pose=pose,
        address=content["address"],
        port=content["port"],
        channel=content["channel"],
        consent_mode=ConsentMode(content["consent_mode"]),
        radius_m=content["radius_m"],
    )


def _registration(row: RowMapping) -> Registration:
    return Registration(
        registration_id=RegistrationId(row["id"]),
        status=RegistrationStatus(row["status"]),
        submitted_at=row["submitted_at"],
        submission=_submission(row["content"]),
        owner_id=OwnerId(row["owner_id"]),
        camera_id=None if row["camera_id"] is None else CameraId(row["camera_id"]),
        credential_id=None if row["credential_id"] is None else CredentialId(row["credential_id"]),
        decided_at=row["decided_at"],
        decided_by=row["decided_by"],
        reason=row["reason"],
    )
