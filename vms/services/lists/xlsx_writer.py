"""The list as a spreadsheet (.xlsx), row by row: ids are texts, and no text is a formula."""

from datetime import date
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from vms.core.errors import BadInput
from vms.inventory.lists.camera_entry import looks_escaped
from vms.inventory.lists.entry_columns import TEXT_COLUMNS
from vms.services.lists.exported import Cell, ExportedCamera, cell_text, sheet_cells
from vms.services.lists.sheet_layout import Columns, Headings, layout
from vms.services.lists.sheet_rows import text_cell
from vms.services.lists.table import MAX_ROWS
from vms.services.lists.xml_text import legal

_AS_TEXT = "@"
_WIDTH = 16


class XlsxWriter:
    def __init__(self, out: BinaryIO, columns: Columns, headings: Headings) -> None:
        self._out = out
        self._as_sheet = columns is Columns.ARCHIVE27
        self._layout = layout(columns, headings)
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("cameras" if headings is Headings.EN else "摄像机")
        self._sheet.freeze_panes = "A2"
        for number, (_, column) in enumerate(self._layout, start=1):
            dimension = self._sheet.column_dimensions[get_column_letter(number)]
            dimension.width = _WIDTH
            if column in TEXT_COLUMNS:
                dimension.number_format = _AS_TEXT
        self._sheet.append([self._heading(heading) for heading, _ in self._layout])
        self._rows = 1

    def put(self, one: ExportedCamera) -> None:
        self._rows += 1
        if self._rows > MAX_ROWS:
            raise BadInput("more cameras than a spreadsheet has rows; take a filter, or CSV", where="xlsx")
        cells = sheet_cells(one) if self._as_sheet else one.list_cells
        self._sheet.append([self._cell(column, cells.get(column)) for _, column in self._layout])

    def end(self) -> None:
        self._book.save(self._out)
        self._book.close()

    def _heading(self, text: str) -> SheetCell:
        cell = WriteOnlyCell(self._sheet, value=text)
        cell.font = Font(bold=True)
        return cell

    def _cell(self, column: str, value: Cell | None) -> object:
        if value is None or isinstance(value, int | float | date):
            return value
        text = legal(cell_text(value))
        text = f"'{text}" if looks_escaped(text) else text
        return text_cell(self._sheet, text)
