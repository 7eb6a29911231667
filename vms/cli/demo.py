"""`vms demo` and `vms sim`."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from vms.cli.output import print_json, print_table, say
from vms.cli.server import AsJson
from vms.core.errors import BadInput
from vms.demo.run import DemoOptions, run_demo, run_once
from vms.demo.settings import DemoFolder
from vms.maps.town_file import read_town_file
from vms.services.sign_in import ADMINISTRATOR
from vms.sim.run import CityOptions, run_city


def add_to(app: typer.Typer) -> None:
    app.command()(demo)
    app.command()(sim)


def demo(
    cameras: Annotated[int, typer.Option(min=20, max=5000, help="cameras of the pretend city")] = 200,
    port: Annotated[int, typer.Option(min=0, max=65535, help="port of the console; 0: any free one")] = 8088,
    once: Annotated[
        bool, typer.Option("--once", help="the whole job without a person; exit 0 if all of it happened")
    ] = False,
    data: Annotated[Path | None, typer.Option(help="keep the demo's data here instead of throwing it away")] = None,
    interval_s: Annotated[float, typer.Option(min=1, max=600, help="seconds between two polls of a device")] = 6.0,
    as_json: AsJson = False,
) -> None:
    """The main job on this machine: a pretend city, the real server, an incident."""
    options = DemoOptions(cameras=cameras, port=port, data_folder=data, interval_s=interval_s)
    if not once:
        run_demo(options, _say_nothing if as_json else say, _print_where if as_json else None)
        return
    report = run_once(options, _say_nothing if as_json else say)
    if as_json:
        print_json(report)
    else:
        print_figures(report)


def _say_nothing(_sentence: str) -> None:
    pass


def _print_where(folder: DemoFolder) -> None:
    print_json({"url": folder.base_url, "administrator": ADMINISTRATOR, "password": folder.admin_password})
    sys.stdout.flush()


def print_figures(report: dict[str, Any]) -> None:
    """How long each step took, and what of its answer fits a line."""
    steps: dict[str, Any] = report["steps"]
    print_table(
        ("step", "seconds", "result"),
        ((name, seconds, _short(steps.get(name))) for name, seconds in report["seconds"].items()),
    )
    say(f"{report['cameras']} cameras; all of it in {report['seconds_in_all']} s")


def _short(answer: Any) -> str:
    if isinstance(answer, dict):
        plain = (f"{name} {value}" for name, value in answer.items() if isinstance(value, (int, float, str)))
        return ", ".join(plain)
    return f"{len(answer)} in all" if isinstance(answer, list) else ""


def sim(
    cameras: Annotated[int, typer.Option(min=1, max=200_000, help="channels in all")] = 200,
    first_address: Annotated[
        str | None, typer.Option(help="devices one after another from here, e.g. 127.100.0.1")
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="of ONVIF")] = 8080,
    rtsp_port: Annotated[int, typer.Option(min=1, max=65535)] = 8554,
    seed: Annotated[int, typer.Option()] = 7,
    plain: Annotated[bool, typer.Option("--plain", help="every device behaves")] = False,
    town: Annotated[Path | None, typer.Option(help="map to hang the cameras in (GeoJSON or OSM PBF)")] = None,
    shop: Annotated[str | None, typer.Option(help="one more camera at this address, left out of the archive")] = None,
    archive: Annotated[Path | None, typer.Option(help="write the maintenance office's list here (CSV)")] = None,
    control: Annotated[str, typer.Option(help="HOST:PORT of the control interface, on loopback")] = "127.0.0.1:0",
    dead_share: Annotated[float, typer.Option(min=0, max=1, help="share of devices that never answer")] = 0.0,
    delay_ms: Annotated[float, typer.Option(min=0, max=60_000, help="every ONVIF answer comes so much later")] = 0.0,
    control_only: Annotated[
        bool, typer.Option("--control-only", help="no video and no discovery, as in every city above 5,000 cameras")
    ] = False,
    seconds: Annotated[float | None, typer.Option(min=0.1, help="end by itself after so long")] = None,
    _as_json: Annotated[
        bool, typer.Option("--json", help="errors as JSON too; the line that says it is ready is JSON in any case")
    ] = False,
) -> None:
    """Run a pretend city of ONVIF and RTSP cameras on loopback until stopped."""
    host, _, number = control.rpartition(":")
    if not number.isdigit():
        raise BadInput(f"HOST:PORT is wanted, not {control!r}", where="--control")
    run_city(
        CityOptions(
            cameras=cameras,
            seed=seed,
            town=None if town is None else read_town_file(town),
            shop_address=shop,
            first_address=first_address,
            onvif_port=port,
            rtsp_port=rtsp_port,
            personalities=not plain,
            control=(host, int(number)),
            archive=archive,
            dead_share=dead_share,
            delay_s=delay_ms / 1000,
            control_only=control_only,
            seconds=seconds,
        )
    )
    sys.stdout.flush()
