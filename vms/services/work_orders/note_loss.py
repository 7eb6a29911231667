"""What each open order costs in coverage while its cameras are ill: what nobody else sees, by its weight."""

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from vms.core.ids import OrderId
from vms.coverage.loss import CoverageLoss, loss_without
from vms.services.coverage.memory import CoverageMemory
from vms.services.follow_news import News
from vms.store import order_facts, work_orders
from vms.store.database import Database

log = logging.getLogger(__name__)

WAIT_S = 30.0
PAUSE_S = 5.0
"""Between two rounds at least: a storm of faults is measured once."""
_REASONS = ("coverage.measured", "order.opened", "order.reopened", "outage.changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class LossNoter:
    """Call it with the news; runs until cancelled."""

    memory: CoverageMemory

    async def __call__(self, news: News) -> None:
        seen = 0
        while True:
            found = await news.after(seen, within_s=WAIT_S)
            if found:
                seen = found[-1].event_id
            if not any(one.kind in _REASONS for one in found):
                continue
            try:
                await asyncio.to_thread(note_losses, self.memory.database, self._loss_of)
            except SQLAlchemyError as problem:
                log.warning("what orders cost could not be noted: %s", problem)
            await asyncio.sleep(PAUSE_S)

    def _loss_of(self, camera_ids: Collection[int]) -> CoverageLoss:
        with self.memory.lock:
            return loss_without(self.memory.tally, camera_ids)


def note_losses(database: Database, loss_of: Callable[[Collection[int]], CoverageLoss]) -> int:
    """How many orders cost something else than before. Cameras that are on no map cost nobody knows what."""
    with database.reading() as tx:
        listed = order_facts.cameras_of_open_orders(tx)
        before = order_facts.losses_of_open_orders(tx)
    changed: list[tuple[OrderId, float | None]] = []
    for order_id, camera_ids in listed.items():
        found = loss_of(camera_ids)
        loss = round(found.weighted_m, 1) if found.placed else None
        if loss != before.get(order_id):
            changed.append((order_id, loss))
    if changed:
        with database.writing() as tx:
            work_orders.set_loss(tx, changed)
    return len(changed)
