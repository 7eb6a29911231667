"""How to read another system's export: its headings as our columns, its words as ours, what stands for all rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from vms.core.errors import BadInput
from vms.inventory.camera import CoordinateSystem
from vms.inventory.lists.collection_sheet import (
    DIRECTION,
    OLD_CODES,
    bare_heading,
    is_collection_sheet,
    sheet_column,
)
from vms.inventory.lists.entry_columns import COLUMNS, DATE_COLUMNS, READ_COLUMNS, column_of

ENCODINGS = ("", "utf-8", "gb18030", "big5", "latin-1")
MOST_ENTRIES = 2_000
_KEYS = ("headings", "values", "constants", "coordinate_system", "date_format", "encoding", "sheet")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    headings: Mapping[str, str] = field(default_factory=dict)
    """Heading, as it stands in the file, → column; an empty column: not read. What is not here is guessed."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Column → their word → ours."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """Column → what stands for every row that says nothing itself."""
    coordinate_system: CoordinateSystem | None = None
    date_format: str = ""
    """As strptime wants it, such as %d.%m.%Y; empty: year, month, day."""
    encoding: str = ""
    """Of a CSV file; empty: UTF-8 or GB 18030."""
    sheet: str = ""
    """Of a spreadsheet; empty: the one whose headings are known best."""

    def with_constants(self, more: Mapping[str, str]) -> "ColumnMapping":
        """These go before the mapping's own."""
        return mapping_from_json(mapping_as_json(self) | {"constants": {**self.constants, **more}})


NO_MAPPING = ColumnMapping()


def mapping_as_json(mapping: ColumnMapping) -> dict[str, Any]:
    return {
        "headings": dict(mapping.headings),
        "values": {column: dict(words) for column, words in mapping.values.items()},
        "constants": dict(mapping.constants),
        "coordinate_system": mapping.coordinate_system.value if mapping.coordinate_system else "",
        "date_format": mapping.date_format,
        "encoding": mapping.encoding,
        "sheet": mapping.sheet,
    }


def mapping_from_json(content: object) -> ColumnMapping:
    """Raises BadInput that says what is wrong where."""
    if not isinstance(content, dict):
        raise BadInput("a mapping is an object", where="mapping")
    if unknown := sorted(str(key) for key in content if key not in _KEYS):
        raise BadInput(f"unknown: {', '.join(unknown)[:200]}; known are {', '.join(_KEYS)}", where="mapping")
    headings = _texts(content.get("headings", {}), "headings")
    _known_columns((column for column in headings.values() if column), "headings", READ_COLUMNS)
    values = content.get("values", {})
    if not isinstance(values, dict):
        raise BadInput("must be an object of objects", where="values")
    _known_columns(values, "values", READ_COLUMNS)
    constants = _texts(content.get("constants", {}), "constants")
    _known_columns(constants, "constants", COLUMNS)
    return ColumnMapping(
        headings=headings,
        values={column: _texts(words, f"values.{column}") for column, words in values.items()},
        constants=constants,
        coordinate_system=_system(content.get("coordinate_system", "")),
        date_format=_date_format(_text(content, "date_format", 40)),
        encoding=_one_of(_text(content, "encoding", 20).lower(), ENCODINGS, "encoding"),
        sheet=_text(content, "sheet", 100),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the cells of one file are."""

    columns: tuple[str | None, ...]
    """By place; None: not read."""
    unknown: tuple[str, ...]
    """Headings that nobody knows."""
    words: Mapping[str, Mapping[str, str]]
    constants: Mapping[str, str]
    date_format: str


def heading_reader(mapping: ColumnMapping) -> Mapping[str, str | None]:
    """What the mapping itself says of headings, by the bare heading."""
    return {bare_heading(heading): column or None for heading, column in mapping.headings.items()}


def layout_of(headings: Sequence[str], mapping: ColumnMapping) -> Layout:
    """Raises BadInput where a column is there twice or the name is missing."""
    said = heading_reader(mapping)
    collected = is_collection_sheet(headings)
    columns = tuple(_column(heading, said, collected) for heading in headings)
    known = [column for column in columns if column]
    if twice := sorted({column for column in known if known.count(column) > 1}):
        raise BadInput(f"these columns are there twice: {', '.join(twice)}", where="headings")
    if DIRECTION in known and "bearing_deg" in known:
        columns = tuple(None if column == DIRECTION else column for column in columns)
    if "name" not in known and "name" not in mapping.constants:
        missing = " and ".join(column for column in ("name", "tier") if column not in known)
        raise BadInput(f"the headings lack {missing}", where="headings")
    words = {column: {**OLD_CODES.get(column, {})} for column in OLD_CODES if collected}
    for column, theirs in mapping.values.items():
        words[column] = {**words.get(column, {}), **theirs}
    constants = dict(mapping.constants)
    if mapping.coordinate_system is not None:
        constants.setdefault("coordinate_system", mapping.coordinate_system.value)
    return Layout(
        columns=columns,
        unknown=tuple(
            heading.strip()[:80]
            for heading, column in zip(headings, columns, strict=True)
            if column is None and heading.strip() and bare_heading(heading) not in said
        ),
        words=words,
        constants=constants,
        date_format=mapping.date_format,
    )


def put_in_our_words(layout: Layout, cells: dict[str, str]) -> dict[str, str]:
    """`cells` by column, changed in place: their words, their dates, what stands for all rows."""
    for column, words in layout.words.items():
        if column in cells:
            cell = cells[column]
            cells[column] = words.get(cell.strip(), cell)
    if layout.date_format:
        for column in DATE_COLUMNS:
            if column in cells:
                cells[column] = _day(cells[column], layout.date_format)
    for column, constant in layout.constants.items():
        if not cells.get(column, "").strip():
            cells[column] = constant
    return cells


def _column(heading: str, said: Mapping[str, str | None], collected: bool) -> str | None:
    key = bare_heading(heading)
    if key in said:
        return said[key]
    return (sheet_column(heading) if collected else None) or column_of(heading)


def _day(text: str, date_format: str) -> str:
    """Left as it is where it does not fit: then it is read as a date is usually written."""
    try:
        found: date = datetime.strptime(text.strip(), date_format)  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return text
    return found.strftime("%Y-%m-%d")


def _texts(given: object, where: str) -> dict[str, str]:
    if not isinstance(given, dict) or not all(isinstance(one, str) for pair in given.items() for one in pair):
        raise BadInput("must be an object of texts", where=where)
    if len(given) > MOST_ENTRIES or any(len(one) > 500 for pair in given.items() for one in pair):
        raise BadInput(f"more than {MOST_ENTRIES} entries, or a text of more than 500 characters", where=where)
    return dict(given)


def _text(content: Mapping[str, object], key: str, longest: int) -> str:
    found = content.get(key) or ""
    if not isinstance(found, str) or len(found) > longest:
        raise BadInput(f"must be a text of at most {longest} characters", where=key)
    return found.strip()


def _known_columns(columns: Iterable[str], where: str, known: Sequence[str]) -> None:
    if unknown := sorted(set(columns) - set(known)):
        raise BadInput(f"unknown columns: {', '.join(unknown)[:200]}; known are {', '.join(known)}", where=where)


def _system(given: object) -> CoordinateSystem | None:
    if given in (None, ""):
        return None
    try:
        return CoordinateSystem(str(given))
    except ValueError:
        known = ", ".join(system.value for system in CoordinateSystem)
        raise BadInput(f"unknown; known are {known}", where="coordinate_system") from None


def _date_format(text: str) -> str:
    if not text:
        return ""
    day = datetime(2023, 11, 28)  # noqa: DTZ001 - any day
    try:
        good = datetime.strptime(day.strftime(text), text).date() == day.date()  # noqa: DTZ007
    except ValueError:
        good = False
    if not good:
        raise BadInput("names no day; write it like %d.%m.%Y", where="date_format")
    return text


def _one_of(text: str, known: Sequence[str], where: str) -> str:
    if text not in known:
        raise BadInput(f"unknown; known are {', '.join(name for name in known if name)}", where=where)
    return text
