"""A work order: its states and instants, and the step that moves it on."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from vms.core.ids import MaintainerId


class OrderState(StrEnum):
    DETECTED = "detected"
    """Nobody has it yet."""
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    ON_SITE = "on_site"
    REPAIRED = "repaired"
    VERIFIED = "verified"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    """The clock stands still."""
    TRANSFERRED = "transferred"
    """Given over to another firm, which has not accepted it yet."""
    FALSE_ALARM = "false_alarm"


ENDED = frozenset({OrderState.CLOSED, OrderState.FALSE_ALARM})
OPEN = frozenset(OrderState) - ENDED
NOBODY_SENT = frozenset({OrderState.DETECTED, OrderState.ASSIGNED, OrderState.TRANSFERRED})
CLOCK_RUNS = NOBODY_SENT | {OrderState.ACCEPTED, OrderState.ON_SITE}
"""States in which a deadline can be missed."""


class Outcome(StrEnum):
    """How an order ended."""

    REPAIRED = "repaired"
    HEALED = "healed"
    """By itself, before anybody was there."""
    JOINED = "joined"
    """Its fault turned out to belong to an outage, which has an order of its own."""
    WITHDRAWN = "withdrawn"
    """The camera is not in service any more."""
    FALSE_ALARM = "false_alarm"


class Action(StrEnum):
    ASSIGN = "assign"
    ACCEPT = "accept"
    ARRIVE = "arrive"
    REPAIR = "repair"
    SEND_BACK = "send_back"
    """It is not repaired."""
    VERIFY = "verify"
    CLOSE = "close"
    SUSPEND = "suspend"
    RESUME = "resume"
    TRANSFER = "transfer"
    FALSE_ALARM = "false_alarm"
    DEADLINES = "deadlines"
    NOTE = "note"
    # by the program alone
    OPEN = "open"
    FAULT = "fault"
    """Another fault of the same camera came to it."""
    HEALED = "healed"
    REOPEN = "reopen"
    JOIN = "join"
    WITHDRAW = "withdraw"


PROGRAM = "program"
"""Who takes the steps that no person takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    state: OrderState
    maintainer_id: MaintainerId | None = None
    crew: str = ""
    """Name of the user in charge; empty: the firm's office."""
    detected_at: datetime
    respond_by: datetime | None = None
    repair_by: datetime | None = None
    assigned_at: datetime | None = None
    accepted_at: datetime | None = None
    on_site_at: datetime | None = None
    repaired_at: datetime | None = None
    verified_at: datetime | None = None
    closed_at: datetime | None = None
    suspended_at: datetime | None = None
    suspended_until: datetime | None = None
    suspended_s: float = 0.0
    """By the wall's clock, of the pauses that are over, and of what was announced before the clock began."""
    respond_left_s: float | None = None
    """Working time that was left when it was suspended, by the calendar of then; None: the clock runs, or the deadline
    had passed."""
    repair_left_s: float | None = None
    healed_at: datetime | None = None
    outcome: Outcome | None = None
    late: str = ""
    """The deadline that was told as missed: `respond`, `repair`."""
    reopened: int = 0
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A spare part that was used."""

    name: str
    count: int = 1
    serial_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStep:
    """What somebody did, or says about it. Only what goes with the action is set."""

    action: Action
    at: datetime
    who: str = PROGRAM
    note: str = ""
    maintainer_id: MaintainerId | None = None
    crew: str = ""
    reason: str = ""
    """Why it rests: a code of `vms.maintenance.reasons`."""
    until: datetime | None = None
    respond_by: datetime | None = None
    repair_by: datetime | None = None
    remote: bool = False
    """Worked on from afar: nobody stood there."""
    parts: tuple[Part, ...] = field(default=())

    @property
    def by_program(self) -> bool:
        return self.who == PROGRAM


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a step is not possible."""

    code: str
    message: str
