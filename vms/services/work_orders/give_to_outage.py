"""A fault that fell with others leaves its camera's own order, which is as grave again as what stays in it."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from vms.health.fault import Severity
from vms.maintenance.order import Action, OrderStep
from vms.services.work_orders.order_book import OrderBook
from vms.services.work_orders.order_turn import OrderTurn
from vms.store import claimed_faults
from vms.store.claimed_faults import LinkedFault
from vms.store.work_orders import About

_RANK = (Severity.CRITICAL, Severity.MAJOR, Severity.MINOR)
NOTE = "a fault fell with others and left this order"


def give_to_outages(turn: OrderTurn) -> int:
    """How many faults left an order that keeps others. Orders with nothing else are joined as a whole."""
    return turn.each(claimed_faults.mixed, _give)


def _give(book: OrderBook, order_ids: Sequence[int]) -> int:
    found = claimed_faults.faults_in(book.tx, order_ids)
    by_order = {order_id: list(group) for order_id, group in groupby(found, key=lambda one: one.order_id)}
    for stored in book.read(list(by_order)):
        about = without_claimed(stored.about, by_order[stored.order_id])
        book.step(replace(stored, about=about), OrderStep(action=Action.NOTE, at=book.now, note=NOTE))
    leaving = [one.fault_id for one in found if one.claimed]
    claimed_faults.free(book.tx, leaving)
    return len(leaving)


def without_claimed(about: About, linked: Sequence[LinkedFault]) -> About:
    """At least one open fault stays."""
    staying = [one for one in linked if not one.claimed]
    worst = min((one for one in staying if one.is_open), key=lambda one: _RANK.index(one.severity))
    gone = {one.kind for one in linked if one.claimed} - {one.kind for one in staying}
    parts = [part for part in about.cause.split("; ") if part.partition(":")[0] not in gone]
    kinds = dict.fromkeys((worst.kind, *(kind for kind in about.kinds if kind not in gone)))
    return replace(
        about, kinds=tuple(kinds), severity=worst.severity, layer=worst.layer, cause="; ".join(parts) or worst.kind
    )
