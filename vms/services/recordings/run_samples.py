"""Samples of recordings are played in the quiet hours, each device at its own time of the night, a few at a time; what
was tried is known by the stored checks, so that whoever is killed goes on where he was."""

import asyncio
import logging
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from vms.services.recordings.check_device import CheckDesk
from vms.services.recordings.play_sample import play_sample
from vms.store import recording_targets
from vms.store.recording_targets import SampleTurn

log = logging.getLogger(__name__)


async def run_samples(desk: CheckDesk, stop: asyncio.Event) -> None:
    """Until `stop`; a device that is just playing is let go, and nothing of it is stored."""
    if desk.policy.sample_every is None:
        return
    while not stop.is_set():
        working = asyncio.create_task(play_all_due(desk))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
            if working.done() and working.result():
                log.info("samples of recordings played: %d", working.result())
        except* SQLAlchemyError as problems:
            log.warning("samples of recordings cannot be played: %s", problems.exceptions[0])
        finally:
            for task in (working, stopping):
                task.cancel()
            await asyncio.gather(working, stopping, return_exceptions=True)
        try:
            async with asyncio.timeout(desk.policy.look_every_s):
                await stop.wait()
        except TimeoutError:
            continue


async def play_all_due(desk: CheckDesk) -> int:
    """One walk through all devices whose time of the night has come; returns how many samples were tried."""
    policy = desk.policy
    if policy.sample_hours.since_begin(desk.clock(), policy.zone) is None:
        return 0
    gate = asyncio.Semaphore(policy.devices_at_once)
    tried, after = 0, 0
    async with asyncio.TaskGroup() as group:
        while True:
            due, until = await asyncio.to_thread(_due, desk, after, desk.clock())
            for turn in due:
                if policy.sample_hours.since_begin(desk.clock(), policy.zone) is None:
                    return tried
                await gate.acquire()
                group.create_task(_play(desk, turn, gate))
                tried += 1
                await asyncio.sleep(1 / policy.starts_per_s)
            if until is None:
                return tried
            after = until


def _due(desk: CheckDesk, after: int, now: datetime) -> tuple[list[SampleTurn], int | None]:
    policy = desk.policy
    every = policy.sample_every
    if every is None:
        return [], None
    with desk.database.reading() as tx:
        turns, until = recording_targets.samples_after(
            tx, after, policy.devices_at_a_time, tried_before=now - every, failed_before=now - policy.again_after
        )
    return [turn for turn in turns if policy.sample_hours.is_turn_of(turn.device_id, now, policy.zone)], until


async def _play(desk: CheckDesk, turn: SampleTurn, gate: asyncio.Semaphore) -> None:
    try:
        await play_sample(desk, turn)
    except Exception:  # the head of the loop: one device costs one device
        log.exception("a recording of device %d could not be played", turn.device_id)
    finally:
        gate.release()
