"""Looks into a list before it is taken in: its headings, how they could be read, the first rows as they would be."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from vms.core.errors import BadInput
from vms.inventory.lists.camera_entry import RowError, parse_entry
from vms.inventory.lists.column_mapping import ColumnMapping
from vms.inventory.lists.entry_columns import CellReader, Value
from vms.inventory.lists.mapping_proposal import propose
from vms.services.import_cameras import ImportRequest
from vms.services.lists.list_file import CameraFile, Cells, table_of
from vms.services.lists.table import BadCell, Heading, ListFormat, Row, format_of
from vms.services.lists.xlsx_file import XlsxFile
from vms.store import code_tables
from vms.store.database import Database

SAMPLE_ROWS = 200
SHOWN_ROWS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    row: int
    as_written: Mapping[str, str]
    """By heading."""
    columns: Mapping[str, Value]
    """As the record would hold it; empty where the row has errors."""
    errors: tuple[RowError, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPreview:
    file_format: ListFormat
    sheet: str
    heading: Heading
    proposal: ColumnMapping
    rows: tuple[PreviewRow, ...]
    problem: str
    """Why it cannot be taken in as it is; empty: it can."""


def preview_list(database: Database, path: Path, request: ImportRequest, *, encoding: str = "") -> ListPreview:
    """With the mapping of `request`, or with a proposal where that has none. Raises BadInput."""
    file_format = request.file_format or format_of(path)
    wanted = replace(request.mapping, sheet=request.sheet or request.mapping.sheet)
    wanted = replace(wanted, encoding=encoding or wanted.encoding)
    table = table_of(path, file_format, wanted)
    with database.reading() as tx:
        reader = CellReader(code_tables.every(tx))
    samples = {
        row.number: _by_heading(table.heading, row)
        for row in itertools.islice(table.rows(), SAMPLE_ROWS)
        if isinstance(row, Row)
    }
    guessed = propose(table.heading.cells, list(samples.values()), reader)
    if not wanted.headings:
        wanted = _completed(wanted, guessed)
    rows: tuple[PreviewRow, ...] = ()
    problem = ""
    try:
        file = CameraFile(path, file_format, mapping=wanted)
        rows = tuple(_preview(found, samples, reader) for found in itertools.islice(file.rows(), SHOWN_ROWS))
    except BadInput as refused:
        problem = refused.reason
    return ListPreview(
        file_format=file_format,
        sheet=table.sheet.name if isinstance(table, XlsxFile) else "",
        heading=table.heading,
        proposal=wanted,
        rows=rows,
        problem=problem,
    )


def _completed(wanted: ColumnMapping, guessed: ColumnMapping) -> ColumnMapping:
    """What was said stays; the headings, their words and the dates are guessed."""
    return replace(
        wanted,
        headings=guessed.headings,
        values={**guessed.values, **wanted.values},
        date_format=wanted.date_format or guessed.date_format,
    )


def _by_heading(heading: Heading, row: Row) -> dict[str, str]:
    return {
        name: cell.value if isinstance(cell, BadCell) else cell
        for name, cell in zip(heading.cells, row.cells, strict=False)
        if name.strip() and cell is not None
    }


def _preview(found: Cells | list[RowError], samples: Mapping[int, Mapping[str, str]], reader: CellReader) -> PreviewRow:
    parsed = found if isinstance(found, list) else parse_entry(found.row, found.cells, reader)
    row = parsed[0].row if isinstance(parsed, list) else parsed.row
    return PreviewRow(
        row=row,
        as_written=samples.get(row, {}),
        columns={} if isinstance(parsed, list) else parsed.columns,
        errors=tuple(parsed) if isinstance(parsed, list) else (),
    )
