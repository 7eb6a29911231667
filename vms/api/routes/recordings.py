"""Recordings, clocks and captions."""

from datetime import date, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.concurrency import run_in_threadpool

from vms.api.guards import AnyCall, KeeperCall, RoomsNow, StaffCall
from vms.api.models.recordings import CameraClockNow, CameraRecordings, PlanList, PlansNow, RecordingPage
from vms.api.models.shape import Day, IdNumber
from vms.api.region_asked import RegionAsked
from vms.api.rooms import Rooms
from vms.api.routes.camera import known_camera
from vms.api.show_recordings import read_plan, show_clock, show_page, show_plans, show_recordings
from vms.core.errors import BadInput
from vms.core.ids import CameraId, MaintainerId
from vms.inventory.tier import Tier
from vms.services.recordings.check_device import CheckDesk
from vms.services.recordings.check_now import check_now
from vms.services.recordings.clock_of_camera import clock_of_camera
from vms.services.recordings.play_now import play_now
from vms.services.recordings.policy import RecordingPolicy
from vms.services.recordings.put_plans import put_plans
from vms.store import recording_list, recordings
from vms.store.recording_list import RecordingFilter, RecordingState

router = APIRouter(tags=["recordings"])
USUAL_DAYS, MOST_DAYS = 30, 400
LONGEST_CHECK_S = 60.0
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
Sort = Literal["missing", "-missing", "days_kept", "-days_kept", "name", "-name"]


@router.get("/cameras/{camera_id}/recordings")
def camera_recordings(
    camera_id: IdNumber,
    call: AnyCall,
    rooms: RoomsNow,
    from_: Annotated[Day | None, Query(alias="from", description="first day")] = None,
    to: Annotated[Day | None, Query(description="last day; both are the office's days")] = None,
) -> CameraRecordings:
    """The last 30 days unless told."""
    last = to or _today(rooms)
    first = from_ or last - timedelta(days=USUAL_DAYS - 1)
    if not 0 <= (last - first).days < MOST_DAYS:
        raise BadInput(f"at most {MOST_DAYS} days, the first one first", where="from")
    with rooms.database.reading() as tx:
        known_camera(tx, call.person, camera_id)
        return show_recordings(tx, camera_id, first, last)


@router.post("/cameras/{camera_id}/recordings/check")
async def check_recordings(camera_id: IdNumber, call: KeeperCall, rooms: RoomsNow) -> CameraRecordings:
    """The device is asked now; why it could not be told is in `check.because`."""
    policy = RecordingPolicy(zone=rooms.settings.zone, device_s=LONGEST_CHECK_S)
    desk = CheckDesk(database=rooms.database, box=rooms.box, policy=policy, clock=rooms.clock, who=call.person.name)
    await check_now(desk, CameraId(camera_id))
    return await run_in_threadpool(_last_days, rooms, camera_id)


@router.post("/cameras/{camera_id}/recordings/play")
async def play_recordings(camera_id: IdNumber, call: KeeperCall, rooms: RoomsNow) -> CameraRecordings:
    """A moment of its recordings is played now; what came of it is in `check`."""
    policy = RecordingPolicy(zone=rooms.settings.zone, device_s=LONGEST_CHECK_S)
    desk = CheckDesk(database=rooms.database, box=rooms.box, policy=policy, clock=rooms.clock, who=call.person.name)
    await play_now(desk, CameraId(camera_id))
    return await run_in_threadpool(_last_days, rooms, camera_id)


@router.get("/cameras/{camera_id}/clock")
def camera_clock(
    camera_id: IdNumber, call: AnyCall, rooms: RoomsNow, days: Annotated[int, Query(ge=1, le=400)] = 30
) -> CameraClockNow:
    with rooms.database.reading() as tx:
        camera = known_camera(tx, call.person, camera_id)
        return show_clock(camera_id, clock_of_camera(tx, camera, rooms.clock(), days=days))


@router.get("/recordings")
def recording_list_now(
    _call: StaffCall,
    rooms: RoomsNow,
    tier: Tier | None = None,
    region: RegionAsked = "",
    maintainer: Annotated[IdNumber | None, Query(description="the firm's id, who would get its faults")] = None,
    plan: Annotated[str, Query(max_length=80, description="its name")] = "",
    without_plan: Annotated[bool, Query(description="only those that no plan fits")] = False,
    state: RecordingState | None = None,
    sort: Annotated[Sort, Query(description="missing, days_kept, name; with a minus the other way round")] = "-missing",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Offset = 0,
) -> RecordingPage:
    """Cameras in service that were looked at, with their last 14 days."""
    wanted = RecordingFilter(
        region_code=region,
        tier=tier,
        maintainer_id=None if maintainer is None else MaintainerId(maintainer),
        plan="" if without_plan else plan or None,
        state=state,
    )
    with rooms.database.reading() as tx:
        page = recording_list.page(tx, wanted, sort=sort, limit=limit, offset=offset)
        return show_page(tx, page, _today(rooms))


@router.get("/recordings/plans")
def recording_plans(_call: StaffCall, rooms: RoomsNow) -> PlansNow:
    with rooms.database.reading() as tx:
        return show_plans(tx, recordings.plans(tx))


@router.put("/recordings/plans")
def set_recording_plans(asked: PlanList, call: KeeperCall, rooms: RoomsNow) -> PlansNow:
    """All of them, in their order; days that were judged before stay as they were judged."""
    plans = [read_plan(plan) for plan in asked.plans]
    with rooms.database.writing() as tx:
        put_plans(tx, plans, call.person.name, rooms.clock())
    with rooms.database.reading() as tx:
        return show_plans(tx, plans)


def _last_days(rooms: Rooms, camera_id: int) -> CameraRecordings:
    today = _today(rooms)
    with rooms.database.reading() as tx:
        return show_recordings(tx, camera_id, today - timedelta(days=USUAL_DAYS - 1), today)


def _today(rooms: Rooms) -> date:
    return rooms.clock().astimezone(rooms.settings.zone).date()
