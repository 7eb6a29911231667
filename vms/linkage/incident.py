"""The incident (警情): what happened where, and how far its handling has come."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from vms.core.errors import BadInput, Conflict
from vms.core.geo import Wgs84
from vms.core.ids import IncidentId

MAX_SUMMARY = 2_000


class IncidentStatus(StrEnum):
    """The way of a case, then the ways out of it."""

    RECEIVED = "received"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    HANDLING = "handling"
    FEEDBACK = "feedback"
    CLOSED = "closed"
    TRANSFERRED = "transferred"
    CANCELLED = "cancelled"
    DUPLICATE = "duplicate"
    FALSE = "false"


class IncidentSource(StrEnum):
    POLICE_110 = "110"
    FIRE_119 = "119"
    MEDICAL_120 = "120"
    TRAFFIC_122 = "122"
    HOTLINE_12345 = "12345"
    ALARM_BOX = "alarm"
    RESIDENT = "resident"
    OPERATOR = "operator"


_WAY = tuple(IncidentStatus)[: tuple(IncidentStatus).index(IncidentStatus.CLOSED) + 1]
_ENDS = frozenset(IncidentStatus) - frozenset(_WAY[:-1])

CATEGORIES: dict[str, tuple[str, str]] = {
    "theft": ("theft", "盗窃"),
    "robbery": ("robbery", "抢劫"),
    "fight": ("fight", "打架斗殴"),
    "injury": ("injury", "人身伤害"),
    "traffic": ("traffic accident", "交通事故"),
    "fire": ("fire", "火灾"),
    "medical": ("medical emergency", "急救"),
    "missing": ("missing person", "人员走失"),
    "crowd": ("crowd", "人员聚集"),
    "nuisance": ("nuisance", "扰民"),
    "help": ("call for help", "群众求助"),
    "other": ("other", "其他"),
}
"""Code: (English, Chinese). Suggestions, not a closed list: every town has its own table."""

LEVELS = (1, 2, 3, 4)
"""1 is the gravest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """The caller's identity is not kept, on purpose. Build new ones with `report`, which checks."""

    incident_id: IncidentId
    incident_no: str
    source: IncidentSource
    reported_at: datetime
    position: Wgs84
    category: str = "other"
    subcategory: str = ""
    level: int = 3
    address_text: str = ""
    summary: str = ""
    jurisdiction_org: str = ""
    status: IncidentStatus = IncidentStatus.RECEIVED
    status_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return is_open(self.status)


def is_open(status: IncidentStatus) -> bool:
    return status not in _ENDS


def next_statuses(status: IncidentStatus) -> tuple[IncidentStatus, ...]:
    """Where it may go from here: any later step of the way (steps are skipped in practice), or out. Never back."""
    if not is_open(status):
        return ()
    later = _WAY[_WAY.index(status) + 1 :]
    return later + tuple(s for s in IncidentStatus if s in _ENDS and s is not IncidentStatus.CLOSED)


def checked(incident: Incident) -> Incident:
    """The incident as it may be stored; BadInput names the field that is wrong."""
    if incident.level not in LEVELS:
        raise BadInput(f"{incident.level} is not a level; 1 (gravest) to 4", where="level")
    if incident.reported_at.tzinfo is None:
        raise BadInput("needs a time zone", where="reported_at")
    if len(incident.summary) > MAX_SUMMARY:
        raise BadInput(f"at most {MAX_SUMMARY} characters", where="summary")
    if not incident.category:
        raise BadInput("needs a category", where="category")
    return incident


def moved(incident: Incident, to: IncidentStatus, now: datetime) -> Incident:
    """The incident one transition later; Conflict where the way does not lead there."""
    if to not in next_statuses(incident.status):
        raise Conflict(f"an incident that is {incident.status} cannot become {to}")
    return replace(incident, status=to, status_at=now, closed_at=None if is_open(to) else now)
