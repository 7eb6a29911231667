"""What was found of one device, in one transaction: days, checks, captions, faults opened and closed, what it cost."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from vms.services.recordings.judge_camera import Judged
from vms.store import device_costs, devices, recording_list, recording_targets, recordings
from vms.store.captions import put_captions
from vms.store.device_costs import DeviceCost
from vms.store.faults import ClosedFault, OpenedFault, close_faults, open_faults, standing_faults


def keep_judged(tx: Connection, device_id: int, found: Sequence[Judged], cost: DeviceCost, now: datetime) -> None:
    """Cameras that were taken out of service or put on another device meanwhile are left out. Two
    looks at one device come one after the other. Raises NotFound."""
    devices.locked(tx, [device_id])
    still = {camera.camera_id for camera in recording_targets.cameras_of(tx, device_id)}
    kept = [judged for judged in found if judged.check.camera_id in still]
    recordings.put_checks(tx, [judged.check for judged in kept])
    for judged in kept:
        if judged.days:
            recordings.put_days(tx, judged.check.camera_id, judged.days, judged.check.source, now)
    recording_list.sum_up(
        tx, [judged.check.camera_id for judged in kept], now.date() - timedelta(days=recording_list.LIST_DAYS - 1)
    )
    put_captions(tx, [judged.caption for judged in kept if judged.caption is not None])
    _keep_faults(tx, kept, now)
    if cost.requests:
        device_costs.add_many(tx, [cost])


def _keep_faults(tx: Connection, found: Sequence[Judged], now: datetime) -> None:
    standing = standing_faults(tx, [judged.check.camera_id for judged in found])
    opened: list[OpenedFault] = []
    closed: list[ClosedFault] = []
    for judged in found:
        camera_id = judged.check.camera_id
        is_open = {fault.kind for fault in standing.get(camera_id, ())}
        for kind, fault in judged.faults.items():
            if fault is not None and kind not in is_open:
                opened.append(OpenedFault(camera_id, fault, now))
            elif fault is None and kind in is_open:
                closed.append(ClosedFault(camera_id, kind, now))
    close_faults(tx, closed, now)
    open_faults(tx, opened, now)
