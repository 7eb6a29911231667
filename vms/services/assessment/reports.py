"""Makes reports and keeps them: those that a person asks for, and the daily, weekly and monthly ones that are due."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from vms.assessment.grouping import GroupBy
from vms.assessment.period import Period, last_day, last_month, last_week
from vms.services.archive.archive_memory import ArchiveMemory
from vms.services.assessment.office import Assess, Question, assess_here, assess_office
from vms.services.assessment.report_sheet import report_sheet
from vms.store import assessment_reports
from vms.store.assessment_reports import NewReport, ReportKind
from vms.store.database import Database
from vms.store.watch_sessions import sessions_between

PROGRAM = "vms"
_DUE: tuple[tuple[ReportKind, Callable[[datetime, ZoneInfo], Period]], ...] = (
    (ReportKind.DAILY, last_day),
    (ReportKind.WEEKLY, last_week),
    (ReportKind.MONTHLY, last_month),
)


def make_report(
    database: Database,
    question: Question,
    zone: ZoneInfo,
    now: datetime,
    *,
    kind: ReportKind = ReportKind.ASKED,
    who: str = PROGRAM,
    assess: Assess,
) -> int:
    """Its number. Blocking: seconds for a large town."""
    made = assess_office(database, question, zone, now, assess=assess)
    sheet = report_sheet(made)
    period = Period(first=question.first, last=question.last, zone=zone)
    with database.writing() as tx:
        report = NewReport(
            kind=kind,
            start_at=period.interval.start,
            end_at=period.interval.end,
            grouped_by=question.by.value,
            profile=made["profile"],
            content=made,
            sheet=sheet,
            made_by=who,
        )
        return assessment_reports.add(tx, report, now)


def make_due_reports(database: Database, zone: ZoneInfo, now: datetime) -> list[int]:
    """Yesterday's, last week's and last month's, by region, unless they are made or nobody watched then. Blocking."""
    made: list[int] = []
    assess: Assess | None = None
    for kind, period_of in _DUE:
        period = period_of(now, zone)
        with database.reading() as tx:
            done = assessment_reports.is_made(tx, kind, period.interval.start, GroupBy.REGION.value)
            watched = bool(sessions_between(tx, period.interval.start, period.interval.end))
        if done or not watched:
            continue
        assess = assess or assess_here(database, ArchiveMemory(database))
        question = Question(period.first, period.last, GroupBy.REGION)
        made.append(make_report(database, question, zone, now, kind=kind, assess=assess))
    return made
