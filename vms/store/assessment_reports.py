"""Reports of the assessment, kept as they were made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select

from vms.core.errors import NotFound
from vms.store import events
from vms.store.page import Page
from vms.store.schema import assessment_reports


class ReportKind(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    ASKED = "asked"
    """By a person, for a period of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    report_id: int
    kind: ReportKind
    start_at: datetime
    end_at: datetime
    grouped_by: str
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReport:
    kind: ReportKind
    start_at: datetime
    end_at: datetime
    grouped_by: str
    profile: Mapping[str, Any]
    content: Mapping[str, Any]
    sheet: bytes
    made_by: str


_c = assessment_reports.c
_SHOWN = (_c.id, _c.kind, _c.start_at, _c.end_at, _c.grouped_by, _c.made_at, _c.made_by)


def add(tx: Connection, report: NewReport, now: datetime) -> int:
    values = {
        "kind": report.kind.value,
        "start_at": report.start_at,
        "end_at": report.end_at,
        "grouped_by": report.grouped_by,
        "profile": dict(report.profile),
        "content": dict(report.content),
        "sheet": report.sheet,
        "made_at": now,
        "made_by": report.made_by,
    }
    number = tx.execute(insert(assessment_reports).values(values).returning(_c.id)).scalar_one()
    events.append(tx, "assessment.report", number, {"kind": report.kind.value}, now)
    return int(number)


def is_made(tx: Connection, kind: ReportKind, start_at: datetime, grouped_by: str) -> bool:
    chosen = (_c.kind == kind.value, _c.start_at == start_at, _c.grouped_by == grouped_by)
    return tx.execute(select(_c.id).where(*chosen).limit(1)).first() is not None


def page(tx: Connection, kind: ReportKind | None, *, limit: int, offset: int) -> Page[ReportRow]:
    """The newest period first."""
    chosen = () if kind is None else (_c.kind == kind.value,)
    total = tx.execute(select(func.count()).select_from(assessment_reports).where(*chosen)).scalar_one()
    statement = select(*_SHOWN).where(*chosen).order_by(_c.end_at.desc(), _c.id.desc())
    return Page(
        items=tuple(_row(row) for row in tx.execute(statement.limit(limit).offset(offset)).mappings()), total=total
    )


def latest(tx: Connection, kind: ReportKind) -> int | None:
    """Its id; of the latest period."""
    statement = select(_c.id).where(_c.kind == kind.value).order_by(_c.end_at.desc(), _c.id.desc()).limit(1)
    return tx.execute(statement).scalar_one_or_none()


def content(tx: Connection, report_id: int) -> tuple[ReportRow, Mapping[str, Any]]:
    """Raises NotFound."""
    row = tx.execute(select(*_SHOWN, _c.content).where(_c.id == report_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no report {report_id}")
    return _row(row), row["content"]


def sheet(tx: Connection, report_id: int) -> bytes:
    """The spreadsheet. Raises NotFound."""
    found = tx.execute(select(_c.sheet).where(_c.id == report_id)).one_or_none()
    if found is None or found.sheet is None:
        raise NotFound(f"there is no report {report_id}")
    return bytes(found.sheet)


def _row(row: RowMapping) -> ReportRow:
    return ReportRow(
        report_id=row["id"],
        kind=ReportKind(row["kind"]),
        start_at=row["start_at"],
        end_at=row["end_at"],
        grouped_by=row["grouped_by"],
        made_at=row["made_at"],
        made_by=row["made_by"],
    )
