"""The rows of one sheet as a stream: texts, numbers, dates, formulas with their last result, errors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from vms.services.lists.table import MAX_ROWS, BadCell, Cell, Row
from vms.services.lists.xlsx_strings import MAX_TEXT, SharedTexts
from vms.services.lists.xml_part import BadXml, XmlHandler

MAX_COLUMNS = 512
_LOST = "stored as a number, of which only 15 digits are kept: digits are lost; format the column as text"
_UNCOUNTED = "a formula without a result; open and save the file in a spreadsheet program"
_TOO_LONG = f"longer than {MAX_TEXT} characters"
_EXACT = 1e15


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the cells of every sheet need."""

    texts: SharedTexts | Sequence[str]
    date_styles: frozenset[int]
    from_1904: bool


class SheetRows(XmlHandler):
    """Collects rows in `rows` while the part is parsed; whoever parses takes them out."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._date_styles = {str(style) for style in reading.date_styles}
        self.rows: list[Row] = []
        self._number = 0
        self._cells: list[Cell] = []
        self._column = 0
        self._columns: dict[str, int] = {}
        self._kind = "n"
        self._style = ""
        self._formula = self._valued = False
        self._collect = self._phonetic = False
        self._value = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._begin_cell(attributes)
        elif tag == "v":
            self._collect = self._valued = True
        elif tag == "t":
            self._collect = self._valued = not self._phonetic
        elif tag == "f":
            self._formula = True
        elif tag == "row":
            self._begin_row(attributes.get("r", ""))
        elif tag == "rPh":
            self._phonetic = True

    def text(self, text: str) -> None:
        if self._collect and len(self._value) <= MAX_TEXT:
            self._value += text[: MAX_TEXT + 1]

    def end(self, tag: str) -> None:
        if tag == "v" or tag == "t":
            self._collect = False
        elif tag == "c":
            self._end_cell()
        elif tag == "row" and any(self._cells):
            self.rows.append(Row(self._number, self._cells))
        elif tag == "rPh":
            self._phonetic = False

    def _begin_row(self, reference: str) -> None:
        given = int(reference) if reference.isdecimal() and len(reference) < 12 else 0
        self._number = max(given, self._number + 1)
        if self._number > MAX_ROWS:
            raise BadXml(f"holds more than {MAX_ROWS} rows")
        self._cells = []
        self._column = 0

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        if reference := attributes.get("r"):
            letters = reference.rstrip("0123456789")
            column = self._columns.get(letters)
            if column is None:
                column = self._columns[letters] = _column(letters)
            self._column = column
        else:
            self._column += 1
        self._kind = attributes.get("t", "n")
        self._style = attributes.get("s", "")
        self._formula = self._valued = False
        self._value = ""

    def _end_cell(self) -> None:
        if not self._value and not self._formula:
            return
        if not 0 < self._column <= MAX_COLUMNS:
            return
        missing = self._column - len(self._cells) - 1
        if missing > 0:
            self._cells.extend([""] * missing)
        if missing >= 0:
            content = self._content()
            if isinstance(content, str) and len(content) > MAX_TEXT:
                content = BadCell(content[:100], _TOO_LONG)
            self._cells.append(content)

    def _content(self) -> Cell:
        kind, value = self._kind, self._value
        if self._formula and not value and not (kind == "str" and self._valued):
            return BadCell("", _UNCOUNTED)
        if kind == "s":
            return self._shared(value)
        if kind == "n":
            return self._numeric(value) if value else ""
        if kind == "b":
            return "true" if value.strip() == "1" else "false"
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


def _column(letters: str) -> int:
    """A → 1; 0 for what is no column."""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
        return 0
    found = 0
    for letter in letters.upper():
        found = found * 26 + ord(letter) - 64
    return found
