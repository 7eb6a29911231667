"""The same step with many orders: each on its own, so that one that cannot be moved on holds up no other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from vms.access.roles import Person
from vms.core.errors import BadInput, Conflict, NotAllowed, NotFound
from vms.services.work_orders.take_step import AskedStep, take_step
from vms.store.database import Database
from vms.store.work_orders import StoredOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenOrder:
    order_id: int
    version: int | None = None
    """That the person saw; None: whatever it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    order_id: int
    order: StoredOrder | None = None
    refused: BadInput | Conflict | NotAllowed | NotFound | None = None


def take_steps(
    database: Database, orders: Iterable[SeenOrder], asked: AskedStep, person: Person, now: datetime
) -> Sequence[Stepped]:
    """One transaction each: what is done stays done when the program is killed between two."""
    return [_stepped(database, one, asked, person, now) for one in orders]


def _stepped(database: Database, seen: SeenOrder, asked: AskedStep, person: Person, now: datetime) -> Stepped:
    try:
        moved = take_step(database, seen.order_id, replace(asked, version=seen.version), person, now)
    except (BadInput, Conflict, NotAllowed, NotFound) as refused:
        return Stepped(order_id=seen.order_id, refused=refused)
    return Stepped(order_id=seen.order_id, order=moved)
