"""The office's recording plans, all at once: the first that fits a camera decides."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from vms.core.errors import BadInput
from vms.health.footage import RecordingPlan
from vms.store import events, recordings
from vms.store.recordings import StoredPlan


def put_plans(tx: Connection, plans: Sequence[StoredPlan], who: str, now: datetime) -> None:
    """Raises BadInput, which names the plan and the place; then nothing has changed."""
    names: set[str] = set()
    for number, plan in enumerate(plans):
        where = f"plans.{number}"
        if plan.name in names:
            raise BadInput(f"two plans are called {plan.name}", where=f"{where}.name")
        names.add(plan.name)
        try:
            RecordingPlan(
                week=tuple(tuple((window[0], window[1]) for window in day) for day in plan.week),
                days_least=plan.days_least or 0,
                days_most=plan.days_most,
            )
        except BadInput as problem:
            raise BadInput(problem.reason, where=f"{where}.{problem.where}") from problem
    recordings.replace_plans(tx, plans)
    events.append(tx, "recordings.plans_changed", None, {"by": who}, now)
