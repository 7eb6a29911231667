"""What the program does with open orders: notes healing, verifies, sends back, wakes, closes, tells of lateness.

Verified is what stayed away for the policy's time while the running poller saw the camera well: nobody has to say so.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from vms.core.ids import OrderId
from vms.maintenance.order import Action, OrderState, OrderStep, Refusal
from vms.maintenance.policy import OrderPolicy
from vms.services.diagnosis.faults_waiting_for_day import faults_waiting_for_day
from vms.services.work_orders.count_joined import count_joined
from vms.services.work_orders.give_to_outage import give_to_outages
from vms.services.work_orders.order_book import OrderBook
from vms.services.work_orders.order_turn import OrderTurn
from vms.services.work_orders.rest_announced import rest_announced, wake_announced
from vms.store import claimed_faults, order_facts, orders_in_hand
from vms.store.watch_sessions import latest_session
from vms.store.work_orders import StoredOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAfter:
    healed: int = 0
    """All faults gone, not verified yet."""
    closed: int = 0
    sent_back: int = 0
    resumed: int = 0
    withdrawn: int = 0
    joined: int = 0
    late: int = 0


def look_after_orders(turn: OrderTurn, policy: OrderPolicy) -> LookedAfter:
    """One thing after the other; each follows from the store alone, so a kill between two of them costs nothing."""
    now = turn.now
    gone = _stepping(Action.WITHDRAW, "the camera is not in service any more")
    withdrawn = turn.each(orders_in_hand.out_of_service, gone)
    joined = turn.each(orders_in_hand.swallowed, _join)
    give_to_outages(turn)
    count_joined(turn)
    turn.each_fault(order_facts.strays, _let_go)
    link_loose_faults(turn)
    turn.each(orders_in_hand.ill_again, _ill_again)
    healed = turn.each(orders_in_hand.newly_healed, _healed)
    still = f"still there {round(policy.still_after_s / 60)} min after it was said to be repaired"
    before = now - timedelta(seconds=policy.still_after_s)
    sent_back = turn.each(partial(_seen_to_be_ill, before=before, now=now), _stepping(Action.SEND_BACK, still))
    rest_announced(turn)
    rested = partial(orders_in_hand.rested_enough, now=now)
    resumed = turn.each(rested, _stepping(Action.RESUME, "the time of rest is over"))
    resumed += wake_announced(turn)
    verified = partial(_healed_for_good, before=now - timedelta(seconds=policy.verify_s), now=now)
    closed = turn.each(verified, _close_each)
    closed += turn.each(orders_in_hand.verified_ones, _stepping(Action.CLOSE, ""))
    late = turn.each(partial(orders_in_hand.newly_late, now=now), _mark_late)
    return LookedAfter(
        healed=healed,
        closed=closed,
        sent_back=sent_back,
        resumed=resumed,
        withdrawn=withdrawn,
        joined=joined,
        late=late,
    )


def link_loose_faults(turn: OrderTurn) -> int:
    """Every open fault that fell with an outage belongs to the outage's open order."""
    return turn.each_fault(order_facts.loose_faults, _link)


def _link(book: OrderBook, fault_ids: Sequence[int]) -> int:
    return order_facts.link_faults_of_outages(book.tx, fault_ids)


def _stepping(action: Action, note: str) -> Callable[[OrderBook, Sequence[int]], int]:
    def step_each(book: OrderBook, order_ids: Sequence[int]) -> int:
        step = OrderStep(action=action, at=book.now, note=note)
        return sum(not isinstance(book.step(stored, step), Refusal) for stored in book.read(order_ids))

    return step_each


def _join(book: OrderBook, order_ids: Sequence[int]) -> int:
    joined = _stepping(Action.JOIN, "it is a part of another order now")(book, order_ids)
    order_facts.take_from_orders(book.tx, order_ids)
    return joined


def _let_go(book: OrderBook, fault_ids: Sequence[int]) -> int:
    """They are free for an order of their own."""
    claimed_faults.free(book.tx, fault_ids)
    return len(fault_ids)


def _ill_again(book: OrderBook, order_ids: Sequence[int]) -> int:
    for stored in book.read(order_ids):
        book.change(replace(stored, order=replace(stored.order, healed_at=None)))
    return len(order_ids)


def _healed(book: OrderBook, order_ids: Sequence[int]) -> int:
    for stored in book.read(order_ids):
        book.change(replace(stored, order=replace(stored.order, healed_at=book.now)), tell="order.changed")
    return len(order_ids)


def _seen_to_be_ill(
    tx: Connection, among: Collection[int] | None, *, before: datetime, now: datetime
) -> list[OrderId]:  # fmt: skip
    """Said to be repaired, and not; what no look can tell at night waits for the day."""
    found = order_facts.open_faults_of(tx, orders_in_hand.repaired_but_ill(tx, among, before=before))
    waiting = faults_waiting_for_day(tx, ((fault_id, camera_id, kind) for _, fault_id, camera_id, kind in found), now)
    return sorted({order_id for order_id, fault_id, _, _ in found if fault_id not in waiting})


def _healed_for_good(
    tx: Connection, among: Collection[int] | None, *, before: datetime, now: datetime
) -> list[OrderId]:  # fmt: skip
    session = latest_session(tx)
    if session is None or session.silence(now):
        return []
    return orders_in_hand.healed_for_good(tx, among, before=before, latest=session)


def _close_each(book: OrderBook, order_ids: Sequence[int]) -> int:
    return sum(_close(book, stored) for stored in book.read(order_ids))


def _close(book: OrderBook, stored: StoredOrder) -> bool:
    """Nobody was there: it healed by itself. Somebody was: repaired, verified and closed, said or not."""
    order = stored.order
    healed_at = order.healed_at or book.now
    current: StoredOrder | Refusal = stored
    if order.state in (OrderState.ON_SITE, OrderState.REPAIRED, OrderState.VERIFIED):
        steps = [
            OrderStep(
                action=Action.REPAIR, at=max(healed_at, order.on_site_at or healed_at), note="seen by the poller"
            ),
            OrderStep(action=Action.VERIFY, at=book.now),
            OrderStep(action=Action.CLOSE, at=book.now),
        ]
        done = {OrderState.ON_SITE: 0, OrderState.REPAIRED: 1, OrderState.VERIFIED: 2}[order.state]
        for step in steps[done:]:
            if isinstance(current, StoredOrder):
                current = book.step(current, step)
    else:
        current = book.step(stored, OrderStep(action=Action.HEALED, at=book.now, note="it came back by itself"))
    return not isinstance(current, Refusal)


def _mark_late(book: OrderBook, order_ids: Sequence[int]) -> int:
    for stored in book.read(order_ids):
        order = stored.order
        repair = order.repair_by is not None and order.repair_by < book.now
        word = "repair" if repair else "respond"
        book.change(replace(stored, order=replace(order, late=word)), tell="order.late", word=word)
    return len(order_ids)
