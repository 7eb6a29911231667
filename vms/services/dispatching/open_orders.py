"""One turn of the work orders: those that are open are looked after, then faults and outages become new ones.

Within the caller's transaction: whatever is killed when, a turn happened whole or not at all, and each fault is ordered
once.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection

from vms.maintenance.policy import OrderPolicy
from vms.services.work_orders.assign_waiting import assign_waiting
from vms.services.work_orders.look_after import look_after_orders
from vms.services.work_orders.open_new import open_for_faults, open_for_outages
from vms.services.work_orders.order_book import OrderBook, WorkingHours
from vms.store import service_levels, work_orders


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCounts:
    opened: int = 0
    opened_for_outages: int = 0
    reopened: int = 0
    faults_added: int = 0
    unassigned: int = 0
    """Of the new ones: no rule fits."""
    assigned: int = 0
    """Of those that waited for a rule."""
    healed: int = 0
    closed: int = 0
    sent_back: int = 0
    resumed: int = 0
    withdrawn: int = 0
    joined: int = 0
    late: int = 0

    @property
    def anything(self) -> bool:
        return any(asdict(self).values())


def open_orders(tx: Connection, now: datetime, settings: OrderPolicy) -> OrderCounts:
    """Called after the faults have been grouped into outages, in the same transaction."""
    work_orders.take_turn(tx)
    service_levels.ensure_defaults(tx, now)
    book = OrderBook(tx, now, WorkingHours(tx))
    after = look_after_orders(book, settings)
    assigned = assign_waiting(book)
    of_outages = open_for_outages(book, settings)
    of_faults = open_for_faults(book, settings)
    book.write()
    return OrderCounts(
        opened=len(of_outages.orders) + len(of_faults.orders),
        opened_for_outages=of_outages.of_outages,
        reopened=of_faults.reopened,
        faults_added=of_faults.faults_added,
        unassigned=of_outages.unassigned + of_faults.unassigned,
        assigned=assigned,
        healed=after.healed,
        closed=after.closed,
        sent_back=after.sent_back,
        resumed=after.resumed,
        withdrawn=after.withdrawn,
        joined=after.joined,
        late=after.late,
    )
