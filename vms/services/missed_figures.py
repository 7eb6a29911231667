"""Which figures of the last daily report are below their target."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from vms.assessment.figure import FigureKind
from vms.store import assessment_reports
from vms.store.assessment_reports import ReportKind


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedFigures:
    report_id: int
    start_at: datetime
    end_at: datetime
    made_at: datetime
    missed: tuple[FigureKind, ...]
    judged: int
    """Figures that have a target and could be told."""


def missed_figures(tx: Connection, known: MissedFigures | None) -> MissedFigures | None:
    """Of the whole city. `known`: what was read before; a report never changes, and is long in a large town."""
    number = assessment_reports.latest(tx, ReportKind.DAILY)
    if number is None or (known is not None and known.report_id == number):
        return known if number is not None else None
    row, content = assessment_reports.content(tx, number)
    judged = [figure for figure in content["total"]["figures"] if figure["met"] is not None]
    return MissedFigures(
        report_id=number,
        start_at=row.start_at,
        end_at=row.end_at,
        made_at=row.made_at,
        missed=tuple(FigureKind(figure["kind"]) for figure in judged if not figure["met"]),
        judged=len(judged),
    )
