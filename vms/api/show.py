"""Domain values as the models of /api/v1: only shapes change here."""

from datetime import datetime

from vms.access.consent import Consent, ConsentMode
from vms.access.decide import Decision
from vms.access.hide_addresses import for_person
from vms.access.roles import Person
from vms.access.sight import Sight
from vms.api.models.cameras import AccessNow, AccessRequestRow, CameraRow, ConsentNow, LookList, LookRow, PoseNow
from vms.api.models.health import CutOff, PollerNow
from vms.api.models.incidents import IncidentNow
from vms.api.models.sign_in import SignedInUser, UserRow
from vms.inventory.camera import Camera, Pose
from vms.linkage.incident import Incident, next_statuses
from vms.store.access_requests import AccessRequest
from vms.store.camera_board import Board
from vms.store.looks import LookEntry
from vms.store.page import Page
from vms.store.poller_state import PollerState
from vms.store.users import User


def show_access(decision: Decision) -> AccessNow:
    return AccessNow(
        decision=decision.verdict,
        code=decision.code,
        because_en=decision.because_en,
        because_zh=decision.because_zh,
        until=decision.until,
    )


def show_camera(camera: Camera, board: Board, decision: Decision, sight: Sight, *, addresses: bool = True) -> CameraRow:
    pose, declared = camera.pose, camera.declared
    whose, addresses = sight.whose(camera.camera_id), addresses and sight.addresses(camera.camera_id)
    return CameraRow(
        id=camera.camera_id,
        name=camera.name,
        common_name=declared.common_name,
        tier=declared.tier,
        status=board.watch.status,
        since=board.watch.since,
        because=board.watch.because,
        region_code=declared.region_code,
        lon=pose.position.lon if pose else None,
        lat=pose.position.lat if pose else None,
        bearing_deg=pose.bearing_deg if pose else None,
        h_fov_deg=pose.h_fov_deg if pose else None,
        max_view_m=pose.max_view_m if pose else None,
        ptz=camera.ptz,
        indoor=declared.indoor,
        pole_code=declared.pole_code,
        install_address=declared.install_address,
        owner=board.owner if whose else "",
        life_cycle=camera.life_cycle,
        still_at=board.still_at,
        access=show_access(decision),
        region_name=board.region_name,
        owner_id=camera.owner_id if whose else None,
        device_id=camera.device_id,
        gb_device_id=declared.gb_device_id,
        manufacturer=board.manufacturer,
        model=board.model,
        serial_no=board.serial_no if whose else "",
        firmware=board.firmware,
        address=board.address if addresses else None,
        port=board.port if addresses else None,
        point_class=declared.point_class,
        asset_status=declared.asset_status,
        mgmt_unit=declared.mgmt_unit,
        installed_on=declared.installed_on,
        retention_days=declared.retention_days,
        open_faults=board.open_faults,
        problems=list(board.problems),
        created_at=board.created_at,
        changed_at=board.changed_at,
        completeness_pct=board.completeness_pct,
        breaks=list(board.breaks),
    )


def show_pose(pose: Pose | None) -> PoseNow | None:
    if pose is None:
        return None
    return PoseNow(
        lon=pose.position.lon,
        lat=pose.position.lat,
        mount_height_m=pose.mount_height_m,
        bearing_deg=pose.bearing_deg,
        tilt_deg=pose.tilt_deg,
        h_fov_deg=pose.h_fov_deg,
        max_view_m=pose.max_view_m,
    )


def show_consent(consent: Consent | None) -> ConsentNow | None:
    if consent is None:
        return None
    return ConsentNow(
        mode=ConsentMode(consent.mode),
        radius_m=consent.radius_m,
        given_at=consent.given_at,
        paused_until=consent.paused_until,
        withdrawn_at=consent.withdrawn_at,
    )


def show_incident(incident: Incident) -> IncidentNow:
    return IncidentNow(
        id=incident.incident_id,
        incident_no=incident.incident_no,
        source=incident.source,
        category=incident.category,
        level=incident.level,
        reported_at=incident.reported_at,
        address_text=incident.address_text,
        lon=incident.position.lon,
        lat=incident.position.lat,
        summary=incident.summary,
        status=incident.status,
        open=incident.is_open,
        next_statuses=list(next_statuses(incident.status)),
        closed_at=incident.closed_at,
    )


def show_looks(page: Page[LookEntry]) -> LookList:
    rows = [
        LookRow(
            id=entry.look_id,
            at=entry.look.at,
            ended_at=entry.ended_at,
            who=entry.look.user_name,
            kind=entry.look.kind,
            incident_no=entry.incident_no,
            purpose=entry.look.purpose,
            allowed=entry.look.allowed,
            because=entry.look.because,
        )
        for entry in page.items
    ]
    return LookList(chain_ok=all(entry.intact for entry in page.items), total=page.total, items=rows)


def show_request(request: AccessRequest, now: datetime) -> AccessRequestRow:
    return AccessRequestRow(
        id=request.request_id,
        camera_id=request.camera_id,
        camera_name=request.camera_name,
        who=request.user_name,
        incident_id=request.incident_id,
        incident_no=request.incident_no,
        purpose=request.purpose,
        asked_at=request.asked_at,
        decided_at=request.decided_at,
        granted_until=request.granted_until,
        state=request.state(now),
    )


def show_poller(state: PollerState, now: datetime, person: Person) -> PollerNow:
    session = state.session
    return PollerNow(
        watching=session is not None and session.is_running(now),
        started_at=session.started_at if session else None,
        alive_at=session.alive_at if session else None,
        interval_s=session.interval_s if session else None,
        cut_off=[
            CutOff(since=one.from_at, whole=one.whole, ground=for_person(one.ground, person)) for one in state.cut_off
        ],
        held_up_since=state.held_up_since,
        held_share=state.held_share,
    )


def show_person(person: Person) -> SignedInUser:
    return SignedInUser(
        id=person.user_id,
        name=person.name,
        role=person.role,
        owner_id=person.owner_id,
        maintainer_id=person.maintainer_id,
    )


def show_user(user: User) -> UserRow:
    return UserRow(
        id=user.user_id,
        name=user.name,
        role=user.role,
        owner_id=user.owner_id,
        maintainer_id=user.maintainer_id,
        created_at=user.created_at,
        disabled_at=user.disabled_at,
    )
