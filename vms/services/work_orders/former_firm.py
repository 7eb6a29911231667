"""A firm's crew that tells, from a phone without network, what it did before its order was given to another firm."""

from datetime import datetime

from sqlalchemy import Connection

from vms.access.roles import Person
from vms.core.errors import Conflict, NotFound
from vms.maintenance.advance import put_in_order
from vms.maintenance.may_step import Standing, standing
from vms.maintenance.policy import OFFICE_ZONE
from vms.store import order_stands, work_orders
from vms.store.work_orders import StoredOrder


def seen_by(tx: Connection, order_id: int, person: Person, *, to_change: bool = False) -> StoredOrder:
    """Raises NotFound also where there is one that this person may not know of."""
    stored = work_orders.get(tx, order_id, to_change=to_change)
    if not sees(person, stored):
        raise NotFound(f"there is no work order {order_id}")
    return stored


def seen_or_left(
    tx: Connection, order_id: int, person: Person, *, to_change: bool = False
) -> tuple[StoredOrder, datetime | None]:
    """With when it was given to another firm, where it was this person's firm's until then; his word on the time before
    is taken in and moves nothing. Raises NotFound."""
    stored = work_orders.get(tx, order_id, to_change=to_change)
    if sees(person, stored):
        return stored, None
    firm = person.maintainer_id
    left_at = None if firm is None else order_stands.left_at(tx, order_id, firm)
    if left_at is None:
        raise NotFound(f"there is no work order {order_id}")
    return stored, left_at


def sees(person: Person, stored: StoredOrder) -> bool:
    return standing(person, stored.order.maintainer_id, stored.about.owner_id) is not Standing.NOBODY


def done_before(
    left_at: datetime, stored: StoredOrder, at: datetime | None, sent_at: datetime | None, now: datetime
) -> datetime:
    """When it was done, by the phone's clock set right. Raises Conflict where that is not before it was given away."""
    done_at = put_in_order(at, sent_at, now, stored.order.detected_at)
    if done_at >= left_at:
        given = f"{left_at.astimezone(OFFICE_ZONE):%Y-%m-%d %H:%M}"
        raise Conflict(f"the order was given to another firm at {given}", code="given_away")
    return done_at
