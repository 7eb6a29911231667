"""Plans are worked out in processes of their own; who dies, is cancelled or stopped leaves nothing half done."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from vms.access.roles import Person, Role
from vms.core.ids import UserId
from vms.services.plans.desk import ask_for_plan, cancel_plan
from vms.services.plans.request import PlanRequest
from vms.services.plans.run_plans import PlanToDo, run_plans
from vms.store import plans
from vms.store.database import Database
from vms.store.plans import MOST_TRIES, PlanState, StoredPlan

PLANNER = Person(user_id=UserId(1), name="li", role=Role.PLANNER)
AREA = {"type": "Polygon", "coordinates": [[[24.9, 60.1], [24.91, 60.1], [24.91, 60.11], [24.9, 60.1]]]}
WITHIN_S = 20.0


class Processes:
    """Real processes that do as they are told instead of planning."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.started: list[asyncio.subprocess.Process] = []

    async def __call__(self, to_do: PlanToDo) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", self.what, stdin=asyncio.subprocess.PIPE, env={}
        )
        self.started.append(process)
        return process


def asked(database: Database) -> StoredPlan:
    return ask_for_plan(database, "补点", PlanRequest(area=AREA, budget=5.0), PLANNER, datetime.now(UTC))


def read(database: Database, plan_id: int) -> StoredPlan:
    with database.reading() as tx:
        return plans.get(tx, plan_id)


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not await asyncio.to_thread(condition):  # noqa: ASYNC110 - the store tells it no other way
            await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def running(database: Database, processes: Processes) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    loop = asyncio.create_task(run_plans(database, processes, stop, renew_every_s=0.05))
    try:
        yield stop
    finally:
        stop.set()
        async with asyncio.timeout(WITHIN_S):
            await loop


async def test_a_plan_whose_process_dies_has_failed_and_the_next_one_is_taken(database: Database) -> None:
    first, second = asked(database), asked(database)
    async with running(database, Processes("raise SystemExit(3)")):
        await until(lambda: read(database, second.plan_id).state is PlanState.FAILED)
    assert "ended with 3" in read(database, first.plan_id).problem


async def test_a_plan_that_is_cancelled_loses_its_process(database: Database) -> None:
    processes = Processes("import time; time.sleep(600)")
    plan = asked(database)
    async with running(database, processes):
        await until(lambda: processes.started and read(database, plan.plan_id).state is PlanState.RUNNING)
        cancel_plan(database, plan.plan_id, datetime.now(UTC))
        async with asyncio.timeout(WITHIN_S):
            await processes.started[0].wait()
    assert read(database, plan.plan_id).state is PlanState.CANCELLED


async def test_a_plan_waits_again_when_the_jobs_stop_and_another_may_take_it_when_they_were_killed(
    database: Database,
) -> None:
    processes = Processes("import time; time.sleep(600)")
    plan = asked(database)
    async with running(database, processes):
        await until(lambda: read(database, plan.plan_id).state is PlanState.RUNNING)
    assert read(database, plan.plan_id).state is PlanState.WAITING
    assert processes.started[0].returncode is not None
    now = datetime.now(UTC)
    with database.writing() as tx:
        plans.take(tx, runner="killed", now=now, lease_until=now + timedelta(seconds=60))
    with database.reading() as tx:
        assert not plans.any_free(tx, now + timedelta(seconds=59))
        assert plans.any_free(tx, now + timedelta(seconds=61))


async def test_a_plan_whose_process_is_killed_is_begun_anew_and_given_up_when_that_happens_again_and_again(
    database: Database,
) -> None:
    processes = Processes("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    plan = asked(database)
    async with running(database, processes):
        await until(lambda: read(database, plan.plan_id).state is PlanState.FAILED)
    assert len(processes.started) == MOST_TRIES
    assert f"was killed {MOST_TRIES} times" in read(database, plan.plan_id).problem


async def test_a_stop_of_the_jobs_is_no_try(database: Database) -> None:
    plan = asked(database)
    for _ in range(MOST_TRIES + 1):
        async with running(database, Processes("import time; time.sleep(600)")):
            await until(lambda: read(database, plan.plan_id).state is PlanState.RUNNING)
    assert read(database, plan.plan_id).state is PlanState.WAITING
