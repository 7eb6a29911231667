"""Who joins an outage later is counted in its order."""

from dataclasses import replace

from vms.health.outage_words import outage_cause
from vms.services.work_orders.order_book import OrderBook
from vms.store import order_facts


def count_joined(book: OrderBook) -> int:
    """How many open orders are about more cameras than before. What they cost follows by the outage's news."""
    grown = {one.order_id: one for one in order_facts.grown_outages(book.tx)}
    for stored in book.read(list(grown)):
        one = grown[stored.order_id]
        about = replace(stored.about, cameras=one.cameras, cause=outage_cause(one.name, one.because))
        book.change(replace(stored, about=about), tell="order.changed", word="cameras")
    book.write()
    return len(grown)
