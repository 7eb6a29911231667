"""kill -9 of the process that works a plan out: nothing half done stays, and what the next one finds is there once."""

import multiprocessing
import os
import signal
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.builders.coverage import FRAME, a_building, a_road, a_town
from vms.access.agreement import Agreements
from vms.access.roles import Person, Role
from vms.core.ids import UserId
from vms.services.maps.import_map import import_map
from vms.services.plans.desk import ask_for_plan
from vms.services.plans.request import PlanRequest
from vms.services.plans.run_plans import LEASE_S, PlanToDo, do_plan
from vms.store import events, plans
from vms.store.database import Database
from vms.store.plans import PlanState
from vms.store.schema import plan_cameras

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
WITHIN_S = 60.0
PLANNER = Person(user_id=UserId(1), name="li", role=Role.PLANNER)
CORNERS = FRAME.to_lonlat_array([(-120.0, -60.0), (120.0, -60.0), (120.0, 60.0), (-120.0, 60.0), (-120.0, -60.0)])
AREA = {"type": "Polygon", "coordinates": [CORNERS.tolist()]}
AFTER = ("", "sites", "choice")
"""The stage that was told last when it is killed: none, in the midst, and with everything about to be stored."""


def plan_until(url: str, plan_id: int, after: str, there: "multiprocessing.synchronize.Event") -> None:
    """Works it out; stands still where the clock is asked for after that stage, in the midst of a transaction."""
    database = Database(url)

    def clock() -> datetime:
        with database.reading() as tx:
            stage = plans.get(tx, plan_id).stage
        if stage == after:
            there.set()
            time.sleep(WITHIN_S)
        return NOW

    do_plan(database, Agreements(), PlanToDo(plan_id=plan_id, runner="first"), clock)


def counted(database: Database, plan_id: int) -> tuple[int, int]:
    """Cameras in the store, and how often it was told that the plan is done."""
    with database.reading() as tx:
        stored: int = tx.execute(
            select(func.count()).select_from(plan_cameras).where(plan_cameras.c.plan_id == plan_id)
        ).scalar_one()
        told = [one for one in events.after(tx, 0, 10_000) if (one.kind, one.subject) == ("plan.done", plan_id)]
    return stored, len(told)


@pytest.mark.parametrize("after", AFTER)
def test_a_killed_plan_is_begun_anew_and_stored_once(sqlite_database: Database, after: str) -> None:
    database = sqlite_database
    buildings = [a_building(west, 8.0, west + 30.0, 30.0) for west in (-90.0, 50.0)]
    import_map(database, a_town(buildings=buildings, roads=[a_road((-100.0, 0.0), (100.0, 0.0))]), now=NOW)
    plan_id = ask_for_plan(database, "补点", PlanRequest(area=AREA, budget=4.0), PLANNER, NOW).plan_id
    with database.writing() as tx:
        assert plans.take(tx, runner="first", now=NOW, lease_until=NOW + timedelta(seconds=LEASE_S)) is not None
    forked: Any = multiprocessing.get_context("fork")
    there = forked.Event()
    database.engine.dispose()
    child = forked.Process(target=plan_until, args=(database.url, plan_id, after, there))
    child.start()
    assert there.wait(WITHIN_S), "it got as far as that"
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join(WITHIN_S)
    assert child.exitcode == -signal.SIGKILL
    assert counted(database, plan_id) == (0, 0)
    later = NOW + timedelta(seconds=LEASE_S + 1.0)
    with database.writing() as tx:
        assert plans.take(tx, runner="second", now=NOW, lease_until=later) is None, "its lease has not run out"
        taken = plans.take(tx, runner="second", now=later, lease_until=later + timedelta(seconds=LEASE_S))
    assert taken is not None and taken.plan_id == plan_id
    assert do_plan(database, Agreements(), PlanToDo(plan_id=plan_id, runner="second"), lambda: later)
    assert not do_plan(database, Agreements(), PlanToDo(plan_id=plan_id, runner="first"), lambda: later), "too late"
    with database.reading() as tx:
        found = plans.get(tx, plan_id)
    assert found.state is PlanState.DONE and found.result is not None
    assert counted(database, plan_id) == (found.result["cameras"], 1)
