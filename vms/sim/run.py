"""The pretend city as a process of its own: starts it, says in a line of JSON that it is ready, runs until SIGTERM."""

import asyncio
import json
import logging
import random
import resource
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import uvloop

from vms.places.town import Town
from vms.sim.archive import archive_csv
from vms.sim.city import City, running_city
from vms.sim.control import check_loopback
from vms.sim.faults import Fault
from vms.sim.plan import CityPlan, plan_city
from vms.sim.shop import with_shop

SOCKETS_PER_DEVICE = 3
SOCKETS_SPARE = 2_000
DEAD_ADDRESSES_SEED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CityOptions:
    cameras: int
    seed: int = 7
    town: Town | None = None
    first_address: str | None = None
    onvif_port: int = 8080
    rtsp_port: int = 8554
    personalities: bool = True
    control: tuple[str, int] | None = ("127.0.0.1", 0)
    archive: Path | None = None
    shop_address: str | None = None
    """One more camera, a shop's, that nobody has in his archive: its owner will register it."""
    dead_share: float = 0.0
    """So many of the devices accept connections and never answer."""
    delay_s: float = 0.0
    """Every ONVIF answer comes so much later."""


def run_city(options: CityOptions) -> None:
    """Blocks until SIGTERM or SIGINT. Prints {"ready", "devices", "cameras", "control"} when everything listens."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    if options.control is not None:
        check_loopback(options.control[0])
    try:
        plan = plan_city(
            options.cameras,
            seed=options.seed,
            town=options.town,
            first_address=options.first_address,
            onvif_port=options.onvif_port,
            rtsp_port=options.rtsp_port,
            personalities=options.personalities,
        )
    except ValueError as error:
        raise SystemExit(f"the pretend city cannot be planned: {error}") from error
    _allow_sockets(len(plan.devices))
    if options.archive is not None:
        options.archive.write_text(archive_csv(plan), encoding="utf-8-sig", newline="")
    if options.shop_address is not None:
        plan = with_shop(plan, options.shop_address)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            runner.run(_live(plan, options))
        except OSError as error:
            raise SystemExit(f"the pretend city cannot listen: {error}") from error


async def _live(plan: CityPlan, options: CityOptions) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with running_city(plan, options.control, delay_s=options.delay_s) as city:
        await _let_die(city, options.dead_share)
        address = city.control_address
        ready = {
            "ready": True,
            "devices": len(plan.devices),
            "cameras": plan.cameras,
            "control": f"{address[0]}:{address[1]}" if address else None,
        }
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        await stop.wait()


async def _let_die(city: City, share: float) -> None:
    addresses = sorted(city.sites)
    for address in random.Random(DEAD_ADDRESSES_SEED).sample(addresses, round(len(addresses) * share)):
        await city.set_fault(address, Fault.SILENT, True)


def _allow_sockets(devices: int) -> None:
    """Raises the limit of open files as far as this process may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = devices * SOCKETS_PER_DEVICE + SOCKETS_SPARE
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard) if hard > 0 else wanted, hard))
