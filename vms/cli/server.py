"""`vms serve` and `vms check`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from vms.app.check_settings import check_database, check_mail, check_settings
from vms.app.serve import FirstWords
from vms.app.serve import serve as serve_all
from vms.app.stage import open_database
from vms.cli.output import print_json, say, say_as_it_is
from vms.config import Settings, load_settings
from vms.store.database import Database
from vms.supervisor import end_with_input as stop_with_input

Config = Annotated[Path | None, typer.Option("--config", help="settings file (TOML)", dir_okay=False)]
Db = Annotated[str | None, typer.Option("--db", help="database URL, instead of the settings'")]
AsJson = Annotated[bool, typer.Option("--json", help="print one JSON document")]


def settings_of(config: Path | None, db: str | None = None) -> Settings:
    return load_settings(config, **({"database_url": db} if db else {}))


@contextmanager
def store_of(config: Path | None, db: str | None) -> Iterator[Database]:
    """The settings' database, at the newest schema."""
    database = open_database(settings_of(config, db))
    try:
        yield database
    finally:
        database.close()


def add_to(app: typer.Typer) -> None:
    app.command()(serve)
    app.command()(check)


def serve(
    config: Config = None,
    port: Annotated[int | None, typer.Option(help="port of the console")] = None,
    end_with_input: Annotated[bool, typer.Option("--end-with-input", help="stop when standard input ends")] = False,
    only: Annotated[str | None, typer.Option(help="run one process alone: web, poller, gateway or jobs")] = None,
    as_json: AsJson = False,
) -> None:
    """Run the server: web, poller, live gateway and periodic jobs. The first start prints a password."""
    if end_with_input:
        stop_with_input()
    settings = load_settings(config, **({"port": port} if port is not None else {}))
    raise typer.Exit(serve_all(settings, _tell_as_json if as_json else _tell, only=only))


def _tell(words: FirstWords) -> None:
    if words.password is not None:
        sys.stdout.write(f"First start: sign in as {words.administrator} with the password {words.password}\n")
        sys.stdout.flush()


def _tell_as_json(words: FirstWords) -> None:
    print_json(asdict(words))
    sys.stdout.flush()


def check(config: Config = None, db: Db = None, as_json: AsJson = False) -> None:
    """Look at settings, store and mail server like fsck; changes nothing. Exit 1 when something is wrong."""
    settings = settings_of(config, db)
    findings = [*check_settings(settings), *check_database(settings), *check_mail(settings)]
    if as_json:
        print_json({"findings": findings})
    else:
        for finding in findings:
            say_as_it_is(f"{finding.where}: {finding.message}")
        say("nothing wrong" if not findings else f"{len(findings)} findings")
    raise typer.Exit(1 if findings else 0)
