"""Plans that wait are worked out one after the other, each in a process of its own; a lease holds the place.

A plan has no half: whoever is killed leaves nothing but the lease, and when it has run out the plan is begun anew. What
came out is stored in one transaction, and only by who still holds the plan.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from vms.access.agreement import Agreements
from vms.core.clock import Clock, system_clock
from vms.core.errors import VmsError
from vms.services.plans.ground import load_ground
from vms.services.plans.request import read_back
from vms.services.plans.work_out import work_out
from vms.services.sweeping.run_sweep import runner_name
from vms.store import plans
from vms.store.database import Database
from vms.store.plans import StoredPlan

log = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0
LEASE_S = 60.0
RENEW_EVERY_S = 5.0


class LostPlan(VmsError):
    """The plan was cancelled, or another process works on it."""

    code = "lost_plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanToDo:
    plan_id: int
    runner: str


Beside = Callable[[PlanToDo], Awaitable[asyncio.subprocess.Process]]
"""Starts the process that works it out."""


async def run_plans(
    database: Database,
    beside: Beside,
    stop: asyncio.Event,
    *,
    clock: Clock = system_clock,
    renew_every_s: float = RENEW_EVERY_S,
) -> None:
    """Until `stop`."""
    runner = runner_name()
    while not stop.is_set():
        try:
            plan = await asyncio.to_thread(take_plan, database, runner, clock)
            if plan is not None:
                await _attend(database, beside, plan, runner, stop, clock, renew_every_s)
                continue
        except SQLAlchemyError as problem:
            log.warning("plans that wait cannot be read: %s", problem)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY_S):
                await stop.wait()


def take_plan(database: Database, runner: str, clock: Clock) -> StoredPlan | None:
    """None: none waits."""
    now = clock()
    with database.reading() as tx:
        if not plans.any_free(tx, now):
            return None
    with database.writing() as tx:
        return plans.take(tx, runner=runner, now=now, lease_until=now + timedelta(seconds=LEASE_S))


def do_plan(database: Database, agreements: Agreements, to_do: PlanToDo, clock: Clock) -> bool:
    """Works it out and stores it. False: it was cancelled meanwhile, or could not be planned, which the row says."""

    def say(stage: str) -> None:
        with database.writing() as tx:
            if not plans.note_stage(tx, to_do.plan_id, to_do.runner, stage, clock()):
                raise LostPlan("the plan is not ours any more")

    try:
        with database.reading() as tx:
            request = read_back(plans.get(tx, to_do.plan_id).request)
        say("ground")
        loaded = load_ground(database, agreements, clock, count_faulty=request.count_faulty)
        found = work_out(database, loaded, request, say=say)
        with database.writing() as tx:
            return plans.finish(tx, to_do.plan_id, to_do.runner, found.result, found.cameras, clock())
    except LostPlan:
        return False
    except VmsError as problem:
        with database.writing() as tx:
            plans.fail(tx, to_do.plan_id, to_do.runner, problem.message, clock())
        return False


async def _attend(
    database: Database,
    beside: Beside,
    plan: StoredPlan,
    runner: str,
    stop: asyncio.Event,
    clock: Clock,
    renew_every_s: float,
) -> None:
    """Keeps the lease while the process works; ends it when the plan is cancelled or this process stops."""
    process = await beside(PlanToDo(plan_id=plan.plan_id, runner=runner))
    ended = asyncio.create_task(process.wait())
    stopping = asyncio.create_task(stop.wait())
    try:
        while not ended.done():
            await asyncio.wait((ended, stopping), timeout=renew_every_s, return_when=asyncio.FIRST_COMPLETED)
            if stop.is_set():
                await asyncio.to_thread(_give_back, database, plan.plan_id, runner)
                break
            if not ended.done() and not await asyncio.to_thread(_renew, database, plan.plan_id, runner, clock):
                log.info("plan %d is over, or another process works on it", plan.plan_id)
                break
        else:
            await asyncio.to_thread(_ended, database, plan.plan_id, runner, process.returncode, clock)
    finally:
        if not ended.done():
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        stopping.cancel()
        await asyncio.gather(ended, stopping, return_exceptions=True)


def _renew(database: Database, plan_id: int, runner: str, clock: Clock) -> bool:
    now = clock()
    with database.writing() as tx:
        return plans.renew(tx, plan_id, runner, now + timedelta(seconds=LEASE_S))


def _give_back(database: Database, plan_id: int, runner: str) -> None:
    with database.writing() as tx:
        plans.give_back(tx, plan_id, runner)


def _ended(database: Database, plan_id: int, runner: str, code: int | None, clock: Clock) -> None:
    """Nothing where the process has stored what came out; begun anew where something killed it."""
    with database.writing() as tx:
        if code is not None and code < 0:
            if plans.give_back(tx, plan_id, runner, killed=True):
                log.warning("the process that worked out plan %d was killed by signal %d", plan_id, -code)
            return
        if plans.fail(tx, plan_id, runner, f"the process that worked it out ended with {code}", clock()):
            log.error("the process that worked out plan %d ended with %s", plan_id, code)
