"""One camera is turned because a person asks: after a repair nobody waits for the night."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from vms.access.may_configure import NOT_OURS
from vms.core.errors import Conflict, NotAllowed
from vms.core.ids import CameraId
from vms.health.turning import TurnOutcome
from vms.services.ptz_check.desk import PtzDesk
from vms.services.ptz_check.turn_camera import open_camera, turn_camera
from vms.store import cameras
from vms.store.ptz_checks import PtzTurn


async def turn_now(desk: PtzDesk, camera_id: CameraId) -> TurnOutcome:
    """Stored when this returns. Raises NotFound; NotAllowed where the office may not move it; Conflict for a camera
    that cannot turn, is not in service, or is to be let alone just now."""
    asked = replace(desk, policy=replace(desk.policy, stands_for=timedelta(), looked_within=timedelta()))
    turn = await asyncio.to_thread(_turn, asked, camera_id)
    alone = (await asyncio.to_thread(open_camera, asked, turn)).alone
    if alone == NOT_OURS:
        raise NotAllowed(NOT_OURS, code="not_ours")
    outcome = None if alone else await turn_camera(asked, turn)
    if outcome is None:
        raise Conflict(
            "somebody looks or moves it, a tour runs, or an incident near it is open: later", code="let_alone"
        )
    return outcome


def _turn(desk: PtzDesk, camera_id: CameraId) -> PtzTurn:
    with desk.database.reading() as tx:
        camera = cameras.get(tx, camera_id)
    if not camera.life_cycle.in_service:
        raise Conflict(f"camera {camera_id} is not in service", code="not_in_service")
    if camera.device_id is None:
        raise Conflict(f"camera {camera_id} has no device", code="no_device")
    if not camera.ptz:
        raise Conflict(f"camera {camera_id} cannot turn", code="cannot_turn")
    return PtzTurn(device_id=camera.device_id, camera_id=camera_id)
