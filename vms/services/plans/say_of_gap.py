"""A word about a gap that names something else: a plan there is, a user there is."""

from datetime import datetime

from sqlalchemy import Connection

from vms.access.roles import Person
from vms.core.errors import BadInput, Conflict
from vms.coverage.gap_steps import GapStep
from vms.services.coverage.step_gap import GapWord, step_gap
from vms.store import plans, users
from vms.store.coverage_gap_list import GapRecord
from vms.store.database import Database
from vms.store.plans import PlanState

_GIVEN_UP = (PlanState.FAILED, PlanState.CANCELLED)


def say_of_gap(database: Database, gap_id: int, word: GapWord, person: Person, now: datetime) -> GapRecord:
    """Raises NotFound, BadInput, Conflict."""
    with database.reading() as tx:
        if word.step is GapStep.PLAN and word.plan_id is not None:
            _check_plan(tx, word.plan_id)
        if word.step is GapStep.ASSIGN and word.assigned_to:
            _check_user(tx, word.assigned_to)
    return step_gap(database, gap_id, word, person, now)


def _check_plan(tx: Connection, plan_id: int) -> None:
    plan = plans.get(tx, plan_id)
    if plan.state in _GIVEN_UP:
        raise Conflict(f"plan {plan_id} was given up and closes nothing", code="plan_over")


def _check_user(tx: Connection, name: str) -> None:
    found = users.with_hash(tx, name)
    if found is None or found[0].disabled_at is not None:
        raise BadInput(f"there is no user {name}", where="assigned_to")
