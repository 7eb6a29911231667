"""What each open order costs in coverage while its cameras are ill: from the gaps whose cause they are."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from vms.core.ids import CameraId, OrderId
from vms.coverage.demand import DemandKind
from vms.coverage.gaps import Gap, GapCause
from vms.services.coverage.memory import CoverageMemory
from vms.services.follow_news import News
from vms.store import order_facts, work_orders
from vms.store.database import Database

log = logging.getLogger(__name__)

PLACE_M = 100.0
"""A key place that nobody sees counts as much as so many metres of road."""
WAIT_S = 30.0
PAUSE_S = 5.0
"""Between two rounds at least: a storm of faults is measured once."""
_REASONS = ("coverage.measured", "order.opened", "order.reopened")


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
                await asyncio.to_thread(note_losses, self.memory.database, self._gaps(), self.memory.known())
            except SQLAlchemyError as problem:
                log.warning("what orders cost could not be noted: %s", problem)
            await asyncio.sleep(PAUSE_S)

    def _gaps(self) -> tuple[Gap, ...]:
        coverage = self.memory.coverage
        return () if coverage is None else coverage.gaps


def note_losses(database: Database, gaps: Iterable[Gap], placed: Iterable[CameraId]) -> int:
    """How many orders cost something else than before. Cameras that are on no map cost nobody knows what."""
    of_camera = loss_by_camera(gaps)
    known = set(placed)
    with database.reading() as tx:
        listed = order_facts.cameras_of_open_orders(tx)
        before = order_facts.losses_of_open_orders(tx)
    changed: list[tuple[OrderId, float | None]] = []
    for order_id, camera_ids in listed.items():
        there = [camera_id for camera_id in camera_ids if camera_id in known]
        loss = round(sum(of_camera.get(camera_id, 0.0) for camera_id in there), 1) if there else None
        if loss != before.get(order_id):
            changed.append((order_id, loss))
    if changed:
        with database.writing() as tx:
            work_orders.set_loss(tx, changed)
    return len(changed)


def loss_by_camera(gaps: Iterable[Gap]) -> dict[CameraId, float]:
    """Metres of road, a place counted as PLACE_M; what several ill cameras would see is shared among them."""
    found: dict[CameraId, float] = {}
    for gap in gaps:
        if gap.cause is not GapCause.FAULTY or not gap.camera_ids:
            continue
        worth = PLACE_M if gap.kind is DemandKind.PLACE else gap.length_m
        for camera_id in gap.camera_ids:
            found[camera_id] = found.get(camera_id, 0.0) + worth / len(gap.camera_ids)
    return found
