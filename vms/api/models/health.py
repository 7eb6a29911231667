"""Health: counts, faults."""

from datetime import datetime

from pydantic import Field

from vms.api.models.shape import Answer
from vms.inventory.tier import Tier


class SummaryRow(Answer):
    key: str = Field(description="the tier or the region's code")
    name: str
    total: int
    up: int
    suspect: int
    down: int
    unknown: int
    intact: int = Field(description="cameras without an open fault of severity major or worse")


class PollerNow(Answer):
    watching: bool = Field(description="a poller runs and its heartbeat is fresh")
    started_at: datetime | None
    alive_at: datetime | None
    interval_s: float | None


class HealthSummary(Answer):
    at: datetime
    by: str
    rows: list[SummaryRow]
    all: SummaryRow
    poller: PollerNow


class FaultRow(Answer):
    id: int
    camera_id: int
    camera_name: str
    tier: Tier
    region_code: str
    kind: str
    layer: str
    severity: str = Field(description="minor, major, critical")
    because: str
    opened_at: datetime
    closed_at: datetime | None
    still_at: datetime | None
    outage_id: int | None = Field(description="it fell with others: neither ordered nor charged on its own")
    score: float | None = Field(description="of a picture fault: 0 … 1, 0.5 is at the limit; the worst so far")


class FaultPage(Answer):
    total: int
    items: list[FaultRow]
