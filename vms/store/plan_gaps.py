"""Which gaps a plan is to close: read for an area, marked as planned when the plan becomes work."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, or_, select, update

from vms.coverage.gap_steps import GapState, GapStep
from vms.store import events
from vms.store.private_areas import Box
from vms.store.schema import coverage_gap_steps, coverage_gaps, plans

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class GapStretch:
    gap_id: int
    place_key: str
    side: int
    from_m: float
    to_m: float


def in_box(tx: Connection, box: Box) -> list[GapStretch]:
    """Those that are gaps now and touch it."""
    c = coverage_gaps.c
    west, south, east, north = box
    touches = (c.west <= east, c.east >= west, c.south <= north, c.north >= south)
    statement = select(c.id, c.place_key, c.side, c.from_m, c.to_m).where(c.closed_at.is_(None), *touches)
    return [
        GapStretch(gap_id=row.id, place_key=row.place_key, side=row.side, from_m=row.from_m, to_m=row.to_m)
        for row in tx.execute(statement.order_by(c.id))
    ]


def mark_planned(tx: Connection, gap_ids: Sequence[int], plan_id: int, who: str, now: datetime) -> int:
    """Those that are gaps still and in no plan that there is; how many these were."""
    c = coverage_gaps.c
    unplanned = or_(c.state != GapState.PLANNED.value, c.plan_id.is_(None), c.plan_id.not_in(select(plans.c.id)))
    marked = 0
    for part in _parts(sorted(set(gap_ids))):
        free = (c.id.in_(part), c.closed_at.is_(None), unplanned)
        found = list(tx.execute(select(c.id).where(*free)).scalars())
        if not found:
            continue
        values = {"state": GapState.PLANNED.value, "state_at": now, "plan_id": plan_id}
        tx.execute(update(coverage_gaps).where(c.id.in_(found)).values(values))
        step = {"at": now, "who": who[:80], "step": GapStep.PLAN.value, "text": f"plan {plan_id}"}
        tx.execute(insert(coverage_gap_steps), [{"gap_id": gap_id, **step} for gap_id in found])
        news = [(gap_id, {"step": GapStep.PLAN.value, "state": GapState.PLANNED.value}) for gap_id in found]
        events.append_many(tx, "coverage.gap_stepped", news, now)
        marked += len(found)
    return marked


def reopen_of(tx: Connection, plan_id: int, who: str, now: datetime) -> int:
    """The plan is thrown away: no gap is planned by it any more; how many were."""
    c = coverage_gaps.c
    found = list(tx.execute(select(c.id).where(c.plan_id == plan_id).order_by(c.id)).scalars())
    values = {"state": GapState.OPEN.value, "state_at": now, "plan_id": None}
    step = {"at": now, "who": who[:80], "step": GapStep.REOPEN.value, "text": f"plan {plan_id}"}
    for part in _parts(found):
        tx.execute(update(coverage_gaps).where(c.id.in_(part)).values(values))
        tx.execute(insert(coverage_gap_steps), [{"gap_id": gap_id, **step} for gap_id in part])
        news = [(gap_id, {"step": GapStep.REOPEN.value, "state": GapState.OPEN.value}) for gap_id in part]
        events.append_many(tx, "coverage.gap_stepped", news, now)
    return len(found)


def _parts(gap_ids: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(gap_ids), _BATCH):
        yield list(gap_ids[start : start + _BATCH])
