"""The command line: `vms COMMAND`. Each command is a few lines over a service; `--json` prints one JSON document."""

import sys

import typer

from vms.cli import demo, health, inventory, linkage, server
from vms.cli.output import say_error
from vms.core.errors import VmsError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
for module in (server, demo, inventory, health, linkage):
    module.add_to(app)


def main() -> None:
    """Exit codes: 0 done, 1 not done (the sentence says why), 2 wrong call."""
    try:
        app(standalone_mode=True)
    except VmsError as problem:
        say_error(problem)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
