"""A list of cameras in any format, read row by row as the columns that its mapping says."""

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vms.core.errors import BadInput
from vms.inventory.lists.camera_entry import RowError, row_error
from vms.inventory.lists.collection_sheet import bare_heading
from vms.inventory.lists.column_mapping import NO_MAPPING, ColumnMapping, heading_reader, layout_of, put_in_our_words
from vms.inventory.lists.entry_columns import COLUMNS, DATE_COLUMNS, REQUIRED_COLUMNS, column_of, day_of_number
from vms.services.lists.csv_file import CsvFile
from vms.services.lists.table import BadCell, ColumnOf, Heading, ListFormat, Row, Table, format_of
from vms.services.lists.toml_file import TomlFile
from vms.services.lists.xlsx_file import XlsxFile

_MERGED = "must not be empty; of merged cells only those of one column count for all their rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """One camera of the file, as text by column name."""

    row: int
    cells: dict[str, str]


class CameraFile:
    """A file that has been looked through once: encoding, line lengths, headings. Raises BadInput."""

    def __init__(
        self,
        path: Path,
        file_format: ListFormat | None = None,
        *,
        mapping: ColumnMapping = NO_MAPPING,
        sheet: str = "",
    ) -> None:
        self.path = path
        self.format = file_format or format_of(path)
        self._table = _opened(path, self.format, mapping, sheet)
        try:
            self._layout = layout_of(self._table.heading.cells, mapping)
        except BadInput as problem:
            raise BadInput(problem.reason, where=f"{path}, row {self._table.heading.row}") from None
        self.ignored_columns = self._layout.unknown

    @property
    def sheet(self) -> str:
        """Which one is read; empty where the format has none."""
        return self._table.sheet.name if isinstance(self._table, XlsxFile) else ""

    @property
    def heading(self) -> Heading:
        return self._table.heading

    @property
    def columns(self) -> tuple[str | None, ...]:
        """What the headings stand for."""
        return self._layout.columns

    def rows(self) -> Iterator[Cells | list[RowError]]:
        needs_name = self.format is ListFormat.TOML
        for row in self._table.rows():
            if isinstance(row, RowError):
                yield [row]
                continue
            found = self._cells(row)
            if needs_name and isinstance(found, Cells):
                found.cells.setdefault("name", "")
            yield found

    def first_rows(self, count: int) -> list[Row | RowError]:
        """As they stand in the file."""
        return list(itertools.islice(self._table.rows(), count))

    def _cells(self, row: Row) -> Cells | list[RowError]:
        cells: dict[str, str] = {}
        errors: list[RowError] = []
        sheet = self._table if isinstance(self._table, XlsxFile) else None
        for column, cell in zip(self._layout.columns, row.cells, strict=False):
            if column is None or cell is None:
                continue
            if isinstance(cell, BadCell):
                errors.append(row_error(row.number, column, cell.value, cell.reason))
            elif sheet and sheet.from_1904 and column in DATE_COLUMNS and (day := day_of_number(cell, from_1904=True)):
                cells[column] = day.isoformat()
            else:
                cells[column] = cell
        cells = put_in_our_words(self._layout, cells)
        if sheet and sheet.has_merged_cells:
            empty = [column for column in REQUIRED_COLUMNS if column in cells and not cells[column].strip()]
            errors.extend(row_error(row.number, column, "", _MERGED) for column in empty)
        return errors or Cells(row=row.number, cells=cells)


def table_of(path: Path, file_format: ListFormat, mapping: ColumnMapping = NO_MAPPING) -> Table:
    """The file as headings and rows, before anybody says what they mean."""
    return _opened(path, file_format, mapping, "")


def fingerprint(path: Path) -> str:
    """SHA-256 of the file. Raises BadInput."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as problem:
        raise BadInput(problem.strerror or "cannot be read", where=str(path)) from None


def _opened(path: Path, file_format: ListFormat, mapping: ColumnMapping, sheet: str) -> Table:
    known = _known_headings(mapping)
    if file_format is ListFormat.CSV:
        return CsvFile(path, known, encoding=mapping.encoding)
    if file_format is ListFormat.XLSX:
        return XlsxFile(path, known, sheet=sheet or mapping.sheet)
    return TomlFile(path)


def _known_headings(mapping: ColumnMapping) -> ColumnOf:
    said = heading_reader(mapping)

    def known(heading: str) -> str | None:
        key = bare_heading(heading)
        return (said[key] or COLUMNS[0]) if key in said else column_of(heading)

    return known
