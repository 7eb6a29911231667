"""An outage: many cameras, one cause; and what was decided about outages in one turn."""

from dataclasses import dataclass, field
from datetime import datetime

from vms.core.ids import CameraId
from vms.health.outages.node import NodeKey, NodeSource


@dataclass(slots=True, kw_only=True)
class Outage:
    """Changed by the book alone. `outage_id` is given by the store."""

    outage_id: int | None = None
    cause: NodeKey
    name: str
    source: NodeSource
    whole: bool
    """False: something unknown below the cause, that only a part of it hangs on."""
    because: str
    opened_at: datetime
    """When the first of them was seen to be ill."""
    fell_from: datetime
    """When its members fell last: since the start, or since it came again."""
    spread_s: float = 0.0
    found_at: datetime
    closed_at: datetime | None = None
    members: set[CameraId] = field(default_factory=set)
    """All that ever fell with it."""
    down: set[CameraId] = field(default_factory=set)
    last_back: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A camera comes into an outage or leaves it."""

    outage: Outage
    camera_id: CameraId
    at: datetime
    inside: bool
    on_its_own: bool = False
    """It leaves because it is ill for itself."""


@dataclass(slots=True, kw_only=True)
class Decisions:
    """To be kept in this order."""

    found: list[Outage] = field(default_factory=list)
    reopened: list[Outage] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    changed: list[Outage] = field(default_factory=list)
    """Another cause, more members."""
    absorbed: list[tuple[Outage, Outage]] = field(default_factory=list)
    """(outage, the one that it is part of)."""
    closed: list[Outage] = field(default_factory=list)
    alone: list[CameraId] = field(default_factory=list)
    """Decided: these fell on their own."""

    def __bool__(self) -> bool:
        return bool(self.found or self.reopened or self.moves or self.changed or self.absorbed or self.closed)
