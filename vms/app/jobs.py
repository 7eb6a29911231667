"""The periodic jobs as a process: discovery sweeps, daily summaries, retention. The poller must not wait for them."""

import asyncio
import logging
import signal
from ipaddress import ip_network

import uvloop

from vms.app.child import begin
from vms.app.stage import network_plan, open_box, open_database
from vms.config import Settings
from vms.devices.discovery.request import DiscoveryRequest
from vms.services.discover_cameras import discover_cameras
from vms.services.periodic import PeriodicSettings, periodic_jobs
from vms.store.database import Database

log = logging.getLogger(__name__)


def run(settings: Settings) -> None:
    """Until SIGTERM."""
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
        """Everything that the settings call ours, and nothing else."""
        cidrs = tuple(item.cidr for item in settings.networks)
        request = DiscoveryRequest(
            cidrs=cidrs,
            interfaces=settings.discovery.interfaces,
            ports=settings.discovery.ports,
            allow=tuple(ip_network(cidr) for cidr in cidrs),
        )
        summary = await discover_cameras(database, open_box(settings), request, network_plan(settings))
        log.info("a sweep found %d devices, %d new cameras", len(summary.found), summary.new_cameras)

    wanted = settings.discovery.every_h is not None and bool(settings.networks)
    jobs = PeriodicSettings(
        stills_folder=settings.stills_folder,
        photographs_folder=settings.photographs_folder,
        discover=sweep if wanted else None,
        discover_every_h=settings.discovery.every_h,
    )
    async with periodic_jobs(database, jobs):
        await stop.wait()


if __name__ == "__main__":
    begin(run)
