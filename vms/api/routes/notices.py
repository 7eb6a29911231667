"""Announced outages and maintenance windows (报备)."""

from typing import Annotated

from fastapi import APIRouter, Query

from vms.api.guards import MaintenanceCall, ReviewerCall, RoomsNow, StaffCall
from vms.api.models.notices import (
    CoveredCamera,
    NewNotice,
    NoticeDecision,
    NoticeDetail,
    NoticePage,
    NoticeRow,
    NoticeWithdrawal,
)
from vms.api.models.shape import IdNumber
from vms.api.show_outages import notice_fields, show_notice
from vms.health.outages.notice import NoticeKind, NoticeState, Scope
from vms.services.notices.announce import NoticeWish, ask, decide, withdraw
from vms.store import notices
from vms.store.notices import NoticeFilter

router = APIRouter(tags=["notices"])


@router.get("/notices")
def list_notices(
    call: StaffCall,
    rooms: RoomsNow,
    state: NoticeState | None = None,
    kind: NoticeKind | None = None,
    camera_id: Annotated[IdNumber | None, Query(description="only approved ones that cover it")] = None,
    now_only: bool = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> NoticePage:
    """The latest first."""
    now = rooms.clock()
    wanted = NoticeFilter(state=state, kind=kind, camera_id=camera_id, at=now if now_only else None)
    with rooms.database.reading() as tx:
        page = notices.page(tx, wanted, limit=limit, offset=offset)
    return NoticePage(total=page.total, items=[show_notice(one, call.person, now) for one in page.items])


@router.post("/notices", status_code=201)
def announce(new: NewNotice, call: MaintenanceCall, rooms: RoomsNow) -> NoticeRow:
    """It counts when somebody else has approved it; also afterwards, but then it is shown as late."""
    wish = NoticeWish(
        kind=new.kind,
        reason=new.reason,
        scope=Scope(new.scope.kind, tuple(dict.fromkeys(new.scope.values))),
        start_at=new.start_at,
        end_at=new.end_at,
    )
    now = rooms.clock()
    with rooms.database.writing() as tx:
        return show_notice(ask(tx, wish, call.person, now, rooms.settings.notices), call.person, now)


@router.get("/notices/{notice_id}")
def one_notice(notice_id: IdNumber, call: StaffCall, rooms: RoomsNow) -> NoticeDetail:
    with rooms.database.reading() as tx:
        found = notices.get(tx, notice_id)
        covered = notices.covered_cameras(tx, notice_id)
    listed = [CoveredCamera(camera_id=camera_id, name=name) for camera_id, name in covered]
    return NoticeDetail(**notice_fields(found, call.person, rooms.clock()), covered=listed)


@router.post("/notices/{notice_id}/decision")
def decide_notice(notice_id: IdNumber, word: NoticeDecision, call: ReviewerCall, rooms: RoomsNow) -> NoticeRow:
    """Not by who asked for it. Whom it covers is fixed with the approval."""
    now = rooms.clock()
    with rooms.database.writing() as tx:
        done = decide(tx, notice_id, call.person, approve=word.approve, note=word.note, now=now)
        return show_notice(done, call.person, now)


@router.post("/notices/{notice_id}/withdraw")
def withdraw_notice(notice_id: IdNumber, word: NoticeWithdrawal, call: StaffCall, rooms: RoomsNow) -> NoticeRow:
    """One that has begun ends now."""
    now = rooms.clock()
    with rooms.database.writing() as tx:
        return show_notice(withdraw(tx, notice_id, call.person, word.note, now), call.person, now)
