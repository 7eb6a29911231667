"""An order whose faults are announced (报备) after it was opened rests, from its beginning to the end of the notice."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from vms.core.ids import OrderId
from vms.core.intervals import Interval
from vms.maintenance.order import Action, OrderStep, Refusal
from vms.maintenance.reasons import ANNOUNCED
from vms.services.work_orders.order_book import OrderBook
from vms.services.work_orders.order_turn import OrderTurn
from vms.store import announced_orders, work_orders
from vms.store.work_orders import StoredOrder

NOTE = "it lies within an announced outage: the clock rests until its end"
OVER = "the announced outage is over"


def rest_announced(turn: OrderTurn) -> int:
    """How many were given the rest that is theirs. A notice that is over by now moves its deadlines on at once."""
    return turn.each(partial(_late, now=turn.now), _rest)


def wake_announced(turn: OrderTurn) -> int:
    """How many go on because their notice ended before its time."""
    return turn.each(partial(announced_orders.no_longer_announced, now=turn.now), _wake)


def _late(tx: Connection, among: Collection[int] | None, *, now: datetime) -> list[OrderId]:
    return sorted(_rests(tx, among, now))


def _rests(tx: Connection, among: Collection[int] | None, now: datetime) -> dict[OrderId, Interval]:
    """From when its clock would have begun without the rests that it had already."""
    until = announced_orders.announced_late(tx, among, now=now)
    fell = announced_orders.first_open_faults(tx, until)
    found = {}
    for stored in work_orders.by_ids(tx, until):
        began = stored.order.detected_at + timedelta(seconds=stored.order.suspended_s)
        since = min(max(began, fell.get(stored.order_id, began)), now)
        if since < until[stored.order_id]:
            found[stored.order_id] = Interval(since, until[stored.order_id])
    return found


def _rest(book: OrderBook, order_ids: Sequence[int]) -> int:
    rests = _rests(book.tx, order_ids, book.now)
    return sum(_rest_one(book, stored, rests[stored.order_id]) for stored in book.read(list(rests)))


def _rest_one(book: OrderBook, stored: StoredOrder, asleep: Interval) -> bool:
    since, until = asleep.start, asleep.end
    rest = OrderStep(action=Action.SUSPEND, at=since, note=NOTE, reason=ANNOUNCED, until=until)
    resting = book.step(stored, rest)
    if isinstance(resting, Refusal):
        return False
    if until <= book.now:
        book.step(resting, OrderStep(action=Action.RESUME, at=until, note=OVER))
    return True


def _wake(book: OrderBook, order_ids: Sequence[int]) -> int:
    step = OrderStep(action=Action.RESUME, at=book.now, note=OVER)
    return sum(not isinstance(book.step(stored, step), Refusal) for stored in book.read(order_ids))
