"""The assessment: figures of any period, profiles, reports."""

import json
import threading
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from sqlalchemy import Connection

from vms.api.guards import KeeperCall, RoomsNow, SignedInCall, StaffCall
from vms.api.listing import compare_owners
from vms.api.models.assessment import (
    AimValue,
    AssessmentNow,
    ComparisonNow,
    ComparisonWanted,
    KeptReport,
    MethodRow,
    ProfileChoice,
    ProfileList,
    ProfileRow,
    ProfileWanted,
    ReportPage,
    ReportRow,
    ReportWanted,
)
from vms.api.models.shape import Day, IdNumber
from vms.api.rooms import Rooms
from vms.api.show_comparison import show_comparison
from vms.assessment.figure import FigureKind
from vms.assessment.grouping import GroupBy
from vms.assessment.profile import USUAL, Aim, Profile
from vms.core.errors import TryAgain
from vms.services.assessment.compare import compare_profiles
from vms.services.assessment.office import Assess, Question, assess_office
from vms.services.assessment.plain import plain_methods
from vms.services.assessment.profiles import profile_named, put_profile, read_profile, written_profile
from vms.services.assessment.recent import RecentAnswers
from vms.services.assessment.report_page import report_page
from vms.services.assessment.report_sheet import report_sheet
from vms.services.assessment.reports import make_report
from vms.services.assessment.said import Language
from vms.store import assessment_profiles, assessment_reports
from vms.store.assessment_reports import ReportKind
from vms.store.assessment_reports import ReportRow as StoredReport

router = APIRouter(tags=["assessment"])

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PAGE_FENCE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_WAITING_S = 60.0
_one_at_a_time = threading.Lock()
"""An assessment of a large town takes a core for seconds: others wait for it."""
ProfileName = Annotated[str, Path(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f/]+$")]


def _question(
    first: Annotated[Day, Query(alias="from")],
    last: Annotated[Day, Query(alias="to")],
    by: GroupBy = GroupBy.REGION,
    region: Annotated[str, Query(max_length=20)] = "",
    profile: Annotated[str, Query(max_length=80)] = "",
) -> Question:
    return Question(first=first, last=last, by=by, region=region, profile=profile)


QuestionNow = Annotated[Question, Depends(_question)]


@router.get("/assessment", response_model=AssessmentNow)
def assessment(call: StaffCall, rooms: RoomsNow, request: Request, question: QuestionNow) -> dict[str, Any]:
    return _assessed(rooms, request, _allowed(call, question))


@router.get("/assessment/page")
def assessment_page(
    call: StaffCall, rooms: RoomsNow, request: Request, question: QuestionNow, language: Language = "zh"
) -> Response:
    """To print, or to keep as PDF."""
    return _printed(_assessed(rooms, request, _allowed(call, question)), language, rooms)


@router.get("/assessment/sheet")
def assessment_sheet(
    call: StaffCall, rooms: RoomsNow, request: Request, question: QuestionNow, language: Language = "zh"
) -> Response:
    name = f"assessment-{question.first}-{question.last}.xlsx"
    return _sheet(report_sheet(_assessed(rooms, request, _allowed(call, question)), language), name)


@router.post("/assessment/comparison")
def compare(asked: ComparisonWanted, call: StaffCall, rooms: RoomsNow, request: Request) -> ComparisonNow:
    """How the ranking differs between two profiles; a profile that is being written can be one of them."""
    question = _allowed(call, Question(asked.from_, asked.to, asked.by, asked.region))
    assess: Assess = request.app.state.assess
    zone = rooms.settings.zone
    with rooms.database.reading() as tx:
        one, other = _chosen(tx, asked.one), _chosen(tx, asked.other)
    with _Turn():
        found = compare_profiles(question, one, other, zone, rooms.clock(), assess=assess)
    return show_comparison(found)


@router.get("/assessment/profiles")
def list_profiles(_call: StaffCall, rooms: RoomsNow) -> ProfileList:
    with rooms.database.reading() as tx:
        stored = assessment_profiles.every(tx)
    own = [
        _profile(
            read_profile(one.name, one.content),
            is_default=one.is_default,
            ships=False,
            changed=one,
        )
        for one in stored
    ]
    shipped = _profile(USUAL, is_default=not any(one.is_default for one in stored), ships=True)
    return ProfileList(items=[shipped, *own], method=[MethodRow(**method) for method in plain_methods()])


@router.put("/assessment/profiles/{name}")
def change_profile(name: ProfileName, asked: ProfileWanted, call: KeeperCall, rooms: RoomsNow) -> ProfileRow:
    profile = Profile(name=name, aims=_aims(asked.aims), outages_are_charged=asked.outages_are_charged)
    put_profile(rooms.database, profile, is_default=asked.is_default, who=call.person.name, now=rooms.clock())
    with rooms.database.reading() as tx:
        stored = assessment_profiles.named(tx, name)
    return _profile(profile, is_default=stored.is_default, ships=False, changed=stored)


@router.delete("/assessment/profiles/{name}", status_code=204)
def delete_profile(name: ProfileName, call: KeeperCall, rooms: RoomsNow) -> None:
    with rooms.database.writing() as tx:
        assessment_profiles.remove(tx, name, call.person.name, rooms.clock())


@router.get("/assessment/reports")
def list_reports(
    _call: StaffCall,
    rooms: RoomsNow,
    kind: ReportKind | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> ReportPage:
    with rooms.database.reading() as tx:
        page = assessment_reports.page(tx, kind, limit=limit, offset=offset)
    return ReportPage(time_zone=rooms.settings.zone.key, total=page.total, items=[_report(row) for row in page.items])


@router.post("/assessment/reports", status_code=201)
def new_report(asked: ReportWanted, call: StaffCall, rooms: RoomsNow, request: Request) -> ReportRow:
    question = _allowed(call, Question(asked.from_, asked.to, asked.by, asked.region, asked.profile))
    assess: Assess = request.app.state.assess
    with _Turn():
        number = make_report(
            rooms.database, question, rooms.settings.zone, rooms.clock(), who=call.person.name, assess=assess
        )
    with rooms.database.reading() as tx:
        return _report(assessment_reports.content(tx, number)[0])


@router.get("/assessment/reports/{report_id}")
def one_report(report_id: IdNumber, call: StaffCall, rooms: RoomsNow) -> KeptReport:
    with rooms.database.reading() as tx:
        row, content = _kept(tx, call, report_id)
    return KeptReport(report=_report(row), content=dict(content))


@router.get("/assessment/reports/{report_id}/page")
def printed_report(report_id: IdNumber, call: StaffCall, rooms: RoomsNow, language: Language = "zh") -> Response:
    with rooms.database.reading() as tx:
        _, content = _kept(tx, call, report_id)
    return _printed(content, language, rooms)


@router.get("/assessment/reports/{report_id}/sheet")
def report_as_sheet(report_id: IdNumber, call: StaffCall, rooms: RoomsNow, language: Language = "zh") -> Response:
    """In Chinese it is the file that was kept."""
    with rooms.database.reading() as tx:
        kept = assessment_reports.sheet(tx, report_id)
        _, content = _kept(tx, call, report_id)
    return _sheet(kept if language == "zh" else report_sheet(content, language), f"assessment-{report_id}.xlsx")


def _allowed(call: SignedInCall, question: Question) -> Question:
    if question.by is GroupBy.OWNER:
        compare_owners(call.person)
    return question


def _kept(tx: Connection, call: SignedInCall, report_id: int) -> tuple[StoredReport, Mapping[str, Any]]:
    """Raises NotFound, NotAllowed."""
    row, content = assessment_reports.content(tx, report_id)
    if row.grouped_by == GroupBy.OWNER:
        compare_owners(call.person)
    return row, content


class _Turn:
    def __enter__(self) -> None:
        if not _one_at_a_time.acquire(timeout=_WAITING_S):
            raise TryAgain("other assessments are being made; try again in a minute")

    def __exit__(self, *_: object) -> None:
        _one_at_a_time.release()


def _aims(asked: Mapping[FigureKind, AimValue]) -> dict[FigureKind, Aim]:
    return {kind: Aim(target=aim.target, weight=aim.weight) for kind, aim in asked.items()}


def _chosen(tx: Connection, asked: ProfileChoice) -> Profile:
    """Raises NotFound, BadInput."""
    if asked.aims is None:
        return profile_named(tx, asked.name)
    return Profile(name=asked.name, aims=_aims(asked.aims), outages_are_charged=asked.outages_are_charged)


def _assessed(rooms: Rooms, request: Request, question: Question) -> dict[str, Any]:
    assess: Assess = request.app.state.assess
    recent: RecentAnswers = request.app.state.assessed
    with _Turn():
        with rooms.database.reading() as tx:
            profile = written_profile(profile_named(tx, question.profile))
        return recent.answer(
            (question, json.dumps(profile, sort_keys=True)),
            lambda: assess_office(rooms.database, question, rooms.settings.zone, rooms.clock(), assess=assess),
        )


def _printed(content: Any, language: Language, rooms: Rooms) -> Response:
    page = report_page(content, language, rooms.settings.town)
    return Response(page, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": _PAGE_FENCE})


def _sheet(content: bytes, name: str) -> Response:
    return Response(content, media_type=SHEET, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _profile(
    profile: Profile, *, is_default: bool, ships: bool, changed: assessment_profiles.StoredProfile | None = None
) -> ProfileRow:
    return ProfileRow(
        name=profile.name,
        aims={kind: AimValue(target=aim.target, weight=aim.weight) for kind, aim in profile.aims.items()},
        outages_are_charged=profile.outages_are_charged,
        is_default=is_default,
        ships=ships,
        changed_at=changed.changed_at if changed else None,
        changed_by=changed.changed_by if changed else "",
    )


def _report(row: assessment_reports.ReportRow) -> ReportRow:
    return ReportRow(
        id=row.report_id,
        kind=row.kind,
        start_at=row.start_at,
        end_at=row.end_at,
        by=row.grouped_by,
        made_at=row.made_at,
        made_by=row.made_by,
    )
