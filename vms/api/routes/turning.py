"""Whether a camera that can turn does so."""

from fastapi import APIRouter

from vms.api.guards import AnyCall, RoomsNow
from vms.api.models.recordings import TurningNow
from vms.api.models.shape import IdNumber
from vms.api.routes.camera import known_camera
from vms.store import ptz_checks

router = APIRouter(tags=["recordings"])


@router.get("/cameras/{camera_id}/turning")
def camera_turning(camera_id: IdNumber, call: AnyCall, rooms: RoomsNow) -> TurningNow:
    with rooms.database.reading() as tx:
        camera = known_camera(tx, call.person, camera_id)
        check = ptz_checks.of_camera(tx, camera_id)
    return TurningNow(
        camera_id=camera_id,
        can_turn=camera.ptz,
        checked_at=None if check is None else check.checked_at,
        ok=None if check is None else check.ok,
        because="" if check is None else check.because,
        is_away=check is not None and check.state == ptz_checks.TURNED,
    )
