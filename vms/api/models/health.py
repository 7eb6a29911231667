"""Health: counts, faults."""

from datetime import datetime

from pydantic import Field

from vms.api.models.shape import Answer
from vms.health.picture.finding import Judgement
from vms.inventory.tier import Tier
from vms.maintenance.order import OrderState


class SummaryRow(Answer):
    key: str = Field(description="the tier or the region's code")
    name: str
    total: int
    up: int
    suspect: int
    down: int
    unknown: int
    intact: int = Field(description="cameras without an open fault of severity major or worse")


class CutOff(Answer):
    since: datetime
    whole: bool = Field(description="nothing can be asked at all; false: what lies behind `ground`")
    ground: str = Field(description="the interface or network; who may not read addresses reads `one network`")


class PollerNow(Answer):
    watching: bool = Field(description="a poller runs and its heartbeat is fresh")
    started_at: datetime | None
    alive_at: datetime | None
    interval_s: float | None
    cut_off: list[CutOff] = Field(description="our own side is cut off there now: nobody behind it is judged")
    held_up_since: datetime | None = Field(
        description="its own machine does not let the poller run: silence is not judged meanwhile; null: it runs"
    )
    held_share: float = Field(description="of the last while, in which it waited for the processor")


class HealthSummary(Answer):
    at: datetime
    by: str
    rows: list[SummaryRow]
    all: SummaryRow
    poller: PollerNow


class FaultOrder(Answer):
    id: int
    number: str
    state: OrderState
    overdue: bool
    loss: float | None = Field(
        description="what the fault costs in coverage: metres of road and key places; null: not known"
    )


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
    order: FaultOrder | None = Field(
        description="the work order it has; of other firms it is not told to a firm's crew"
    )
    maintainer_id: int | None
    maintainer: str = Field(description="who has the order, else who would get it by the rules; empty: nobody")
    verdict: Judgement | None = Field(description="what staff say of it, as it stands")
    score: float | None = Field(description="of a picture fault: 0 … 1, 0.5 is at the limit; the worst so far")
    waits_for_day: bool = Field(description="whether it is gone cannot be told at night, and the sun is down")


class FoldedOutage(Answer):
    outage_id: int
    kind: str = Field(description="of its cause: switch, pole, nvr, subnet, …")
    name: str
    whole: bool = Field(description="false: something unknown below the cause, that only a part of it hangs on")
    opened_at: datetime
    cameras: int = Field(description="whose faults the filter finds")
    faults: int
    order: FaultOrder | None


class FaultPage(Answer):
    total: int
    items: list[FaultRow]
    folded: list[FoldedOutage] = Field(description="with `fold`: the outages, the largest first, at most 200")
