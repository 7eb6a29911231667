"""Pays for looks at devices out of the day's budgets, which all processes share; see vms.health.spending."""

import asyncio
from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from vms.core.clock import Clock, system_clock
from vms.core.errors import TryAgain
from vms.core.ids import DeviceId
from vms.health.spending import DayBudget, Price, Reason, may_spend
from vms.store import device_costs
from vms.store.database import Database
from vms.store.device_costs import DeviceCost
from vms.store.poll_targets import channels_of


class OverBudget(TryAgain):
    """Nothing was asked."""

    code = "budget"

    def __init__(self) -> None:
        super().__init__("this device was asked as often as it may be today; for an incident it is asked all the same")


class Purse:
    """Of one process. What is paid is committed before the device is asked, so that no crash forgets it.

    What the poller has spent is known up to its last flush, minutes ago: the shares of the budget leave room for that.
    """

    def __init__(self, database: Database, budget: DayBudget, *, clock: Clock = system_clock) -> None:
        self._database = database
        self._budget = budget
        self._clock = clock

    async def pay(self, device_id: DeviceId | None, price: Price, reason: Reason) -> None:
        """Raises OverBudget."""
        if not await self.spend(device_id, price, reason):
            raise OverBudget

    async def spend(self, device_id: DeviceId | None, price: Price, reason: Reason) -> bool:
        """False: it does not fit, and nothing was paid. A device that is not in the inventory has no budget."""
        if device_id is None:
            return True
        return await asyncio.to_thread(self._spend, device_id, price, reason)

    async def may(self, device_id: DeviceId | None, price: Price, reason: Reason) -> bool:
        """Whether it would fit."""
        return device_id is None or await asyncio.to_thread(self._may, device_id, price, reason)

    async def note(self, costs: Iterable[DeviceCost]) -> None:
        """What was spent in any case."""
        found = list(costs)
        if found:
            await asyncio.to_thread(self._note, found)

    def budget_of(self, tx: Connection, device_id: int) -> DayBudget:
        """A recorder has more than a camera."""
        return self._budget.times(channels_of(tx, device_id))

    @property
    def today(self) -> date:
        return self._clock().date()

    def _spend(self, device_id: DeviceId, price: Price, reason: Reason) -> bool:
        with self._database.writing() as tx:
            if not self._fits(tx, device_id, price, reason):
                return False
            device_costs.add_many(tx, [cost_of(device_id, self.today, price, reason)])
        return True

    def _may(self, device_id: DeviceId, price: Price, reason: Reason) -> bool:
        with self._database.reading() as tx:
            return self._fits(tx, device_id, price, reason)

    def _note(self, costs: list[DeviceCost]) -> None:
        with self._database.writing() as tx:
            device_costs.add_many(tx, costs)

    def _fits(self, tx: Connection, device_id: DeviceId, price: Price, reason: Reason) -> bool:
        requests, sign_ins = device_costs.spent_by(tx, [device_id], self.today).get(device_id, (0, 0))
        if may_spend(requests, sign_ins, price, self._budget, reason):
            return True
        return may_spend(requests, sign_ins, price, self.budget_of(tx, device_id), reason)


def cost_of(device_id: DeviceId, day: date, price: Price, reason: Reason) -> DeviceCost:
    return DeviceCost(
        device_id=device_id,
        day=day,
        requests=price.requests,
        sign_ins=price.sign_ins,
        for_incident=price.requests if reason is Reason.INCIDENT else 0,
        for_wall=price.requests if reason is Reason.WALL else 0,
        for_diagnosis=price.requests if reason is Reason.DIAGNOSIS else 0,
    )
