"""Orders that no rule fitted when they were opened are given away as soon as one does."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from vms.core.ids import OrderId
from vms.maintenance.assignment import AssignmentRule, deciding
from vms.maintenance.order import Action, OrderStep, Refusal
from vms.services.work_orders.order_book import OrderBook
from vms.services.work_orders.order_turn import OrderTurn
from vms.store import maintainers, orders_of_nobody, regions


def assign_waiting(turn: OrderTurn) -> int:
    """How many were given away. Their deadlines stay as they are."""
    return turn.each(_with_a_rule, _assign)


def _with_a_rule(tx: Connection, among: Collection[int] | None) -> list[OrderId]:
    return list(_fitting(tx, among))


def _assign(book: OrderBook, order_ids: Sequence[int]) -> int:
    fitting = _fitting(book.tx, order_ids)
    given = 0
    for stored in book.read(list(fitting)):
        rule = fitting[stored.order_id]
        step = OrderStep(action=Action.ASSIGN, at=book.now, maintainer_id=rule.maintainer_id, crew=rule.crew)
        given += not isinstance(book.step(stored, step), Refusal)
    return given


def _fitting(tx: Connection, among: Collection[int] | None) -> dict[OrderId, AssignmentRule]:
    rules: list[AssignmentRule] = maintainers.rules(tx)
    waiting = orders_of_nobody.waiting(tx, among) if rules else []
    places = deciding(rules, (scope for _, scope in waiting), regions.land(tx)) if waiting else []
    return {order_id: rules[place] for (order_id, _), place in zip(waiting, places, strict=True) if place is not None}
