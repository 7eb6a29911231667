"""Cameras are turned at night, each device at its own time; before all others those are brought back that somebody was
killed over. What was done is known by the stored checks."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from vms.services.ptz_check.bring_back import bring_back
from vms.services.ptz_check.desk import PtzDesk
from vms.services.ptz_check.turn_camera import note_where_it_stands, turn_camera
from vms.store import ptz_checks
from vms.store.ptz_checks import PtzTurn, TurnedCamera

log = logging.getLogger(__name__)


async def run_ptz_checks(desk: PtzDesk, stop: asyncio.Event, *, turns: bool = True) -> None:
    """Until `stop`; then a camera that is just turned may still be brought back. `turns` False: those are brought back
    that were turned, and no other is."""
    walking = asyncio.create_task(_walk_forever(desk, stop, turns=turns))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((walking, stopping), return_when=asyncio.FIRST_COMPLETED)
    try:
        async with asyncio.timeout(desk.policy.grace_s):
            await walking
    except TimeoutError:
        log.warning("cameras that are just turned are brought back at the next start")
    finally:
        for task in (walking, stopping):
            task.cancel()
        await asyncio.gather(walking, stopping, return_exceptions=True)


async def bring_all_back(desk: PtzDesk, *, at_start: bool = True) -> int:
    """How many are back. Not `at_start`: those alone that nobody can be turning just now, in whatever process."""
    since = None if at_start else desk.clock() - timedelta(seconds=desk.policy.device_s)
    away = [one for one in await asyncio.to_thread(_away, desk, since) if one.turn.camera_id not in desk.under_way]
    done = 0
    for one in away:
        done += await _guarded(partial(_one_back, desk, one), one.turn)
    return done


async def turn_all_due(desk: PtzDesk, stop: asyncio.Event | None = None) -> int:
    """One walk; how many were turned, or tried."""
    policy = desk.policy
    now = desk.clock()
    if policy.hours.since_begin(now, policy.zone) is None and policy.note_hours.since_begin(now, policy.zone) is None:
        return 0
    gate = asyncio.Semaphore(policy.devices_at_once)
    tasks: list[asyncio.Task[bool]] = []
    after: int | None = 0
    async with asyncio.TaskGroup() as group:
        while after is not None and not (stop is not None and stop.is_set()):
            turns, after = await asyncio.to_thread(_turns, desk, after)
            for turn in _one_a_device(turns):
                work = _work_for(desk, turn, desk.clock())
                if work is None:
                    continue
                if stop is not None and stop.is_set():
                    break
                await gate.acquire()
                tasks.append(group.create_task(_one(work, turn, gate)))
                await asyncio.sleep(1 / policy.starts_per_s)
    return sum(task.result() for task in tasks)


async def _walk_forever(desk: PtzDesk, stop: asyncio.Event, *, turns: bool) -> None:
    pause_s, at_start = desk.policy.first_after_s, True
    while not await _stopped_within(stop, pause_s):
        pause_s = desk.policy.walk_every_s
        try:
            back = await bring_all_back(desk, at_start=at_start)
            at_start = False
            done = await turn_all_due(desk, stop) if turns else 0
        except SQLAlchemyError as problem:
            log.warning("cameras cannot be turned: %s", problem)
            continue
        if back or done:
            log.info("cameras turned: %d, brought back: %d", done, back)


async def _stopped_within(stop: asyncio.Event, pause_s: float) -> bool:
    try:
        async with asyncio.timeout(pause_s):
            await stop.wait()
    except TimeoutError:
        return False
    return True


def _away(desk: PtzDesk, since: datetime | None) -> list[TurnedCamera]:
    with desk.database.reading() as tx:
        return ptz_checks.turned(tx, since)


def _turns(desk: PtzDesk, after: int) -> tuple[list[PtzTurn], int | None]:
    policy = desk.policy
    with desk.database.reading() as tx:
        now = desk.clock()
        return ptz_checks.turns_after(
            tx,
            after,
            policy.cameras_at_a_time,
            tried_before=now - policy.every,
            stuck_before=now - policy.again_after,
        )


def _one_a_device(turns: Sequence[PtzTurn]) -> list[PtzTurn]:
    """Its other cameras come another night."""
    return list({turn.device_id: turn for turn in reversed(turns)}.values())[::-1]


def _work_for(desk: PtzDesk, turn: PtzTurn, now: datetime) -> Callable[[], Awaitable[bool]] | None:
    """Turning it, the look an hour before, or nothing yet."""
    policy = desk.policy
    age = None if turn.noted_at is None else now - turn.noted_at
    if age is not None and age <= policy.note_is_old:
        if age >= policy.stands_for and policy.hours.is_turn_of(turn.device_id, now, policy.zone):
            return partial(_turned, desk, turn)
        return None
    if policy.note_hours.is_turn_of(turn.device_id, now, policy.zone):
        return partial(_noted, desk, turn)
    return None


async def _turned(desk: PtzDesk, turn: PtzTurn) -> bool:
    return await turn_camera(desk, turn) is not None


async def _noted(desk: PtzDesk, turn: PtzTurn) -> bool:
    await note_where_it_stands(desk, turn)
    return False


async def _one_back(desk: PtzDesk, away: TurnedCamera) -> bool:
    return await bring_back(desk, away) is not None


async def _one(work: Callable[[], Awaitable[bool]], turn: PtzTurn, gate: asyncio.Semaphore) -> bool:
    try:
        return await _guarded(work, turn)
    finally:
        gate.release()


async def _guarded(work: Callable[[], Awaitable[bool]], turn: PtzTurn) -> bool:
    try:
        return await work()
    except Exception:  # the head of the loop: one camera costs one camera
        log.exception("camera %d could not be turned", turn.camera_id)
        return False
