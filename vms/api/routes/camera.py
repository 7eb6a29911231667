"""One camera: its record, history, pictures, who looked, requests to its owner."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection

from vms.access.decide import LookKind
from vms.access.roles import Person, Role, may_know_of
from vms.api.guards import AdminCall, AnyCall, LookerCall, RoomsNow
from vms.api.models.cameras import (
    AccessRequestList,
    AccessRequestRow,
    CameraCalendar,
    CameraDetail,
    CameraHistory,
    LookList,
    NewAccessRequest,
)
from vms.api.models.shape import Day, IdNumber
from vms.api.rooms import Rooms
from vms.api.show import show_camera, show_consent, show_looks, show_request
from vms.api.show_days import show_days, show_notices, show_spans
from vms.api.show_record import (
    show_declared,
    show_device,
    show_differences,
    show_fault,
    show_flips,
    show_observed,
    show_streams,
    show_uptime,
    show_watch,
)
from vms.core.errors import BadInput, NotFound, TryAgain
from vms.core.ids import CameraId
from vms.inventory.camera import Camera
from vms.inventory.differences import Difference, differences, still_open
from vms.inventory.identity.known_device import KnownDevice
from vms.services.camera_days import day_of, last_days, stretch_of
from vms.services.credentials.note_use import note_use
from vms.services.decide_access_request import ask_owner
from vms.services.files_below import read_below
from vms.services.login_for import login_for
from vms.services.look_at_camera import Asked, decisions_for, refuse_unless_allowed, take_ticket
from vms.services.sight_of import sight_of
from vms.store import (
    accepted_differences,
    access_requests,
    camera_board,
    cameras,
    consents,
    devices,
    faults,
    incidents,
    looks,
    recordings,
    stills,
)
from vms.store.blind_spells import blind_of
from vms.store.credential_uses import Purpose
from vms.store.credentials import StoredLogin
from vms.store.watch_sessions import sessions_between
from vms.store.watching import flips_of

router = APIRouter(tags=["cameras"])
LATEST_FLIPS = 20
WEEK = timedelta(days=7)
MAX_STILL_BYTES = 8 * 1024 * 1024


@router.get("/cameras/{camera_id}")
def one_camera(camera_id: IdNumber, call: AnyCall, rooms: RoomsNow, incident: IdNumber | None = None) -> CameraDetail:
    now = rooms.clock()
    person = call.person
    with rooms.database.reading() as tx:
        camera = known_camera(tx, person, camera_id)
        board = camera_board.boards(tx, [camera_id], now)[camera.camera_id]
        scene = None if incident is None else incidents.scene(tx, incident)
        kind = LookKind.STILL if person.role is Role.MAINTAINER else LookKind.LIVE
        decision = decisions_for(tx, person, [camera_id], rooms.settings.agreements, now, kind=kind, incident=scene)
        device = None if camera.device_id is None else devices.get(tx, camera.device_id)
        flips = flips_of(tx, camera_id, now - WEEK, now)
        sessions = sessions_between(tx, now - WEEK, now)
        blind = blind_of(tx, [camera_id], now - WEEK, now).get(camera.camera_id, ())
        standing = [row for row in faults.faults_between(tx, camera_id, now, now) if not row.closed_at]
        sight = sight_of(tx, person, [camera_id])
        addresses, whose = sight.addresses(camera.camera_id), sight.whose(camera.camera_id)
        return CameraDetail(
            row=show_camera(camera, board, decision[camera.camera_id], sight, addresses=False),
            declared=show_declared(camera, addresses=addresses, whose=whose),
            observed=show_observed(camera),
            differences=show_differences(_open_differences(tx, camera, device), addresses=addresses, whose=whose),
            device=None if device is None else show_device(device, addresses=addresses, whose=whose),
            streams=show_streams(camera, addresses=addresses),
            watch=show_watch(board.watch, recordings.check_of(tx, camera_id), standing),
            faults=[show_fault(row) for row in standing],
            uptime=show_uptime(flips, sessions, blind, now),
            flips=show_flips(flips)[:LATEST_FLIPS],
            consent=show_consent(consents.of_camera(tx, camera_id)),
        )


@router.get("/cameras/{camera_id}/history")
def camera_history(
    camera_id: IdNumber,
    call: AnyCall,
    rooms: RoomsNow,
    days: Annotated[int, Query(ge=1, le=90)] = 7,
    day: Annotated[Day | None, Query(description="of the office's calendar, instead of the last `days`")] = None,
) -> CameraHistory:
    now = rooms.clock()
    wanted = None if day is None else day_of(day, rooms.settings.zone)
    if wanted is not None and wanted.start >= now:
        raise BadInput("this day has not begun yet", where="day")
    start, end = (now - timedelta(days=days), now) if wanted is None else (wanted.start, min(wanted.end, now))
    with rooms.database.reading() as tx:
        camera = known_camera(tx, call.person, camera_id)
        known = stretch_of(tx, camera_id, start, end)
        week = stretch_of(tx, camera_id, now - WEEK, now)
        return CameraHistory(
            camera_id=camera.camera_id,
            from_at=start,
            to_at=end,
            spans=show_spans(known.spells),
            flips=show_flips([flip for flip in known.flips if flip.at >= start]),
            faults=[show_fault(row) for row in known.faults],
            notices=show_notices(known.notices),
            uptime=show_uptime(week.flips, week.sessions, week.blind, now),
        )


@router.get("/cameras/{camera_id}/calendar")
def camera_calendar(
    camera_id: IdNumber, call: AnyCall, rooms: RoomsNow, days: Annotated[int, Query(ge=1, le=400)] = 90
) -> CameraCalendar:
    """How its days were spent; today is the last one."""
    zone = rooms.settings.zone
    with rooms.database.reading() as tx:
        camera = known_camera(tx, call.person, camera_id)
        known, spent = last_days(tx, camera_id, days, zone, rooms.clock())
    return CameraCalendar(
        camera_id=camera.camera_id,
        time_zone=zone.key,
        days=show_days(spent, known.faults),
        faults=[show_fault(row) for row in known.faults],
    )


@router.get(
    "/cameras/{camera_id}/snapshot",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}, "description": "headers X-Picture-At and Age say how old it is"}},
)
async def snapshot(
    camera_id: IdNumber,
    call: AnyCall,
    rooms: RoomsNow,
    incident: IdNumber | None = None,
    fresh: Annotated[bool, Query(description="fetched from the camera now instead of the latest that is kept")] = False,
    purpose: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    asked = Asked(
        person=call.person,
        camera_id=CameraId(camera_id),
        kind=LookKind.SNAPSHOT if fresh else LookKind.STILL,
        incident_id=incident,
        purpose=purpose,
    )
    agreements = rooms.settings.agreements
    await run_in_threadpool(refuse_unless_allowed, rooms.database, asked, agreements, rooms.clock())
    if fresh:
        jpeg, at = await _fetch(rooms, camera_id, call.person), rooms.clock()
    else:
        jpeg, at = await run_in_threadpool(_kept, rooms, camera_id)
    await run_in_threadpool(take_ticket, rooms.database, asked, agreements, rooms.clock())
    age_s = max(0, int((rooms.clock() - at).total_seconds()))
    headers = {"X-Picture-At": at.isoformat(), "Age": str(age_s), "Cache-Control": "private, no-store"}
    return Response(jpeg, media_type="image/jpeg", headers=headers)


@router.get("/cameras/{camera_id}/looks")
def camera_looks(
    camera_id: IdNumber,
    _call: AdminCall,
    rooms: RoomsNow,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> LookList:
    with rooms.database.reading() as tx:
        page = looks.of_camera(tx, camera_id, limit=limit, offset=offset)
        return show_looks(page)


@router.post("/cameras/{camera_id}/access-requests", status_code=201)
def new_access_request(
    camera_id: IdNumber, body: NewAccessRequest, call: LookerCall, rooms: RoomsNow
) -> AccessRequestRow:
    now = rooms.clock()
    request = ask_owner(
        rooms.database,
        call.person,
        CameraId(camera_id),
        body.incident_id,
        body.purpose,
        rooms.settings.agreements,
        now,
    )
    return show_request(request, now)


@router.get("/cameras/{camera_id}/access-requests")
def my_access_requests(camera_id: IdNumber, call: LookerCall, rooms: RoomsNow) -> AccessRequestList:
    now = rooms.clock()
    with rooms.database.reading() as tx:
        found = access_requests.of_camera(tx, camera_id, user_id=call.person.user_id)
    return AccessRequestList(items=[show_request(request, now) for request in found])


def known_camera(tx: Connection, person: Person, camera_id: IdNumber) -> Camera:
    """Raises NotFound also where there is one that this person may not know of."""
    camera = cameras.get(tx, camera_id)
    if not may_know_of(person, camera.life_cycle, camera.owner_id):
        raise NotFound(f"there is no camera {camera_id}")
    return camera


def _open_differences(tx: Connection, camera: Camera, device: KnownDevice | None) -> tuple[Difference, ...]:
    """Those that a person let stand are left out."""
    accepted = accepted_differences.of_cameras(tx, [camera.camera_id]).get(camera.camera_id, {})
    return still_open(differences(camera, device.observed if device else None), accepted)


async def _fetch(rooms: Rooms, camera_id: int, person: Person) -> bytes:
    if rooms.fetch_still is None:
        raise TryAgain("this server cannot fetch pictures")
    camera, login = await run_in_threadpool(_with_login, rooms, camera_id)
    args = (rooms.database, login, camera.device_id, Purpose.STILL, person.name, rooms.clock())
    await run_in_threadpool(note_use, *args)
    return await rooms.fetch_still(camera, login)


def _with_login(rooms: Rooms, camera_id: int) -> tuple[Camera, StoredLogin | None]:
    with rooms.database.reading() as tx:
        camera = cameras.get(tx, camera_id)
        return camera, login_for(tx, rooms.box, camera)


def _kept(rooms: Rooms, camera_id: int) -> tuple[bytes, datetime]:
    with rooms.database.reading() as tx:
        still = stills.of_camera(tx, camera_id)
    if still is None:
        raise NotFound("no picture of this camera is kept yet", code="no_picture")
    return read_below(rooms.stills_folder, still.file, MAX_STILL_BYTES), still.at
