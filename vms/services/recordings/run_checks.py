"""Recordings and captions are looked at once a day, device by device, each at its own time; what was done is known by
the stored checks, so that whoever is killed goes on where he was."""

import asyncio
import logging
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from vms.core.ids import DeviceId
from vms.health.pace import last_turn_of_day
from vms.services.recordings.check_device import CheckDesk, check_device
from vms.store import incidents, poll_targets, recording_targets

log = logging.getLogger(__name__)
SHOWN_WITHIN = timedelta(hours=24)
"""Devices whose cameras were shown for an open incident so recently are let alone."""


async def run_checks(desk: CheckDesk, stop: asyncio.Event) -> None:
    """Until `stop`; a device that is just being asked is let go, and nothing of it is stored."""
    walking = asyncio.create_task(_walk_forever(desk))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((walking, stopping), return_when=asyncio.FIRST_COMPLETED)
    for task in (walking, stopping):
        task.cancel()
    await asyncio.gather(stopping, return_exceptions=True)
    try:
        await walking
    except asyncio.CancelledError:
        if not stop.is_set():
            raise


async def check_all_due(desk: CheckDesk) -> int:
    """One walk through all devices; returns how many were looked at."""
    gate = asyncio.Semaphore(desk.policy.devices_at_once)
    done, after = 0, 0
    async with asyncio.TaskGroup() as group:
        while True:
            due, until = await asyncio.to_thread(_due, desk, after)
            for device_id in due:
                await gate.acquire()
                group.create_task(_check(desk, device_id, gate))
                done += 1
                await asyncio.sleep(1 / desk.policy.starts_per_s)
            if until is None:
                return done
            after = until


async def _walk_forever(desk: CheckDesk) -> None:
    await asyncio.sleep(desk.policy.first_after_s)
    while True:
        try:
            done = await check_all_due(desk)
            if done:
                log.info("recordings of %d devices looked at", done)
        except* SQLAlchemyError as problems:
            log.warning("recordings cannot be looked at: %s", problems.exceptions[0])
        await asyncio.sleep(desk.policy.look_every_s)


async def _check(desk: CheckDesk, device_id: DeviceId, gate: asyncio.Semaphore) -> None:
    try:
        await check_device(desk, device_id)
    except Exception:  # the head of the loop: one device costs one device
        log.exception("the recordings of device %d could not be looked at", device_id)
    finally:
        gate.release()


def _due(desk: CheckDesk, after: int) -> tuple[list[DeviceId], int | None]:
    now = desk.clock()
    with desk.database.reading() as tx:
        turns, until = recording_targets.turns_after(tx, after, desk.policy.devices_at_a_time)
        shown = incidents.cameras_shown_since(tx, now - SHOWN_WITHIN)
        busy = poll_targets.devices_of_cameras(tx, shown) if shown else set()
    due = [
        turn.device_id
        for turn in turns
        if turn.device_id not in busy
        and (turn.checked_at is None or turn.checked_at < last_turn_of_day(turn.device_id, now))
    ]
    return due, until
