"""Work orders: rows, one whole, steps, photographs."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from vms.api.models.shape import Answer, Asked, IdNumber, Instant, LongText, ShortText
from vms.health.fault import Severity
from vms.health.layer import Layer
from vms.inventory.tier import Tier
from vms.maintenance.order import Action, OrderState, Outcome
from vms.store.work_order_steps import PhotographMoment

Token = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$")]
PersonsAction = Literal[
    "assign",
    "accept",
    "arrive",
    "repair",
    "send_back",
    "verify",
    "close",
    "suspend",
    "resume",
    "transfer",
    "false_alarm",
    "deadlines",
    "note",
]


class WorkOrderRow(Answer):
    id: int
    number: str
    state: OrderState
    camera_id: int | None
    outage_id: int | None
    name: str = Field(description="of the camera, or of the outage's cause")
    layer: str
    kinds: list[str] = Field(description="of fault, the worst first; empty: opened by hand")
    severity: Severity
    cause: str
    cause_en: str
    cause_zh: str
    cameras: int
    region_code: str
    tier: Tier
    maintainer_id: int | None
    maintainer: str
    crew: str
    detected_at: datetime
    respond_by: datetime | None
    repair_by: datetime | None
    assigned_at: datetime | None
    accepted_at: datetime | None
    on_site_at: datetime | None
    repaired_at: datetime | None
    verified_at: datetime | None
    closed_at: datetime | None
    suspended_at: datetime | None
    suspended_until: datetime | None
    suspended_s: float
    healed_at: datetime | None = Field(description="its faults are gone since; it is verified when they stay away")
    outcome: Outcome | None = Field(description="how it ended; `healed`: by itself, before anybody was there")
    overdue: bool
    reopened: int
    repeat_of: int | None = Field(description="the order after whose repair the fault came back")
    loss: float | None = Field(
        description="what only its cameras cover: metres of road and key places; null: not known"
    )
    changed_at: datetime
    version: int


class WorkOrderPage(Answer):
    total: int
    totals: dict[OrderState, int] = Field(description="per state, of what the filter without `state` finds")
    items: list[WorkOrderRow]


class OrderStepRow(Answer):
    id: int
    at: datetime = Field(description="when it was done")
    told_at: datetime = Field(description="when it came here")
    who: str = Field(description="`program` for what no person did; empty where the reader may not know")
    action: Action
    from_state: OrderState
    to_state: OrderState
    note: str
    content: dict[str, Any]


class OrderFaultRow(Answer):
    id: int
    camera_id: int
    camera_name: str
    kind: str
    layer: str
    severity: str
    because: str
    opened_at: datetime
    closed_at: datetime | None
    waits_for_day: bool = Field(description="whether it is gone cannot be told at night, and the sun is down")


class OrderPhotographRow(Answer):
    id: int
    moment: PhotographMoment
    added_at: datetime
    added_by: str
    width: int
    height: int
    size_bytes: int


class OrderPlace(Answer):
    """Where the camera stands."""

    lon: float | None
    lat: float | None
    install_address: str
    common_name: str
    pole_code: str


class WorkOrderNow(Answer):
    order: WorkOrderRow
    level: str = Field(description="name of the service level that it was opened under")
    place: OrderPlace | None = Field(description="of its camera; null for an outage")
    maintainer_contact: str | None = Field(description="for the office")
    faults: list[OrderFaultRow] = Field(description="the open ones first, at most 200")
    steps: list[OrderStepRow]
    photographs: list[OrderPhotographRow]
    may: list[Action] = Field(description="the steps that you may take now")


class NewWorkOrder(Asked):
    camera_id: IdNumber
    reason: LongText = Field(min_length=1)
    severity: Severity = Severity.MAJOR
    layer: Layer | Literal[""] = ""


class PartUsed(Asked):
    name: Annotated[str, Field(min_length=1, max_length=100)]
    count: Annotated[int, Field(ge=1, le=1000)] = 1
    serial_no: Annotated[str, Field(max_length=80)] = ""


class StepContent(Asked):
    """What goes with the action."""

    maintainer_id: IdNumber | None = Field(default=None, description="assign, transfer: to which firm")
    crew: Annotated[str, Field(max_length=80)] = Field(default="", description="assign, transfer: a user of the firm")
    reason: Annotated[str, Field(max_length=40)] = Field(
        default="", description="suspend: a code, see maintenance/words"
    )
    until: Instant | None = Field(default=None, description="suspend: then it goes on by itself")
    respond_by: Instant | None = Field(default=None, description="deadlines, assign, transfer")
    repair_by: Instant | None = Field(default=None, description="deadlines, assign, transfer")
    remote: bool = Field(default=False, description="arrive: worked on from afar")
    parts: Annotated[list[PartUsed], Field(max_length=50)] = Field(default=[], description="repair, note: parts used")


class NewStep(Asked):
    action: PersonsAction
    note: LongText = ""
    at: Instant | None = Field(default=None, description="when it was done; none: now")
    sent_at: Instant | None = Field(
        default=None, description="what the phone's clock says now: a wrong one is set by it"
    )
    token: Token | None = Field(default=None, description="made by the phone: what is sent twice is done once")
    version: Annotated[int, Field(ge=0, le=2**31)] | None = Field(
        default=None, description="of the order that you saw; none: whatever it is"
    )
    content: StepContent = Field(default_factory=StepContent)


class SeenOrder(Asked):
    id: IdNumber
    version: Annotated[int, Field(ge=0, le=2**31)] | None = Field(
        default=None, description="of the order that you saw; none: whatever it is"
    )


class NewSteps(Asked):
    """One step with many orders; each is moved on or refused on its own."""

    orders: Annotated[list[SeenOrder], Field(min_length=1, max_length=200)]
    action: Literal["assign", "accept", "suspend", "resume", "transfer", "deadlines", "close", "note"]
    note: LongText = ""
    content: StepContent = Field(default_factory=StepContent)


class StepTaken(Answer):
    id: int
    done: bool
    state: OrderState | None
    code: str = Field(description="of the error where it is refused")
    message: str
    where: str


class StepsTaken(Answer):
    done: int
    items: list[StepTaken] = Field(description="in the order asked")


class MaintenanceWords(Answer):
    """Codes with their words, [English, Chinese]."""

    suspension_reasons: dict[str, tuple[ShortText, ShortText]]
