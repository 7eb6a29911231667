"""A camera that was told to move, by somebody who did not live to bring it back, is brought back."""

import asyncio

from vms.devices.budget import RequestBudget
from vms.devices.configure.hand import Hand, NotSent
from vms.devices.ptz import read_head
from vms.health.turning import NOT_BACK, TurnOutcome, is_near
from vms.services.asking import UNREACHABLE, ask_opened
from vms.services.let_alone import LOOKED_AT
from vms.services.ptz_check.desk import PtzDesk
from vms.services.ptz_check.head import Head
from vms.services.ptz_check.turn_camera import keep_cost, keep_fault, open_camera
from vms.store import ptz_checks
from vms.store.ptz_checks import TurnedCamera

BROUGHT_BACK, MOVED_BY_SOMEBODY = "brought_back", "moved_by_somebody"


async def bring_back(desk: PtzDesk, away: TurnedCamera) -> str | None:
    """What became of it; None: it stays to be brought back. Who looks through it just now is not disturbed. Raises
    NotFound."""
    camera_id = away.turn.camera_id
    found = await asyncio.to_thread(open_camera, desk, away.turn)
    camera = found.camera
    is_late = desk.clock() - away.sent_at > desk.policy.away_at_most
    because: str | None = None
    if camera is not None and found.alone != LOOKED_AT and camera_id not in desk.under_way:
        desk.under_way.add(camera_id)
        try:
            budget = RequestBudget(spacing_s=desk.policy.spacing_s)
            opened = found.opened
            told = await ask_opened(
                desk.asking,
                opened,
                budget,
                lambda hand: _back(away, Head(desk=desk, hand=hand, camera=camera, login=opened.login), hand),
            )
            because = told if told in (BROUGHT_BACK, MOVED_BY_SOMEBODY) else None
            is_late = is_late or told == NOT_BACK
            await asyncio.to_thread(keep_cost, desk, opened, budget.taken)
        finally:
            desk.under_way.discard(camera_id)
    if because is not None:
        await asyncio.to_thread(_rest, desk, away, because)
        return because
    if camera is None or is_late:
        await asyncio.to_thread(_give_up, desk, away, is_ours=camera is not None)
        return NOT_BACK
    return None


async def _back(away: TurnedCamera, head: Head, hand: Hand) -> str:
    await hand.meet()
    now = await read_head(hand, head.profile)
    at = now.position
    is_elsewhere = at is not None and not is_near(at, away.stood) and not is_near(at, away.wanted)
    is_ours = head.desk.clock() - away.sent_at <= head.desk.policy.ours_for
    if (now.moving or is_elsewhere) and not is_ours:
        return MOVED_BY_SOMEBODY
    try:
        return BROUGHT_BACK if await head.back_to(away.stood) else NOT_BACK
    except NotSent:
        return UNREACHABLE


def _rest(desk: PtzDesk, away: TurnedCamera, because: str) -> None:
    with desk.database.writing() as tx:
        ptz_checks.rest(tx, away.turn.camera_id, because)


def _give_up(desk: PtzDesk, away: TurnedCamera, *, is_ours: bool) -> None:
    now, outcome = desk.clock(), TurnOutcome(ok=False, because=NOT_BACK)
    with desk.database.writing() as tx:
        failures = ptz_checks.finish(tx, away.turn.camera_id, outcome, now, rests=True)
        if is_ours:
            keep_fault(tx, away.turn.camera_id, outcome, failures, now)
