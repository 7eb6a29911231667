"""The rows of one sheet as a stream: texts, numbers, dates, formulas with their last result, errors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from vms.services.lists.table import MAX_ROWS, BadCell, Cell, Row
from vms.services.lists.xlsx_strings import MAX_TEXT, SharedTexts
from vms.services.lists.xml_part import BadXml, BareNames, XmlHandler

MAX_COLUMNS = 512
MOST_LEARNT = 20_000
_LOST = "stored as a number, of which only 15 digits are kept: digits are lost; format the column as text"
_UNCOUNTED = "a formula without a result; open and save the file in a spreadsheet program"
_TOO_LONG = f"longer than {MAX_TEXT} characters"
_EXACT = 1e15
_BEHIND_THE_ROWS = frozenset({"mergeCells", "conditionalFormatting", "dataValidations", "extLst"})
"""Formulas of other things than cells stand in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the cells of every sheet need."""

    texts: SharedTexts | Sequence[str]
    date_styles: frozenset[int]
    from_1904: bool


class SheetRows(XmlHandler):
    """Collects rows in `rows` while the part is parsed; whoever parses takes them out and trims, and closes at the end.

    A sheet of 100,000 cameras has eighteen million beginnings, texts and ends of tags. The ends are asked for only in
    texts of several runs: else a cell ends where the next begins. What is done at the others is written out in place.
    """

    reads_millions = True

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._date_styles = {str(style) for style in reading.date_styles}
        self.rows: list[Row] = []
        self._number = 0
        self._cells: list[Cell] = []
        self._column = 0
        self._columns: dict[str, int] = {}
        self._bare = BareNames()
        self._inside = False
        self._kind = "n"
        self._style = ""
        self._formula = self._valued = self._phonetic = self._collects = self._of_runs = False
        self._value = ""
        self._heard: list[str] = []

    def ear(self) -> Callable[[str], None]:
        return self._heard.append

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._bare[name]
        if self._collects:
            self._stop()
        if tag == "c":
            if self._inside:
                self._end_cell()
            self._inside = True
            if reference := attributes.get("r"):
                letters = reference.rstrip("0123456789")
                column = self._columns.get(letters)
                self._column = self._learn(letters) if column is None else column
            else:
                self._column += 1
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s", "")
            self._formula = self._valued = self._phonetic = False
            self._value = ""
            if self._of_runs:
                self._of_runs, self.parser.EndElementHandler = False, None
        elif tag == "v" or tag == "t":
            if not self._phonetic and len(self._value) <= MAX_TEXT:
                self._collects = self._valued = True
                self._heard.clear()
        elif tag == "is":
            pass
        elif tag == "f":
            self._formula = True
        elif tag == "row":
            self.close()
            self._begin_row(attributes.get("r", ""))
        elif tag == "r":
            self._of_runs, self.parser.EndElementHandler = True, self.end
        elif tag == "rPh":
            self._phonetic = True
        elif tag in _BEHIND_THE_ROWS:
            self.close()

    def end(self, name: str) -> None:
        if self._collects and self._bare[name] == "t":
            self._stop()

    def _stop(self) -> None:
        self._collects = False
        heard = self._heard
        self._value += heard[0] if len(heard) == 1 else "".join(heard)

    def trim(self) -> None:
        """Of an endless text no more is kept than what tells that it is too long."""
        if len(self._heard) > 2:
            self._heard[:] = ["".join(self._heard)[: MAX_TEXT + 1]]

    def close(self) -> None:
        """The row that was begun is whole."""
        if self._collects:
            self._stop()
        if self._inside:
            self._inside = False
            self._end_cell()
        if any(self._cells):
            self.rows.append(Row(self._number, self._cells))
        self._cells = []

    def _learn(self, letters: str) -> int:
        found = column_number(letters)
        if len(self._columns) < MOST_LEARNT:
            self._columns[letters] = found
        return found

    def _begin_row(self, reference: str) -> None:
        given = int(reference) if reference.isdecimal() and len(reference) < 12 else 0
        self._number = max(given, self._number + 1)
        if self._number > MAX_ROWS:
            raise BadXml(f"holds more than {MAX_ROWS} rows")
        self._column = 0

    def _end_cell(self) -> None:
        missing = self._column - len(self._cells) - 1
        if missing < 0 or self._column > MAX_COLUMNS or not (self._value or self._formula):
            return
        if missing:
            self._cells.extend([""] * missing)
        content = self._value.strip() if self._kind == "inlineStr" and not self._formula else self._content()
        if isinstance(content, str) and len(content) > MAX_TEXT:
            content = BadCell(content[:100], _TOO_LONG)
        self._cells.append(content)

    def _content(self) -> Cell:
        kind, value = self._kind, self._value.strip()
        if self._formula and not value and not (kind == "str" and self._valued):
            return BadCell("", _UNCOUNTED)
        if kind == "s":
            return self._shared(value)
        if kind == "n":
            return self._numeric(value) if value else ""
        if kind == "b":
            return "true" if value == "1" else "false"
        if kind == "e":
            return BadCell(value[:100], f"the spreadsheet's error {value[:20]}")
        return value.partition("T00:00:00")[0] if kind == "d" else value

    def _shared(self, value: str) -> Cell:
        number = int(value) if value.isdecimal() and len(value) < 12 else -1
        if not 0 <= number < len(self._reading.texts):
            return BadCell(value[:100], "a text that the file does not hold")
        return self._reading.texts[number]

    def _numeric(self, value: str) -> Cell:
        try:
            number = float(value)
        except ValueError:
            return BadCell(value[:100], "neither a number nor a text")
        if self._style in self._date_styles:
            return self._date(number, value)
        if number.is_integer():
            return str(int(number)) if abs(number) < _EXACT else BadCell(value[:100], _LOST)
        return repr(number)

    def _date(self, number: float, value: str) -> Cell:
        epoch = CALENDAR_MAC_1904 if self._reading.from_1904 else CALENDAR_WINDOWS_1900
        try:
            found = from_excel(number, epoch) if 1 <= number < 2_958_466 else None
        except (ValueError, OverflowError):
            found = None
        if isinstance(found, datetime):
            return found.date().isoformat() if found.time() == datetime.min.time() else found.isoformat(" ", "seconds")
        return (
            found.isoformat() if isinstance(found, date) else BadCell(value[:100], "formatted as a date, but is none")
        )


def column_number(letters: str) -> int:
    """A → 1; 0 for what is no column."""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
        return 0
    found = 0
    for letter in letters.upper():
        found = found * 26 + ord(letter) - 64
    return found
