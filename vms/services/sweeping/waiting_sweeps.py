"""Takes sweeps that wait, and those whose runner is gone, one after the other, until the process ends."""

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from vms.core.clock import Clock, system_clock
from vms.inventory.networks import NetworkPlan
from vms.inventory.sweep import SweepState
from vms.services.sweeping.run_sweep import RunSettings, give_back, run_sweep, runner_name
from vms.services.sweeping.start_sweep import Taker, next_to_run, tell
from vms.store import sweeps
from vms.store.database import Database
from vms.store.secret_box import SecretBox
from vms.store.sweeps import StoredSweep

log = logging.getLogger(__name__)
LOOK_EVERY_S = 2.0


def take_sweep(
    database: Database,
    runner: str,
    settings: RunSettings,
    *,
    sweep_id: int | None = None,
    clock: Clock = system_clock,
) -> StoredSweep | None:
    """The oldest that may run now, or this one. None: none waits, or this one is somebody else's. Raises Conflict."""
    taker = Taker(runner=runner, lease_s=settings.lease_s)
    with database.writing() as tx:
        return taker.take_next(tx, clock()) if sweep_id is None else taker.take(tx, sweep_id, clock())


async def run_waiting_sweeps(
    database: Database,
    box: Callable[[], SecretBox],
    networks: NetworkPlan,
    stop: asyncio.Event,
    *,
    settings: RunSettings | None = None,
    clock: Clock = system_clock,
) -> None:
    """Until `stop`; a sweep that fails is marked so and does not keep the others from running."""
    settings = settings or RunSettings()
    runner = runner_name()
    while not stop.is_set():
        try:
            if await asyncio.to_thread(_anything, database, clock):
                sweep = await asyncio.to_thread(take_sweep, database, runner, settings, clock=clock)
                if sweep is not None:
                    await _run(database, box, networks, sweep, stop, settings, clock)
                    continue
        except SQLAlchemyError:
            log.exception("the sweeps that wait cannot be read")
        try:
            async with asyncio.timeout(LOOK_EVERY_S):
                await stop.wait()
        except TimeoutError:
            continue


async def _run(
    database: Database,
    box: Callable[[], SecretBox],
    networks: NetworkPlan,
    sweep: StoredSweep,
    stop: asyncio.Event,
    settings: RunSettings,
    clock: Clock,
) -> None:
    try:
        state = await run_sweep(database, box(), networks, sweep, stop=stop, settings=settings, clock=clock)
    except Exception as problem:  # the head of the loop: one sweep that fails is one row that says so
        log.exception("sweep %d failed", sweep.sweep_id)
        await asyncio.to_thread(_fail, database, sweep, str(problem) or type(problem).__name__, clock)
        return
    log.info("sweep %d is %s", sweep.sweep_id, state)
    if state is SweepState.RUNNING:
        await give_back(database, sweep, SweepState.WAITING, clock)


def _anything(database: Database, clock: Clock) -> bool:
    """Looked at without writing, every few seconds."""
    with database.reading() as tx:
        return next_to_run(tx, clock()) is not None


def _fail(database: Database, sweep: StoredSweep, problem: str, clock: Clock) -> None:
    now = clock()
    with database.writing() as tx:
        before = (SweepState.RUNNING,)
        if sweeps.change_state(
            tx, sweep.sweep_id, before, SweepState.FAILED, runner=sweep.runner, finished_at=now, problem=problem
        ):
            tell(tx, sweep.sweep_id, SweepState.FAILED, now)
