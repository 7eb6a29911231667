"""A moment of one camera's recordings is played because a person asks: after a repair nobody waits for the night."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from vms.core.errors import Conflict
from vms.core.ids import CameraId
from vms.health.sample import Sample
from vms.services.recordings.check_device import CheckDesk
from vms.services.recordings.check_now import device_of
from vms.services.recordings.play_sample import play_sample
from vms.store import recordings
from vms.store.recording_targets import SampleTurn


async def play_now(desk: CheckDesk, camera_id: CameraId) -> Sample:
    """Stored when this returns. Raises NotFound; Conflict for a camera that is not in service, has no device, of which
    nothing is recorded, or whose device is to be let alone just now."""
    turn = await asyncio.to_thread(_turn, desk, camera_id)
    asked = replace(desk, policy=replace(desk.policy, looked_within=timedelta()))
    sample = await play_sample(asked, turn)
    if sample is None:
        raise Conflict("somebody looks through this device, or an incident near it is open: later", code="let_alone")
    return sample


def _turn(desk: CheckDesk, camera_id: CameraId) -> SampleTurn:
    device_id = device_of(desk, camera_id)
    with desk.database.reading() as tx:
        check = recordings.check_of(tx, camera_id)
    if check is None or check.newest_at is None:
        raise Conflict(f"nothing is known to be recorded of camera {camera_id}: look first", code="nothing_recorded")
    return SampleTurn(device_id=device_id, camera_id=camera_id, oldest_at=check.oldest_at, newest_at=check.newest_at)
