"""One step further with an order: the new order, or why not. Who may take which step is `may_step`'s matter."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from vms.maintenance.calendar import Calendar, deadline_if_any, elapsed
from vms.maintenance.order import CLOCK_RUNS, ENDED, NOBODY_SENT, OPEN, Action, Order, OrderState, OrderStep, Outcome
from vms.maintenance.order import Refusal as Refused
from vms.maintenance.reasons import SUSPENSION_REASONS

S = OrderState
LONGEST_REST = timedelta(days=366)
TOLD_LATE = timedelta(hours=72)
"""So much later may a phone tell what was done where it had no network."""


class _Way(NamedTuple):
    from_: frozenset[OrderState]
    to: OrderState | None
    """None: it stays in its state."""


WAYS: dict[Action, _Way] = {
    Action.ASSIGN: _Way(NOBODY_SENT, S.ASSIGNED),
    Action.ACCEPT: _Way(frozenset({S.ASSIGNED, S.TRANSFERRED}), S.ACCEPTED),
    Action.ARRIVE: _Way(frozenset({S.ASSIGNED, S.TRANSFERRED, S.ACCEPTED}), S.ON_SITE),
    Action.REPAIR: _Way(frozenset({S.ON_SITE}), S.REPAIRED),
    Action.SEND_BACK: _Way(frozenset({S.REPAIRED}), S.ON_SITE),
    Action.VERIFY: _Way(frozenset({S.REPAIRED}), S.VERIFIED),
    Action.CLOSE: _Way(frozenset({S.VERIFIED}), S.CLOSED),
    Action.SUSPEND: _Way(CLOCK_RUNS, S.SUSPENDED),
    Action.RESUME: _Way(frozenset({S.SUSPENDED}), None),
    Action.TRANSFER: _Way(CLOCK_RUNS - {S.DETECTED}, S.TRANSFERRED),
    Action.FALSE_ALARM: _Way(OPEN, S.FALSE_ALARM),
    Action.DEADLINES: _Way(CLOCK_RUNS | {S.REPAIRED}, None),
    Action.NOTE: _Way(frozenset(S), None),
    Action.FAULT: _Way(OPEN, None),
    Action.HEALED: _Way(NOBODY_SENT | {S.ACCEPTED, S.SUSPENDED}, S.CLOSED),
    Action.REOPEN: _Way(frozenset({S.CLOSED}), None),
    Action.JOIN: _Way(NOBODY_SENT, S.CLOSED),
    Action.WITHDRAW: _Way(OPEN, S.CLOSED),
}
_RANK = {S.ASSIGNED: 1, S.TRANSFERRED: 1, S.ACCEPTED: 2, S.ON_SITE: 3, S.REPAIRED: 4, S.VERIFIED: 5, S.CLOSED: 6}
_INSTANT = {Action.ACCEPT: "accepted_at", Action.ARRIVE: "on_site_at", Action.REPAIR: "repaired_at"}


def advance(order: Order, step: OrderStep, calendar: Calendar | None) -> Order | Refused:
    """`calendar`: of the order's service level; the deadlines wait in it while the order rests."""
    way = WAYS[step.action]
    if order.state not in way.from_:
        filled = _fill_in(order, step)
        return filled or Refused(code="not_now", message=_not_now(order, step))
    wrong = _wrong(order, step)
    if wrong is not None:
        return wrong
    moved = replace(_instants(order, step, calendar), version=order.version + 1)
    return moved if way.to is None else replace(moved, state=way.to)


def ways_from(state: OrderState) -> tuple[Action, ...]:
    return tuple(action for action, way in WAYS.items() if state in way.from_)


def put_in_order(at: datetime | None, sent_at: datetime | None, told_at: datetime, not_before: datetime) -> datetime:
    """When a step was done, as far as it can be: a phone's clock is set by the moment that it said it sent it at; never
    later than it was told, never before the step before it, nor longer ago than phones may keep it."""
    if at is None:
        return told_at
    if sent_at is not None and abs(told_at - sent_at) > timedelta(minutes=1):
        at += told_at - sent_at
    return min(max(at, not_before, told_at - TOLD_LATE), told_at)


def _fill_in(order: Order, step: OrderStep) -> Order | None:
    """What a crew did without network, told after the order had gone on without it: the instant that is missing. What
    is over stays as it ended: no word makes a repair of what healed by itself."""
    name = _INSTANT.get(step.action)
    target = WAYS[step.action].to
    if name is None or target is None or step.by_program or order.state in ENDED:
        return None
    if _RANK.get(order.state, 0) < _RANK[target] or getattr(order, name) is not None:
        return None
    order = replace(order, version=order.version + 1)
    if step.action is Action.ACCEPT:
        return replace(order, accepted_at=step.at)
    if step.action is Action.ARRIVE:
        return replace(order, on_site_at=step.at)
    return replace(order, repaired_at=step.at)


def _wrong(order: Order, step: OrderStep) -> Refused | None:
    if step.action in (Action.ASSIGN, Action.TRANSFER) and step.maintainer_id is None:
        return Refused(code="bad_input", message="maintainer_id: to which firm?")
    if step.action is Action.TRANSFER and step.maintainer_id == order.maintainer_id:
        return Refused(code="bad_input", message="maintainer_id: this firm has it already")
    if step.action is Action.SUSPEND and not step.by_program:
        if step.reason not in SUSPENSION_REASONS:
            return Refused(code="bad_input", message=f"reason: known are {', '.join(SUSPENSION_REASONS)}")
        if step.until is None or not step.at < step.until <= step.at + LONGEST_REST:
            return Refused(code="bad_input", message="until: a moment to come, within a year")
    if step.action is Action.REOPEN and order.outcome is not Outcome.HEALED:
        return Refused(code="not_now", message="only what healed by itself is reopened; else it is a new order")
    if step.action is Action.DEADLINES and step.respond_by is None and step.repair_by is None:
        return Refused(code="bad_input", message="respond_by or repair_by is wanted")
    return None


def _not_now(order: Order, step: OrderStep) -> str:
    if order.state in ENDED:
        return f"the order is over ({order.state}); {step.action} is not possible any more"
    wanted = ", ".join(sorted(WAYS[step.action].from_))
    return f"the order is {order.state}; {step.action} is possible from: {wanted}"


def _instants(order: Order, step: OrderStep, calendar: Calendar | None) -> Order:
    at, action = step.at, step.action
    if action in (Action.ASSIGN, Action.TRANSFER):
        order = replace(order, maintainer_id=step.maintainer_id, crew=step.crew, assigned_at=at)
        if action is Action.TRANSFER:
            order = replace(order, accepted_at=None, on_site_at=None)
    elif action is Action.ACCEPT:
        order = replace(order, accepted_at=at, crew=order.crew or step.who)
    elif action is Action.ARRIVE:
        order = replace(order, accepted_at=order.accepted_at or at, on_site_at=at, crew=order.crew or step.who)
    elif action is Action.REPAIR:
        order = replace(order, repaired_at=at)
    elif action is Action.SEND_BACK:
        order = replace(order, repaired_at=None, healed_at=None)
    elif action is Action.VERIFY:
        order = replace(order, verified_at=at)
    elif action is Action.CLOSE:
        order = replace(order, closed_at=at, outcome=Outcome.REPAIRED)
    elif action is Action.SUSPEND:
        order = _suspended(order, step, calendar)
    elif action is Action.RESUME:
        order = resumed(order, at, calendar)
    elif action is Action.FALSE_ALARM:
        order = replace(resumed(order, at, calendar), closed_at=at, outcome=Outcome.FALSE_ALARM)
    elif action is Action.HEALED:
        order = replace(resumed(order, at, calendar), verified_at=at, closed_at=at, outcome=Outcome.HEALED)
    elif action is Action.JOIN:
        order = replace(order, closed_at=at, outcome=Outcome.JOINED)
    elif action is Action.WITHDRAW:
        order = replace(resumed(order, at, calendar), closed_at=at, outcome=Outcome.WITHDRAWN)
    elif action is Action.REOPEN:
        order = _reopened(order)
    elif action is Action.FAULT:
        order = replace(order, healed_at=None)
    if action in (Action.DEADLINES, Action.TRANSFER, Action.ASSIGN, Action.REOPEN):
        order = _deadlines(order, step)
    return order


def _suspended(order: Order, step: OrderStep, calendar: Calendar | None) -> Order:
    since = step.at

    def left_s(by: datetime | None) -> float | None:
        return None if by is None or by <= since else elapsed(since, by, calendar).total_seconds()

    return replace(
        order,
        suspended_at=since,
        suspended_until=step.until,
        respond_left_s=left_s(order.respond_by),
        repair_left_s=left_s(order.repair_by),
    )


def resumed(order: Order, at: datetime, calendar: Calendar | None) -> Order:
    """The clock runs again: what was left of each deadline when it was suspended is left from now on, also where the
    calendar has changed meanwhile; none where the calendar has no such time any more."""
    since = order.suspended_at
    if since is None:
        return order

    def later(by: datetime | None, left_s: float | None) -> datetime | None:
        if by is None or by <= since:
            return by
        left = elapsed(since, by, calendar) if left_s is None else timedelta(seconds=left_s)
        return deadline_if_any(at, left, calendar)

    return _with_late(
        replace(
            order,
            state=_state_before(order),
            respond_by=later(order.respond_by, order.respond_left_s),
            repair_by=later(order.repair_by, order.repair_left_s),
            suspended_at=None,
            suspended_until=None,
            suspended_s=order.suspended_s + (at - since).total_seconds(),
            respond_left_s=None,
            repair_left_s=None,
        ),
        at,
    )


def _state_before(order: Order) -> OrderState:
    """Where it was suspended, told by its instants."""
    if order.on_site_at is not None:
        return S.ON_SITE
    if order.accepted_at is not None:
        return S.ACCEPTED
    return S.DETECTED if order.maintainer_id is None else S.ASSIGNED


def _reopened(order: Order) -> Order:
    state = S.DETECTED if order.maintainer_id is None else S.ASSIGNED
    kept = replace(order, state=state, accepted_at=None, verified_at=None, closed_at=None, healed_at=None)
    return replace(kept, outcome=None, reopened=order.reopened + 1)


def _deadlines(order: Order, step: OrderStep) -> Order:
    """What a person sets holds from now on; a deadline that lies ahead can be missed anew."""
    respond_by, repair_by = step.respond_by or order.respond_by, step.repair_by or order.repair_by
    return _with_late(replace(order, respond_by=respond_by, repair_by=repair_by), step.at)


def _with_late(order: Order, at: datetime) -> Order:
    """What lies ahead now was not missed."""
    late, respond_by, repair_by = order.late, order.respond_by, order.repair_by
    if repair_by is not None and repair_by > at and late == "repair":
        late = "respond" if respond_by is not None and respond_by <= at else ""
    if respond_by is not None and respond_by > at and late == "respond":
        late = ""
    return replace(order, late=late)
