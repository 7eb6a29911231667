"""`vms supply list|import|impact|learn` and `vms notices list|ask|approve|refuse|withdraw`."""

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from vms.access.roles import Person, Role
from vms.app.stage import notice_policy, open_database
from vms.cli.output import print_json, print_table, say
from vms.cli.server import AsJson, Config, Db, settings_of, store_of
from vms.core.clock import system_clock
from vms.core.errors import BadInput, NotFound
from vms.core.ids import UserId
from vms.health.outages.node import TYPED_KINDS, NodeKind
from vms.health.outages.notice import Notice, NoticeKind, NoticeState, Scope, ScopeKind
from vms.maintenance.policy import OFFICE_ZONE
from vms.services.notices.announce import NoticeWish, ask, decide, withdraw
from vms.services.supply.impact import impact_of
from vms.services.supply.import_supply import import_supply
from vms.services.supply.learn_supply import LearnSettings, learn_supply
from vms.store import notices, supply
from vms.store.notices import NoticeFilter

supply_commands = typer.Typer(help="What cameras hang on: switches, feeders, uplinks.", no_args_is_help=True)
notice_commands = typer.Typer(help="Announced outages and maintenance windows (报备).", no_args_is_help=True)

NoticeId = Annotated[int, typer.Argument(help="number of the notice")]
Note = Annotated[str, typer.Option(help="for whoever reads it")]


def add_to(app: typer.Typer) -> None:
    supply_commands.command("list")(list_supply)
    supply_commands.command("import")(import_list)
    supply_commands.command("impact")(impact)
    supply_commands.command("learn")(learn)
    notice_commands.command("list")(list_notices)
    notice_commands.command("ask")(ask_for)
    for command in (approve, refuse):
        notice_commands.command()(command)
    notice_commands.command("withdraw")(take_back)
    app.add_typer(supply_commands, name="supply")
    app.add_typer(notice_commands, name="notices")


def list_supply(config: Config = None, db: Db = None, as_json: AsJson = False) -> None:
    """Typed and learnt nodes, with how many devices hang on each."""
    with store_of(config, db) as database, database.reading() as tx:
        found = supply.page(tx, limit=100_000).items
    if as_json:
        print_json({"nodes": found})
        return
    print_table(
        ("id", "kind", "name", "parent", "source", "devices"),
        ((n.node_id, n.kind, n.name, n.parent_id, n.source, n.devices) for n in found),
    )


def import_list(
    file: Annotated[Path, typer.Argument(help="CSV: columns name, device; where known kind, parent", exists=True)],
    config: Config = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would change; change nothing")] = False,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Take in a list of which device hangs on which switch. The same list twice changes nothing."""
    with store_of(config, db) as database:
        done = import_supply(database, file, getpass.getuser(), system_clock(), dry_run=dry_run)
    if as_json:
        print_json(done)
    else:
        for error in done.errors:
            say(f"row {error.row}, {error.field} {error.value!r}: {error.reason}")
        say(f"{done.added} added, {done.changed} changed, {done.unchanged} as before, {done.rejected} rows rejected")
    raise typer.Exit(1 if done.rejected else 0)


def impact(
    name: Annotated[
        str, typer.Argument(help="a node's name or id; a pole, network, region code, device id with --kind")
    ],
    kind: Annotated[NodeKind, typer.Option(help="what it is")] = NodeKind.SWITCH,
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """What goes blind when this dies?"""
    with store_of(config, db) as database, database.reading() as tx:
        known = supply.by_name(tx, kind, [name]).get(name) if kind in TYPED_KINDS else None
        if kind in TYPED_KINDS and known is None and not name.isdecimal():
            raise NotFound(f"there is no {kind} called {name}")
        found = impact_of(tx, kind, name if known is None else str(known.node_id), system_clock())
    if as_json:
        print_json(found)
        return
    say(f"{found.kind} {found.name}: {found.cameras} cameras, {found.class_one} of class 1, {found.already_down} down")
    print_table(("region", "name", "cameras"), ((code, *rest) for code, rest in found.by_region.items()))
    print_table(("tier", "cameras"), found.by_tier.items())


def learn(config: Config = None, db: Db = None, as_json: AsJson = False) -> None:
    """Look now for groups that fail together; the server does so once a day."""
    settings = settings_of(config, db)
    database = open_database(settings)
    try:
        done = learn_supply(database, system_clock(), LearnSettings(days=settings.outages.learn_days))
    finally:
        database.close()
    if as_json:
        print_json(done)
    else:
        say(f"{done.proposed} proposed, {done.renewed} renewed, {done.rejected} like rejected ones")


def list_notices(
    config: Config = None,
    state: Annotated[NoticeState | None, typer.Option(help="only these")] = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """The latest first."""
    with store_of(config, db) as database, database.reading() as tx:
        found = notices.page(tx, NoticeFilter(state=state), limit=1000).items
    _show(found, as_json)


def ask_for(
    scope: Annotated[str, typer.Argument(help="camera, device, pole, node, region, owner or network, then =VALUE,…")],
    start: Annotated[str, typer.Option(help="2026-05-01T08:00+08:00")],
    end: Annotated[str, typer.Option(help="as --start")],
    reason: Annotated[str, typer.Option(help="why")],
    kind: NoticeKind = NoticeKind.MAINTENANCE,
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Ask for a notice; it counts when somebody else has approved it."""
    name, _, values = scope.partition("=")
    if name not in set(ScopeKind) or not values:
        raise BadInput(f"one of {', '.join(ScopeKind)}, then = and values", where="scope")
    wish = NoticeWish(
        kind=kind,
        reason=reason,
        scope=Scope(ScopeKind(name), tuple(value.strip() for value in values.split(","))),
        start_at=_instant(start, "--start"),
        end_at=_instant(end, "--end"),
    )
    settings = settings_of(config, db)
    database = open_database(settings)
    try:
        with database.writing() as tx:
            made = ask(tx, wish, _me(), system_clock(), notice_policy(settings))
    finally:
        database.close()
    _show([made], as_json)


def approve(
    notice_id: NoticeId, note: Note = "", config: Config = None, db: Db = None, as_json: AsJson = False
) -> None:
    """It opens no orders and is left out of the assessment."""
    _decided(notice_id, True, note, config, db, as_json)


def refuse(
    notice_id: NoticeId,
    note: Annotated[str, typer.Option(help="why")],
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """It does not count."""
    _decided(notice_id, False, note, config, db, as_json)


def take_back(
    notice_id: NoticeId, note: Note = "", config: Config = None, db: Db = None, as_json: AsJson = False
) -> None:  # fmt: skip
    """One that has begun ends now; one that has not counts no more."""
    with store_of(config, db) as database, database.writing() as tx:
        done = withdraw(tx, notice_id, _me(), note, system_clock())
    _show([done], as_json)


def _decided(notice_id: int, yes: bool, note: str, config: Path | None, db: str | None, as_json: bool) -> None:
    with store_of(config, db) as database, database.writing() as tx:
        done = decide(tx, notice_id, _me(), approve=yes, note=note, now=system_clock())
    _show([done], as_json)


def _me() -> Person:
    """Who may run this program beside the store may do what an administrator may."""
    return Person(user_id=UserId(0), name=getpass.getuser(), role=Role.ADMIN)


def _instant(text: str, where: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput("an instant such as 2026-05-01T08:00+08:00", where=where) from None
    local = found if found.tzinfo else found.replace(tzinfo=OFFICE_ZONE)
    return local.astimezone(UTC)


def _show(found: list[Notice] | tuple[Notice, ...], as_json: bool) -> None:
    if as_json:
        print_json({"notices": found})
        return
    print_table(
        ("id", "state", "kind", "from", "until", "cameras", "asked by", "decided by", "reason"),
        ((n.notice_id, n.state, n.kind, n.start_at, n.end_at, n.cameras, n.asked_by, n.decided_by, n.reason)
         for n in found),
    )  # fmt: skip
