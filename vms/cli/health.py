"""`vms poll`."""

import asyncio
from dataclasses import asdict
from typing import Annotated

import typer

from vms.app import poller
from vms.app.child import log_to_stderr
from vms.app.stage import open_database, prepare
from vms.cli.output import print_json, print_table, progress, say
from vms.cli.server import AsJson, Config, Db, settings_of
from vms.core.errors import BadInput
from vms.services.poll_once import poll_once


def add_to(app: typer.Typer) -> None:
    app.command()(poll)


def poll(
    config: Config = None,
    once: Annotated[bool, typer.Option("--once", help="one full poll of everything, then the figures")] = False,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Poll the health of all cameras: once, or until stopped."""
    if as_json and not once:
        raise BadInput("it goes with --once; without it nothing is printed", where="--json")
    settings = settings_of(config, db)
    prepare(settings)
    if not once:
        log_to_stderr()
        poller.run(settings)
        return
    database = open_database(settings)
    try:
        with progress(as_json) as bar:
            task = bar.add_task("devices", total=None)
            summary = asyncio.run(
                poll_once(
                    database,
                    poller.poller_settings(settings, database),
                    lambda done, total: bar.update(task, completed=done, total=total),
                )
            )
    finally:
        database.close()
    if as_json:
        print_json(asdict(summary))
        return
    print_table(("status", "cameras"), ((status.value, count) for status, count in summary.statuses.items()))
    print_table(
        ("layer", "looked at", "good"),
        ((layer.value, count.looked_at, count.good) for layer, count in summary.layers.items()),
    )
    say(
        f"{summary.devices} devices, {summary.requests} requests, {summary.seconds:.1f} s, "
        f"{summary.cpu_seconds:.2f} CPU s" + ("" if summary.stored else "; a poller is running, nothing was written")
    )
    if summary.unbound:
        say(f"{summary.unbound} cameras were not asked: {summary.unbound_because}")
