"""`vms coverage …`: what the cameras see. Each command has a file of its own and registers itself here."""

import typer

from vms.cli import coverage_gaps, coverage_views, coverage_who_sees

coverage_commands = typer.Typer(help="What the cameras see, and what nobody sees.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    coverage_gaps.add_to(coverage_commands)
    coverage_views.add_to(coverage_commands)
    coverage_who_sees.add_to(coverage_commands)
    app.add_typer(coverage_commands, name="coverage")
