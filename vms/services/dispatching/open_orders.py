"""One turn of the work orders: those that are open are looked after, then faults and outages become new ones.

In pieces, each of which is right on its own: whatever is killed when, the next turn does what is left, and each fault
is ordered once.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from vms.maintenance.policy import OrderPolicy
from vms.services.work_orders.assign_waiting import assign_waiting
from vms.services.work_orders.look_after import look_after_orders
from vms.services.work_orders.open_new import open_for_faults, open_for_outages
from vms.services.work_orders.order_turn import ORDERS_AT_ONCE, OrderTurn
from vms.store import service_levels
from vms.store.database import Database


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


def open_orders(database: Database, now: datetime, policy: OrderPolicy, at_once: int = ORDERS_AT_ONCE) -> OrderCounts:
    """Called after the faults have been grouped into outages. Blocking; many short transactions."""
    with database.reading() as tx:
        has_levels = service_levels.defaults_made(tx)
    if not has_levels:
        with database.writing() as tx:
            service_levels.ensure_defaults(tx, now)
    turn = OrderTurn(database=database, now=now, at_once=at_once)
    after = look_after_orders(turn, policy)
    assigned = assign_waiting(turn)
    of_outages = open_for_outages(turn, policy)
    of_faults = open_for_faults(turn, policy)
    return OrderCounts(
        opened=of_outages.opened + of_faults.opened,
        opened_for_outages=of_outages.opened,
        reopened=of_outages.reopened + of_faults.reopened,
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
