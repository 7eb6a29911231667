"""A list as a spreadsheet (.xlsx): the sheet with the most headings that are known, read as a stream."""

import itertools
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from vms.core.errors import BadInput
from vms.inventory.lists.camera_entry import RowError
from vms.services.lists.table import HEADINGS_WITHIN, ColumnOf, Heading, Row, best_heading
from vms.services.lists.xlsx_merged import FillDown, MergedRanges
from vms.services.lists.xlsx_parts import MAX_LARGE_BYTES, Sheet, XlsxParts
from vms.services.lists.xlsx_sheet import Reading, SheetRows, column_number
from vms.services.lists.xlsx_strings import SharedTexts
from vms.services.lists.xml_part import parse, parse_all

MAX_FILE_BYTES = 500_000_000
_CHUNKS_OF_HEADINGS = 128
"""Of 64 kB: how far into each sheet the headings are looked for."""


class XlsxFile:
    """`sheet`: empty where the headings shall tell. Raises BadInput, also for what only its last byte shows."""

    def __init__(self, path: Path, column_of: ColumnOf, *, sheet: str = "") -> None:
        self._path = path
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                raise BadInput(f"larger than {MAX_FILE_BYTES // 1_000_000} MB", where=str(path))
        except OSError as problem:
            raise BadInput(problem.strerror or "cannot be read", where=str(path)) from None
        with self._opened() as (parts, reading):
            self.sheet, self.heading = self._choose(parts, reading, column_of, sheet)
            with parts.problems(), parts.opened(self.sheet.part) as stream:
                merged = MergedRanges(stream)
                parse_all(merged, None, max_bytes=MAX_LARGE_BYTES)
            self.from_1904 = reading.from_1904
            self.has_merged_cells = merged.some
            self._merged = [
                (first, last, column_number(letters) - 1)
                for first, last, letters in merged.downwards()
                if first > self.heading.row
            ]

    def rows(self) -> Iterator[Row | RowError]:
        width = len(self.heading.cells)
        down = FillDown(self._merged)
        with self._opened() as (parts, reading):
            for row in _stream(parts, self.sheet, reading):
                if row.number > self.heading.row:
                    cells = list(row.cells)
                    if len(cells) < width:
                        cells.extend([""] * (width - len(cells)))
                    down.fill(row.number, cells)
                    yield Row(row.number, cells)

    @contextmanager
    def _opened(self) -> Iterator[tuple[XlsxParts, Reading]]:
        with ExitStack() as stack:
            parts = XlsxParts(self._path)
            stack.callback(parts.close)
            texts = stack.enter_context(SharedTexts())
            if parts.has(parts.strings_part):
                with parts.problems(), parts.opened(parts.strings_part) as stream:
                    parse_all(stream, texts, max_bytes=MAX_LARGE_BYTES)
            texts.finish()
            yield parts, Reading(texts=texts, date_styles=parts.date_styles, from_1904=parts.from_1904)

    def _choose(self, parts: XlsxParts, reading: Reading, column_of: ColumnOf, wanted: str) -> tuple[Sheet, Heading]:
        sheets = [one for one in parts.sheets if not wanted or one.name == wanted]
        if not sheets:
            names = ", ".join(one.name for one in parts.sheets)
            raise BadInput(f"there is no sheet {wanted!r}; there are {names}"[:500], where=str(self._path))
        found = [(one, best_heading(_first_rows(parts, one, reading), column_of)) for one in sheets]
        return max(found, key=lambda item: (item[1].known, not item[0].hidden))


def _first_rows(parts: XlsxParts, sheet: Sheet, reading: Reading) -> list[Row]:
    return list(
        itertools.takewhile(
            lambda row: row.number <= HEADINGS_WITHIN, _stream(parts, sheet, reading, most_chunks=_CHUNKS_OF_HEADINGS)
        )
    )


def _stream(parts: XlsxParts, sheet: Sheet, reading: Reading, *, most_chunks: int | None = None) -> Iterator[Row]:
    collected = SheetRows(reading)
    with parts.problems(), parts.opened(sheet.part) as stream:
        for _ in itertools.islice(parse(stream, collected, max_bytes=MAX_LARGE_BYTES), most_chunks):
            collected.trim()
            ready, collected.rows = collected.rows, []
            yield from ready
        collected.close()
        yield from collected.rows
