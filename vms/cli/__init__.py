"""The command line: `vms COMMAND`. Each command is a few lines over a service; `--json` prints JSON, errors too."""

import gc
import importlib
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from vms.cli.output import print_json, say_error
from vms.core.errors import VmsError

COMMANDS = {
    "server": ("serve", "check"),
    "demo": ("demo", "sim"),
    "inventory": ("discover",),
    "map": ("map",),
    "cameras": ("cameras", "edit"),
    "lists": ("import", "export", "mapping"),
    "sweep": ("sweep",),
    "identity": ("identity",),
    "health": ("poll",),
    "diagnose": ("diagnose",),
    "assessment": ("assessment",),
    "supply": ("supply", "notices"),
    "linkage": ("incident", "feeds"),
    "coverage": ("coverage",),
    "ring": ("ring",),
    "users": ("password",),
    "credentials": ("credentials",),
    "tasks": ("task",),
    "orders": ("orders",),
    "recordings": ("recordings",),
    "plan": ("plan", "private"),
}
"""Module of this room → its commands; only what is asked for is loaded."""


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"vms {version('vms')}")
        raise typer.Exit


def _program(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="print the version and stop")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Exit codes: 0 done, 1 not done (the sentence says why), 2 wrong call."""
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
    app.callback()(_program)
    wanted = [module for module, commands in COMMANDS.items() if asked in commands] or list(COMMANDS)
    gc.disable()  # nothing that loading makes is garbage, and looking for it takes a fifth of the time
    for module in wanted:
        importlib.import_module(f"vms.cli.{module}").add_to(app)
    gc.freeze()
    gc.enable()
    try:
        app(standalone_mode=True)
    except VmsError as problem:
        say_error(problem)
        if "--json" in sys.argv:
            print_json({"error": {"code": problem.code, "message": problem.message}})
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
