"""Tells whoever waits that machine code is being made, which happens once after an installation."""

from vms.cli.output import say
from vms.core.compiled import FIRST_TIME, is_compiled
from vms.coverage.packed import compute_rows


def tell_of_compiling() -> None:
    """Before the first view is computed."""
    if not is_compiled(compute_rows):
        say(FIRST_TIME)
