"""Owners register cameras: submitted without sign-in, decided by a reviewer, changed with the owner's key."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool

from vms.access.registration import RegistrationStatus
from vms.api.guards import Anybody, OwnerCall, ReviewerCall, RoomsNow
from vms.api.models.cameras import AccessRequestDecision, AccessRequestList, AccessRequestRow, LookList
from vms.api.models.registrations import (
    ConsentChange,
    MyRegistration,
    NewRegistration,
    RegistrationDecision,
    RegistrationOpened,
    RegistrationPage,
    RegistrationRow,
)
from vms.api.models.shape import IdNumber
from vms.api.rate_limit import RateLimit
from vms.api.routes.session import caller_address
from vms.api.show import show_looks, show_request
from vms.api.show_registration import read_change, read_submission, show_mine, show_registration
from vms.services.decide_access_request import answer_request
from vms.services.decide_registration import ask_camera, begin_approval, finish_approval, refuse_registration
from vms.services.owners_time import owners_time
from vms.services.register_camera import change_consent, owners_view, submit_registration
from vms.store import access_requests, looks, registrations
from vms.store.page import Page

router = APIRouter(tags=["registration"])


@router.post("/registrations", status_code=201)
def submit(body: NewRegistration, request: Request, rooms: RoomsNow, _door: Anybody) -> RegistrationOpened:
    now = rooms.clock()
    limit: RateLimit = request.app.state.registration_limit
    limit.count(caller_address(request), now)
    login = (body.username, body.password) if body.username else None
    submitted = submit_registration(
        rooms.database, rooms.box, read_submission(body), login, rooms.settings.registration_networks, now
    )
    return RegistrationOpened(id=submitted.registration_id, access_key=submitted.access_key)


@router.get("/registrations")
def list_registrations(
    _call: ReviewerCall,
    rooms: RoomsNow,
    status: RegistrationStatus | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> RegistrationPage:
    with rooms.database.reading() as tx:
        page = registrations.page(tx, status=status, limit=limit, offset=offset)
    return RegistrationPage(total=page.total, items=[show_registration(item, masked=True) for item in page.items])


@router.get("/registrations/{registration_id}")
def one_registration(registration_id: IdNumber, _call: ReviewerCall, rooms: RoomsNow) -> RegistrationRow:
    with rooms.database.reading() as tx:
        return show_registration(registrations.get(tx, registration_id), masked=False)


@router.post("/registrations/{registration_id}/decision")
async def decide(
    registration_id: IdNumber, body: RegistrationDecision, call: ReviewerCall, rooms: RoomsNow
) -> RegistrationRow:
    """An approval calls the camera: it may take some seconds, and 502 or 503 leave the registration undecided."""
    if body.decision == "refuse":
        decided = await run_in_threadpool(
            refuse_registration, rooms.database, registration_id, body.reason, call.person, rooms.clock()
        )
        return show_registration(decided, masked=False)
    registration, login = await run_in_threadpool(
        begin_approval,
        rooms.database,
        rooms.box,
        registration_id,
        rooms.settings.registration_networks,
        call.person,
        rooms.clock(),
    )
    observed = await ask_camera(rooms.database, rooms.probe, registration, login, call.person, rooms.clock())
    decided = await run_in_threadpool(
        finish_approval, rooms.database, registration, observed, call.person, body.reason, rooms.clock
    )
    return show_registration(decided, masked=False)


@router.get("/registrations/{registration_id}/mine")
def mine(registration_id: OwnerCall, rooms: RoomsNow) -> MyRegistration:
    return show_mine(owners_view(rooms.database, registration_id, rooms.clock()))


@router.post("/registrations/{registration_id}/consent")
def consent(registration_id: OwnerCall, body: ConsentChange, rooms: RoomsNow) -> MyRegistration:
    change_consent(rooms.database, registration_id, read_change(body), rooms.clock())
    return show_mine(owners_view(rooms.database, registration_id, rooms.clock()))


@router.get("/registrations/{registration_id}/looks")
def looks_at_mine(
    registration_id: OwnerCall,
    rooms: RoomsNow,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> LookList:
    with rooms.database.reading() as tx:
        mine = owners_time(tx, registrations.get(tx, registration_id))
        if mine is None:
            return show_looks(Page(items=(), total=0))
        page = looks.of_camera(tx, mine.camera_id, since=mine.since, until=mine.until, limit=limit, offset=offset)
        return show_looks(page)


@router.get("/registrations/{registration_id}/access-requests")
def requests_for_mine(registration_id: OwnerCall, rooms: RoomsNow) -> AccessRequestList:
    now = rooms.clock()
    with rooms.database.reading() as tx:
        mine = owners_time(tx, registrations.get(tx, registration_id))
        found = (
            [] if mine is None else access_requests.of_camera(tx, mine.camera_id, since=mine.since, until=mine.until)
        )
    return AccessRequestList(items=[show_request(request, now) for request in found])


@router.post("/registrations/{registration_id}/access-requests/{request_id}/decision")
def answer(
    registration_id: OwnerCall, request_id: IdNumber, body: AccessRequestDecision, rooms: RoomsNow
) -> AccessRequestRow:
    now = rooms.clock()
    minutes = body.minutes if body.grant else None
    return show_request(answer_request(rooms.database, registration_id, request_id, minutes, now), now)
