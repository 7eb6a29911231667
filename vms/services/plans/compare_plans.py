"""Two plans side by side: what each costs and covers, which cameras both have."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from vms.core.errors import Conflict
from vms.core.geo import M_PER_DEG, angle_between_deg
from vms.store import plans
from vms.store.database import Database
from vms.store.plans import PlanState, StoredPlan, StoredPlanCamera

SAME_PLACE_M = 10.0
SAME_BEARING_DEG = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSide:
    plan: StoredPlan
    cameras: tuple[StoredPlanCamera, ...]
    alone: tuple[int, ...]
    """Numbers of the cameras that the other one has not."""
    sites: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlansCompared:
    first: PlanSide
    second: PlanSide
    both: tuple[tuple[int, int], ...]
    """Cameras at the same place that look the same way: (number in the first, number in the second)."""
    same_area: bool
    """Shares of different areas say nothing of each other."""


def compare_plans(database: Database, first_id: int, second_id: int) -> PlansCompared:
    """Raises Conflict for one that is not done."""
    with database.reading() as tx:
        one, other = plans.get(tx, first_id), plans.get(tx, second_id)
        for plan in (one, other):
            if plan.state is not PlanState.DONE:
                raise Conflict(f"plan {plan.plan_id} is not done; only what is done is compared")
        ours, theirs = plans.cameras_of(tx, first_id), plans.cameras_of(tx, second_id)
    both = pairs(ours, theirs)
    return PlansCompared(
        first=_side(one, ours, {pair[0] for pair in both}),
        second=_side(other, theirs, {pair[1] for pair in both}),
        both=both,
        same_area=one.request["area"] == other.request["area"],
    )


def pairs(ours: Sequence[StoredPlanCamera], theirs: Sequence[StoredPlanCamera]) -> tuple[tuple[int, int], ...]:
    """Each camera at most once, the nearest first."""
    near = sorted(
        (away, one.number, other.number)
        for one in ours
        for other in theirs
        if (away := _away_m(one, other)) <= SAME_PLACE_M
        and angle_between_deg(one.bearing_deg, other.bearing_deg) <= SAME_BEARING_DEG
    )
    left, right, found = set[int](), set[int](), []
    for _, number, other_number in near:
        if number not in left and other_number not in right:
            left.add(number)
            right.add(other_number)
            found.append((number, other_number))
    return tuple(sorted(found))


def _away_m(one: StoredPlanCamera, other: StoredPlanCamera) -> float:
    north = (one.lat - other.lat) * M_PER_DEG
    return math.hypot(north, (one.lon - other.lon) * M_PER_DEG * math.cos(math.radians(one.lat)))


def _side(plan: StoredPlan, planned: tuple[StoredPlanCamera, ...], shared: set[int]) -> PlanSide:
    return PlanSide(
        plan=plan,
        cameras=planned,
        alone=tuple(one.number for one in planned if one.number not in shared),
        sites=len({one.about["site"] for one in planned}),
    )
