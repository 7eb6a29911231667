"""An incident (警情): where, what, how grave, and the states it goes through."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from vms.core.errors import Conflict
from vms.core.geo import Wgs84
from vms.core.ids import IncidentId

SOURCES = ("110", "119", "122", "12345", "alarm", "resident")
LEVELS = (1, 2, 3, 4)
"""1 is the gravest."""


class IncidentStatus(StrEnum):
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


_WAY = (
    IncidentStatus.RECEIVED,
    IncidentStatus.DISPATCHED,
    IncidentStatus.ACCEPTED,
    IncidentStatus.EN_ROUTE,
    IncidentStatus.ON_SCENE,
    IncidentStatus.HANDLING,
    IncidentStatus.FEEDBACK,
    IncidentStatus.CLOSED,
)
OVER = frozenset(
    {
        IncidentStatus.CLOSED,
        IncidentStatus.TRANSFERRED,
        IncidentStatus.CANCELLED,
        IncidentStatus.DUPLICATE,
        IncidentStatus.FALSE,
    }
)
"""Nothing follows; what owners allow near an incident ends with it."""

NEXT: Mapping[IncidentStatus, tuple[IncidentStatus, ...]] = MappingProxyType(
    {
        status: () if status in OVER else (*_WAY[_WAY.index(status) + 1 :], *sorted(OVER - {IncidentStatus.CLOSED}))
        for status in IncidentStatus
    }
)
"""Forward along the way, steps may be left out; or out of it. Never back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    incident_id: IncidentId
    incident_no: str
    source: str
    category: str = ""
    level: int = 3
    reported_at: datetime
    address_text: str = ""
    position: Wgs84
    region_code: str = ""
    summary: str = ""
    status: IncidentStatus = IncidentStatus.RECEIVED
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.status not in OVER


def check_step(before: IncidentStatus, after: IncidentStatus) -> None:
    """Raises Conflict where `after` may not follow `before`."""
    if after not in NEXT[before]:
        known = ", ".join(NEXT[before]) or "nothing, it is over"
        raise Conflict(f"an incident that is {before} cannot become {after}; it may become {known}")
