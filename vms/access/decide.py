"""May this person look at this camera now, and why: the only place that answers it.

Rules, first that fits:
1. A camera whose owner has withdrawn, or that is not approved, is refused to everybody.
2. Owners see their own cameras and no others.
3. Planners and reviewers see no pictures. Maintainers see a still of a government camera that is ill, nothing else.
4. Whoever looks as their work (operator, administrator): an owner's consent binds wherever there is one; it may be
   withdrawn, paused, never, on request (a live grant), near an open incident, always.
5. Without consent: government cameras by role; unit and community cameras by agreement, where the network has one;
   households not at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vms.access.consent import Consent, ConsentMode
from vms.access.roles import LOOKERS, Person, Role
from vms.core.geo import Wgs84, distance_m
from vms.core.ids import CameraId, IncidentId, OwnerId, UserId
from vms.inventory.camera import LifeCycle
from vms.inventory.tier import Tier


class Verdict(StrEnum):
    ALLOWED = "allowed"
    ASK = "ask"
    REFUSED = "refused"


class LookKind(StrEnum):
    LIVE = "live"
    SNAPSHOT = "snapshot"
    """A fresh picture fetched now."""
    STILL = "still"
    """The latest picture that is kept."""
    CLIP = "clip"


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraAccess:
    """What the decision needs to know about a camera."""

    camera_id: CameraId
    tier: Tier
    life_cycle: LifeCycle
    position: Wgs84 | None = None
    owner_id: OwnerId | None = None
    consent: Consent | None = None
    """The latest word of the owner."""
    registered: bool = False
    """Came by voluntary registration: without consent nobody looks, whatever the agreements say."""
    agreement: bool = False
    """The configuration says that this camera's network is used by agreement with its unit or compound."""
    ill: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentScene:
    """What the decision needs to know about an incident."""

    incident_id: IncidentId
    position: Wgs84
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The owner said yes to one request."""

    camera_id: CameraId
    user_id: UserId
    until: datetime
    incident_id: IncidentId | None = None
    """Where the request named an incident, the grant ends with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    verdict: Verdict
    code: str
    because_en: str
    because_zh: str
    until: datetime | None = None
    """Known end of what was decided; None: until something changes."""

    @property
    def allowed(self) -> bool:
        return self.verdict is Verdict.ALLOWED


def decide(
    person: Person,
    camera: CameraAccess,
    kind: LookKind,
    *,
    incident: IncidentScene | None = None,
    grants: Iterable[Grant] = (),
    now: datetime,
) -> Decision:
    if camera.consent is not None and camera.consent.withdrawn_at is not None:
        return _refused("withdrawn", "its owner has withdrawn", "业主已撤回授权")
    if camera.life_cycle is LifeCycle.RETIRED:
        return _refused("retired", "this camera has been retired", "该摄像机已停用")
    if not camera.life_cycle.in_service:
        return _refused("pending", "this camera has not been approved yet", "该摄像机尚未通过审核")
    if person.role is Role.OWNER:
        if camera.owner_id is not None and camera.owner_id == person.owner_id:
            return _allowed("own_camera", "it is your own camera", "这是您自己的摄像机")
        return _refused("not_yours", "owners see their own cameras only", "业主只能查看自己的摄像机")
    if person.role is Role.MAINTAINER:
        return _for_maintenance(camera, kind)
    if person.role not in LOOKERS:
        return _refused("role", "your role does not look at pictures", "您的角色不能查看画面")
    if camera.consent is not None:
        return _by_consent(person, camera, camera.consent, incident, grants, now)
    return _without_consent(camera)


def _for_maintenance(camera: CameraAccess, kind: LookKind) -> Decision:
    if camera.tier is not Tier.GOVERNMENT or camera.consent is not None:
        return _refused("maintenance_public_only", "maintenance sees government cameras only", "运维只能查看政府摄像机")
    if kind not in (LookKind.SNAPSHOT, LookKind.STILL):
        return _refused("maintenance_stills_only", "maintenance sees stills only", "运维只能查看静态画面")
    if not camera.ill:
        return _refused("maintenance_ill_only", "maintenance sees ill cameras only", "运维只能查看有故障的摄像机")
    return _allowed("maintenance", "the camera is ill and in maintenance", "摄像机有故障，正在运维")


def _without_consent(camera: CameraAccess) -> Decision:
    if camera.registered:
        return _NO_CONSENT
    match camera.tier:
        case Tier.GOVERNMENT:
            return _BY_ROLE
        case Tier.UNIT | Tier.COMMUNITY:
            return _BY_AGREEMENT if camera.agreement else _NO_AGREEMENT
        case _:
            return _NO_CONSENT


def _by_consent(
    person: Person,
    camera: CameraAccess,
    consent: Consent,
    incident: IncidentScene | None,
    grants: Iterable[Grant],
    now: datetime,
) -> Decision:
    if consent.paused_until is not None and now < consent.paused_until:
        return _refused("paused", "its owner has paused it", "业主已暂停授权", until=consent.paused_until)
    match consent.mode:
        case ConsentMode.ALWAYS:
            return _allowed("consent_always", "its owner allows it always", "业主授权随时可看")
        case ConsentMode.NEAR_INCIDENT:
            return _near_incident(camera, consent, incident)
        case ConsentMode.ON_REQUEST:
            return _on_request(person, camera, incident, grants, now)
        case _:
            return _refused("never", "its owner does not allow it", "业主不允许查看")


def _near_incident(camera: CameraAccess, consent: Consent, incident: IncidentScene | None) -> Decision:
    if incident is None:
        return _refused("no_incident", "only during an incident near by", "仅在附近发生警情时可看")
    if not incident.open:
        return _refused("incident_closed", "the incident is closed", "警情已结束")
    if camera.position is None:
        return _refused("no_position", "nobody said where this camera stands", "未登记摄像机位置")
    away_m = distance_m(camera.position, incident.position)
    if away_m > consent.radius_m:
        return _refused(
            "too_far",
            f"{away_m:.0f} m from the incident; its owner allows {consent.radius_m:.0f} m",
            f"距警情 {away_m:.0f} 米，业主只授权 {consent.radius_m:.0f} 米以内",
        )
    return _allowed(
        "near_incident",
        f"its owner allows it near an incident ({away_m:.0f} m)",
        f"业主授权警情附近可看（{away_m:.0f} 米）",
    )


def _on_request(
    person: Person, camera: CameraAccess, incident: IncidentScene | None, grants: Iterable[Grant], now: datetime
) -> Decision:
    until = [grant.until for grant in grants if _fits(grant, person, camera, incident, now)]
    if until:
        return _allowed("granted", "its owner has granted your request", "业主已同意您的申请", until=max(until))
    return Decision(verdict=Verdict.ASK, code="ask_owner", because_en="ask its owner", because_zh="需向业主申请")


def _fits(grant: Grant, person: Person, camera: CameraAccess, incident: IncidentScene | None, now: datetime) -> bool:
    if grant.camera_id != camera.camera_id or grant.user_id != person.user_id or now >= grant.until:
        return False
    if grant.incident_id is None:
        return True
    return incident is not None and incident.open and incident.incident_id == grant.incident_id


def _allowed(code: str, because_en: str, because_zh: str, until: datetime | None = None) -> Decision:
    return Decision(verdict=Verdict.ALLOWED, code=code, because_en=because_en, because_zh=because_zh, until=until)


def _refused(code: str, because_en: str, because_zh: str, until: datetime | None = None) -> Decision:
    return Decision(verdict=Verdict.REFUSED, code=code, because_en=because_en, because_zh=because_zh, until=until)


# made once: an answer about a crowded spot says them hundreds of times
_BY_ROLE = _allowed("by_role", "a government camera, by your role", "政府摄像机，按角色可看")
_BY_AGREEMENT = _allowed("by_agreement", "by agreement with its operator", "按与单位的协议可看")
_NO_AGREEMENT = _refused("no_agreement", "there is no agreement with its operator", "与该单位没有协议")
_NO_CONSENT = _refused("no_consent", "its owner has not consented", "业主未授权")
