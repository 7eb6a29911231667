"""Sheets of a spreadsheet (.xlsx) row by row: a heading that stays, texts that begin like a formula stay texts."""

from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from vms.inventory.lists.camera_entry import FORMULA_SIGNS
from vms.services.lists.xml_text import legal

_WIDTH = 18


def add_sheet(book: Workbook, title: str, headings: Sequence[str]) -> Any:
    """Of a write-only workbook."""
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number in range(1, len(headings) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTH
    cells = []
    for text in headings:
        cell = WriteOnlyCell(sheet, value=legal(text))
        cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)
    return sheet


def add_row(sheet: Any, values: Sequence[Any]) -> None:
    sheet.append([text_cell(sheet, legal(value)) if isinstance(value, str) else value for value in values])


def text_cell(sheet: Any, text: str) -> Any:
    """As an apostrophe before it says to a spreadsheet, where it begins like a formula."""
    if text[:1] not in FORMULA_SIGNS:
        return text
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
