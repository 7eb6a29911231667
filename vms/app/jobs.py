"""The periodic jobs as a process: discovery sweeps, daily summaries, retention. The poller must not wait for them."""

import asyncio
import logging
import signal

import uvloop

from vms.app.alerting import alert_policy
from vms.app.child import begin
from vms.app.plan_beside import PlanBeside
from vms.app.stage import (
    dispatch_settings,
    network_plan,
    open_box,
    open_database,
    ptz_desk,
    purse,
    recording_desk,
    retention_rules,
    task_desk,
)
from vms.app.sweeping import allow_sockets, next_due, our_ground, run_settings
from vms.config import Settings
from vms.core.clock import system_clock
from vms.services.alerts.run_alerts import run_alerts
from vms.services.archive.judge_in_background import judge_in_background
from vms.services.device_tasks.run_tasks import run_tasks
from vms.services.diagnosis.ask_witnesses import WitnessDesk, run_witnesses
from vms.services.diagnosis.choose_references import run_references
from vms.services.diagnosis.reference_of_camera import Folders
from vms.services.dispatching.run_dispatch import run_dispatch
from vms.services.maps.uploads import run_map_imports
from vms.services.periodic import PeriodicSettings, periodic_jobs
from vms.services.plans.run_plans import run_plans
from vms.services.ptz_check.run_ptz_checks import run_ptz_checks
from vms.services.recordings.run_checks import run_checks
from vms.services.recordings.run_samples import run_samples
from vms.services.supply.learn_supply import LearnSettings
from vms.services.sweeping.look_again import look_again
from vms.services.sweeping.start_sweep import start_scheduled
from vms.services.sweeping.waiting_sweeps import run_waiting_sweeps
from vms.store.database import Database

log = logging.getLogger(__name__)


def run(settings: Settings) -> None:
    """Until SIGTERM."""
    allow_sockets()
    database = open_database(settings)
    try:
        uvloop.run(_run(settings, database))
    finally:
        database.close()


async def _run(settings: Settings, database: Database) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)

    async def sweep() -> None:
        """Everything that the settings call ours; the sweeper beside runs it."""
        started = await asyncio.to_thread(start_scheduled, database, our_ground(settings), system_clock())
        if started is None:
            log.warning("the last scheduled sweep is not over; no other is started")

    due = await asyncio.to_thread(next_due, database, settings, system_clock())
    jobs = PeriodicSettings(
        stills_folder=settings.stills_folder,
        photographs_folder=settings.photographs_folder,
        discover=sweep if due else None,
        discover_every_h=settings.discovery.every_h,
        discover_first=due,
        zone=settings.zone,
        rules=retention_rules(settings),
        learn=LearnSettings(days=settings.outages.learn_days),
    )
    async with periodic_jobs(database, jobs), asyncio.TaskGroup() as loops:
        loops.create_task(
            run_waiting_sweeps(
                database, lambda: open_box(settings), network_plan(settings), stop, settings=run_settings(settings)
            )
        )
        loops.create_task(look_again(database, our_ground(settings), stop))
        loops.create_task(run_dispatch(database, stop, system_clock, dispatch_settings(settings)))
        loops.create_task(run_alerts(database, lambda: open_box(settings), alert_policy(settings), stop))
        loops.create_task(run_tasks(task_desk(settings, database), stop))
        loops.create_task(judge_in_background(database, stop))
        loops.create_task(run_plans(database, PlanBeside(settings, database.url), stop))
        pictures = Folders(stills=settings.stills_folder, references=settings.references_folder)
        witnesses = WitnessDesk(
            database=database, box=open_box(settings), purse=purse(settings, database), clock=system_clock
        )
        loops.create_task(run_witnesses(witnesses, stop))
        loops.create_task(run_references(database, pictures, stop, system_clock))
        loops.create_task(run_checks(recording_desk(settings, database), stop))
        loops.create_task(run_samples(recording_desk(settings, database), stop))
        loops.create_task(run_ptz_checks(ptz_desk(settings, database), stop, turns=settings.ptz_check.enabled))
        loops.create_task(run_map_imports(database, settings.maps_folder, stop))
        await stop.wait()


if __name__ == "__main__":
    # Little behind the poller: a process that gets no time while it holds SQLite's one lock keeps everybody waiting.
    begin(run, nice=4)
