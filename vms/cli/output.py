"""How commands speak: one JSON document with `--json`, tables and progress for people otherwise."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from vms.core.errors import VmsError
from vms.core.visible import with_escapes

people = Console(stderr=True, highlight=False)
"""Progress and sentences go to standard error, so that standard output is the result alone."""


def print_json(document: Any) -> None:
    """Dataclasses, instants and enumerations included; Chinese stays readable."""
    sys.stdout.write(json.dumps(document, default=_plain, ensure_ascii=False, indent=2) + "\n")


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    return str(value)


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    table = Table(*headings, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*("" if cell is None else with_escapes(str(cell)) for cell in row))
    Console(highlight=False).print(table)


def progress(quiet: bool) -> Progress:
    """A progress bar on standard error; silent with `--json`."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=people,
        disable=quiet,
        transient=True,
    )


def say(sentence: str) -> None:
    people.print(with_escapes(sentence))


def say_as_it_is(sentence: str) -> None:
    """What others have written, without markup."""
    people.print(with_escapes(sentence), markup=False)


def say_error(problem: VmsError) -> None:
    """One sentence on one line, however wide the terminal."""
    people.print(Text.assemble((type(problem).__name__, "red"), f": {with_escapes(problem.message)}"), soft_wrap=True)
