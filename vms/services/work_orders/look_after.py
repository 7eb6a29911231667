"""What the program does with open orders: notes healing, verifies, sends back, wakes, closes, tells of lateness.

Verified is what stayed away for the policy's time while the running poller saw the camera well: nobody has to say so.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from vms.core.ids import OrderId
from vms.maintenance.order import Action, OrderState, OrderStep, Refusal
from vms.maintenance.policy import OrderPolicy
from vms.services.diagnosis.faults_waiting_for_day import faults_waiting_for_day
from vms.services.work_orders.count_joined import count_joined
from vms.services.work_orders.give_to_outage import give_to_outage
from vms.services.work_orders.order_book import OrderBook
from vms.store import order_facts, orders_in_hand
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


def look_after_orders(book: OrderBook, policy: OrderPolicy) -> LookedAfter:
    tx, now = book.tx, book.now
    gone = orders_in_hand.out_of_service(tx)
    withdrawn = _step_each(book, gone, Action.WITHDRAW, "the camera is not in service any more")
    book.write()
    swallowed = orders_in_hand.swallowed(tx)
    joined = _step_each(book, swallowed, Action.JOIN, "it is a part of another order now")
    order_facts.take_from_orders(tx, swallowed)
    book.write()
    give_to_outage(book)
    count_joined(book)
    order_facts.let_strays_go(tx)
    order_facts.link_faults_of_outages(tx)
    _note_healing(book)
    healed = orders_in_hand.newly_healed(tx)
    for stored in book.read(healed):
        book.change(replace(stored, order=replace(stored.order, healed_at=now)), tell="order.changed")
    book.write()
    still = f"still there {round(policy.still_after_s / 60)} min after it was said to be repaired"
    sent_back = _step_each(book, _seen_to_be_ill(book, policy), Action.SEND_BACK, still)
    resumed = _step_each(book, orders_in_hand.rested_enough(tx, now), Action.RESUME, "the time of rest is over")
    book.write()
    closed = _verify(book, policy)
    closed += _step_each(book, orders_in_hand.verified_ones(tx), Action.CLOSE, "")
    book.write()
    late = orders_in_hand.newly_late(tx, now)
    for stored in book.read(late):
        _mark_late(book, stored)
    book.write()
    return LookedAfter(
        healed=len(healed),
        closed=closed,
        sent_back=sent_back,
        resumed=resumed,
        withdrawn=withdrawn,
        joined=joined,
        late=len(late),
    )


def _step_each(book: OrderBook, order_ids: Iterable[OrderId], action: Action, note: str) -> int:
    done = 0
    for stored in book.read(list(order_ids)):
        step = OrderStep(action=action, at=book.now, note=note)
        done += not isinstance(book.step(stored, step), Refusal)
    return done


def _seen_to_be_ill(book: OrderBook, policy: OrderPolicy) -> list[OrderId]:
    """Said to be repaired, and not; what no look can tell at night waits for the day."""
    before = book.now - timedelta(seconds=policy.still_after_s)
    found = order_facts.open_faults_of(book.tx, orders_in_hand.repaired_but_ill(book.tx, before))
    waiting = faults_waiting_for_day(
        book.tx, ((fault_id, camera_id, kind) for _, fault_id, camera_id, kind in found), book.now
    )
    return sorted({order_id for order_id, fault_id, _, _ in found if fault_id not in waiting})


def _note_healing(book: OrderBook) -> None:
    for stored in book.read(orders_in_hand.ill_again(book.tx)):
        book.change(replace(stored, order=replace(stored.order, healed_at=None)))
    book.write()


def _verify(book: OrderBook, policy: OrderPolicy) -> int:
    session = latest_session(book.tx)
    if session is None or session.silence(book.now):
        return 0
    before = book.now - timedelta(seconds=policy.verify_s)
    closed = 0
    for stored in book.read(orders_in_hand.healed_for_good(book.tx, before, session)):
        closed += _close(book, stored)
    return closed


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


def _mark_late(book: OrderBook, stored: StoredOrder) -> None:
    order = stored.order
    repair = order.repair_by is not None and order.repair_by < book.now
    word = "repair" if repair else "respond"
    book.change(replace(stored, order=replace(order, late=word)), tell="order.late", word=word)
