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
from vms.health.fault import FaultKind
from vms.services.poll_once import PollSummary, poll_once


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
    _print(summary)


def _print(summary: PollSummary) -> None:
    print_table(("status by this look", "cameras"), sorted(summary.statuses.items()))
    if summary.judged:
        print_table(("status by the poller that runs", "cameras"), sorted(summary.judged.items()))
    print_table(
        ("layer", "looked at", "good"),
        ((layer.value, count.looked_at, count.good) for layer, count in summary.layers.items()),
    )
    kinds = sorted({*summary.faults, *summary.open_faults})
    if kinds:
        counts = ((kind, summary.faults.get(kind, 0), summary.open_faults.get(FaultKind(kind), 0)) for kind in kinds)
        print_table(("fault", "named by this look", "open"), counts)
        say("one look names no refused login that is known, and nothing that takes several looks, such as frozen")
    say(
        f"{summary.devices} devices, {summary.requests} requests, {summary.seconds:.1f} s, "
        f"{summary.cpu_seconds:.2f} CPU s" + ("" if summary.stored else f"; {summary.not_stored_because}")
    )
    if summary.unbound:
        say(f"{summary.unbound} cameras were not asked: {summary.unbound_because}")
