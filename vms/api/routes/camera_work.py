"""What is done with a camera: a clip of the coming seconds, its clock put right."""

import asyncio
import contextlib
import tempfile
from collections.abc import Awaitable
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from vms.access.decide import LookKind
from vms.api.guards import AnyCall, MaintenanceCall, RoomsNow, still_signed_in
from vms.api.models.shape import IdNumber
from vms.api.rooms import Rooms
from vms.core.errors import TryAgain, VmsError
from vms.core.ids import CameraId
from vms.inventory.camera import StreamRole
from vms.services.live_pictures import LiveDesk
from vms.services.look_at_camera import Asked
from vms.services.record_clip import LONGEST_S, clip_name, record_clip
from vms.services.set_camera_clock import set_camera_clock
from vms.store import watching

router = APIRouter(tags=["cameras"])
LOOK_FOR_THE_CLIENT_S = 0.5


@router.get(
    "/cameras/{camera_id}/clip",
    response_class=FileResponse,
    responses={200: {"content": {"video/mp4": {}}, "description": "an MP4 of the coming seconds; takes as long"}},
)
async def clip(
    request: Request,
    camera_id: IdNumber,
    call: AnyCall,
    rooms: RoomsNow,
    seconds: Annotated[float, Query(ge=1, le=LONGEST_S)] = 10.0,
    role: StreamRole = StreamRole.MAIN,
    incident: IdNumber | None = None,
    purpose: Annotated[str, Query(max_length=200)] = "",
) -> FileResponse:
    desk: LiveDesk = request.app.state.live_desk
    asked = Asked(
        person=call.person, camera_id=CameraId(camera_id), kind=LookKind.CLIP, incident_id=incident, purpose=purpose
    )
    began_at, offset_s = rooms.clock(), await run_in_threadpool(_clock_offset_s, rooms, camera_id)
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="vms-clip-"))
    target = folder / f"camera-{camera_id}.mp4"
    try:
        await _while_somebody_waits(
            request, record_clip(desk, asked, role, seconds, target, still_signed_in(rooms, call))
        )
    except BaseException:
        await asyncio.to_thread(_remove, target)
        raise
    return FileResponse(
        target,
        media_type="video/mp4",
        filename=clip_name(camera_id, began_at, offset_s),
        headers={"Cache-Control": "private, no-store"},
        background=BackgroundTask(_remove, target),
    )


@router.post("/cameras/{camera_id}/clock", status_code=204)
async def put_clock_right(camera_id: IdNumber, call: MaintenanceCall, rooms: RoomsNow) -> None:
    await set_camera_clock(rooms.database, rooms.box, camera_id, call.person, rooms.clock, purse=rooms.purse)


async def _while_somebody_waits(request: Request, work: Awaitable[object]) -> None:
    """Who leaves does not look any longer: the work is cancelled, which ends the look."""
    working = asyncio.ensure_future(work)
    try:
        while not working.done():
            await asyncio.wait({working}, timeout=LOOK_FOR_THE_CLIENT_S)
            if await request.is_disconnected():
                raise TryAgain("the client has left")
        await working
    finally:
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError, VmsError):
            await working


def _clock_offset_s(rooms: Rooms, camera_id: int) -> float | None:
    with rooms.database.reading() as tx:
        watch = watching.statuses(tx, rooms.clock(), [camera_id]).get(CameraId(camera_id))
    return None if watch is None else watch.clock_offset_s


def _remove(target: Path) -> None:
    target.unlink(missing_ok=True)
    target.parent.rmdir()
