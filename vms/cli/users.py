"""`vms password`."""

from pathlib import Path
from typing import Annotated

import typer

from vms.cli.output import print_json, say
from vms.cli.server import AsJson, Config, Db, store_of
from vms.core.clock import system_clock
from vms.core.errors import BadInput
from vms.services.sign_in import set_password
from vms.services.take_in_settings import read_credential


def add_to(app: typer.Typer) -> None:
    app.command()(password)


def password(
    name: Annotated[str, typer.Argument(help="user name, e.g. admin")],
    config: Config = None,
    ask: Annotated[bool, typer.Option("--ask", help="ask for the new password instead of making one")] = False,
    password_file: Annotated[Path | None, typer.Option(help="file with the new password (first line)")] = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Set a user's password, for whoever may read the database. Without --ask and --password-file one is made."""
    if ask and password_file is not None:
        raise BadInput("one of both is enough", where="--ask, --password-file")
    given = None
    if password_file is not None:
        given = read_credential(name, "", password_file).password
    elif ask:
        given = typer.prompt("New password", hide_input=True, confirmation_prompt=True, err=True)
    with store_of(config, db) as database:
        made = set_password(database, name, given, system_clock())
    if as_json:
        print_json({"name": name, "password": made})
    elif made is None:
        say(f"{name} has the new password; open sign-ins of {name} have ended")
    else:
        typer.echo(f"{name} signs in with the password {made}")
