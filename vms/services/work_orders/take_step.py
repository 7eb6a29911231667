"""A person moves an order on, also from a phone that had no network: told twice is done once."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from vms.access.roles import Person
from vms.core.errors import BadInput, Conflict, NotAllowed
from vms.core.ids import MaintainerId
from vms.health.picture.finding import Judgement
from vms.maintenance.advance import put_in_order
from vms.maintenance.may_step import Standing, may_step, standing
from vms.maintenance.order import Action, OrderStep, Part, Refusal
from vms.services.diagnosis.judge_faults import judge_faults
from vms.services.work_orders.former_firm import done_before, seen_or_left
from vms.services.work_orders.order_book import OrderBook, WorkingHours
from vms.store import fault_verdicts, maintainers, work_order_steps, work_orders
from vms.store.database import Database
from vms.store.work_orders import StoredOrder

CLOCKS_DIFFER = timedelta(minutes=5)
"""Between who tells and this machine, where nothing sets them by each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedStep:
    action: Action
    note: str = ""
    at: datetime | None = None
    """When it was done; None: now."""
    sent_at: datetime | None = None
    """What the phone's clock said when it was sent: a wrong one is set by it."""
    token: str | None = None
    version: int | None = None
    """Of the order that the person saw; None: whatever it is."""
    maintainer_id: int | None = None
    crew: str = ""
    reason: str = ""
    until: datetime | None = None
    respond_by: datetime | None = None
    repair_by: datetime | None = None
    remote: bool = False
    parts: tuple[Part, ...] = field(default=())


def take_step(database: Database, order_id: int, asked: AskedStep, person: Person, now: datetime) -> StoredOrder:
    """The order afterwards. What a firm did before the order was given to another is kept as its word, moving nothing.
    Raises NotFound, NotAllowed, BadInput; Conflict where it cannot be done now, or where the order is not the one that
    the person saw."""
    with database.writing() as tx:
        work_orders.take_turn(tx)
        stored, left_at = seen_or_left(tx, order_id, person, to_change=True)
        if asked.token is not None:
            known = work_order_steps.with_token(tx, asked.token)
            if known is not None:
                if (known.order_id, known.action) != (order_id, asked.action) or known.who != person.name[:80]:
                    raise Conflict("this token belongs to another step", code="token_taken")
                return stored
        who = standing(person, stored.order.maintainer_id, stored.about.owner_id) if left_at is None else Standing.CREW
        if not may_step(who, asked.action):
            raise NotAllowed(f"{asked.action} is not yours to do", code="role")
        book = OrderBook(tx, now, WorkingHours(tx))
        if left_at is not None:
            _refuse_days_to_come(asked, now)
            done_at = done_before(left_at, stored, asked.at, asked.sent_at, now)
            book.heard(stored, _step(tx, stored, asked, person, done_at), asked.token)
            book.write()
            return stored
        if asked.version is not None and asked.version != stored.order.version:
            raise Conflict("the order has changed meanwhile; look at it again", code="changed_meanwhile")
        _refuse_days_to_come(asked, now)
        at = put_in_order(asked.at, asked.sent_at, now, _not_before(tx, stored))
        step = _step(tx, stored, asked, person, at)
        moved = book.step(stored, step, token=asked.token)
        if isinstance(moved, Refusal):
            raise _as_error(moved)
        if asked.action is Action.FALSE_ALARM:
            of_order = fault_verdicts.faults_of_order(tx, stored.order_id)
            judge_faults(tx, of_order, Judgement.FALSE, person.name, asked.note, now)
        book.write()
        return moved


def _refuse_days_to_come(asked: AskedStep, now: datetime) -> None:
    """Without the phone's own clock; a clock that was set between the deed and the sending is no reason to lose it."""
    if asked.at is not None and asked.sent_at is None and asked.at - now > CLOCKS_DIFFER:
        raise BadInput("a step cannot have been done in the future", where="at")


def _not_before(tx: Connection, stored: StoredOrder) -> datetime:
    since = stored.order.assigned_at or stored.order.detected_at
    return max(work_order_steps.last_by_a_person(tx, stored.order_id) or since, since)


def _step(tx: Connection, stored: StoredOrder, asked: AskedStep, person: Person, at: datetime) -> OrderStep:
    step = OrderStep(
        action=asked.action, at=at, who=person.name, note=asked.note, remote=asked.remote, parts=asked.parts
    )
    if asked.action in (Action.ASSIGN, Action.TRANSFER):
        if asked.maintainer_id is None:
            raise BadInput("to which firm?", where="content.maintainer_id")
        firm: MaintainerId = maintainers.working(tx, asked.maintainer_id, "content.maintainer_id")
        crew = maintainers.crew_of(tx, asked.crew, firm, "content.crew")
        step = replace(step, maintainer_id=firm, crew=crew)
    if asked.action is Action.SUSPEND:
        step = replace(step, reason=asked.reason, until=asked.until)
    if asked.action in (Action.ASSIGN, Action.TRANSFER, Action.DEADLINES):
        for name, by in (("respond_by", asked.respond_by), ("repair_by", asked.repair_by)):
            if by is not None and by < stored.order.detected_at:
                raise BadInput("before the fault was detected", where=f"content.{name}")
        step = replace(step, respond_by=asked.respond_by, repair_by=asked.repair_by)
    return step


def _as_error(refusal: Refusal) -> BadInput | Conflict:
    if refusal.code == "bad_input":
        where, _, message = refusal.message.partition(": ")
        return BadInput(message, where=f"content.{where}") if message else BadInput(refusal.message, where="content")
    return Conflict(refusal.message, code=refusal.code)
