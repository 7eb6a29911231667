"""A person asks for a plan, gives it up, throws it away."""

from datetime import datetime

from vms.access.roles import Person
from vms.core.errors import Conflict
from vms.services.plans.polygons import as_geojson, read_area
from vms.services.plans.request import PlanRequest, written
from vms.services.plans.work_out import WorkedOut
from vms.services.sweeping.run_sweep import runner_name
from vms.store import plan_gaps, plans
from vms.store.database import Database
from vms.store.plans import OPEN, StoredPlan

MOST_WAITING = 20


def ask_for_plan(database: Database, name: str, request: PlanRequest, person: Person, now: datetime) -> StoredPlan:
    """It waits for the jobs process. Raises BadInput for an area that is none, Conflict where too many wait."""
    area = as_geojson(read_area(dict(request.area)))
    with database.writing() as tx:
        if (count := plans.waiting(tx)) >= MOST_WAITING:
            raise Conflict(f"{count} plans wait already; try again when some are done", code="too_many_plans")
        plan_id = plans.add(tx, name=name, request=written(request) | {"area": area}, who=person.name, now=now)
        return plans.get(tx, plan_id)


def cancel_plan(database: Database, plan_id: int, now: datetime) -> StoredPlan:
    """Whoever works on it stops within seconds. Raises Conflict where it is over."""
    with database.writing() as tx:
        plans.get(tx, plan_id)
        if not plans.cancel(tx, plan_id, now):
            raise Conflict("the plan is over already", code="plan_over")
        return plans.get(tx, plan_id)


def remove_plan(database: Database, plan_id: int, person: Person, now: datetime) -> None:
    """Gaps that it was to close are open again. Raises Conflict for one that is being worked out, or that records were
    made of."""
    with database.writing() as tx:
        plan = plans.lock(tx, plan_id)
        if plan.state.value in OPEN:
            raise Conflict("the plan is being worked out; cancel it first", code="plan_open")
        if plan.applied_at is not None:
            raise Conflict("records were made of this plan; it stays", code="plan_applied")
        plan_gaps.reopen_of(tx, plan_id, person.name, now)
        plans.remove(tx, plan_id)


def keep_made_plan(
    database: Database, name: str, request: PlanRequest, made: WorkedOut, who: str, now: datetime
) -> int:
    """One that a person has worked out already, as the jobs process would keep it."""
    runner = runner_name()
    with database.writing() as tx:
        plan_id = plans.add(tx, name=name, request=written(request), who=who, now=now)
        plans.begin(tx, plan_id, runner=runner, now=now)
        plans.finish(tx, plan_id, runner, made.result, made.cameras, now)
    return plan_id
