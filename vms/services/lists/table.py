"""What every list has, whatever its format: headings, and rows of cells under them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from vms.core.errors import BadInput
from vms.inventory.lists.camera_entry import RowError

HEADINGS_WITHIN = 20
"""Rows in which the headings are looked for: sheets begin with titles and notes."""
MAX_ROWS = 1_048_576
"""As a spreadsheet has them."""

ColumnOf = Callable[[str], str | None]
"""What a heading means; None where nobody knows it."""


class ListFormat(StrEnum):
    """What is read in."""

    CSV = "csv"
    XLSX = "xlsx"
    TOML = "toml"


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell whose content cannot be relied on."""

    value: str
    reason: str


Cell = str | BadCell


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    """As a spreadsheet counts them, from 1."""
    cells: Sequence[Cell | None]
    """None: the row says nothing of this, not even that it is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    row: int
    cells: tuple[str, ...]
    known: int
    """How many of them mean something."""


class Table(Protocol):
    """A list that has been looked through once."""

    heading: Heading

    def rows(self) -> Iterator[Row | RowError]:
        """Those below the headings that hold anything."""
        ...


def best_heading(first_rows: Sequence[Row], column_of: ColumnOf) -> Heading:
    """The row with the most headings that are known; the uppermost of equals."""
    found = Heading(row=1, cells=(), known=-1)
    for row in first_rows:
        cells = tuple(cell if isinstance(cell, str) else "" for cell in row.cells)
        known = sum(column_of(cell) is not None for cell in cells if cell.strip())
        if known > found.known:
            found = Heading(row=row.number, cells=cells, known=known)
    return found


def format_of(path: Path) -> ListFormat:
    try:
        return ListFormat(path.suffix.lower().removeprefix("."))
    except ValueError:
        raise BadInput("only .csv, .xlsx and .toml are read", where=str(path)) from None
