"""`vms sweep start|status|pause|resume`: large networks, as work that survives a restart."""

import asyncio
import getpass
import signal
from collections.abc import Mapping
from typing import Annotated, Any

import typer
import uvloop

from vms.app.stage import network_plan, open_box, open_database, prepare
from vms.app.sweeping import allow_sockets, our_ground, run_settings
from vms.cli.output import print_json, print_table, progress, say
from vms.cli.server import AsJson, Config, Db, settings_of, store_of
from vms.config import Settings
from vms.core.clock import system_clock
from vms.core.errors import Conflict
from vms.devices.discovery.request import OWN_NETWORKS, Method
from vms.inventory.sweep import SweepRequest, SweepState
from vms.services.sweeping.book import SweepBook
from vms.services.sweeping.common_ground import CommonGround
from vms.services.sweeping.compare_sweeps import compared_ground
from vms.services.sweeping.report import SweepReport, report_of
from vms.services.sweeping.run_sweep import give_back, run_sweep, runner_name
from vms.services.sweeping.start_sweep import Taker, pause_sweep, resume_sweep, start_sweep
from vms.store import sweep_findings, sweeps
from vms.store.database import Database
from vms.store.sweep_findings import FindingFilter
from vms.store.sweeps import StoredSweep

commands = typer.Typer(help="Sweeps of large networks: start, look, pause, go on.", no_args_is_help=True)
ODDITIES = 20
"""So many odd devices are named by `status`; the rest is in the API."""
NAMED = 6
"""Networks, hosts and interfaces of the common ground."""

SweepId = Annotated[int, typer.Argument(help="number of the sweep")]
Background = Annotated[bool, typer.Option("--background", help="leave it to the server's jobs process")]


def add_to(app: typer.Typer) -> None:
    for command in (start, status, pause, resume):
        commands.command()(command)
    app.add_typer(commands, name="sweep")


def start(
    config: Config = None,
    cidr: Annotated[list[str] | None, typer.Option(help="network; may be repeated. None: the settings'")] = None,
    interface: Annotated[list[str] | None, typer.Option(help="interface for multicast; may be repeated")] = None,
    hosts: Annotated[str, typer.Option(help="H:P,… to ask, whatever else is found")] = "",
    port: Annotated[list[int] | None, typer.Option(help="TCP port to knock at; may be repeated")] = None,
    pace: Annotated[float | None, typer.Option(help="packets per second into one /24")] = None,
    background: Background = False,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Sweep networks for cameras: multicast, unicast probes and TCP, then ask everybody who he is."""
    settings = settings_of(config, db)
    prepare(settings)
    database = open_database(settings)
    try:
        request = _request(settings, cidr or (), interface or (), hosts, port or (), pace)
        taker = None if background else _taker(settings)
        sweep = start_sweep(database, request, getpass.getuser(), system_clock(), taker=taker)
        if taker:
            _run_here(settings, database, sweep, quiet=as_json)
        _show(database, sweep.sweep_id, as_json=as_json)
    finally:
        database.close()


def status(
    sweep_id: Annotated[int | None, typer.Argument(help="number of the sweep; none: the last ones")] = None,
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """How far a sweep has come, who was heard how, and what was odd."""
    with store_of(config, db) as database:
        if sweep_id is not None:
            _show(database, sweep_id, as_json=as_json)
            return
        with database.reading() as tx:
            found = [report_of(sweep) for sweep in sweeps.page(tx, limit=20).items]
    if as_json:
        print_json({"sweeps": [report_json(report) for report in found]})
        return
    print_table(
        ("sweep", "state", "who", "created", "blocks", "found", "remaining"),
        ((r.sweep_id, r.state, r.who, f"{r.created_at:%Y-%m-%d %H:%M}", f"{r.blocks_done}/{r.blocks_total}", r.findings,
          _duration(r.remaining_s)) for r in found),
    )  # fmt: skip


def pause(sweep_id: SweepId, config: Config = None, db: Db = None, as_json: AsJson = False) -> None:
    """Stop a sweep for now; what was found stays found."""
    with store_of(config, db) as database:
        pause_sweep(database, sweep_id, getpass.getuser(), system_clock())
        _show(database, sweep_id, as_json=as_json)


def resume(
    sweep_id: SweepId,
    config: Config = None,
    background: Background = False,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Go on where it was, also after a crash: blocks that are over and whoever answered are not asked again."""
    settings = settings_of(config, db)
    prepare(settings)
    database = open_database(settings)
    try:
        with database.reading() as tx:
            state = sweeps.get(tx, sweep_id).state
        taker = None if background else _taker(settings)
        if state not in (SweepState.WAITING, SweepState.RUNNING):
            sweep = resume_sweep(database, sweep_id, getpass.getuser(), system_clock(), taker=taker)
        elif taker:
            sweep = _taken(database, sweep_id, taker)
        if taker:
            _run_here(settings, database, sweep, quiet=as_json)
        _show(database, sweep_id, as_json=as_json)
    finally:
        database.close()


def report_json(report: SweepReport) -> dict[str, Any]:
    """One sweep of `vms sweep status --json`; others rely on these names."""
    request = report.request
    return {
        "id": report.sweep_id,
        "state": report.state,
        "scheduled": report.scheduled,
        "who": report.who,
        "created_at": report.created_at,
        "started_at": report.started_at,
        "finished_at": report.finished_at,
        "request": {
            "cidrs": request.cidrs,
            "hosts": request.hosts,
            "interfaces": request.interfaces,
            "ports": request.ports,
            "methods": request.methods,
            "pace_per_s": request.pace_per_s,
        },
        "blocks_done": report.blocks_done,
        "blocks_total": report.blocks_total,
        "addresses_done": report.addresses_done,
        "addresses_total": report.addresses_total,
        "busy_s": round(report.busy_s, 2),
        "rate_per_s": report.rate_per_s,
        "remaining_s": report.remaining_s,
        "findings": report.findings,
        "new_cameras": report.new_cameras,
        "outcomes": report.outcomes,
        "heard_by": report.heard_by,
        "packets": report.packets,
        "problems": report.problems,
        "compared_with": report.compared_with,
        "problem": report.problem,
    }


def _request(
    settings: Settings,
    cidrs: list[str] | tuple[str, ...],
    interfaces: list[str] | tuple[str, ...],
    hosts: str,
    ports: list[int] | tuple[int, ...],
    pace: float | None,
) -> SweepRequest:
    """Who says nothing gets the settings' networks; whoever names something gets that, inside private networks."""
    ours = our_ground(settings)
    named = tuple(host.strip() for host in hosts.split(",") if host.strip())
    if not (cidrs or interfaces or named):
        ground = ours
    else:
        own = tuple(str(network) for network in OWN_NETWORKS)
        ground = SweepRequest(
            cidrs=tuple(cidrs),
            interfaces=tuple(interfaces),
            hosts=named,
            methods=tuple(method.value for method in Method),
            allow=(*own, *ours.allow),
        )
    return SweepRequest(
        cidrs=ground.cidrs,
        hosts=ground.hosts,
        interfaces=ground.interfaces,
        methods=ground.methods,
        allow=ground.allow,
        ports=tuple(ports) or settings.discovery.ports,
        pace_per_s=pace if pace is not None else settings.discovery.pace_per_s,
    )


def _taker(settings: Settings) -> Taker:
    return Taker(runner=runner_name(), lease_s=run_settings(settings).lease_s)


def _taken(database: Database, sweep_id: int, taker: Taker) -> StoredSweep:
    with database.writing() as tx:
        sweep = taker.take(tx, sweep_id, system_clock())
    if sweep is None:
        raise Conflict(f"another process works on sweep {sweep_id}; `vms sweep status {sweep_id}` shows how far it is")
    return sweep


def _run_here(settings: Settings, database: Database, sweep: StoredSweep, *, quiet: bool) -> None:
    """With a progress bar; Ctrl-C pauses it."""
    allow_sockets()
    how = run_settings(settings)

    async def work() -> SweepState:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        with progress(quiet) as bar:
            task = bar.add_task("blocks", total=sweep.blocks_total)

            def seen(book: SweepBook) -> None:
                found = book.counts.get("findings", 0)
                bar.update(task, completed=len(book.done), description=f"blocks, {found} found")

            box, plan = open_box(settings), network_plan(settings)
            state = await run_sweep(database, box, plan, sweep, stop=stop, settings=how, on_progress=seen)
        if state is SweepState.RUNNING:
            await give_back(database, sweep, SweepState.PAUSED)
        return state

    if uvloop.run(work()) is SweepState.RUNNING:
        say(f"paused; `vms sweep resume {sweep.sweep_id}` goes on")


def _show(database: Database, sweep_id: int, *, as_json: bool) -> None:
    with database.reading() as tx:
        sweep = sweeps.get(tx, sweep_id)
        report = report_of(sweep)
        common = compared_ground(tx, sweep)
        odd = sweep_findings.page(tx, sweep_id, FindingFilter(problem="any"), limit=ODDITIES)
        differences = sweep_findings.differences(tx, sweep_id, limit=ODDITIES)
    if as_json:
        rows = [
            {"address": one.address, "port": one.port, "outcome": one.outcome, "heard_by": one.heard_by,
             "problems": [{"code": each.code, "message": each.message} for each in one.problems]}
            for one in odd.items
        ]  # fmt: skip
        print_json({**report_json(report), "odd": {"total": odd.total, "items": rows},
                    "differences": {"total": differences.total, "common_ground": common and _common_json(common),
                                    "items": differences.items}})  # fmt: skip
        return
    say(f"sweep {report.sweep_id}: {report.state}, {report.blocks_done} of {report.blocks_total} blocks, "
        f"{report.addresses_done} of {report.addresses_total} addresses in {_duration(report.busy_s)}"
        + (f", {_duration(report.remaining_s)} to go" if report.remaining_s is not None else ""))  # fmt: skip
    say(
        f"{report.findings} found, {report.new_cameras} new cameras" + (f"; {report.problem}" if report.problem else "")
    )
    print_table(
        ("method", "sent", "answered", "heard"),
        ((name, report.packets.get("sent", {}).get(name, 0), report.packets.get("answered", {}).get(name, ""),
          report.heard_by.get(name, "")) for name in report.methods),
    )  # fmt: skip
    if report.problems:
        print_table(("problem", "devices"), _most_first(report.problems))
    if differences.total:
        say(f"{differences.total} differences from sweep {report.compared_with}{_as_far_as(common)}:")
        print_table(
            ("what", "address", "fields"),
            ((one.kind, f"{one.address}:{one.port}", "; ".join(f"{f.name}: {f.before} → {f.now}" for f in one.fields))
             for one in differences.items),
        )  # fmt: skip


def _common_json(common: CommonGround) -> dict[str, Any]:
    networks = [str(network) for network in common.networks]
    return {"whole": common.whole, "addresses": common.addresses, "cidrs": networks, "hosts": common.hosts,
            "interfaces": common.interfaces}  # fmt: skip


def _as_far_as(common: CommonGround | None) -> str:
    if common is None or common.whole:
        return ""
    named = [*map(str, common.networks), *common.hosts, *common.interfaces]
    more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
    return f", as far as both looked at the same: {', '.join(named[:NAMED])}{more}"


def _most_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: -item[1])


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
