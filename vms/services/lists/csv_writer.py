"""The list as CSV in UTF-8, with the byte order mark that spreadsheets want."""

import csv
import io
from typing import BinaryIO

from vms.inventory.lists.camera_entry import FORMULA_SIGNS
from vms.inventory.lists.entry_columns import TEXT_COLUMNS
from vms.services.lists.exported import Cell, ExportedCamera, cell_text, sheet_cells
from vms.services.lists.sheet_layout import Columns, Headings, layout


class CsvWriter:
    def __init__(self, out: BinaryIO, columns: Columns, headings: Headings) -> None:
        self._out = out
        self._as_sheet = columns is Columns.ARCHIVE27
        self._layout = layout(columns, headings)
        out.write(b"\xef\xbb\xbf" + _line([heading for heading, _ in self._layout]))

    def put(self, one: ExportedCamera) -> None:
        cells = sheet_cells(one) if self._as_sheet else one.list_cells
        self._out.write(_line([_harmless(column, cells.get(column)) for _, column in self._layout]))

    def end(self) -> None:
        pass


def _harmless(column: str, value: Cell | None) -> str:
    """No spreadsheet takes it for a formula."""
    text = cell_text(value)
    return f"'{text}" if column in TEXT_COLUMNS and text[:1] in FORMULA_SIGNS and text else text


def _line(cells: list[str]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode("utf-8", "replace")
