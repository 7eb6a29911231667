"""Runs the demo: for a person until Ctrl-C, or once and with every step checked."""

import contextlib
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import httpx

from vms.app.port import refuse_taken_port
from vms.app.stage import keep_from_others
from vms.config import Settings, load_settings
from vms.core.errors import VmsError
from vms.demo import steps
from vms.demo.api import Client, until
from vms.demo.processes import Running, running_city, running_server
from vms.demo.settings import SHOP_ADDRESS, DemoFolder, new_password, write_settings
from vms.demo.stock import discover_city, take_in_archive, take_in_map
from vms.demo.town import choose_town
from vms.inventory.tier import Tier
from vms.maps.geojson import write_town_geojson
from vms.places.town import Town
from vms.sim.plan import PASSWORDS, USERNAME, plan_city

FIRST_INCIDENT_AFTER_S = 30.0
POLLED_WITHIN_S = 60.0
SEEN_WITHIN_S = 30.0
PLAYS_WITHIN_S = 10.0
LOOK_EVERY_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    cameras: int = 200
    port: int = 8088
    data_folder: Path | None = None
    interval_s: float = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """City and server run, an administrator is signed in."""

    folder: DemoFolder
    settings: Settings
    town: Town
    city: Running
    server: Running
    client: Client


def run_once(options: DemoOptions, say: steps.Say) -> dict[str, Any]:
    """The whole job without a person. Raises the error of the first step that did not happen."""
    started_s = time.monotonic()
    report = steps.Report()
    with staged(options, say) as stage:
        report.seconds["console"] = round(time.monotonic() - started_s, 2)
        _fill(stage, report, say)
        client = stage.client
        report.timed("inventory", lambda: steps.inventory(client, planned_tiers(options, stage.town)))
        report.timed("first_poll", lambda: steps.first_poll(client, POLLED_WITHIN_S))
        report.timed("coverage", lambda: steps.coverage(client, SEEN_WITHIN_S))
        spot = steps.spot_with_views(client)
        opened = report.timed("incident", lambda: steps.incident(client, spot, "dispute", "路口有人争执"))
        ranked = report.timed("feeds", lambda: steps.feeds(client, opened["id"]))
        report.timed("live", lambda: steps.live(client, ranked, PLAYS_WITHIN_S))
        shop = next(device for device in _devices(stage.city) if device["address"] == SHOP_ADDRESS)
        report.timed("registration", lambda: steps.registration(client, shop, (USERNAME, PASSWORDS[Tier.UNIT])))
    return {
        "cameras": options.cameras,
        "steps": report.steps,
        "seconds": report.seconds,
        "seconds_in_all": round(time.monotonic() - started_s, 2),
    }


def run_demo(options: DemoOptions, say: steps.Say, ready: Callable[[DemoFolder], None] | None = None) -> None:
    """For a person: says where to look, reports a first incident after half a minute, runs until Ctrl-C.

    `ready` is called once the city is in. Raises TryAgain where the server or the pretend city ends.
    """
    with contextlib.suppress(KeyboardInterrupt), staged(options, say) as stage:
        say("")
        say(f"  The console:  [bold]{stage.folder.base_url}[/bold]")
        say(f"  Sign in as:   [bold]admin[/bold]   password: [bold]{stage.folder.admin_password}[/bold]")
        say("")
        _fill(stage, steps.Report(), say)
        if ready is not None:
            ready(stage.folder)
        say("Look at: Desk (an incident comes by itself in half a minute), Maintenance, Coverage, Demo (break things).")
        say(
            f"Register the shop's camera at {stage.folder.base_url}/#/register: address {SHOP_ADDRESS}, port 8080, "
            f"user {USERNAME}, password {PASSWORDS[Tier.UNIT]}"
        )
        say("Ctrl-C ends everything.")
        threading.Thread(target=_first_incident, args=(stage,), name="first incident", daemon=True).start()
        keep_running(stage.city, stage.server)


def keep_running(*processes: Running) -> NoReturn:
    """Until Ctrl-C. Raises TryAgain as soon as one of them has ended, with its name and last words."""
    while True:
        for running in processes:
            running.must_run()
        time.sleep(LOOK_EVERY_S)


@contextlib.contextmanager
def staged(options: DemoOptions, say: steps.Say) -> Iterator[Stage]:
    """Pretend city and server, started and ended; a temporary data folder goes with them."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    refuse_taken_port("127.0.0.1", options.port)
    keep_from_others()
    path = options.data_folder or Path(tempfile.mkdtemp(prefix="vms-demo-"))
    path.mkdir(parents=True, exist_ok=True)
    try:
        folder = DemoFolder(
            path=path.absolute(),
            port=options.port or free_port(),
            control_port=free_port(),
            interval_s=options.interval_s,
            admin_password=password_of(path),
        )
        town = choose_town(say)
        write_town_geojson(town, folder.town)
        write_settings(folder, town.name)
        settings = load_settings(folder.config)
        arguments = ["--cameras", str(options.cameras), "--town", str(folder.town), "--archive", str(folder.archive)]
        arguments += ["--control", f"127.0.0.1:{folder.control_port}", "--shop", SHOP_ADDRESS]
        with running_city(arguments, path / "city.log") as city:
            ready = city.ready
            say(f"A pretend city of {ready['cameras']} cameras in {ready['devices']} devices answers on loopback.")
            take_in_map(settings, town)
            with running_server(folder, path / "server.log") as server:
                client = Client(folder.base_url, "admin", folder.admin_password)
                try:
                    yield Stage(folder=folder, settings=settings, town=town, city=city, server=server, client=client)
                finally:
                    client.close()
    finally:
        if options.data_folder is None:
            shutil.rmtree(path, ignore_errors=True)


def planned_tiers(options: DemoOptions, town: Town) -> dict[str, int]:
    """How many cameras of each tier the city has, from its plan: what the inventory must find."""
    plan = plan_city(options.cameras, town=town)
    return dict(Counter(device.tier.value for device in plan.devices for _ in device.channels))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def password_of(path: Path) -> str:
    """The same for a data folder that is used again; VMS_ADMIN_PASSWORD wins."""
    file = path / "admin-password"
    given = os.environ.get("VMS_ADMIN_PASSWORD")
    if given:
        return given
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(new_password(), encoding="utf-8")
    return file.read_text(encoding="utf-8").strip()


def _fill(stage: Stage, report: steps.Report, say: steps.Say) -> None:
    archive = report.timed("archive", lambda: take_in_archive(stage.settings, stage.folder.archive))
    say(f"The office's list: {archive['rows']} rows, {archive['created']} cameras taken in.")
    found = report.timed("discovery", lambda: discover_city(stage.settings, stage.city.ready["devices"]))
    say(f"Discovery: {found['devices']} devices in {found['seconds']} s.")
    say(f"{found['new_cameras']} cameras were found that nobody had listed.")


def _devices(city: Running) -> list[dict[str, Any]]:
    city.must_run()
    answer = httpx.get(f"http://{city.ready['control']}/devices", timeout=10.0)
    devices: list[dict[str, Any]] = answer.json()["devices"]
    return devices


def _first_incident(stage: Stage) -> None:
    time.sleep(FIRST_INCIDENT_AFTER_S)
    try:
        until(lambda: stage.client.get("/health/summary", by="tier")["all"]["up"], POLLED_WITHIN_S, "cameras are up")
        spot = steps.spot_with_views(stage.client)
        steps.incident(stage.client, spot, "dispute", "路口有人争执，请求到场")
    except VmsError as problem:
        sys.stderr.write(f"the first incident could not be reported: {problem}\n")
