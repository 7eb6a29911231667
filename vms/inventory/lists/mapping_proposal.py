"""A first proposal how to read another system's export, from its headings and some rows. A person corrects it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from vms.inventory.lists.collection_sheet import is_collection_sheet, sheet_column
from vms.inventory.lists.column_mapping import NO_MAPPING, ColumnMapping
from vms.inventory.lists.entry_columns import ALIASES, CODE_COLUMNS, DATE_COLUMNS, CellReader, bare, column_of

MOST_WORDS = 30
_DATE_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y%m%d", "%d %b %Y")
_BY_CONTENT = (
    ("mac", re.compile(r"([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}")),
    ("gb_device_id", re.compile(r"\d{20}")),
    ("address", re.compile(r"\d{1,3}(\.\d{1,3}){3}")),
)


def propose(headings: Sequence[str], samples: Sequence[Mapping[str, str]], reader: CellReader) -> ColumnMapping:
    """`samples`: some rows by heading. Words that nobody knows stand in `values` with nothing beside them."""
    columns: dict[str, str] = {}
    collected = is_collection_sheet(headings)
    for guess in (_exactly(collected), _alike, _by_content(samples)):
        for heading in headings:
            column = guess(heading) if heading.strip() and heading not in columns else None
            if column and column not in columns.values():
                columns[heading] = column
    found = replace(NO_MAPPING, headings={h: columns.get(h, "") for h in headings if h.strip()})
    return replace(found, values=_unknown_words(columns, samples, reader), date_format=_date_format(columns, samples))


_Guess = Callable[[str], str | None]


def _exactly(collected: bool) -> _Guess:
    return lambda heading: (sheet_column(heading) if collected else None) or column_of(heading)


def _alike(heading: str) -> str | None:
    """The longest known word that stands in the heading: 摄像机安装地址(详细) is the address of installation."""
    text = bare(heading)
    words = [(len(word), column) for column, every in ALIASES.items() for word in every.split() if word in text]
    best = max(words, default=(0, ""))
    return best[1] if best[0] >= 2 else None


def _by_content(samples: Sequence[Mapping[str, str]]) -> _Guess:
    def guess(heading: str) -> str | None:
        cells = [cell for row in samples if (cell := row.get(heading, "").strip())]
        for column, pattern in _BY_CONTENT:
            if cells and all(pattern.fullmatch(cell) for cell in cells):
                return column
        return None

    return guess


def _unknown_words(
    columns: Mapping[str, str], samples: Sequence[Mapping[str, str]], reader: CellReader
) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for heading, column in columns.items():
        if column in CODE_COLUMNS:
            cells = dict.fromkeys(cell for row in samples if (cell := row.get(heading, "").strip()))
            strange = [cell for cell in cells if not reader.knows(column, cell)][:MOST_WORDS]
            if strange:
                found[column] = dict.fromkeys(strange, "")
    return found


def _date_format(columns: Mapping[str, str], samples: Sequence[Mapping[str, str]]) -> str:
    """The only one that fits every date; empty where none or the usual one does."""
    dates = [
        cell
        for heading, column in columns.items()
        if column in DATE_COLUMNS
        for row in samples
        if (cell := row.get(heading, "").strip())
    ]
    fitting = [one for one in _DATE_FORMATS if dates and all(_fits(text, one) for text in dates)]
    return fitting[0] if len(fitting) == 1 and not fitting[0].startswith("%Y") else ""


def _fits(text: str, date_format: str) -> bool:
    try:
        datetime.strptime(text, date_format)  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return False
    return True
