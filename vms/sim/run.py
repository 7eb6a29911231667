"""The pretend city as a process of its own: starts it, says in a line of JSON that it is ready, runs until SIGTERM."""

import asyncio
import json
import logging
import random
import resource
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import uvloop

from vms.core.errors import BadInput, PersonMustAct
from vms.places.town import Town
from vms.sim.archive import archive_csv
from vms.sim.city import City, running_city
from vms.sim.control import check_loopback
from vms.sim.crowd import Crowd, running_crowd
from vms.sim.faults import Fault
from vms.sim.on_loopback import check_on_loopback, check_range_on_loopback
from vms.sim.plan import CityPlan, count_devices, plan_city
from vms.sim.shop import with_shop

SOCKETS_PER_DEVICE = 3
SOCKETS_SPARE = 2_000
MOST_WHOLE_CAMERAS = 5_000
"""A larger city has its control traffic only: a listener for each address would need more open files than there are."""
MOST_AT_ONCE = 16_000
"""Connections that a city of control traffic holds."""
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
    """So many of the devices accept connections and never answer; which ones follows from the seed."""
    delay_s: float = 0.0
    """Every ONVIF answer comes so much later."""
    control_only: bool = False
    """No video and no discovery, each camera its own device, as in every city of more than 5,000 cameras."""
    seconds: float | None = None
    """It ends by itself after so long."""

    @property
    def is_crowd(self) -> bool:
        return self.control_only or self.cameras > MOST_WHOLE_CAMERAS


def run_city(options: CityOptions) -> None:
    """Blocks until SIGTERM or SIGINT, or for `seconds`. Raises PersonMustAct where it cannot stand.

    Prints {"ready", "devices", "cameras", "control", "control_only"} when everything listens.
    """
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    if options.control is not None:
        check_loopback(options.control[0])
    if options.first_address:
        devices = count_devices(options.cameras, recorders=not options.is_crowd)
        check_range_on_loopback(options.first_address, devices, "--first-address")
    check_on_loopback([options.shop_address] if options.shop_address else [], "--shop")
    try:
        plan = plan_city(
            options.cameras,
            seed=options.seed,
            town=options.town,
            first_address=options.first_address,
            onvif_port=options.onvif_port,
            rtsp_port=options.rtsp_port,
            personalities=options.personalities,
            recorders=not options.is_crowd,
        )
    except ValueError as error:
        raise BadInput(f"the pretend city cannot be planned: {error}") from error
    check_on_loopback((device.address for device in plan.devices), "--first-address")
    _allow_sockets(MOST_AT_ONCE if options.is_crowd else len(plan.devices) * SOCKETS_PER_DEVICE)
    if options.archive is not None:
        _write_archive(options.archive, archive_csv(plan))
    if options.shop_address is not None:
        plan = with_shop(plan, options.shop_address)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            runner.run(_live_as_crowd(plan, options) if options.is_crowd else _live(plan, options))
        except OSError as error:
            raise PersonMustAct(f"the pretend city cannot listen: {error}") from error


def _write_archive(file: Path, rows: str) -> None:
    """Before anything listens. Raises BadInput where it cannot be written."""
    try:
        file.write_text(rows, encoding="utf-8-sig", newline="")
    except OSError as error:
        raise BadInput(
            f"the archive cannot be written to {file}: {error.strerror or error}", where="--archive"
        ) from error


async def _live(plan: CityPlan, options: CityOptions) -> None:
    stop = _told_to_stop()
    async with running_city(plan, options.control, delay_s=options.delay_s) as city:
        for address in _dead(plan, options.dead_share):
            await city.set_fault(address, Fault.SILENT, True)
        _say_ready(city, control_only=False)
        await _until(stop, options.seconds)


async def _live_as_crowd(plan: CityPlan, options: CityOptions) -> None:
    """At its end it says how often the poll's or other questions came and how many at once one device was asked."""
    stop = _told_to_stop()
    async with running_crowd(plan, options.control, delay_s=options.delay_s) as crowd:
        crowd.silent.update(_dead(plan, options.dead_share))
        _say_ready(crowd, control_only=True)
        await _until(stop, options.seconds)
        _print({"asked": crowd.asked, "most_at_once": crowd.most_at_once})


def _told_to_stop() -> asyncio.Event:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop


async def _until(stop: asyncio.Event, seconds: float | None) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


def _say_ready(city: City | Crowd, *, control_only: bool) -> None:
    address = city.control_address
    _print(
        {
            "ready": True,
            "devices": len(city.plan.devices),
            "cameras": city.plan.cameras,
            "control": f"{address[0]}:{address[1]}" if address else None,
            "control_only": control_only,
        }
    )


def _print(told: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def _dead(plan: CityPlan, share: float) -> list[str]:
    addresses = sorted(device.address for device in plan.devices)
    return random.Random(DEAD_ADDRESSES_SEED).sample(addresses, round(len(addresses) * share))


def _allow_sockets(sockets: int) -> None:
    """Raises the limit of open files as far as this process may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = sockets + SOCKETS_SPARE
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard) if hard > 0 else wanted, hard))
