"""Camera lists as files: CSV (UTF-8 or GB 18030) and TOML, read in bounded memory; a broken file is a clear message."""

import csv
import io
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from vms.core.errors import BadInput
from vms.inventory.camera_entry import RowError
from vms.inventory.entry_columns import COLUMNS, column_of
from vms.services.text_files import look_through

MAX_CSV_BYTES = 1_000_000_000
MAX_TOML_BYTES = 16_000_000
MAX_ROWS = 1_000_000
MAX_LINES_IN_A_ROW = 20


class FileFormat(StrEnum):
    CSV = "csv"
    TOML = "toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """One camera of the file, as text by column name."""

    row: int
    cells: dict[str, str]


class CameraFile:
    """A file that has been looked through once: encoding, line lengths, headings. Raises BadInput."""

    def __init__(self, path: Path, file_format: FileFormat | None = None) -> None:
        self.path = path
        self.format = file_format or format_of(path)
        if self.format == FileFormat.CSV:
            self.encoding = look_through(path, max_bytes=MAX_CSV_BYTES, encodings=("utf-8", "gb18030"))
        else:
            self.encoding = look_through(path, max_bytes=MAX_TOML_BYTES, encodings=("utf-8",), max_dots=200)
        self.ignored_columns: tuple[str, ...] = ()
        """Headings that nobody knows. Known after the first row."""

    def rows(self) -> Iterator[Cells | RowError]:
        if self.format == FileFormat.TOML:
            yield from self._toml_rows()
        else:
            yield from self._csv_rows()

    def _csv_rows(self) -> Iterator[Cells | RowError]:
        with self.path.open("r", encoding=_with_mark(self.encoding), newline="") as stream:
            records = _Records(stream)
            heading = records.take()
            if heading is None:
                raise BadInput("the file is empty", where=str(self.path))
            delimiter, columns = self._headings(heading)
            while (text := records.take()) is not None:
                if records.row > MAX_ROWS:
                    raise BadInput(f"more than {MAX_ROWS} rows; split the file", where=str(self.path))
                if not text.strip(f" {delimiter}\t\r\n\x1a"):
                    continue
                found = _cells(records.row, text, delimiter, columns)
                if isinstance(found, RowError) and "\n" in text.rstrip("\r\n"):
                    found = _cells(records.row, records.first_line(text), delimiter, columns)
                yield found

    def _headings(self, text: str) -> tuple[str, list[str | None]]:
        found: tuple[str, list[str | None]] = (",", [])
        headings: list[str] = []
        for delimiter in (",", ";", "\t"):
            cells = _split(text, delimiter) or []
            columns = [column_of(cell) for cell in cells]
            if sum(map(bool, columns)) > sum(map(bool, found[1])):
                found, headings = (delimiter, columns), cells
        known = [column for column in found[1] if column]
        if twice := sorted({column for column in known if known.count(column) > 1}):
            raise BadInput(f"these columns are there twice: {', '.join(twice)}", where=f"{self.path}, row 1")
        if missing := [column for column in ("name", "tier") if column not in known]:
            raise BadInput(f"the headings lack {' and '.join(missing)}", where=f"{self.path}, row 1")
        self.ignored_columns = tuple(
            heading.strip()[:80]
            for heading, column in zip(headings, found[1], strict=True)
            if column is None and heading.strip()
        )
        return found

    def _toml_rows(self) -> Iterator[Cells | RowError]:
        try:
            content = tomllib.loads(self.path.read_text(encoding="utf-8-sig"))
        except tomllib.TOMLDecodeError as problem:
            raise BadInput(f"not TOML: {problem}", where=str(self.path)) from None
        except RecursionError:
            raise BadInput("nested too deeply", where=str(self.path)) from None
        if strange := sorted(set(content) - {"cameras"}):
            raise BadInput(f"unknown: {', '.join(strange)[:200]}; cameras stand in [[cameras]]", where=str(self.path))
        cameras = content.get("cameras")
        if not isinstance(cameras, list):
            raise BadInput("there is no [[cameras]]", where=str(self.path))
        for row, camera in enumerate(cameras, start=1):
            yield _toml_cells(row, camera)


def _with_mark(encoding: str) -> str:
    """Spreadsheets put a byte order mark before UTF-8."""
    return "utf-8-sig" if encoding == "utf-8" else encoding


def format_of(path: Path) -> FileFormat:
    try:
        return FileFormat(path.suffix.lower().removeprefix("."))
    except ValueError:
        raise BadInput("only .csv and .toml are read", where=str(path)) from None


class _Records:
    """The rows of a CSV file as text. A quoted cell may run over several lines."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._put_back: list[str] = []
        self.row = 0
        """Number of the row last taken; the headings are 1."""

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


def _cells(row: int, text: str, delimiter: str, columns: list[str | None]) -> Cells | RowError:
    cells = _split(text.removesuffix("\x1a"), delimiter)
    if cells is None:
        return RowError(row=row, field="", value=text.strip()[:100], reason="its quotes are not closed")
    if len(cells) < len(columns):
        reason = f"the row ends early: {len(cells)} of {len(columns)} cells"
        return RowError(row=row, field="", value=text.strip()[:100], reason=reason)
    if any(cell.strip() for cell in cells[len(columns) :]):
        reason = f"the row has {len(cells)} cells, the headings {len(columns)}"
        return RowError(row=row, field="", value=text.strip()[:100], reason=reason)
    return Cells(row=row, cells={column: cell for column, cell in zip(columns, cells, strict=False) if column})


def _toml_cells(row: int, camera: object) -> Cells | RowError:
    if not isinstance(camera, dict):
        return RowError(row=row, field="", value=str(camera)[:100], reason="not a [[cameras]] table")
    cells: dict[str, str] = {}
    for key, value in camera.items():
        if key not in COLUMNS:
            reason = f"unknown; known are {', '.join(COLUMNS)}"
            return RowError(row=row, field=str(key)[:80], value="", reason=reason)
        if not isinstance(value, str | int | float):
            reason = "must be a text, a number, true or false"
            return RowError(row=row, field=key, value=type(value).__name__, reason=reason)
        cells[key] = str(value).lower() if isinstance(value, bool) else str(value)
    for column in ("name", "tier"):
        cells.setdefault(column, "")
    return Cells(row=row, cells=cells)
