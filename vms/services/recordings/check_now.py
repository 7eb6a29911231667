"""One camera's recording and caption are looked at because a person asks."""

import asyncio

from vms.core.errors import Conflict
from vms.core.ids import CameraId, DeviceId
from vms.services.recordings.check_device import CheckDesk, check_device
from vms.services.recordings.judge_camera import Judged
from vms.store import cameras


async def check_now(desk: CheckDesk, camera_id: CameraId) -> Judged:
    """Stored when this returns; why it could not be told is in its check. Raises NotFound, Conflict for a camera
    that is not in service or has no device."""
    device_id = await asyncio.to_thread(device_of, desk, camera_id)
    found = await check_device(desk, device_id, only=camera_id, captions_too=True)
    if not found:
        raise Conflict(f"camera {camera_id} has been taken away from its device meanwhile")
    return found[0]


def device_of(desk: CheckDesk, camera_id: CameraId) -> DeviceId:
    """Blocking. Raises NotFound, Conflict."""
    with desk.database.reading() as tx:
        camera = cameras.get(tx, camera_id)
    if not camera.life_cycle.in_service:
        raise Conflict(f"camera {camera_id} is not in service", code="not_in_service")
    if camera.device_id is None:
        raise Conflict(f"camera {camera_id} has no device", code="no_device")
    return camera.device_id
