"""Orders that no rule fitted when they were opened are given away as soon as one does."""

from vms.maintenance.assignment import AssignmentRule, deciding
from vms.maintenance.order import Action, OrderStep, Refusal
from vms.services.work_orders.order_book import OrderBook
from vms.store import maintainers, orders_of_nobody, regions

AT_A_TIME = 500


def assign_waiting(book: OrderBook) -> int:
    """How many were given away, AT_A_TIME at most: the next turn takes the others. Their deadlines stay as they are."""
    rules: list[AssignmentRule] = maintainers.rules(book.tx)
    waiting = orders_of_nobody.waiting(book.tx) if rules else []
    places = deciding(rules, (scope for _, scope in waiting), regions.land(book.tx)) if waiting else []
    fitting = {
        order_id: rules[place] for (order_id, _), place in zip(waiting, places, strict=True) if place is not None
    }
    given = 0
    for stored in book.read(list(fitting)[:AT_A_TIME]):
        rule = fitting[stored.order_id]
        step = OrderStep(action=Action.ASSIGN, at=book.now, maintainer_id=rule.maintainer_id, crew=rule.crew)
        given += not isinstance(book.step(stored, step), Refusal)
    book.write()
    return given
