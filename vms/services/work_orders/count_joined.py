"""Who joins an outage later is counted in its order."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from vms.core.ids import OrderId
from vms.health.outage_words import outage_cause
from vms.services.work_orders.order_book import OrderBook
from vms.services.work_orders.order_turn import OrderTurn
from vms.store import order_facts


def count_joined(turn: OrderTurn) -> int:
    """How many open orders are about more cameras than before. What they cost follows by the outage's news."""
    return turn.each(_grown, _count)


def _grown(tx: Connection, among: Collection[int] | None) -> list[OrderId]:
    return [one.order_id for one in order_facts.grown_outages(tx, among)]


def _count(book: OrderBook, order_ids: Sequence[int]) -> int:
    grown = {one.order_id: one for one in order_facts.grown_outages(book.tx, order_ids)}
    for stored in book.read(list(grown)):
        one = grown[stored.order_id]
        about = replace(stored.about, cameras=one.cameras, cause=outage_cause(one.name, one.because))
        book.change(replace(stored, about=about), tell="order.changed", word="cameras")
    return len(grown)
