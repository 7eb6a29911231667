"""What happens to orders within one transaction: collected, then written together with its steps and its news."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from vms.core.ids import OrderId
from vms.maintenance.advance import advance
from vms.maintenance.calendar import Calendar
from vms.maintenance.lost_stand import loses_its_stand
from vms.maintenance.order import PROGRAM, Action, Order, OrderState, OrderStep, Refusal
from vms.store import calendars, events, maintainers, order_stands, service_levels, work_order_steps, work_orders
from vms.store.work_order_steps import NewStep
from vms.store.work_orders import StoredOrder

CAUSE_IN_NEWS = 200
NEWS_OF = {
    Action.OPEN: "order.opened",
    Action.REOPEN: "order.reopened",
    Action.ASSIGN: "order.assigned",
    Action.ACCEPT: "order.accepted",
    Action.ARRIVE: "order.on_site",
    Action.REPAIR: "order.repaired",
    Action.SEND_BACK: "order.sent_back",
    Action.VERIFY: "order.verified",
    Action.CLOSE: "order.closed",
    Action.HEALED: "order.closed",
    Action.JOIN: "order.closed",
    Action.WITHDRAW: "order.closed",
    Action.FALSE_ALARM: "order.closed",
    Action.SUSPEND: "order.suspended",
    Action.RESUME: "order.resumed",
    Action.TRANSFER: "order.transferred",
}
"""Kinds of the events; whatever else happens is `order.changed`."""


class WorkingHours:
    """Which calendar an order's clock runs in, asked many times of one state of the store."""

    def __init__(self, tx: Connection) -> None:
        self._calendars = calendars.by_id(tx)
        self._of_level = {level.level_id: level.calendar_id for level in service_levels.every(tx)}
        self._of_firm = {int(firm.maintainer_id): firm.calendar_id for firm in maintainers.every(tx)}

    def of(self, level_id: int | None, maintainer_id: int | None) -> Calendar | None:
        """The level's, else the firm's; None: day and night."""
        return self.of_calendar(None if level_id is None else self._of_level.get(level_id), maintainer_id)

    def of_calendar(self, calendar_id: int | None, maintainer_id: int | None) -> Calendar | None:
        """The same of a level that goes by this calendar."""
        found = calendar_id
        if found is None and maintainer_id is not None:
            found = self._of_firm.get(maintainer_id)
        return None if found is None else self._calendars.get(found)


@dataclass(slots=True)
class OrderBook:
    """`write` at the end; nothing is in the store before."""

    tx: Connection
    now: datetime
    hours: WorkingHours
    _changed: dict[OrderId, StoredOrder] = field(default_factory=dict)
    _steps: list[NewStep] = field(default_factory=list)
    _stood: list[tuple[OrderId, Order]] = field(default_factory=list)
    _news: dict[str, list[tuple[int | None, dict[str, Any]]]] = field(default_factory=dict)

    def read(self, order_ids: Sequence[int]) -> list[StoredOrder]:
        """As they are by now; nobody else changes them meanwhile."""
        stored = work_orders.by_ids(self.tx, order_ids, to_change=True)
        return [self._changed.get(one.order_id, one) for one in stored]

    def step(self, stored: StoredOrder, step: OrderStep, *, token: str | None = None) -> StoredOrder | Refusal:
        """One step further."""
        calendar = self.hours.of(stored.about.level_id, stored.order.maintainer_id)
        moved = advance(stored.order, step, calendar)
        if isinstance(moved, Refusal):
            return moved
        if loses_its_stand(stored.order, moved):
            self._stood.append((stored.order_id, stored.order))
        after = replace(stored, order=moved, changed_at=self.now)
        self._keep(stored.order.state, after, step, token)
        if stored.order.maintainer_id not in (None, moved.maintainer_id):
            content = news_content(after) | {"maintainer_id": stored.order.maintainer_id, "given_away": True}
            self._news.setdefault("order.changed", []).append((after.order_id, content))
        return after

    def opened(self, made: Sequence[StoredOrder], why: str = "", who: str = PROGRAM) -> None:
        """Orders that have just been put in."""
        for one in made:
            step = OrderStep(action=Action.OPEN, at=one.order.detected_at, note=why, who=who)
            self._tell(OrderState.DETECTED, replace(one, order=replace(one.order, state=OrderState.DETECTED)), step)
            if one.order.maintainer_id is not None:
                given = OrderStep(
                    action=Action.ASSIGN, at=self.now, maintainer_id=one.order.maintainer_id, crew=one.order.crew
                )
                self._tell(OrderState.DETECTED, one, given)

    def heard(self, stored: StoredOrder, step: OrderStep, token: str | None) -> None:
        """A word on what was, which moves nothing."""
        self._tell(stored.order.state, stored, step, token, kind="order.changed")

    def change(self, stored: StoredOrder, *, tell: str = "", word: str = "") -> None:
        """Something that is no step."""
        self._changed[stored.order_id] = stored
        if tell:
            self._news.setdefault(tell, []).append((stored.order_id, news_content(stored, word)))

    def write(self) -> None:
        work_orders.save_many(self.tx, list(self._changed.values()), self.now)
        work_order_steps.add_many(self.tx, self._steps)
        order_stands.add_many(self.tx, self._stood, self.now)
        for kind, news in self._news.items():
            events.append_many(self.tx, kind, news, self.now)
        self._changed, self._steps, self._stood, self._news = {}, [], [], {}

    def _keep(self, before: OrderState, after: StoredOrder, step: OrderStep, token: str | None) -> None:
        self._changed[after.order_id] = after
        self._tell(before, after, step, token)

    def _tell(
        self, before: OrderState, after: StoredOrder, step: OrderStep, token: str | None = None, *, kind: str = ""
    ) -> None:
        new = NewStep(
            order_id=after.order_id,
            step=step,
            told_at=self.now,
            from_state=before,
            to_state=after.order.state,
            token=token,
        )
        self._steps.append(new)
        kind = kind or NEWS_OF.get(step.action, "order.changed")
        word = after.order.outcome.value if kind == "order.closed" and after.order.outcome else ""
        self._news.setdefault(kind, []).append((after.order_id, news_content(after, word)))


def news_content(stored: StoredOrder, word: str = "") -> dict[str, Any]:
    """What listeners and alerts need of an order without asking the store again."""
    return {
        "number": stored.number,
        "state": stored.order.state.value,
        "camera_id": stored.about.camera_id,
        "outage_id": stored.about.outage_id,
        "maintainer_id": stored.order.maintainer_id,
        "severity": stored.about.severity.value,
        "region_code": stored.about.region_code,
        "cameras": stored.about.cameras,
        "cause": stored.about.cause[:CAUSE_IN_NEWS],
        "word": word,
    }
