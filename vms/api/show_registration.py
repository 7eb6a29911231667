"""Registrations between the models of /api/v1 and the domain."""

from vms.api.models.registrations import (
    ConsentAsked,
    ConsentChange,
    MyRegistration,
    NewRegistration,
    RegistrationRow,
)
from vms.api.show import show_consent
from vms.core.coordinates import to_wgs84
from vms.inventory.camera import Pose
from vms.inventory.lists.contact import mask_contact
from vms.inventory.tier import Tier
from vms.services.register_camera import NewMode, OwnersView, Pause, Withdrawal
from vms.store.registrations import Registration, Submission


def read_submission(body: NewRegistration) -> Submission:
    pose = Pose(
        position=to_wgs84(body.lon, body.lat, body.coordinate_system),
        bearing_deg=body.bearing_deg,
        h_fov_deg=body.h_fov_deg,
        mount_height_m=body.mount_height_m,
    )
    return Submission(
        owner_name=body.owner_name,
        tier=Tier(body.tier),
        contact=body.contact,
        camera_name=body.camera_name,
        install_address=body.install_address,
        entered_x=body.lon,
        entered_y=body.lat,
        entered_system=body.coordinate_system,
        pose=pose,
        address=body.address,
        port=body.port,
        channel=body.channel,
        consent_mode=body.consent.mode,
        radius_m=body.consent.radius_m,
    )


def read_change(body: ConsentChange) -> NewMode | Pause | Withdrawal:
    if body.withdraw:
        return Withdrawal()
    if body.mode is not None:
        return NewMode(mode=body.mode, radius_m=body.radius_m)
    return Pause(until=body.paused_until)


def show_registration(registration: Registration, *, masked: bool) -> RegistrationRow:
    submission = registration.submission
    pose = submission.pose
    return RegistrationRow(
        id=registration.registration_id,
        status=registration.status,
        submitted_at=registration.submitted_at,
        owner_name=submission.owner_name,
        tier=submission.tier,
        contact=mask_contact(submission.contact) if masked else submission.contact,
        camera_name=submission.camera_name,
        install_address=submission.install_address,
        lon=pose.position.lon,
        lat=pose.position.lat,
        bearing_deg=pose.bearing_deg or 0.0,
        h_fov_deg=pose.h_fov_deg,
        mount_height_m=pose.mount_height_m,
        address=submission.address,
        port=submission.port,
        has_login=registration.credential_id is not None,
        consent=ConsentAsked(mode=submission.consent_mode, radius_m=submission.radius_m),
        camera_id=registration.camera_id,
        decided_at=registration.decided_at,
        reason=registration.reason,
    )


def show_mine(view: OwnersView) -> MyRegistration:
    registration = view.registration
    submission = registration.submission
    return MyRegistration(
        id=registration.registration_id,
        status=registration.status,
        submitted_at=registration.submitted_at,
        decided_at=registration.decided_at,
        reason=registration.reason,
        camera_name=submission.camera_name,
        owner_name=submission.owner_name,
        consent=show_consent(view.consent),
        asked_consent=ConsentAsked(mode=submission.consent_mode, radius_m=submission.radius_m),
        sentence_en=view.sentence.en,
        sentence_zh=view.sentence.zh,
        looks_total=view.looks_total,
        open_requests=view.open_requests,
    )
