"""One camera is turned a little, and back.

    let alone? ─→ who are you? ─→ has stood an hour ─→ written down ─→ a little beside ─→ has it? ─→ back ─→ is it?

What was sent is written down before it is sent: whoever is killed in between brings it back at his next start.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from vms.core.ids import CameraId
from vms.devices.budget import RequestBudget
from vms.devices.configure.hand import Hand, NotSent
from vms.devices.onvif.operations import Service
from vms.devices.ptz import is_touring, read_head
from vms.health.fault import LAYER_OF, Fault, FaultKind, Severity
from vms.health.looks import may_keep_stills
from vms.health.spending import STILL, Price
from vms.health.turning import (
    Position,
    Turned,
    TurnOutcome,
    a_little_beside,
    is_fault,
    is_near,
    judge_turn,
    outcome_of,
)
from vms.inventory.camera import Camera
from vms.services.asking import UNREACHABLE, OpenedDevice, ask_opened, cost_of, open_device
from vms.services.credentials.first_showing import note_worked
from vms.services.device_tasks.whose import judge
from vms.services.let_alone import let_alone_because
from vms.services.ptz_check.desk import PtzDesk
from vms.services.ptz_check.head import Head
from vms.store import cameras, consents, device_costs, ptz_checks
from vms.store.faults import ClosedFault, OpenedFault, close_faults, open_faults, standing_faults
from vms.store.ptz_checks import PtzTurn

_STILLS = 3
PRICE = Price(requests=60 + _STILLS * STILL.requests, sign_ins=1 + _STILLS)
UNSUPPORTED, NO_POSITION, NO_MOVES, MOVES_ALREADY = "ptz_unsupported", "no_position", "no_moves", "moves_already"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCamera:
    opened: OpenedDevice
    camera: Camera | None
    """None: it is this device's no more."""
    alone: str
    """Why it is let alone just now."""
    may_see: bool = False
    """Its owner lets its pictures be judged."""


async def turn_camera(desk: PtzDesk, turn: PtzTurn) -> TurnOutcome | None:
    """Stored when this returns. None: it is let alone, and its turn comes again. Raises NotFound."""
    found = await asyncio.to_thread(open_camera, desk, turn)
    camera = found.camera
    if found.alone or camera is None:
        return None
    desk.under_way.add(turn.camera_id)
    try:
        budget = RequestBudget(spacing_s=desk.policy.spacing_s)
        told = await ask_opened(
            desk.asking, found.opened, budget, lambda hand: _turn(desk, turn, _head(desk, found, camera, hand))
        )
        outcome = TurnOutcome(ok=None, because=told) if isinstance(told, str) else told
        await asyncio.to_thread(keep_cost, desk, found.opened, budget.taken)
        if outcome is None or outcome.because == MOVES_ALREADY:
            return None
        await asyncio.to_thread(_keep, desk, turn.camera_id, outcome)
        return outcome
    finally:
        desk.under_way.discard(turn.camera_id)


def open_camera(desk: PtzDesk, turn: PtzTurn) -> OpenedCamera:
    """Blocking. Raises NotFound."""
    now = desk.clock()
    with desk.database.reading() as tx:
        opened = open_device(tx, desk.asking, turn.device_id, lambda _: PRICE, now)
        found = [one for one in cameras.by_ids(tx, [turn.camera_id]) if one.device_id == turn.device_id]
        alone = judge(opened.device, found, desk.agreements)
        alone = alone or let_alone_because(
            tx, [one.camera_id for one in opened.cameras], now, desk.policy.looked_within
        )
        may_see = bool(found) and may_keep_stills(found[0].declared.tier, consents.of_camera(tx, turn.camera_id), now)
    in_service = [one for one in found if one.life_cycle.in_service]
    return OpenedCamera(opened=opened, camera=in_service[0] if in_service else None, alone=alone, may_see=may_see)


def _head(desk: PtzDesk, found: OpenedCamera, camera: Camera, hand: Hand) -> Head:
    still = desk.still if found.may_see else None
    return Head(desk=desk, hand=hand, camera=camera, login=found.opened.login, still=still)


async def _turn(desk: PtzDesk, turn: PtzTurn, head: Head) -> TurnOutcome | None:
    """None: somebody moves it, or may."""
    hand, profile = head.hand, head.profile
    await hand.meet()
    if not profile or not await hand.offers(Service.PTZ):
        return TurnOutcome(ok=None, because=UNSUPPORTED)
    now = await read_head(hand, profile)
    stood = now.position
    if stood is None:
        return TurnOutcome(ok=None, because=NO_POSITION)
    if now.moving or not _has_stood(desk, turn, stood) or await is_touring(hand, profile):
        await asyncio.to_thread(_note, desk, turn.camera_id, stood)
        return TurnOutcome(ok=None, because=MOVES_ALREADY)
    await note_worked(desk.database, turn.device_id, head.login, desk.clock())  # it was just let in; stills want to be
    before = await head.view()
    wanted = a_little_beside(stood)
    if not await asyncio.to_thread(_begin, desk, turn, stood, wanted):
        return None
    try:
        if not await head.move(wanted, stood):
            return await _rests(desk, turn, NO_MOVES)
    except NotSent:
        return await _rests(desk, turn, UNREACHABLE)
    told = await head.settled(wanted)
    stands = told is None or is_near(told, stood)
    turned = judge_turn(stood, wanted, told, view=await head.has_view_turned(before, wanted=True) if stands else None)
    try:
        back = await head.back_to(stood, absolute_lies=turned is Turned.ELSEWHERE)
    except NotSent:  # it stays to be brought back
        return TurnOutcome(ok=None, because=UNREACHABLE)
    if turned is Turned.STATUS_FROZEN:
        back = await head.has_view_turned(before, wanted=False) is False
    outcome = outcome_of(turned, back=back)
    await asyncio.to_thread(_finish, desk, turn.camera_id, outcome, rests=True)
    return outcome


def _has_stood(desk: PtzDesk, turn: PtzTurn, stands: Position) -> bool:
    """By the look of an hour before."""
    policy = desk.policy
    if not policy.stands_for:
        return True
    if turn.noted_at is None or turn.noted is None:
        return False
    age = desk.clock() - turn.noted_at
    return policy.stands_for <= age <= policy.note_is_old and is_near(turn.noted, stands)


async def note_where_it_stands(desk: PtzDesk, turn: PtzTurn) -> bool:
    """The look before. False: it could not be told, or the camera is let alone."""
    found = await asyncio.to_thread(open_camera, desk, turn)
    camera = found.camera
    if found.alone or camera is None:
        return False
    budget = RequestBudget(spacing_s=desk.policy.spacing_s)

    async def look(hand: Hand) -> Position | None:
        await hand.meet()
        profile = _head(desk, found, camera, hand).profile
        if not profile or not await hand.offers(Service.PTZ):
            return None
        return (await read_head(hand, profile)).position

    told = await ask_opened(desk.asking, found.opened, budget, look)
    await asyncio.to_thread(keep_cost, desk, found.opened, budget.taken)
    if isinstance(told, Position):
        await asyncio.to_thread(_note, desk, turn.camera_id, told)
        return True
    await asyncio.to_thread(_keep, desk, turn.camera_id, TurnOutcome(ok=None, because=told or NO_POSITION))
    return False


def _begin(desk: PtzDesk, turn: PtzTurn, stood: Position, wanted: Position) -> bool:
    """Once more, whether it is to be let alone: then nothing is sent."""
    now = desk.clock()
    with desk.database.writing() as tx:
        mine = cameras.ids_of_devices(tx, [turn.device_id])
        if turn.camera_id not in mine or let_alone_because(tx, mine, now, desk.policy.looked_within):
            return False
        return ptz_checks.begin(tx, turn.camera_id, stood, wanted, now)


async def _rests(desk: PtzDesk, turn: PtzTurn, because: str) -> TurnOutcome:
    """Nothing has moved."""
    outcome = TurnOutcome(ok=None, because=because)
    await asyncio.to_thread(_finish, desk, turn.camera_id, outcome, rests=True)
    return outcome


def _note(desk: PtzDesk, camera_id: CameraId, stands: Position) -> None:
    with desk.database.writing() as tx:
        ptz_checks.note(tx, camera_id, stands, desk.clock())


def _finish(desk: PtzDesk, camera_id: CameraId, outcome: TurnOutcome, *, rests: bool) -> None:
    now = desk.clock()
    with desk.database.writing() as tx:
        failures = ptz_checks.finish(tx, camera_id, outcome, now, rests=rests)
        keep_fault(tx, camera_id, outcome, failures, now)


def _keep(desk: PtzDesk, camera_id: CameraId, outcome: TurnOutcome) -> None:
    """What could not be told; a camera that was told to move stays one that has to be brought back."""
    if outcome.ok is None:
        with desk.database.writing() as tx:
            ptz_checks.finish(tx, camera_id, outcome, desk.clock(), rests=False)


def keep_cost(desk: PtzDesk, opened: OpenedDevice, requests: int) -> None:
    if requests:
        with desk.database.writing() as tx:
            device_costs.add_many(tx, [cost_of(opened, requests, desk.clock())])


def keep_fault(tx: Connection, camera_id: CameraId, outcome: TurnOutcome, failures: int, now: datetime) -> None:
    kind = FaultKind.PTZ_FAIL
    is_open = any(fault.kind is kind for fault in standing_faults(tx, [camera_id]).get(camera_id, ()))
    if outcome.ok and is_open:
        close_faults(tx, [ClosedFault(camera_id, kind, now)], now)
    elif is_fault(outcome, failures) and not is_open:
        fault = Fault(kind=kind, layer=LAYER_OF[kind], severity=Severity.MAJOR, because=outcome.because)
        open_faults(tx, [OpenedFault(camera_id, fault, now)], now)
