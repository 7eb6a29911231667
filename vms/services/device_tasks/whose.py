"""May the office configure this device or channel? Asked when a task is planned, and again before anything is sent."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from vms.access.agreement import Agreements
from vms.access.may_configure import NOT_OURS, may_configure
from vms.inventory.camera import Camera
from vms.inventory.identity.known_device import KnownDevice
from vms.store import cameras

NOT_IN_SERVICE = "the camera is not in service"
DISPLACED = "another device answers at its address; nobody knows where it is"


def why_not(
    tx: Connection, device: KnownDevice, camera_id: int | None, agreements: Agreements, *, whole_device: bool
) -> str:
    """Empty: it may be. What concerns the whole device concerns all of its cameras that are in service."""
    mine = [camera for camera in cameras.of_device(tx, device.device_id) if camera.life_cycle.in_service]
    chosen = mine if whole_device else [camera for camera in mine if camera.camera_id == camera_id]
    return judge(device, chosen, agreements)


def judge(device: KnownDevice, chosen: Sequence[Camera], agreements: Agreements) -> str:
    if device.displaced_at is not None:
        return DISPLACED
    if not chosen:
        return NOT_IN_SERVICE
    return "" if all_ours(chosen, device.observed.address, agreements) else NOT_OURS


def all_ours(chosen: Iterable[Camera], address: str, agreements: Agreements) -> bool:
    return all(may_configure(camera.declared.tier, address, agreements) for camera in chosen)
