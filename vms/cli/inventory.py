"""`vms discover`."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from vms.app.stage import network_plan, open_box, open_database, prepare
from vms.cli.output import print_json, print_table, progress, say
from vms.cli.server import AsJson, Config, Db, settings_of
from vms.config import Settings
from vms.core.clock import system_clock
from vms.core.errors import BadInput
from vms.core.ids import CredentialId
from vms.devices.discovery.multicast import check_interfaces
from vms.devices.discovery.request import DiscoveryRequest
from vms.inventory.device import ObservedDevice
from vms.services.discover_cameras import DiscoverySummary, discover_cameras
from vms.services.record_device import Outcome
from vms.services.take_in_settings import CredentialSet, read_credential
from vms.store import credentials
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.secret_box import SecretBox


def add_to(app: typer.Typer) -> None:
    app.command()(discover)


def discover(
    config: Config = None,
    hosts: Annotated[str, typer.Option(help="H:P,… to ask, whatever else is found")] = "",
    cidr: Annotated[list[str] | None, typer.Option(help="network to probe and sweep; may be repeated")] = None,
    interface: Annotated[list[str] | None, typer.Option(help="interface for multicast; may be repeated")] = None,
    all_interfaces: Annotated[bool, typer.Option(help="multicast on every interface")] = False,
    username: Annotated[str, typer.Option(help="user name to try everywhere")] = "",
    password_file: Annotated[Path | None, typer.Option(help="file with its password (first line)")] = None,
    dry_run: Annotated[bool, typer.Option(help="show what is there, store nothing")] = False,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Find cameras on the network and take them into the inventory."""
    settings = settings_of(config, db)
    request = DiscoveryRequest(
        hosts=tuple(host.strip() for host in hosts.split(",") if host.strip()),
        cidrs=tuple(cidr or ()),
        interfaces=tuple(interface or settings.discovery.interfaces),
        all_interfaces=all_interfaces,
        ports=settings.discovery.ports,
    )
    if not (request.hosts or request.cidrs or request.interfaces or all_interfaces):
        raise BadInput("say where to look: --hosts, --cidr, --interface or --all-interfaces", where="discover")
    check_interfaces(request.interfaces)
    login = _login(username, password_file)
    summary = run_discovery(settings, request, login, store=not dry_run, quiet=as_json)
    if as_json:
        print_json(
            {
                "devices": [device_row(found.observed) for found in summary.found],
                "seconds": round(summary.elapsed_s, 2),
                "stored": not dry_run,
                "new": summary.count(Outcome.NEW),
                "conflicts": summary.count(Outcome.CONFLICT),
            }
        )
        return
    print_table(
        ("address", "port", "maker", "model", "serial", "channels", "problems"),
        (
            (d.address, d.port, d.manufacturer, d.model, d.serial_no, len(d.channels), _codes(d))
            for d in (found.observed for found in summary.found)
        ),
    )
    say(f"{len(summary.found)} devices in {summary.elapsed_s:.1f} s, {summary.new_cameras} new cameras")


def run_discovery(
    settings: Settings, request: DiscoveryRequest, login: CredentialSet | None, *, store: bool, quiet: bool
) -> DiscoverySummary:
    """Discovers with a progress bar on standard error."""
    prepare(settings)
    database, box = open_database(settings), open_box(settings)
    try:
        with progress(quiet) as bar:
            task = bar.add_task("identified", total=None)

            def seen(batch: Any) -> None:
                bar.advance(task, len(batch))

            return asyncio.run(
                discover_cameras(
                    database,
                    box,
                    request,
                    network_plan(settings),
                    extra_logins=_remembered(database, box, login) if store else _passing(login),
                    store=store,
                    on_found=seen,
                )
            )
    finally:
        database.close()


def device_row(device: ObservedDevice) -> dict[str, Any]:
    """One device of `vms discover --json`; others rely on these names."""
    return {
        "address": device.address,
        "port": device.port,
        "manufacturer": device.manufacturer,
        "model": device.model,
        "firmware": device.firmware,
        "serial_no": device.serial_no,
        "mac": device.mac,
        "macs": device.macs,
        "endpoint_reference": device.endpoint_reference,
        "auth": device.auth,
        "clock_offset_s": device.clock_offset_s,
        "channels": [
            {
                "name": channel.name,
                "token": channel.token,
                "streams": [
                    {
                        "profile": stream.profile,
                        "encoding": stream.encoding,
                        "width": stream.width,
                        "height": stream.height,
                        "uri": stream.uri,
                    }
                    for stream in channel.streams
                ],
                "snapshot_uri": channel.snapshot_uri,
                "ptz": channel.ptz,
            }
            for channel in device.channels
        ],
        "heard_by": device.heard_by,
        "problems": [{"code": problem.code, "message": problem.message} for problem in device.problems],
    }


def _login(username: str, password_file: Path | None) -> CredentialSet | None:
    if not username:
        return None
    if password_file is None:
        raise BadInput("a user name needs --password-file", where="--username")
    return read_credential(f"discover {username}", username, password_file)


def _remembered(database: Database, box: SecretBox, login: CredentialSet | None) -> tuple[StoredLogin, ...]:
    """Kept, so that the poller can sign in to what was found with it."""
    if login is None:
        return ()
    with database.writing() as tx:
        credential_id = credentials.put(tx, box, login.name, login.username, login.password, system_clock())
        stored = credentials.login_of(tx, box, credential_id)
    return () if stored is None else (stored,)


def _passing(login: CredentialSet | None) -> tuple[StoredLogin, ...]:
    """For a dry run: known while it lasts."""
    if login is None:
        return ()
    nobody = CredentialId(0)
    return (StoredLogin(credential_id=nobody, username=login.username, password=login.password, version=0),)


def _codes(device: ObservedDevice) -> str:
    return ", ".join(problem.code for problem in device.problems)
