"""Makes orders: assigned where a rule fits, each with its deadlines; where many fell together there is more time."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from vms.maintenance.assignment import AssignmentRule, first_that_fits
from vms.maintenance.order import PROGRAM, Action, Order, OrderState, OrderStep, Refusal
from vms.maintenance.policy import OrderPolicy
from vms.maintenance.scope import Scope
from vms.maintenance.service_level import ServiceLevel, deadlines, level_for
from vms.services.work_orders.order_book import OrderBook
from vms.store import maintainers, order_facts, regions, service_levels, work_orders
from vms.store.work_orders import About, StoredOrder

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An order that is to be opened."""

    about: About
    scope: Scope
    detected_at: datetime
    fault_ids: tuple[int, ...]
    clock_from: datetime | None = None
    """None: from its detection."""


def count_fallen(
    tx: Connection, policy: OrderPolicy, now: datetime, wanted: Sequence[Wanted] = ()
) -> Counter[int | None]:
    """Cameras of each firm that fell together: of its young orders, and of those that are wanted now."""
    since = now - timedelta(seconds=policy.many_within_s)
    fallen: Counter[int | None] = Counter(order_facts.cameras_fallen_since(tx, since))
    rules: list[AssignmentRule] = maintainers.rules(tx) if wanted else []
    land = regions.land(tx) if wanted else None
    for one in wanted:
        if one.detected_at >= since and land is not None:
            rule = first_that_fits(rules, one.scope, land)
            fallen[None if rule is None else rule.maintainer_id] += one.about.cameras
    return fallen


class Opener:
    """Knows the rules and levels of this moment. `fallen`: as `count_fallen` says of all that this turn opens."""

    def __init__(self, book: OrderBook, policy: OrderPolicy, fallen: Mapping[int | None, int]) -> None:
        self._book = book
        self._policy = policy
        self._rules: list[AssignmentRule] = maintainers.rules(book.tx)
        self._levels: list[ServiceLevel] = service_levels.every(book.tx)
        self._land = regions.land(book.tx)
        self._fallen = fallen

    def make(self, wanted: Sequence[Wanted], why: str = "", who: str = PROGRAM) -> list[StoredOrder]:
        """In the store, numbered, assigned where a rule fits, each with its deadlines."""
        if not wanted:
            return []
        new = [self._order(one, first_that_fits(self._rules, one.scope, self._land)) for one in wanted]
        day = self._book.now.astimezone(self._policy.zone).date()
        made = work_orders.insert_many(self._book.tx, new, day, self._book.now)
        links = [(stored.order_id, fault) for stored, one in zip(made, wanted, strict=True) for fault in one.fault_ids]
        work_orders.add_faults(self._book.tx, links)
        self._book.opened(made, why, who)
        return [self._warned(stored) for stored in made]

    def deadlines_of(
        self, scope: Scope, about: About, start: datetime
    ) -> tuple[datetime | None, datetime | None, int] | None:  # fmt: skip
        """Respond by, repair by, and the level's id; None where no level fits, or the calendar has no such time."""
        level = level_for(self._levels, scope, self._land)
        if level is None:
            return None
        calendar = self._book.hours.of(level.level_id, scope.maintainer_id)
        together = max(about.cameras, self._fallen.get(scope.maintainer_id, 0))
        found = deadlines(level, start, calendar, together)
        return found.respond_by, found.repair_by, level.level_id

    def _warned(self, stored: StoredOrder) -> StoredOrder:
        """An order without a deadline is better than none; somebody is told."""
        order, level_id = stored.order, stored.about.level_id
        if level_id is None or None not in (order.respond_by, order.repair_by):
            return stored
        name = next((level.name for level in self._levels if level.level_id == level_id), "")
        log.warning("order %s: the calendar of service level %s has not enough working time", stored.number, name)
        note = f"without a deadline: the calendar of service level {name} has not enough working time"
        told = self._book.step(stored, OrderStep(action=Action.NOTE, at=self._book.now, note=note))
        return stored if isinstance(told, Refusal) else told

    def _order(self, one: Wanted, rule: AssignmentRule | None) -> tuple[Order, About]:
        firm = None if rule is None else rule.maintainer_id
        begins = one.clock_from or one.detected_at
        found = self.deadlines_of(replace(one.scope, maintainer_id=firm), one.about, begins)
        order = Order(
            state=OrderState.DETECTED if rule is None else OrderState.ASSIGNED,
            maintainer_id=firm,
            crew="" if rule is None else rule.crew,
            detected_at=one.detected_at,
            respond_by=found[0] if found else None,
            repair_by=found[1] if found else None,
            assigned_at=None if rule is None else self._book.now,
            suspended_s=(begins - one.detected_at).total_seconds(),
        )
        return order, replace(one.about, level_id=found[2] if found else None)
