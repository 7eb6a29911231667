"""Lists taken in and given out."""

from datetime import datetime
from typing import Any

from pydantic import Field

from vms.api.models.shape import Answer, Asked, LongText, ShortText
from vms.services.lists.table import ListFormat
from vms.store.imports import ImportState


class ImportRow(Answer):
    id: int
    file_name: str
    mapping: str = Field(description="its name; empty: none")
    dry_run: bool
    who: str
    state: ImportState = Field(description="interrupted: goes on when the same file is uploaded again, or by itself")
    started_at: datetime
    finished_at: datetime | None
    last_row: int = Field(description="every row up to it is stored or among the rejected")
    rows: int
    created: int
    updated: int
    unchanged: int
    rejected_rows: int
    problem: str = Field(description="why it ended before its end; empty: it did not")


class ImportPage(Answer):
    items: list[ImportRow]
    total: int


class RejectedRow(Answer):
    row: int = Field(description="as a spreadsheet counts them, from 1")
    field: str
    value: str
    reason: str


class RejectedPage(Answer):
    items: list[RejectedRow]
    total: int


class MappingContent(Asked):
    headings: dict[str, str] = Field(default={}, description="heading → column; an empty column is not read")
    values: dict[str, dict[str, str]] = Field(default={}, description="column → their word → ours")
    constants: dict[str, str] = Field(default={}, description="column → what stands for rows that say nothing")
    coordinate_system: ShortText = Field(default="", description="wgs84, gcj02, bd09; empty: as the rows say")
    date_format: ShortText = Field(default="", description="such as %d.%m.%Y; empty: year, month, day")
    encoding: ShortText = ""
    sheet: ShortText = ""


class MappingRow(Answer):
    name: str
    headings: dict[str, str]
    values: dict[str, dict[str, str]]
    constants: dict[str, str]
    coordinate_system: str
    date_format: str
    encoding: str
    sheet: str
    changed_at: datetime | None
    changed_by: str


class MappingList(Answer):
    items: list[MappingRow]


class PreviewedRow(Answer):
    row: int
    as_written: dict[str, str] = Field(description="by heading")
    columns: dict[str, Any] = Field(description="as the record would hold it; empty where the row has errors")
    errors: list[RejectedRow]


class PreviewNow(Answer):
    format: ListFormat
    sheet: str
    heading_row: int
    headings: list[str]
    proposal: MappingRow = Field(description="how it could be read; a word with nothing beside it is not known")
    rows: list[PreviewedRow]
    problem: LongText = Field(description="why it cannot be taken in as it is; empty: it can")
