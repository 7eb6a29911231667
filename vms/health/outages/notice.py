"""A notice (报备): an outage or maintenance window that was announced, and whom it is to cover."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NoticeKind(StrEnum):
    MAINTENANCE = "maintenance"
    POWER_CUT = "power_cut"
    ROAD_WORKS = "road_works"
    DISASTER = "disaster"
    OTHER = "other"


class NoticeState(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    """It opens no orders and is left out of the assessment."""
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ScopeKind(StrEnum):
    CAMERA = "camera"
    DEVICE = "device"
    POLE = "pole"
    NODE = "node"
    """A typed or learnt one, with all that hangs on it."""
    REGION = "region"
    OWNER = "owner"
    NETWORK = "network"


NUMBERED = frozenset({ScopeKind.CAMERA, ScopeKind.DEVICE, ScopeKind.NODE, ScopeKind.OWNER})
"""Scopes whose values are ids."""


@dataclass(frozen=True, slots=True)
class Scope:
    kind: ScopeKind
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    notice_id: int
    kind: NoticeKind
    reason: str
    scope: Scope
    start_at: datetime
    end_at: datetime
    asked_at: datetime
    asked_by: str
    state: NoticeState
    decided_at: datetime | None
    decided_by: str | None
    note: str
    """Of who decided."""
    cameras: int
    """How many it covers, as decided."""

    @property
    def late(self) -> bool:
        """Handed in after it had begun."""
        return self.asked_at > self.start_at

    def covers(self, at: datetime) -> bool:
        """It holds at this moment."""
        return self.state is NoticeState.APPROVED and self.start_at <= at < self.end_at
