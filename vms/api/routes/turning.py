"""Whether a camera that can turn does so."""

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection

from vms.access.roles import Person
from vms.api.guards import AnyCall, KeeperCall, RoomsNow
from vms.api.models.recordings import TurningNow
from vms.api.models.shape import IdNumber
from vms.api.rooms import Rooms
from vms.api.routes.camera import known_camera
from vms.core.ids import CameraId
from vms.inventory.camera import Camera
from vms.services.ptz_check.desk import PtzDesk, PtzPolicy
from vms.services.ptz_check.turn_now import turn_now
from vms.store import ptz_checks

router = APIRouter(tags=["recordings"])


@router.get("/cameras/{camera_id}/turning")
def camera_turning(camera_id: IdNumber, call: AnyCall, rooms: RoomsNow) -> TurningNow:
    with rooms.database.reading() as tx:
        return _shown(tx, known_camera(tx, call.person, camera_id))


@router.post("/cameras/{camera_id}/turning")
async def turn_camera_now(camera_id: IdNumber, call: KeeperCall, rooms: RoomsNow) -> TurningNow:
    """It is turned a little and brought back, now."""
    desk = PtzDesk(
        database=rooms.database,
        box=rooms.box,
        policy=PtzPolicy(zone=rooms.settings.zone),
        clock=rooms.clock,
        agreements=rooms.settings.configurable,
        still=rooms.fetch_still,
        who=call.person.name,
    )
    await turn_now(desk, CameraId(camera_id))
    return await run_in_threadpool(_read, rooms, call.person, camera_id)


def _read(rooms: Rooms, person: Person, camera_id: int) -> TurningNow:
    with rooms.database.reading() as tx:
        return _shown(tx, known_camera(tx, person, camera_id))


def _shown(tx: Connection, camera: Camera) -> TurningNow:
    check = ptz_checks.of_camera(tx, camera.camera_id)
    return TurningNow(
        camera_id=camera.camera_id,
        can_turn=camera.ptz,
        checked_at=None if check is None else check.checked_at,
        ok=None if check is None else check.ok,
        because="" if check is None else check.because,
        is_away=check is not None and check.state == ptz_checks.TURNED,
    )
