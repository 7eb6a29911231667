"""A list as CSV: UTF-8 or GB 18030, any of three delimiters, headings below titles; a bad row costs itself only, also
one in another encoding."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from vms.core.errors import BadInput
from vms.inventory.lists.camera_entry import RowError
from vms.services.lists.table import HEADINGS_WITHIN, MAX_ROWS, ColumnOf, Heading, Row, best_heading
from vms.services.lists.text_encoding import ESCAPED, encoding_of, legible

MAX_BYTES = 1_000_000_000
MAX_LINES_IN_A_ROW = 20
_DELIMITERS = (",", ";", "\t")


class CsvFile:
    """`encoding`: empty where the file shall tell. Raises BadInput."""

    def __init__(self, path: Path, column_of: ColumnOf, *, encoding: str = "") -> None:
        self._path = path
        self._encoding = encoding_of(path, max_bytes=MAX_BYTES, said=encoding)
        with self._open() as stream:
            records = _Records(stream)
            first = [legible(text) for _ in range(HEADINGS_WITHIN) if (text := records.take()) is not None]
        if not first:
            raise BadInput("the file is empty", where=str(path))
        self._delimiter, self.heading = _heading(first, column_of)

    def rows(self) -> Iterator[Row | RowError]:
        width = len(self.heading.cells)
        with self._open() as stream:
            records = _Records(stream)
            while (text := records.take()) is not None:
                if records.row <= self.heading.row:
                    continue
                if records.row > MAX_ROWS:
                    raise BadInput(f"more than {MAX_ROWS} rows; split the file", where=str(self._path))
                if not text.strip(f" {self._delimiter}\t\r\n\x1a"):
                    continue
                found = _row(records.row, text, self._delimiter, width)
                if isinstance(found, RowError) and "\n" in text.rstrip("\r\n"):
                    text = records.first_line(text)
                    found = _row(records.row, text, self._delimiter, width)
                if reason := self._encoding.misfit(text):
                    found = _error(records.row, legible(text), reason)
                yield found

    def _open(self) -> io.TextIOWrapper:
        return self._path.open("r", encoding=self._encoding.codec, errors=ESCAPED, newline="")


def _heading(texts: list[str], column_of: ColumnOf) -> tuple[str, Heading]:
    best = (",", Heading(row=1, cells=(), known=-1))
    for delimiter in _DELIMITERS:
        rows = [Row(number, _split(text, delimiter) or []) for number, text in enumerate(texts, start=1)]
        heading = best_heading(rows, column_of)
        if _better(heading, best[1]):
            best = (delimiter, heading)
    return best


def _better(heading: Heading, than: Heading) -> bool:
    """More headings that are known; where none is, more of them."""
    if heading.known == than.known == 0:
        return len(heading.cells) > len(than.cells)
    return heading.known > than.known


class _Records:
    """The rows of a CSV file as text. A quoted cell may run over several lines."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._put_back: list[str] = []
        self.row = 0
        """Number of the row last taken; the first of the file is 1."""

    def take(self) -> str | None:
        text = self._line()
        if not text:
            return None
        self.row += 1
        first = text
        while text.count('"') % 2 and text.count("\n") < MAX_LINES_IN_A_ROW and (more := self._line()):
            text += more
        return self.first_line(text) if text.count('"') % 2 and text != first else text

    def first_line(self, text: str) -> str:
        """Gives the other lines back: a quote that never closes costs its own line only."""
        first, *others = text.splitlines(keepends=True)
        self._put_back.extend(reversed(others))
        return first

    def _line(self) -> str:
        return self._put_back.pop() if self._put_back else next(self._lines, "")


def _split(text: str, delimiter: str) -> list[str] | None:
    """None where the quotes do not close."""
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _row(number: int, text: str, delimiter: str, width: int) -> Row | RowError:
    cells = _split(text.removesuffix("\x1a"), delimiter)
    if cells is None:
        return _error(number, text, "its quotes are not closed")
    if len(cells) < width:
        return _error(number, text, f"the row ends early: {len(cells)} of {width} cells")
    if any(cell.strip() for cell in cells[width:]):
        return _error(number, text, f"the row has {len(cells)} cells, the headings {width}")
    return Row(number, cells)


def _error(number: int, text: str, reason: str) -> RowError:
    return RowError(row=number, field="", value=text.strip()[:100], reason=reason)
